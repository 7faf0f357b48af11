//! `POST /v1/customers/{id}/merge`: another record of the same person becomes part of this one (J02).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Invalid, Outcome};
use shared::http::example;
use shared::http::{
    Call, FieldError, Fields, Input, Operation, PathId, Problem, ProblemKind, Query, Staff, boolean, first_outcome,
    text,
};
use shared::jobs::{self, Merging};

use crate::get_job;
use crate::merge_preview::preview;

/// How often a merge waits for its turn when one of the records changes under it.
const ATTEMPTS: u32 = 10;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Merge another record of the same person into this one")
        .asks(|query| looks(&mut query.0))
        .takes(|mut fields| {
            looks(&mut fields);
            other(fields, example::customer().id)
        })
        .answers_object(StatusCode::OK, "What the merge would make, where that was asked.")
        .answers_object(StatusCode::ACCEPTED, "The job that moves what belonged to the other.")
        .refuses(ProblemKind::Merged)
        .refuses(ProblemKind::JobRunning)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
    mut input: Input,
) -> Result<Response, Problem> {
    let in_query = looks(&mut query.0);
    query.0.finish()?;
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let look = looks(&mut input.fields).or(in_query).unwrap_or_default();
    let other = other(input.fields, id)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return get_job::again(&app, &staff, &outcome).await;
    }
    let records = vec![id.to_string(), other.to_string()];
    for _ in 0..ATTEMPTS {
        let (survivor, other) = both(&app, &staff, id, other).await?;
        // An order that comes meanwhile changes its customer's version, and this is done again.
        let of = |customer: &Customer| app.table.all_orders_of_customer(&staff.shop, customer.id);
        let orders = tokio::try_join!(of(&survivor), of(&other))?;
        let orders = [orders.0, orders.1].concat();
        let consolidated = survivor.consolidated_with(&other, &orders, &settings, call.now);
        // One entry for each, so that both audits tell of it.
        if look {
            for customer in [survivor.id, other.id] {
                let entry = staff.audit(&call, &app.entropy, AuditAction::MergePreviewed, records.clone());
                app.table.record_consultation(&staff.shop, &entry, Some(customer)).await?;
            }
            return Ok(Json(preview(&app, &call, &staff, &settings, &consolidated, &other).await?).into_response());
        }
        let (both, by) = ([&survivor, &other], staff.actor());
        let merging = Merging::begin(&app, &settings, both, &consolidated.customer, &by, call.now);
        let Merging { job, mut transaction, .. } = merging.await?;
        for customer in [survivor.id, other.id] {
            let entry = staff.audit(&call, &app.entropy, AuditAction::CustomersMerged, records.clone());
            transaction.audit(&staff.shop, &entry, Some(customer))?;
        }
        let outcome = Outcome { status: 202, id: job.id.to_string(), version: 1 };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(get_job::accepted(&jobs::run(&app, job, jobs::IN_REQUEST).await));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return get_job::again(&app, &staff, &outcome).await;
        }
    }
    Err(shared::Error::Contended.into())
}

/// Whether the caller only wants to see what would be.
fn looks(fields: &mut Fields) -> Option<bool> {
    fields.optional("preview", boolean)
}

/// Who is to become part of `id`.
fn other(mut fields: Fields, id: CustomerId) -> Result<CustomerId, Problem> {
    let other: Option<CustomerId> = fields.required("other", text);
    if other == Some(id) {
        fields.reject::<()>("other", Invalid::Choice);
    }
    fields.finish()?;
    other.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}

/// Both records, on which no other job is at work.
async fn both(
    app: &App,
    staff: &Staff,
    survivor: CustomerId,
    other: CustomerId,
) -> Result<(Customer, Customer), Problem> {
    let (shop, table) = (&staff.shop, &app.table);
    let records = tokio::try_join!(table.customer(shop, survivor), table.customer(shop, other))?;
    let survivor = records.0.ok_or_else(Problem::not_found)?;
    let Some(other) = records.1 else {
        return Err(match table.survivor(shop, other).await? {
            Some(survivor) => Problem::new(ProblemKind::Merged).with("survivor", survivor.to_string()),
            None => Problem::invalid(vec![FieldError::new("/other", Invalid::Choice)]),
        });
    };
    // After the records: a job that begins from here on changes their versions.
    let jobs = tokio::try_join!(table.job_on(shop, survivor.id), table.job_on(shop, other.id))?;
    if jobs.0.or(jobs.1).is_some() {
        return Err(Problem::new(ProblemKind::JobRunning));
    }
    Ok((survivor, other))
}
