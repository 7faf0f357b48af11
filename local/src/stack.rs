//! The whole stack as one value: what `cargo run` starts on a data folder, and each test in memory.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aws_smithy_types::retry::RetryConfig;
use jiff::Timestamp;
use serde_json::Value;
use shared::Keyring;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::bucket::{Bucket, BucketError};
use crate::clock::LaptopClock;
use crate::data_folder::{self, DataFolder, DataFolderError};
use crate::deployment::{Deployment, Services};
use crate::faults::{Faults, Replica};
use crate::feedback::Feedback;
use crate::function::{Function, InvokeError};
use crate::gateway::{self, Gateway, Laptop};
use crate::mailbox::{MailServer, Mailbox};
use crate::scheduler::{ScheduleError, Scheduled, Scheduler};
use crate::sdk;
use crate::store::{Store, StoreError};
use crate::stream::{PumpFiles, StreamError, StreamPump};
use crate::table::{self, TableError};

const TABLE: &str = "clientele";
const EXPORT_BUCKET: &str = "clientele-exports";

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
    /// Whether index queries lag until [`Stack::settle`] or [`Stack::drain`]. In memory only.
    pub late_indexes: bool,
    /// What the clock shows at the start; the wall's time if nothing. In memory only.
    pub start: Option<Timestamp>,
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

/// A running stack. Dropping it stops everything; what was acknowledged is kept.
pub struct Stack {
    // Tasks end first, the store and the folder's lock last.
    tasks: Vec<JoinHandle<()>>,
    address: SocketAddr,
    gateway: Gateway,
    functions: BTreeMap<&'static str, Function>,
    scheduler: Scheduler,
    pump: StreamPump,
    services: Services,
    mailbox: Mailbox,
    faults: Faults,
    _servers: (Bucket, MailServer),
    endpoints: Vec<(&'static str, String)>,
    store: Arc<Store>,
    _place: Place,
}

/// What holds the state: a claimed folder, or a temporary one for the bucket.
enum Place {
    Folder(DataFolder),
    Memory(tempfile::TempDir),
}

impl Place {
    fn file(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.join(name)),
            Self::Memory(_) => None,
        }
    }
}

impl Stack {
    /// Starts a stack that runs what `deploy` builds.
    ///
    /// # Errors
    /// One of [`StartError`]; nothing runs then.
    pub async fn start(options: Options, deploy: impl FnOnce(&Services) -> Deployment) -> Result<Self, StartError> {
        let listener = listen(options.port).await?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let (place, clock) = open_place(&options)?;
        let (store, table) = open_store(&place)?;
        let http = sdk::plain_http();
        let direct = sdk::config(store.endpoint(), http.clone());
        table::create(&aws_sdk_dynamodb::Client::new(&direct), &table, true).await?;
        let faults = with_replica(&options, &store, &table).await?;
        let mailbox = match place.file("mailbox.jsonl") {
            Some(file) => Mailbox::open(&file, clock.clone()).map_err(StartError::State)?,
            None => Mailbox::in_memory(clock.clone()),
        };
        let mail_server = MailServer::start(mailbox.clone()).await.map_err(StartError::Listen)?;
        let bucket = open_bucket(&place).await?;
        let services = Services {
            dynamodb: aws_sdk_dynamodb::Client::new(&sdk::config(store.endpoint(), faults.in_front_of(http.clone()))),
            s3: s3_client(&bucket.endpoint()),
            sesv2: ses_client(&mail_server.endpoint()),
            table,
            export_bucket: EXPORT_BUCKET.to_owned(),
            keyring: keyring(&place)?,
            clock: clock.clone(),
            public_url: format!("http://localhost:{}", address.port()),
        };
        let deployment = deploy(&services);
        let functions = names(&deployment);
        let files = PumpFiles {
            checkpoints: place.file("stream-checkpoints.json"),
            dead_letters: place.file("dead-letters.jsonl"),
        };
        let streams = aws_sdk_dynamodbstreams::Client::new(&direct);
        let pump = StreamPump::new(streams, &services.table, deployment.consumers, files)?;
        if let Some(delivered) = pump.delivered() {
            store.trim_stream(&services.table, &delivered, Timestamp::now())?;
        }
        deployment.prepare.await.map_err(StartError::Prepare)?;
        let feedback = Feedback::new(mailbox.clone(), place.file("mail-events")).map_err(StartError::State)?;
        let scheduled =
            Scheduled { automations: deployment.automations, mailer: deployment.mailer, next_due: deployment.next_due };
        let scheduler = Scheduler::new(clock, pump.clone(), faults.clone(), feedback, scheduled);
        let authority = format!("localhost:{}", address.port());
        let gateway = Gateway::new(deployment.routes, services.keyring.clone(), &authority);
        let endpoints =
            vec![("DynamoDB", store.endpoint().to_owned()), ("S3", bucket.endpoint()), ("SES", mail_server.endpoint())];
        let mut stack = Self {
            tasks: Vec::new(),
            address,
            gateway,
            functions,
            scheduler,
            pump,
            services,
            mailbox,
            faults,
            _servers: (bucket, mail_server),
            endpoints,
            store,
            _place: place,
        };
        stack.run(listener, options.in_background);
        Ok(stack)
    }

    fn run(&mut self, listener: TcpListener, in_background: bool) {
        let laptop = Laptop {
            gateway: self.gateway.clone(),
            keyring: self.services.keyring.clone(),
            clock: self.services.clock.clone(),
            scheduler: self.scheduler.clone(),
            mailbox: self.mailbox.clone(),
            public_url: self.services.public_url.clone().into(),
            endpoints: self.endpoints.clone().into(),
        };
        self.tasks.push(tokio::spawn(gateway::serve(listener, laptop)));
        if in_background {
            let (pump, faults) = (self.pump.clone(), self.faults.clone());
            self.tasks.push(tokio::spawn(async move { pump.run(faults.written()).await }));
            let scheduler = self.scheduler.clone();
            self.tasks.push(tokio::spawn(async move { scheduler.run().await }));
        }
    }

    /// Where the gateway is reached, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.services.public_url
    }

    /// The gateway's socket.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The gateway itself: answers a request without a socket.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The embedded services by name, with their addresses.
    pub fn endpoints(&self) -> &[(&'static str, String)] {
        &self.endpoints
    }

    /// The clients and names that the functions were built from.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// A client of the table without the layer of faults, for a test that looks.
    pub fn plain_dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&sdk::config(self.store.endpoint(), sdk::plain_http()))
    }

    /// What was sent.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// The clock. Moving it here plays no runs; [`Stack::move_clock`] does.
    pub fn clock(&self) -> &LaptopClock {
        &self.services.clock
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The stream pump, for its dead letters.
    pub fn stream(&self) -> &StreamPump {
        &self.pump
    }

    /// Answers once the stream and all that is due now are done, and the indexes have caught up.
    ///
    /// # Errors
    /// When a run fails or the stream can't be read.
    pub async fn drain(&self) -> Result<(), ScheduleError> {
        self.scheduler.drain().await
    }

    /// Answers once the stream is delivered and the indexes have caught up; runs no schedule.
    ///
    /// # Errors
    /// When the stream can't be read.
    pub async fn settle(&self) -> Result<(), ScheduleError> {
        self.scheduler.settle().await
    }

    /// Moves the clock and plays every planned run on the way.
    ///
    /// # Errors
    /// When `instant` has passed already, or a run fails.
    pub async fn move_clock(&self, instant: Timestamp) -> Result<(), ScheduleError> {
        self.scheduler.move_clock(instant).await
    }

    /// Runs the function called `name` on an event as it stands in a golden file.
    ///
    /// # Errors
    /// As in the cloud: the event can't be read, or the function fails.
    ///
    /// # Panics
    /// When there is no such function.
    pub async fn call(&self, name: &str, event: Value) -> Result<Value, InvokeError> {
        let function = self.functions.get(name);
        function.unwrap_or_else(|| panic!("there is no function {name}")).invoke(event).await
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortInUse(port),
        _ => StartError::Listen(error),
    })
}

fn open_place(options: &Options) -> Result<(Place, LaptopClock), StartError> {
    match &options.data {
        Data::Memory => {
            let folder = tempfile::tempdir().map_err(StartError::State)?;
            Ok((Place::Memory(folder), LaptopClock::starting_at(options.start)))
        }
        Data::Folder { path, fresh } => {
            let folder = DataFolder::claim(path, *fresh)?;
            let clock = LaptopClock::kept_in(folder.join("clock")).map_err(StartError::State)?;
            Ok((Place::Folder(folder), clock))
        }
    }
}

/// The store and the table's name in it. Stacks in memory share one store, each with a table of
/// its own: a store costs a thread, a table some milliseconds.
fn open_store(place: &Place) -> Result<(Arc<Store>, String), StoreError> {
    match place {
        Place::Folder(folder) => Ok((Arc::new(Store::open(&folder.join("table.sqlite"))?), TABLE.to_owned())),
        Place::Memory(_) => {
            static NEXT: AtomicU64 = AtomicU64::new(0);
            static SHARED: OnceLock<Arc<Store>> = OnceLock::new();
            let table = format!("{TABLE}-{}", NEXT.fetch_add(1, Ordering::Relaxed));
            Ok((shared_store(&SHARED)?, table))
        }
    }
}

fn shared_store(shared: &'static OnceLock<Arc<Store>>) -> Result<Arc<Store>, StoreError> {
    if let Some(store) = shared.get() {
        return Ok(Arc::clone(store));
    }
    let store = Arc::new(Store::memory()?);
    Ok(Arc::clone(shared.get_or_init(|| store)))
}

async fn with_replica(options: &Options, store: &Arc<Store>, table: &str) -> Result<Faults, StartError> {
    static TWINS: OnceLock<Arc<Store>> = OnceLock::new();
    if !options.late_indexes {
        return Ok(options.faults.clone());
    }
    let twin = shared_store(&TWINS)?;
    let client = aws_sdk_dynamodb::Client::new(&sdk::config(twin.endpoint(), sdk::plain_http()));
    table::create(&client, table, false).await?;
    Ok(options.faults.clone().with_late_indexes(Replica::new(table, Arc::clone(store), twin)))
}

async fn open_bucket(place: &Place) -> Result<Bucket, BucketError> {
    let folder = match place {
        Place::Folder(folder) => folder.join("bucket"),
        Place::Memory(folder) => folder.path().to_owned(),
    };
    std::fs::create_dir_all(&folder)?;
    Bucket::start(&folder, &[EXPORT_BUCKET], 0).await
}

fn keyring(place: &Place) -> Result<Keyring, DataFolderError> {
    let root_key = match place {
        Place::Folder(folder) => folder.root_key()?,
        Place::Memory(_) => data_folder::new_root_key().to_vec(),
    };
    Ok(Keyring::new(&root_key).expect("the folder refuses a short key"))
}

fn s3_client(endpoint: &str) -> aws_sdk_s3::Client {
    let config = sdk::config(endpoint, sdk::plain_http());
    aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build())
}

fn ses_client(endpoint: &str) -> aws_sdk_sesv2::Client {
    let config = sdk::config(endpoint, crate::faults::losing_answers(sdk::plain_http()));
    let once = RetryConfig::disabled();
    aws_sdk_sesv2::Client::from_conf(aws_sdk_sesv2::config::Builder::from(&config).retry_config(once).build())
}

fn names(deployment: &Deployment) -> BTreeMap<&'static str, Function> {
    deployment.functions().map(|function| (function.name(), function.clone())).collect()
}

#[cfg(test)]
#[path = "stack_tests.rs"]
mod tests;
