//! The embedded DynamoDB: a SQLite file, or memory, behind the real HTTP protocol on loopback.
//!
//! The store blocks the thread it runs on, so it has one of its own. It also lacks an index that
//! every write with a stream needs, and never trims its stream; both are done here, over a second
//! SQLite connection. Memory databases are named, so that this connection reaches them too.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use dynoxide::Database;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use crate::ports;

/// How often expired items are deleted.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How long the stream keeps what both consumers have read, as in the cloud.
const STREAM_RETENTION: SignedDuration = SignedDuration::from_hours(24);
/// What the store adds to a stored sequence number to make the public one.
const SEQUENCE_OFFSET: i128 = 100_000_000_000_000_000_000;

/// Why the store could not be opened or kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file can't be read, or is no store of ours.
    #[error("the table's file can't be opened: {0}")]
    Open(String),
    /// No port on loopback, or no thread.
    #[error("the embedded store can't start: {0}")]
    Start(#[from] std::io::Error),
    /// SQLite refused our own statement.
    #[error("the stream's table can't be kept: {0}")]
    Upkeep(#[from] rusqlite::Error),
}

/// A running store. Dropping it stops the server and closes the file.
pub struct Store {
    database: Database,
    upkeep: Mutex<rusqlite::Connection>,
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the SQLite file at `path`, or creates it; serves it at `port`, or at a free one where
    /// that is 0 or taken.
    ///
    /// # Errors
    /// When the file is damaged or belongs to something else, or no port is free.
    pub fn open(path: &Path, port: u16) -> Result<Self, StoreError> {
        Self::start(&path.to_string_lossy(), port, true)
    }

    /// A store that is gone with the process. Several tables live in one: tests share it. It deletes
    /// what has expired only when it is told to: the clock of a test may stand anywhere before the wall's.
    ///
    /// # Errors
    /// When no port is free.
    pub fn memory() -> Result<Self, StoreError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::start(&format!("file:/clientele-{number}?vfs=memdb"), 0, false)
    }

    fn start(location: &str, port: u16, sweeps: bool) -> Result<Self, StoreError> {
        let database = Database::new(location).map_err(|e| StoreError::Open(e.to_string()))?;
        database.disable_bulk_loading().map_err(|e| StoreError::Open(e.to_string()))?;
        let upkeep = rusqlite::Connection::open(location)?;
        upkeep.execute_batch(
            "CREATE INDEX IF NOT EXISTS local_stream_seq
             ON _stream_records(table_name, CAST(sequence_number AS INTEGER))",
        )?;
        let listener = ports::listen(port)?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let served = database.clone();
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || serve(listener, served, sweeps, stopped))?;
        Ok(Self { database, upkeep: Mutex::new(upkeep), endpoint, stop: Some(stop), thread: Some(thread) })
    }

    /// The address that SDK clients are given.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Goes on with the stream of `table`, if it was stopped. To be called while nobody writes: the
    /// server looks once.
    ///
    /// # Errors
    /// When the file can't be written.
    pub(crate) fn resume_stream(&self, table: &str) -> Result<(), StoreError> {
        // The protocol has a call for it, which counts every item of the table.
        let upkeep = self.upkeep.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let resume = "UPDATE _tables SET stream_enabled = 1
                      WHERE table_name = ?1 AND stream_label IS NOT NULL AND stream_enabled = 0";
        upkeep.execute(resume, [table])?;
        Ok(())
    }

    /// Writes faster until the answer is dropped; a machine (not a process) that dies meanwhile may
    /// leave a damaged file.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn load_in_bulk(&self) -> Result<BulkLoading<'_>, StoreError> {
        self.database.enable_bulk_loading().map_err(|e| StoreError::Open(e.to_string()))?;
        Ok(BulkLoading(&self.database))
    }

    /// Deletes what has expired by the wall clock, and says how much. A store in a file also does
    /// this by itself every minute.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn sweep_expired(&self) -> Result<usize, StoreError> {
        self.database.sweep_ttl().map_err(|e| StoreError::Open(e.to_string()))
    }

    /// Forgets stream records of `table` that are older than a day and before `delivered`, the
    /// lowest sequence number that some consumer still has as its checkpoint.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn trim_stream(&self, table: &str, delivered: &str, now: Timestamp) -> Result<usize, StoreError> {
        let Some(delivered) =
            delivered.parse::<i128>().ok().and_then(|public| i64::try_from(public - SEQUENCE_OFFSET).ok())
        else {
            return Ok(0);
        };
        let oldest_kept = now.checked_sub(STREAM_RETENTION).unwrap_or(Timestamp::MIN).as_second();
        let upkeep = self.upkeep.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let trimmed = upkeep.execute(
            "DELETE FROM _stream_records
             WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) < ?2 AND created_at < ?3",
            rusqlite::params![table, delivered, oldest_kept],
        )?;
        Ok(trimmed)
    }
}

/// A store that is being filled.
pub struct BulkLoading<'a>(&'a Database);

impl Drop for BulkLoading<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.disable_bulk_loading() {
            tracing::warn!(%error, "the store stays in its mode for loading");
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has already ended needs no word.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Runs the server on a runtime of its own until told to stop.
fn serve(listener: TcpListener, database: Database, sweeps: bool, stopped: oneshot::Receiver<()>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tracing::error!(%error, "the store has no runtime"),
    };
    runtime.block_on(async {
        let listener = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => listener,
            Err(error) => return tracing::error!(%error, "the store can't listen"),
        };
        let sweeper = sweeps.then(|| tokio::spawn(sweep_regularly(database.clone())));
        let server = dynoxide::server::serve_with_shutdown(listener, database, std::future::pending());
        // Graceful shutdown would wait for idle clients; a request that is under way when the
        // process ends is unacknowledged, and SQLite rolls it back.
        tokio::select! {
            ended = server => if let Err(error) = ended { tracing::error!(error, "the store ended") },
            _ = stopped => {}
        }
        if let Some(sweeper) = sweeper {
            sweeper.abort();
        }
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
}

async fn sweep_regularly(database: Database) {
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        let swept = database.clone();
        match tokio::task::spawn_blocking(move || swept.sweep_ttl()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "expired items could not be deleted"),
            Err(error) => tracing::warn!(%error, "the expiry sweep failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;
    use crate::{sdk, table};

    fn client(store: &Store) -> Client {
        Client::new(&sdk::config(store.endpoint(), sdk::plain_http()))
    }

    fn text(value: impl Into<String>) -> AttributeValue {
        AttributeValue::S(value.into())
    }

    async fn put(client: &Client, table: &str, sk: &str) {
        client.put_item().table_name(table).item("pk", text("a")).item("sk", text(sk)).send().await.unwrap();
    }

    fn stream_records(store: &Store) -> i64 {
        let upkeep = store.upkeep.lock().unwrap();
        upkeep.query_row("SELECT COUNT(*) FROM _stream_records", [], |row| row.get(0)).unwrap()
    }

    #[tokio::test]
    async fn a_file_keeps_its_items_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.sqlite");
        {
            let store = Store::open(&path, 0).unwrap();
            table::create(&client(&store), "table", true).await.unwrap();
            put(&client(&store), "table", "1").await;
        }
        let store = Store::open(&path, 0).unwrap();
        table::create(&client(&store), "table", true).await.unwrap();
        let read = client(&store).get_item().table_name("table").key("pk", text("a")).key("sk", text("1"));
        assert!(read.send().await.unwrap().item.is_some());
    }

    #[tokio::test]
    async fn tables_of_one_memory_store_do_not_see_each_other_and_stores_neither() {
        let (store, other) = (Store::memory().unwrap(), Store::memory().unwrap());
        for (store, name) in [(&store, "one"), (&store, "two"), (&other, "one")] {
            table::create(&client(store), name, true).await.unwrap();
        }
        put(&client(&store), "one", "1").await;
        for (store, name, expected) in [(&store, "one", 1), (&store, "two", 0), (&other, "one", 0)] {
            let count = client(store).scan().table_name(name).limit(10).send().await.unwrap().count;
            assert_eq!(count, expected, "{name}");
        }
    }

    #[tokio::test]
    async fn only_what_is_old_and_delivered_leaves_the_stream() {
        let store = Store::memory().unwrap();
        let client = client(&store);
        table::create(&client, "table", true).await.unwrap();
        for sk in ["1", "2", "3"] {
            put(&client, "table", sk).await;
        }
        let last: i64 = {
            let upkeep = store.upkeep.lock().unwrap();
            let sql = "SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records";
            upkeep.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let delivered = (SEQUENCE_OFFSET + i128::from(last)).to_string();
        let now = Timestamp::now();
        assert_eq!(store.trim_stream("table", &delivered, now).unwrap(), 0, "not yet a day old");
        let later = now.checked_add(SignedDuration::from_hours(25)).unwrap();
        assert_eq!(store.trim_stream("other", &delivered, later).unwrap(), 0);
        assert_eq!(store.trim_stream("table", &delivered, later).unwrap(), 2, "the checkpoint itself stays");
        assert_eq!(stream_records(&store), 1);
        put(&client, "table", "4").await;
    }

    #[tokio::test]
    async fn expired_items_are_swept() {
        let store = Store::memory().unwrap();
        let client = client(&store);
        table::create(&client, "table", true).await.unwrap();
        let past = AttributeValue::N((Timestamp::now().as_second() - 3600).to_string());
        let item = client.put_item().table_name("table").item("pk", text("a")).item("sk", text("1")).item("ttl", past);
        item.send().await.unwrap();
        assert_eq!(store.sweep_expired().unwrap(), 1);
    }

    #[tokio::test]
    async fn a_long_stream_does_not_slow_a_write() {
        let store = Store::memory().unwrap();
        let client = client(&store);
        table::create(&client, "table", true).await.unwrap();
        let plan: String = {
            let upkeep = store.upkeep.lock().unwrap();
            let sql = "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
                       FROM _stream_records WHERE table_name = 'table'";
            upkeep.query_row(sql, [], |row| row.get(3)).unwrap()
        };
        assert!(plan.contains("local_stream_seq"), "{plan}");
        let start = Instant::now();
        for number in 0..100 {
            put(&client, "table", &number.to_string()).await;
        }
        println!("100 writes in {:?}", start.elapsed());
    }
}
