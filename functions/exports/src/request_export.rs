//! `POST /v1/exports`: 202 and a job (M04).

use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use shared::domain::{AuditAction, ExportId, ExportJob, ExportRequest, ExportState, ExportWhat, Outcome, ShopDay};
use shared::http::{Call, Input, Operation, Problem, ProblemKind, Staff, first_outcome};
use shared::table::Transaction;

use crate::State;
use crate::export_view::ExportView;
use crate::request_fields;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Ask for an export")
        .takes(request_fields::read)
        .example(json!({
            "what": "customers", "format": "csv_excel_fr", "filter": { "status": "current" },
            "columns": ["name", "email", "total"], "purpose": "Carte de vœux",
        }))
        .answers::<ExportView>(StatusCode::ACCEPTED)
        .refuses(ProblemKind::TooManyRows)
}

pub async fn handle(
    Extract(state): Extract<State>,
    call: Call,
    staff: Staff,
    input: Input,
) -> Result<Response, Problem> {
    let app = &state.app;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&state, &staff, &outcome).await;
    }
    let request = request_fields::read(input.fields)?;
    if request.health && !staff.sees_health() {
        return Err(Problem::new(ProblemKind::Forbidden));
    }
    fits(&state, &call, &staff, &request).await?;
    let job = ExportJob {
        shop: staff.shop.clone(),
        id: ExportId::new(app.entropy.ulid(call.now)),
        version: 1,
        request,
        requested_by: staff.subject.clone(),
        tell: staff.email.clone(),
        requested_at: call.now,
        state: ExportState::Pending,
        attempts: 0,
        files: 0,
        begun_at: None,
        changed_at: Some(call.now),
        progress: None,
    };
    let mut transaction = Transaction::new();
    transaction.create_export(&job)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::ExportRequested, vec![job.id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    let outcome = Outcome { status: 202, id: job.id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(accepted(&job)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&state, &staff, &outcome).await,
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

/// Whether a file of that form holds the customers who are wanted. How many rows belong to them is found
/// out when they are written.
async fn fits(state: &State, call: &Call, staff: &Staff, request: &ExportRequest) -> Result<(), Problem> {
    let of_customers = matches!(request.what, ExportWhat::Customers | ExportWhat::Statistics);
    let Some(most) = request.format.most_rows().filter(|_| of_customers) else {
        return Ok(());
    };
    let table = &state.app.table;
    let settings = table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let on = ShopDay { today: settings.zone.day(call.now), settings: &settings };
    match table.are_more_than(&staff.shop, &request.filter, on, most).await? {
        true => Err(Problem::new(ProblemKind::TooManyRows).with("max", most)),
        false => Ok(()),
    }
}

async fn again(state: &State, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let job = state.app.table.export(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(accepted(&job))
}

fn accepted(job: &ExportJob) -> Response {
    (StatusCode::ACCEPTED, [(LOCATION, format!("/v1/exports/{}", job.id))], Json(ExportView::from(job))).into_response()
}
