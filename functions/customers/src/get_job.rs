//! `GET /v1/jobs/{id}`: how far a merge, an erasure or the deletion of a group has come.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::App;
use shared::domain::{Job, JobId, JobState, Outcome, Work};
use shared::http::{Operation, PathId, Problem, Staff};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show how far a job has come").answers_object(StatusCode::OK, "The job.")
}

pub async fn handle(State(app): State<App>, staff: Staff, PathId(id): PathId<JobId>) -> Result<Json<Value>, Problem> {
    let job = app.table.job(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(view(&job)))
}

/// 202: the job is on its way, and may have come to its end already.
pub fn accepted(job: &Job) -> Response {
    (StatusCode::ACCEPTED, [(LOCATION, format!("/v1/jobs/{}", job.id))], Json(view(job))).into_response()
}

/// The first answer to the same request.
pub async fn again(app: &App, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    Ok(accepted(&app.table.job(&staff.shop, id).await?.ok_or_else(Problem::not_found)?))
}

/// A job as the API shows it: never the pseudonym, which would lead from a person to their orders.
fn view(job: &Job) -> Value {
    let mut view = json!({
        "id": job.id,
        "kind": job.work.name(),
        "state": job.state,
        "items": job.items,
        "created_at": job.created_at,
        "done_at": job.done_at,
    });
    match &job.work {
        Work::Erase { customer, .. } => view["customer"] = json!(customer),
        Work::Merge { survivor, other, .. } | Work::UndoMerge { survivor, other, .. } => {
            view["survivor"] = json!(survivor);
            view["other"] = json!(other);
        }
        Work::DeleteGroup { group, .. } => view["group"] = json!(group),
        Work::NoteWords { customer, .. } => view["customer"] = json!(customer),
    }
    if job.state == JobState::Done
        && let Some(until) = job.undo_until()
    {
        view["undo_until"] = json!(until);
    }
    view
}
