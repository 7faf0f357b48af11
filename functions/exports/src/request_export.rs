//! `POST /v1/exports`: 202 and a job (M04).

use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use shared::domain::{AuditAction, ExportFormat, ExportId, ExportJob, ExportState, ExportWhat, Outcome};
use shared::http::{Call, Fields, Input, Operation, Problem, Staff, choice, first_outcome};
use shared::table::Transaction;

use crate::State;
use crate::export_view::ExportView;

struct NewExport {
    what: ExportWhat,
    format: ExportFormat,
}

impl NewExport {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let what = fields.required("what", choice);
        let format = fields.required("format", choice);
        fields.finish()?;
        let new = what.zip(format).map(|(what, format)| Self { what, format });
        new.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
    }
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Ask for an export").takes(NewExport::read).answers::<ExportView>(StatusCode::ACCEPTED)
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
    let new = NewExport::read(input.fields)?;
    let job = ExportJob {
        shop: staff.shop.clone(),
        id: ExportId::new(app.entropy.ulid(call.now)),
        version: 1,
        what: new.what,
        format: new.format,
        requested_by: staff.subject.clone(),
        requested_at: call.now,
        state: ExportState::Pending,
        attempts: 0,
        begun_at: None,
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

async fn again(state: &State, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let job = state.app.table.export(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(accepted(&job))
}

fn accepted(job: &ExportJob) -> Response {
    (StatusCode::ACCEPTED, [(LOCATION, format!("/v1/exports/{}", job.id))], Json(ExportView::from(job))).into_response()
}
