//! Jobs: what exceeds one transaction. The first one sets a marker that makes every reader behave as
//! if it were done; steps follow, each a transaction of its own that may be repeated, and whoever
//! finds the job unfinished goes on with it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Actor, CustomerId, GroupId, JobId, NoteId, ShopId};
use crate::keyring::AddressDigest;

/// What a job does. Ids only: a job outlives whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Erases a customer (D02–D04).
    Erase {
        /// Who.
        customer: CustomerId,
        /// Whom their orders belong to from then on: nobody.
        pseudonym: CustomerId,
    },
    /// Merges a customer into another (J02).
    Merge {
        /// Who stays.
        survivor: CustomerId,
        /// Whose record leads to the survivor's from then on.
        other: CustomerId,
        /// The version that the merge made of the survivor: while it stands, the merge can be
        /// undone.
        survivor_version: u64,
        /// Whether the survivor's words are still to be written.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        words: bool,
    },
    /// Undoes a merge.
    UndoMerge {
        /// The job of the merge.
        merge: JobId,
        /// Who stayed.
        survivor: CustomerId,
        /// Who is back.
        other: CustomerId,
        /// Whether the survivor's words are still to be written.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        words: bool,
    },
    /// Empties a group that was deleted.
    DeleteGroup {
        /// The group.
        group: GroupId,
        /// Where its members are being looked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pass: Option<Pass>,
    },
    /// Writes the last words of a long note.
    NoteWords {
        /// Whom it is about.
        customer: CustomerId,
        /// The note.
        note: NoteId,
    },
}

/// A pass over all customers of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// When it began.
    pub began_at: Timestamp,
    /// The shard it has come to.
    pub shard: u8,
    /// The last customer of the shard that it has met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<CustomerId>,
    /// Whether it has found anybody.
    pub found: bool,
}

impl Pass {
    /// A pass that begins now.
    pub fn new(now: Timestamp) -> Self {
        Self { began_at: now, shard: 0, after: None, found: false }
    }

    /// Goes on with the next shard.
    pub fn next_shard(&mut self) {
        self.shard += 1;
        self.after = None;
    }
}

impl Work {
    /// The stable name of the kind.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Erase { .. } => "erase",
            Self::Merge { .. } => "merge",
            Self::UndoMerge { .. } => "undo_merge",
            Self::DeleteGroup { .. } => "delete_group",
            Self::NoteWords { .. } => "note_words",
        }
    }

    /// The customers on whom no other job may begin while this one runs.
    pub fn customers(&self) -> Vec<CustomerId> {
        match self {
            Self::Erase { customer, .. } => vec![*customer],
            Self::Merge { survivor, .. } => vec![*survivor],
            Self::UndoMerge { survivor, other, .. } => vec![*survivor, *other],
            Self::DeleteGroup { .. } | Self::NoteWords { .. } => Vec::new(),
        }
    }
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Steps are left.
    Running,
    /// Nothing is left.
    Done,
    /// It was done, and was undone since.
    Undone,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The shop whose data it changes.
    pub shop: ShopId,
    /// The job.
    pub id: JobId,
    /// Raised by every change of its state.
    pub version: u64,
    /// What it does.
    #[serde(flatten)]
    pub work: Work,
    /// How far it has come.
    pub state: JobState,
    /// How many items it has dealt with so far.
    pub items: u64,
    /// Who wants it.
    pub by: Actor,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When to go on with it, while it runs.
    pub wake_at: Timestamp,
    /// When nothing was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
}

impl Job {
    /// How long a merge may be undone.
    pub const UNDO: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// How long a job may be asked about.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

    /// How late what an index shows may be.
    pub const INDEX_LATENESS: SignedDuration = SignedDuration::from_secs(5);

    /// A job that begins now.
    pub fn new(shop: ShopId, id: JobId, work: Work, by: Actor, now: Timestamp) -> Self {
        let state = JobState::Running;
        Self { shop, id, version: 1, work, state, items: 0, by, created_at: now, wake_at: now, done_at: None }
    }

    /// The job once nothing is left.
    #[must_use]
    pub fn done(&self, items: u64, now: Timestamp) -> Self {
        let (version, items) = (self.version + 1, self.items + items);
        Self { version, items, state: JobState::Done, done_at: Some(now), ..self.clone() }
    }

    /// The job once more has been done and some is left, to go on with at `wake_at`.
    #[must_use]
    pub fn put_off(&self, items: u64, wake_at: Timestamp) -> Self {
        Self { version: self.version + 1, items: self.items + items, wake_at, ..self.clone() }
    }

    /// The job once the survivor's words are written.
    #[must_use]
    pub fn with_words(&self) -> Self {
        let mut after = self.clone();
        after.version += 1;
        if let Work::Merge { words, .. } | Work::UndoMerge { words, .. } = &mut after.work {
            *words = false;
        }
        after
    }

    /// The job once what it did is being undone.
    #[must_use]
    pub fn undone(&self) -> Self {
        Self { version: self.version + 1, state: JobState::Undone, ..self.clone() }
    }

    /// Until when what it did may be undone.
    pub fn undo_until(&self) -> Option<Timestamp> {
        let undoable = matches!(self.work, Work::Merge { .. }) && self.state != JobState::Undone;
        undoable.then(|| self.created_at.checked_add(Self::UNDO).unwrap_or(Timestamp::MAX))
    }
}

/// That somebody was erased: enough to forget them again when older data comes back, and nothing
/// that names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The shop that forgot them.
    pub shop: ShopId,
    /// The job that did.
    pub job: JobId,
    /// The id they had.
    pub customer: CustomerId,
    /// The keyed digest of an address they had.
    pub address: AddressDigest,
    /// Whether others had the address too: then it says nothing about who comes back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// When.
    pub at: Timestamp,
}
