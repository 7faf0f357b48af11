//! `POST /v1/jobs/{id}/undo`: both records of a merge are back, within thirty days and while neither
//! has changed since.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, JobId, JobState, Outcome, Work};
use shared::http::{Call, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff, first_outcome};
use shared::jobs::{self, Undoing};

use crate::get_job;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Undo a merge")
        .takes(Fields::finish)
        .answers_object(StatusCode::ACCEPTED, "The job that brings back what the merge moved.")
        .refuses(ProblemKind::NotUndoable)
        .refuses(ProblemKind::JobRunning)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<JobId>,
    input: Input,
) -> Result<Response, Problem> {
    input.fields.finish()?;
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return get_job::again(&app, &staff, &outcome).await;
    }
    let merge = app.table.job(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    if !matches!(merge.work, Work::Merge { .. }) {
        return Err(Problem::new(ProblemKind::NotUndoable));
    }
    if merge.state == JobState::Running {
        return Err(Problem::new(ProblemKind::JobRunning));
    }
    let undoing = Undoing::begin(&app, &settings, &merge, &staff.actor(), call.now).await?;
    let Some(Undoing { job, mut transaction, customers, .. }) = undoing else {
        return Err(Problem::new(ProblemKind::NotUndoable));
    };
    let records = customers.map(|customer| customer.to_string()).to_vec();
    // One for each, so that both audits tell of it.
    for customer in customers {
        let entry = staff.audit(&call, &app.entropy, AuditAction::MergeUndone, records.clone());
        transaction.audit(&staff.shop, &entry, Some(customer))?;
    }
    let outcome = Outcome { status: 202, id: job.id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(get_job::accepted(&jobs::run(&app, job, jobs::IN_REQUEST).await)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => get_job::again(&app, &staff, &outcome).await,
            // A record changed between reading and writing.
            None => Err(Problem::new(ProblemKind::NotUndoable)),
        },
    }
}
