//! `DELETE /v1/groups/{id}`: for good, confirmed by the name (S04). Its members stay, in no group.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, GroupId, Job, JobId, Outcome, Work};
use shared::http::{Call, IfMatch, Input, Operation, PathId, Problem, ProblemKind, Staff, first_outcome};
use shared::jobs;
use shared::table::Transaction;

use crate::erase_customer::{confirm, confirmation};
use crate::get_job;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Delete a group")
        .takes(confirmation)
        .answers_object(StatusCode::ACCEPTED, "The job that takes its members out of it.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<GroupId>,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return get_job::again(&app, &staff, &outcome).await;
    }
    let name = confirmation(input.fields)?;
    let group = app.table.group(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    if !if_match.matches(group.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    confirm(&name, group.name.expose())?;
    let work = Work::DeleteGroup { group: id, pass: None };
    let job = Job::new(staff.shop.clone(), JobId::new(app.entropy.ulid(call.now)), work, staff.actor(), call.now);

    let mut transaction = Transaction::new();
    transaction.delete_group(&group, &job)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::GroupDeleted, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    let outcome = Outcome { status: 202, id: job.id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(get_job::accepted(&jobs::run(&app, job, jobs::IN_REQUEST).await)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => get_job::again(&app, &staff, &outcome).await,
            None => Err(Problem::new(ProblemKind::Stale)),
        },
    }
}
