//! How a stack is started, and why it may not start.

use std::num::NonZeroU32;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::bucket::BucketError;
use crate::data_folder::DataFolderError;
use crate::faults::Faults;
use crate::store::StoreError;
use crate::stream::StreamError;
use crate::table::TableError;

/// So many mails a second that nobody waits for them.
const UNHURRIED: NonZeroU32 = NonZeroU32::new(1000).expect("it is not zero");

/// Where a stack keeps its state.
#[derive(Debug, Clone)]
pub enum Data {
    /// In memory: gone with the stack.
    Memory,
    /// In a folder, kept between runs.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Whether to drop what an earlier run left there.
        fresh: bool,
    },
}

/// How a stack is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where its state lives.
    pub data: Data,
    /// The gateway's port; 0 takes a free one.
    pub port: u16,
    /// What goes wrong between the functions and the table.
    pub faults: Faults,
    /// Whether index queries lag until [`Stack::settle`](super::Stack::settle) or
    /// [`Stack::drain`](super::Stack::drain). In memory only.
    pub late_indexes: bool,
    /// What the clock shows at the start; the wall's time if nothing. In memory only.
    pub start: Option<Timestamp>,
    /// Whether the clock stands still at `start` until it is moved. In memory only.
    pub still: bool,
    /// What ids, jitter and the keys of this stack are drawn from, so that a run can be repeated; the
    /// system's generator if nothing. In memory only.
    pub seed: Option<u64>,
    /// How many mails a second go out.
    pub sending_rate: NonZeroU32,
    /// How much of an export is written at once.
    pub export_limits: exports::Limits,
    /// Whether stream and schedule run by themselves. Tests drain instead.
    pub in_background: bool,
}

impl Options {
    /// For a test: in memory, a table of its own, nothing happens unless asked for.
    pub fn in_memory() -> Self {
        Self {
            data: Data::Memory,
            port: 0,
            faults: Faults::none(),
            late_indexes: false,
            start: None,
            still: false,
            seed: None,
            sending_rate: UNHURRIED,
            export_limits: exports::Limits::default(),
            in_background: false,
        }
    }

    /// For a person: in `path`, on `port`, alive.
    pub fn in_folder(path: PathBuf, port: u16, fresh: bool) -> Self {
        let data = Data::Folder { path, fresh };
        Self { data, port, in_background: true, ..Self::in_memory() }
    }
}

/// Why a stack did not start. Each is one line for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder was refused.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// Somebody listens there already.
    #[error("port {0} is in use: stop what listens there, or choose another with --port")]
    PortInUse(u16),
    /// The network refused otherwise.
    #[error("the gateway can't listen: {0}")]
    Listen(std::io::Error),
    /// A file of the data folder can't be read.
    #[error("the data folder can't be read: {0}")]
    State(std::io::Error),
    /// The embedded store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The stream's checkpoint.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The bucket.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// What a fresh table needs.
    #[error("the table could not be prepared: {0}")]
    Prepare(String),
}
