//! Seeding a data folder that no process holds.

use std::path::Path;

use shared::Keyring;

use super::{SeedError, Seeded, fill};
use crate::clock::LaptopClock;
use crate::data_folder::{DataFolder, DataFolderError};
use crate::first_shops;
use crate::sdk;
use crate::stack::TABLE;
use crate::store::{Store, StoreError};
use crate::table::{self, TableError};

/// Why a folder was not seeded. Each is one line for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum SeedFolderError {
    /// The folder was refused.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// A file of it can't be read.
    #[error("the data folder can't be read: {0}")]
    State(#[from] std::io::Error),
    /// The embedded store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The seeding itself.
    #[error(transparent)]
    Seed(#[from] SeedError),
}

/// Fills the data folder at `path` as [`fill`] does; `fresh` first drops what is there.
///
/// The table's stream is off meanwhile: it would only carry what nobody listens for. A start after
/// a seeding that was stopped midway switches it on again.
///
/// # Errors
/// One of [`SeedFolderError`].
pub async fn fill_folder(
    path: &Path,
    fresh: bool,
    customers: usize,
    progress: impl FnMut(usize),
) -> Result<Seeded, SeedFolderError> {
    let folder = DataFolder::claim(path, fresh)?;
    let clock = LaptopClock::kept_in(folder.join("clock"))?;
    let keyring = Keyring::new(&folder.root_key()?).expect("the folder refuses a short key");
    let store = Store::open(&folder.join("table.sqlite"), 0)?;
    let client = aws_sdk_dynamodb::Client::new(&sdk::config(store.endpoint(), sdk::plain_http()));
    table::create(&client, TABLE, true).await?;
    let app = shared::App {
        table: shared::table::Table::new(client.clone(), TABLE, shared::Entropy::system()),
        keyring,
        clock: shared::Clock::from_fn(move || clock.now()),
        entropy: shared::Entropy::system(),
        public_url: "http://localhost:3000".parse().expect(super::WELL_FORMED),
    };
    first_shops::create(&app.table, app.clock.now()).await.map_err(SeedError::Table)?;
    table::stop_stream(&client, TABLE).await?;
    let loading = store.load_in_bulk()?;
    let filled = fill(&app, customers, progress).await;
    drop(loading);
    store.resume_stream(TABLE)?;
    Ok(filled?)
}
