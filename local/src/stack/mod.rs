//! The whole stack as one value: what `cargo run` starts on a data folder, and each test in memory.

mod again;
mod options;
mod parts;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::parts::{DYNAMODB, EXPORT_BUCKET, IMAGE_BUCKET, Place, S3, SES};
use crate::bucket::Bucket;
use crate::clock::LaptopClock;
use crate::deployment::{Deployment, Services};
use crate::faults::Faults;
use crate::feedback::Feedback;
use crate::function::{Function, InvokeError};
use crate::gateway::{self, Gateway, Laptop};
use crate::mailbox::{MailServer, Mailbox};
use crate::ports::Ports;
use crate::scheduler::{ScheduleError, Scheduled, Scheduler};
use crate::sdk;
use crate::store::{Store, StoreError};
use crate::stream::{PumpFiles, StreamPump};
use crate::table;

pub use self::again::Delivered;
pub use self::options::{Data, Options, StartError};
pub(crate) use self::parts::TABLE;

/// How often the stream is trimmed.
const TRIM_EVERY: Duration = Duration::from_secs(3600);

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

impl Stack {
    /// Starts a stack that runs what `deploy` builds.
    ///
    /// # Errors
    /// One of [`StartError`]; nothing runs then.
    pub async fn start(options: Options, deploy: impl FnOnce(&Services) -> Deployment) -> Result<Self, StartError> {
        let listener = parts::listen(options.port).await?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let (place, clock) = parts::open_place(&options)?;
        let ports = Ports::kept_in(place.file("ports.json"));
        let (store, table) = parts::open_store(&place, &ports)?;
        let http = sdk::plain_http();
        let direct = sdk::config(store.endpoint(), http.clone());
        table::create(&aws_sdk_dynamodb::Client::new(&direct), &table, true).await?;
        let faults = parts::with_replica(&options, &store, &table).await?;
        let mailbox = match place.file("mailbox.jsonl") {
            Some(file) => Mailbox::open(&file, clock.clone()).map_err(StartError::State)?,
            None => Mailbox::in_memory(clock.clone()),
        };
        let mail_server = MailServer::start(mailbox.clone(), ports.of(SES)).await.map_err(StartError::Listen)?;
        let bucket = parts::open_bucket(&place, &ports).await?;
        let endpoints =
            vec![(DYNAMODB, store.endpoint().to_owned()), (S3, bucket.endpoint()), (SES, mail_server.endpoint())];
        ports.keep(&endpoints).map_err(StartError::State)?;
        let services = Services {
            dynamodb: parts::dynamodb_client(store.endpoint(), &faults, http.clone()),
            s3: parts::s3_client(&bucket.endpoint(), &faults),
            sending_rate: options.sending_rate,
            export_limits: options.export_limits,
            sesv2: parts::ses_client(&mail_server.endpoint(), &faults),
            table,
            export_bucket: EXPORT_BUCKET.to_owned(),
            image_bucket: IMAGE_BUCKET.to_owned(),
            keyring: parts::keyring(&place, options.seed)?,
            entropy: parts::entropy(options.seed),
            clock: clock.clone(),
            public_url: format!("http://localhost:{}", address.port()),
            app: OnceLock::new(),
        };
        let deployment = deploy(&services);
        let functions = names(&deployment);
        let files = PumpFiles {
            checkpoints: place.file("stream-checkpoints.json"),
            dead_letters: place.file("dead-letters.jsonl"),
        };
        let streams = aws_sdk_dynamodbstreams::Client::new(&direct);
        let pump = StreamPump::new(streams, &services.table, deployment.consumers, files)?;
        trim(&pump, &store, &services.table)?;
        deployment.prepare.await.map_err(StartError::Prepare)?;
        let feedback = Feedback::new(mailbox.clone(), place.file("mail-events")).map_err(StartError::State)?;
        let scheduled =
            Scheduled { automations: deployment.automations, mailer: deployment.mailer, next_due: deployment.next_due };
        let scheduler = Scheduler::new(clock, pump.clone(), faults.clone(), feedback, scheduled);
        let authority = format!("localhost:{}", address.port());
        let gateway = Gateway::new(deployment.routes, services.keyring.clone(), &authority);
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
            let (pump, store) = (self.pump.clone(), Arc::clone(&self.store));
            self.tasks.push(tokio::spawn(trim_regularly(pump, store, self.services.table.clone())));
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

/// Forgets what the stream need not keep, every hour.
async fn trim_regularly(pump: StreamPump, store: Arc<Store>, table: String) {
    loop {
        tokio::time::sleep(TRIM_EVERY).await;
        if let Err(error) = trim(&pump, &store, &table) {
            tracing::warn!(%error, "the stream could not be trimmed");
        }
    }
}

fn trim(pump: &StreamPump, store: &Store, table: &str) -> Result<(), StoreError> {
    let Some(delivered) = pump.delivered() else { return Ok(()) };
    store.trim_stream(table, &delivered, Timestamp::now()).map(drop)
}

fn names(deployment: &Deployment) -> BTreeMap<&'static str, Function> {
    deployment.functions().map(|function| (function.name(), function.clone())).collect()
}

#[cfg(test)]
mod tests;
