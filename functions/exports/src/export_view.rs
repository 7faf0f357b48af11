//! A job as the API shows it.

use serde_json::{Value, json};
use shared::domain::{ExportJob, ExportState};

/// The job; the link to its file is added where one is issued.
pub fn view(job: &ExportJob) -> Value {
    let mut view = json!({
        "id": job.id,
        "what": job.what,
        "format": job.format,
        "state": state(&job.state),
        "requested_at": job.requested_at,
    });
    match &job.state {
        ExportState::Done { at, rows, .. } => {
            view["done_at"] = json!(at);
            view["rows"] = json!(rows);
        }
        ExportState::Withdrawn { at } => view["withdrawn_at"] = json!(at),
        ExportState::Failed { at } => view["failed_at"] = json!(at),
        ExportState::Pending | ExportState::Running { .. } => {}
    }
    view
}

fn state(state: &ExportState) -> &'static str {
    match state {
        ExportState::Pending => "pending",
        ExportState::Running { .. } => "running",
        ExportState::Done { .. } => "done",
        ExportState::Withdrawn { .. } => "withdrawn",
        ExportState::Failed { .. } => "failed",
    }
}
