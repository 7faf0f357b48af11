//! `DELETE /v1/customers/{id}`: erasure, confirmed by the name (D03, D04).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, CustomerId, Invalid, Line, Outcome, same_name};
use shared::http::{
    Call, FieldError, IfMatch, Input, Operation, PathId, Problem, ProblemKind, Staff, first_outcome, text,
};
use shared::jobs::{self, Erasing};

use crate::get_job;

/// How often an erasure looks again at who shares the address.
const ATTEMPTS: u32 = 5;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Erase a customer for good")
        .takes(confirmation)
        .answers_object(StatusCode::ACCEPTED, "The job that erases what belonged to them.")
        .refuses(ProblemKind::JobRunning)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return get_job::again(&app, &staff, &outcome).await;
    }
    let name = confirmation(input.fields)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerErased, vec![id.to_string()]);
    for _ in 0..ATTEMPTS {
        let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        if !if_match.matches(customer.version) {
            return Err(Problem::new(ProblemKind::Stale));
        }
        confirm(&name, customer.name.expose())?;
        if app.table.job_on(&staff.shop, id).await?.is_some() {
            return Err(Problem::new(ProblemKind::JobRunning));
        }
        let Erasing { job, mut transaction, .. } =
            Erasing::begin(&app, &settings, &customer, &staff.actor(), call.now).await?;
        transaction.audit(&staff.shop, &entry, Some(id))?;
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

/// Reads the name that confirms a deletion.
pub fn confirmation(mut fields: shared::http::Fields) -> Result<Line<200>, Problem> {
    let name: Option<Line<200>> = fields.required("name", text);
    fields.finish()?;
    name.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}

/// Whether `typed` is `name`, whatever its case and accents.
pub fn confirm(typed: &Line<200>, name: &str) -> Result<(), Problem> {
    if same_name(typed.expose()) == same_name(name) {
        return Ok(());
    }
    Err(Problem::invalid(vec![FieldError::new("/name", Invalid::Confirmation)]))
}
