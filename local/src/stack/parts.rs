//! The parts of a stack, each opened where the stack's state lives.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use shared::{Entropy, Keyring};
use tokio::net::TcpListener;

use super::{Data, Options, StartError};
use crate::bucket::{Bucket, BucketError};
use crate::calls::Calls;
use crate::clock::LaptopClock;
use crate::data_folder::{self, DataFolder, DataFolderError};
use crate::faults::{Faults, Replica};
use crate::ports::Ports;
use crate::sdk;
use crate::store::{Store, StoreError};
use crate::table;

/// The name of the table in a data folder.
pub(crate) const TABLE: &str = "clientele";
/// What the embedded services are called where their addresses are shown and kept.
pub(super) const DYNAMODB: &str = "DynamoDB";
pub(super) const S3: &str = "S3";
pub(super) const SES: &str = "SES";
/// The bucket that exports are written to.
pub(super) const EXPORT_BUCKET: &str = "clientele-exports";
/// The bucket that images are in.
pub(super) const IMAGE_BUCKET: &str = "clientele-images";

/// What holds the state: a claimed folder, or a temporary one for the bucket.
pub(super) enum Place {
    Folder(DataFolder),
    Memory(tempfile::TempDir),
}

impl Place {
    /// The file of this name, where files are kept at all.
    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.join(name)),
            Self::Memory(_) => None,
        }
    }
}

pub(super) async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortInUse(port),
        _ => StartError::Listen(error),
    })
}

pub(super) fn open_place(options: &Options) -> Result<(Place, LaptopClock), StartError> {
    match &options.data {
        Data::Memory => {
            let folder = tempfile::tempdir().map_err(StartError::State)?;
            let clock = match options.start.filter(|_| options.still) {
                Some(start) => LaptopClock::still_at(start),
                None => LaptopClock::starting_at(options.start),
            };
            Ok((Place::Memory(folder), clock))
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
pub(super) fn open_store(place: &Place, ports: &Ports) -> Result<(Arc<Store>, String), StoreError> {
    match place {
        Place::Folder(folder) => {
            let store = Store::open(&folder.join("table.sqlite"), ports.of(DYNAMODB))?;
            // A seeding that was killed has left it stopped.
            store.resume_stream(TABLE)?;
            Ok((Arc::new(store), TABLE.to_owned()))
        }
        Place::Memory(_) => {
            static NEXT: AtomicU64 = AtomicU64::new(0);
            static SHARED: OnceLock<Arc<Store>> = OnceLock::new();
            let table = format!("{TABLE}-{}", NEXT.fetch_add(1, Ordering::Relaxed));
            Ok((shared_store(&SHARED)?, table))
        }
    }
}

pub(super) fn shared_store(shared: &'static OnceLock<Arc<Store>>) -> Result<Arc<Store>, StoreError> {
    if let Some(store) = shared.get() {
        return Ok(Arc::clone(store));
    }
    let store = Arc::new(Store::memory()?);
    Ok(Arc::clone(shared.get_or_init(|| store)))
}

pub(super) async fn with_replica(options: &Options, store: &Arc<Store>, table: &str) -> Result<Faults, StartError> {
    static TWINS: OnceLock<Arc<Store>> = OnceLock::new();
    if !options.late_indexes {
        return Ok(options.faults.clone());
    }
    let twin = shared_store(&TWINS)?;
    let client = aws_sdk_dynamodb::Client::new(&sdk::config(twin.endpoint(), sdk::plain_http()));
    table::create(&client, table, false).await?;
    Ok(options.faults.clone().with_late_indexes(Replica::new(table, Arc::clone(store), twin)))
}

pub(super) async fn open_bucket(place: &Place, ports: &Ports) -> Result<Bucket, BucketError> {
    let folder = match place {
        Place::Folder(folder) => folder.join("bucket"),
        Place::Memory(folder) => folder.path().to_owned(),
    };
    std::fs::create_dir_all(&folder)?;
    Bucket::start(&folder, &[EXPORT_BUCKET, IMAGE_BUCKET], ports.of(S3)).await
}

pub(super) fn keyring(place: &Place, seed: Option<u64>) -> Result<Keyring, DataFolderError> {
    let root_key = match (place, seed) {
        (Place::Folder(folder), _) => folder.root_key()?,
        (Place::Memory(_), None) => data_folder::new_root_key().to_vec(),
        (Place::Memory(_), Some(seed)) => {
            let mut key = data_folder::new_root_key();
            entropy(Some(!seed)).fill(&mut key);
            key.to_vec()
        }
    };
    Ok(Keyring::new(&root_key).expect("the folder refuses a short key"))
}

/// Randomness that is the same for the same seed.
pub(super) fn entropy(seed: Option<u64>) -> Entropy {
    let Some(seed) = seed else { return Entropy::system() };
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    Entropy::from_fn(move |bytes| random.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes))
}

pub(super) fn dynamodb_client(endpoint: &str, faults: &Faults, http: SharedHttpClient) -> aws_sdk_dynamodb::Client {
    let config = sdk::config(endpoint, faults.in_front_of(http));
    let config = aws_sdk_dynamodb::config::Builder::from(&config);
    aws_sdk_dynamodb::Client::from_conf(config.interceptor(Calls::noted()).build())
}

pub(super) fn s3_client(endpoint: &str, faults: &Faults) -> aws_sdk_s3::Client {
    let config = sdk::config(endpoint, faults.in_front_of(sdk::plain_http()));
    let config = aws_sdk_s3::config::Builder::from(&config);
    aws_sdk_s3::Client::from_conf(config.force_path_style(true).interceptor(Calls::noted()).build())
}

pub(super) fn ses_client(endpoint: &str, faults: &Faults) -> aws_sdk_sesv2::Client {
    let config = sdk::config(endpoint, faults.in_front_of(crate::faults::losing_answers(sdk::plain_http())));
    let config = aws_sdk_sesv2::config::Builder::from(&config).retry_config(RetryConfig::disabled());
    aws_sdk_sesv2::Client::from_conf(config.interceptor(Calls::noted()).build())
}
