//! Export jobs: what is taken out of a shop's table, in which form, and how far that has come.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ClaimId, CustomerId, EmailAddress, ExportId, Filter, JobId, Line, ShopId};

/// What is exported (M05): each is a table of its own, all of them of the customers who are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportWhat {
    /// A row for each customer: who they are, and what staff know of them.
    Customers,
    /// A row for each order.
    Orders,
    /// A row for each line of an order.
    OrderLines,
    /// A row for each e-mail that was written to them.
    Messages,
    /// A row for each thing that was said of a consent, with its evidence.
    Consents,
    /// A row for each customer: their orders in figures, and their segments.
    Statistics,
    /// A row for each note.
    Notes,
}

impl ExportWhat {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Orders => "orders",
            Self::OrderLines => "order_lines",
            Self::Messages => "messages",
            Self::Consents => "consents",
            Self::Statistics => "statistics",
            Self::Notes => "notes",
        }
    }
}

/// In which form (M04).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated values for programs: RFC 4180, UTF-8, nothing altered.
    Csv,
    /// The same for a French spreadsheet: byte order mark, `;`, decimal comma, and `'` before text that
    /// it would take for a formula or a number.
    CsvExcelFr,
    /// An object a line.
    JsonLines,
    /// A workbook of one sheet.
    Xlsx,
    /// A vCard 4.0 (RFC 6350) a customer.
    Vcard,
    /// Cards to print.
    Pdf,
}

impl ExportFormat {
    /// How the file's name ends, unless it is compressed.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvExcelFr => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Vcard => "vcf",
            Self::Pdf => "pdf",
        }
    }

    /// What the file is, to whoever opens it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvExcelFr => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Vcard => "text/vcard; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether it is written as it is read, so that the file may be of any size, and can be gone on with
    /// by another worker. The others are made in one go.
    pub fn is_stream(self) -> bool {
        self.most_rows().is_none()
    }

    /// Whether it is of customers and of nothing else: its fields are its own, not chosen columns.
    pub fn is_of_cards(self) -> bool {
        matches!(self, Self::Vcard | Self::Pdf)
    }

    /// The most rows that a file of this form may have.
    pub fn most_rows(self) -> Option<u64> {
        match self {
            Self::Xlsx => Some(50_000),
            Self::Pdf => Some(1000),
            Self::Csv | Self::CsvExcelFr | Self::JsonLines | Self::Vcard => None,
        }
    }
}

/// What somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// What is exported.
    pub what: ExportWhat,
    /// In which form.
    pub format: ExportFormat,
    /// Of whom: by what stands when the row is written.
    #[serde(default)]
    pub filter: Filter,
    /// Which columns, in this order; none is what the kind has unless more is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Whether the file is compressed.
    #[serde(default)]
    pub gzip: bool,
    /// Whether what is flagged as being on health is in it: asked for by somebody who may see it.
    #[serde(default)]
    pub health: bool,
    /// What it is for, as whoever asked said.
    pub purpose: Line<200>,
}

/// A part of a file that is in the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPart {
    /// What the bucket calls it.
    pub tag: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// How far into the customers a file has come: the last one written of each shard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPlace {
    /// The last customer of each shard whose rows are in the file.
    pub after: Vec<Option<CustomerId>>,
    /// The shards that have been read to their end.
    pub done: Vec<bool>,
}

/// A file under way: whoever goes on with it needs no more than this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportProgress {
    /// What the bucket calls the upload.
    pub upload: String,
    /// The parts that are there.
    pub parts: Vec<ExportPart>,
    /// How many rows they hold.
    pub rows: u64,
    /// Where they end.
    pub place: ExportPlace,
    /// The newest erasure when the file was begun: once another is, it begins anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure: Option<(JobId, CustomerId)>,
}

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFailure {
    /// It was begun too often without coming any further.
    Faults,
    /// It would have more rows than a file of its form may have.
    TooManyRows,
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ExportState {
    /// Waits for a worker.
    Pending,
    /// A worker writes it.
    Running {
        /// Which: two workers at once don't write the same claim.
        owner: ClaimId,
    },
    /// The file is whole.
    Done {
        /// Since when.
        at: Timestamp,
        /// How many rows it has, without the heading.
        rows: u64,
        /// Where it is in the bucket.
        object: String,
        /// What it was put together from.
        #[serde(default)]
        parts: Vec<ExportPart>,
    },
    /// The file was deleted, because somebody who was in it has been erased since.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Nobody wants it any more.
    Cancelled {
        /// Since when.
        at: Timestamp,
    },
    /// There will be no file.
    Failed {
        /// When it was given up.
        at: Timestamp,
        /// Why.
        #[serde(default = "faults")]
        why: ExportFailure,
    },
}

fn faults() -> ExportFailure {
    ExportFailure::Faults
}

impl ExportState {
    /// Whether nothing more is written.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Pending | Self::Running { .. })
    }
}

/// One export that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportJob {
    /// The shop whose data it is.
    pub shop: ShopId,
    /// The job.
    pub id: ExportId,
    /// Raised by every change of state.
    pub version: u64,
    /// What was asked for.
    #[serde(flatten)]
    pub request: ExportRequest,
    /// Who asked: the staff member's subject.
    pub requested_by: Line<128>,
    /// Where whoever asked is told that it is ready, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell: Option<EmailAddress>,
    /// When they asked.
    pub requested_at: Timestamp,
    /// How far it has come.
    #[serde(flatten)]
    pub state: ExportState,
    /// How often it was begun since it last came further.
    pub attempts: u32,
    /// How many files were begun: one for each time that nothing was left to go on with.
    #[serde(default)]
    pub files: u32,
    /// When the file under way was begun, or the one that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<Timestamp>,
    /// When the job last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// The file under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<ExportProgress>,
}

impl ExportJob {
    /// How often a job is begun without coming further before it is given up.
    pub const MAX_ATTEMPTS: u32 = 3;
    /// How many files are begun before the job is given up: in a shop where somebody is erased all the
    /// time, none that takes long would ever be whole.
    pub const MAX_FILES: u32 = 20;
    /// How long a link to the file opens.
    pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(15);
    /// How long after it was done a link is still issued.
    pub const FILE_LIFE: SignedDuration = SignedDuration::from_hours(24);
    /// How long after its last change a job that has not ended is thought to be nobody's: twice what a
    /// worker may take.
    pub const SILENCE: SignedDuration = SignedDuration::from_mins(30);
    /// How long a job is remembered.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// How long after an erasure an export may have begun without knowing of it: twice as long as
    /// whoever erases may take between its time and its transaction.
    pub const ERASURE_LATENESS: SignedDuration = SignedDuration::from_mins(2);

    /// The key of the file under way: of our own making, so that it never holds what a path could be
    /// made of. One per file, so that a worker thought dead can't write over another's.
    pub fn object_key(&self) -> String {
        self.object_key_of(self.files)
    }

    /// The keys of every file until now.
    pub fn object_keys(&self) -> impl Iterator<Item = String> {
        (1..=self.files).map(|file| self.object_key_of(file))
    }

    fn object_key_of(&self, file: u32) -> String {
        format!("exports/{}/{}-{file}.{}", self.shop, self.id, self.extension())
    }

    /// Whether what it reads may still hold somebody who was erased at `at`.
    pub fn may_precede(&self, at: Timestamp) -> bool {
        self.begun_at.is_none_or(|begun| begun.duration_since(at) < Self::ERASURE_LATENESS)
    }

    /// What the browser saves the file as: what it is of, and when it was begun, in UTC.
    pub fn file_name(&self) -> String {
        let at = self.begun_at.unwrap_or(self.requested_at).strftime("%Y-%m-%dT%H%MZ");
        format!("{}-{at}.{}", self.request.what.name(), self.extension())
    }

    fn extension(&self) -> String {
        let extension = self.request.format.extension();
        if self.request.gzip { format!("{extension}.gz") } else { extension.to_owned() }
    }

    /// What the file is, to whoever opens it.
    pub fn media_type(&self) -> &'static str {
        if self.request.gzip { "application/gzip" } else { self.request.format.media_type() }
    }

    /// The job's next version, changed at `now`.
    #[must_use]
    pub fn next(&self, state: ExportState, now: Timestamp) -> Self {
        Self { version: self.version + 1, state, changed_at: Some(now), ..self.clone() }
    }

    /// The job, to be begun anew through no fault of its own: its present attempt does not count.
    #[must_use]
    pub fn restarted(&self, now: Timestamp) -> Self {
        let attempts = self.attempts.saturating_sub(1);
        Self { attempts, progress: None, ..self.next(ExportState::Pending, now) }
    }
}
