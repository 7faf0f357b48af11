//! A job as the API shows it.

use jiff::Timestamp;
use serde::Serialize;
use shared::domain::{
    ExportFailure, ExportFormat, ExportId, ExportJob, ExportPart, ExportState, ExportWhat, Filter, Line,
};
use utoipa::ToSchema;

use crate::columns;

/// An export job.
#[derive(Serialize, ToSchema)]
pub struct ExportView {
    id: ExportId,
    what: ExportWhat,
    format: ExportFormat,
    /// Of whom, as was asked: the filters of the customers' list.
    #[schema(value_type = Object)]
    filter: Filter,
    /// The columns, in order; of cards, none.
    columns: Vec<&'static str>,
    /// Whether the file is compressed.
    gzip: bool,
    /// Whether notes on health are in it.
    health: bool,
    /// What it is for, as whoever asked said.
    purpose: Line<200>,
    /// Who asked: the subject of their token.
    requested_by: Line<128>,
    state: State,
    requested_at: Timestamp,
    /// How many rows there are: of a file under way, in the parts that are there; of a whole one, all,
    /// without the heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    done_at: Option<Timestamp>,
    /// The parts that the file was put together from, in order; lists leave them out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    failed_at: Option<Timestamp>,
    /// Why there is no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<Reason>,
    /// When the file was deleted, because somebody in it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withdrawn_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cancelled_at: Option<Timestamp>,
    /// Where the file is, for a quarter of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
}

/// A part of the file.
#[derive(Serialize, ToSchema)]
#[schema(as = ExportPart)]
struct PartView {
    /// How many bytes it has.
    bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    sha256: String,
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
    Cancelled,
    Failed,
}

/// Why there is no file.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExportFailure)]
enum Reason {
    /// It was begun too often without coming any further.
    Faults,
    /// It would have more rows than a file of its form may have.
    TooManyRows,
}

/// The link to the file is added where one is issued.
impl From<&ExportJob> for ExportView {
    fn from(job: &ExportJob) -> Self {
        let request = &job.request;
        let columns =
            if request.format.is_of_cards() { Vec::new() } else { columns::names(request.what, &request.columns) };
        let view = Self {
            id: job.id,
            what: request.what,
            format: request.format,
            filter: request.filter.clone(),
            columns,
            gzip: request.gzip,
            health: request.health,
            purpose: request.purpose.clone(),
            requested_by: job.requested_by.clone(),
            state: State::Pending,
            requested_at: job.requested_at,
            rows: job.progress.as_ref().map(|progress| progress.rows),
            done_at: None,
            parts: Vec::new(),
            failed_at: None,
            reason: None,
            withdrawn_at: None,
            cancelled_at: None,
            url: None,
        };
        view.at(&job.state)
    }
}

impl ExportView {
    /// As a list shows it: a big file has hundreds of parts.
    pub fn without_parts(self) -> Self {
        Self { parts: Vec::new(), ..self }
    }

    fn at(self, state: &ExportState) -> Self {
        match state {
            // Handed over, it is still under way.
            ExportState::Pending if self.rows.is_some() => Self { state: State::Running, ..self },
            ExportState::Pending => self,
            ExportState::Running { .. } => Self { state: State::Running, ..self },
            ExportState::Done { at, rows, parts, .. } => {
                let parts = parts.iter().map(PartView::from).collect();
                Self { state: State::Done, done_at: Some(*at), rows: Some(*rows), parts, ..self }
            }
            ExportState::Withdrawn { at } => Self { state: State::Withdrawn, withdrawn_at: Some(*at), ..self },
            ExportState::Cancelled { at } => Self { state: State::Cancelled, cancelled_at: Some(*at), ..self },
            ExportState::Failed { at, why } => {
                let reason = match why {
                    ExportFailure::Faults => Reason::Faults,
                    ExportFailure::TooManyRows => Reason::TooManyRows,
                };
                Self { state: State::Failed, failed_at: Some(*at), reason: Some(reason), ..self }
            }
        }
    }
}

impl From<&ExportPart> for PartView {
    fn from(part: &ExportPart) -> Self {
        Self { bytes: part.bytes, sha256: part.sha256.clone() }
    }
}
