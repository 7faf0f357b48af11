//! `POST /v1/exports/{id}/cancel`: nobody wants the file any more. The stream brings the job to a worker,
//! which drops what there is of it.

use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use shared::domain::{AuditAction, ExportId, ExportState};
use shared::http::{Call, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff};
use shared::table::Transaction;

use crate::State;
use crate::export_view::ExportView;

/// How often a change by somebody else is made way for.
const ATTEMPTS: u32 = 5;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Cancel an export that is not done")
        .takes(Fields::finish)
        .answers::<ExportView>(StatusCode::OK)
        .refuses(ProblemKind::ExportEnded)
}

pub async fn handle(
    Extract(state): Extract<State>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ExportId>,
    input: Input,
) -> Result<Json<ExportView>, Problem> {
    input.fields.finish()?;
    let app = &state.app;
    for _ in 0..ATTEMPTS {
        let job = app.table.export(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        match job.state {
            // Sent again: it is what was wanted.
            ExportState::Cancelled { .. } => return Ok(Json(ExportView::from(&job))),
            _ if job.state.is_final() => return Err(Problem::new(ProblemKind::ExportEnded)),
            _ => {}
        }
        let cancelled = job.next(ExportState::Cancelled { at: call.now }, call.now);
        let mut transaction = Transaction::new();
        transaction.replace_export(&cancelled)?;
        let entry = staff.audit(&call, &app.entropy, AuditAction::ExportCancelled, vec![id.to_string()]);
        transaction.audit(&staff.shop, &entry, None)?;
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(Json(ExportView::from(&cancelled)));
        }
    }
    Err(shared::Error::Contended.into())
}
