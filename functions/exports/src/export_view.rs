//! A job as the API shows it.

use jiff::Timestamp;
use serde::Serialize;
use shared::domain::{ExportFormat, ExportId, ExportJob, ExportState, ExportWhat};
use utoipa::ToSchema;

/// An export job.
#[derive(Serialize, ToSchema)]
pub struct ExportView {
    id: ExportId,
    what: ExportWhat,
    format: ExportFormat,
    state: State,
    requested_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    done_at: Option<Timestamp>,
    /// How many rows the file has, without the heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    failed_at: Option<Timestamp>,
    /// When the file was deleted, because somebody in it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withdrawn_at: Option<Timestamp>,
    /// Where the file is, for a quarter of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
}

/// How far a job has come.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExportState)]
enum State {
    Pending,
    Running,
    Done,
    Withdrawn,
    Failed,
}

/// The link to the file is added where one is issued.
impl From<&ExportJob> for ExportView {
    fn from(job: &ExportJob) -> Self {
        let (state, done_at, rows, failed_at) = match job.state {
            ExportState::Pending => (State::Pending, None, None, None),
            ExportState::Running { .. } => (State::Running, None, None, None),
            ExportState::Done { at, rows, .. } => (State::Done, Some(at), Some(rows), None),
            ExportState::Withdrawn { .. } => (State::Withdrawn, None, None, None),
            ExportState::Failed { at } => (State::Failed, None, None, Some(at)),
        };
        let withdrawn_at = match job.state {
            ExportState::Withdrawn { at } => Some(at),
            _ => None,
        };
        let (id, what, format, requested_at) = (job.id, job.what, job.format, job.requested_at);
        Self { id, what, format, state, requested_at, done_at, rows, failed_at, withdrawn_at, url: None }
    }
}
