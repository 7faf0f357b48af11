//! Export jobs.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ClaimId, ExportId, Line, ShopId};

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportWhat {
    /// Every customer of the shop.
    Customers,
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated values: RFC 4180, UTF-8.
    Csv,
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
    },
    /// The file was deleted, because somebody who was in it has been erased since.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// It was tried too often.
    Failed {
        /// When it was given up.
        at: Timestamp,
    },
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
    /// What is exported.
    pub what: ExportWhat,
    /// In which form.
    pub format: ExportFormat,
    /// Who asked: the staff member's subject.
    pub requested_by: Line<128>,
    /// When they asked.
    pub requested_at: Timestamp,
    /// How far it has come.
    #[serde(flatten)]
    pub state: ExportState,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was begun last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<Timestamp>,
}

impl ExportJob {
    /// How often a job is begun before it is given up.
    pub const MAX_ATTEMPTS: u32 = 3;
    /// How long a link to the file opens.
    pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(15);
    /// How long after it was done a link is still issued.
    pub const FILE_LIFE: SignedDuration = SignedDuration::from_hours(24);

    /// How long after an erasure an export may have begun without knowing of it: as long as a
    /// request may take.
    pub const ERASURE_LATENESS: SignedDuration = SignedDuration::from_secs(30);

    /// The key of the object that the present attempt writes: of our own making, so that it never
    /// holds what a path could be made of. One per attempt, so that a worker thought dead can't
    /// write over its successor's file.
    pub fn object_key(&self) -> String {
        self.object_key_of(self.version)
    }

    /// The keys of every attempt until now.
    pub fn object_keys(&self) -> impl Iterator<Item = String> {
        (1..=self.version).map(|version| self.object_key_of(version))
    }

    fn object_key_of(&self, version: u64) -> String {
        format!("exports/{}/{}-{version}.csv", self.shop, self.id)
    }

    /// Whether what it reads may still hold somebody who was erased at `at`.
    pub fn may_precede(&self, at: Timestamp) -> bool {
        self.begun_at.is_none_or(|begun| begun.duration_since(at) < Self::ERASURE_LATENESS)
    }

    /// What the browser saves the file as.
    pub fn file_name(&self) -> String {
        format!("customers-{}.csv", self.requested_at.strftime("%Y-%m-%d"))
    }
}
