//! The common crate: everything two functions need, and nothing that only one does.
//!
//! - [`domain`]: customers, orders, consents, messages… No AWS, no HTTP, no async.
//! - [`jobs`]: what exceeds one transaction, step by step: erasure, merge, deletion of a group.
//! - [`intake`]: how what a form sent becomes a customer's, or is kept aside.
//! - [`table`]: the one DynamoDB table: keys, transactions, and a named method per access pattern.
//! - [`http`]: routes with their roles, staff identity, problems, `ETag`, idempotency.
//! - [`email`]: rendering of mails; [`wording`]: what we say, in each language.
//! - [`keyring`], [`clock`], [`entropy`]: secrets, time and randomness, as arguments.
//! - [`images`]: the bucket of the images that products show.
//! - [`config`], [`telemetry`]: the environment, read once; logs without personal data.
//!
//! `http`, `table` and `email` stand side by side on `domain`, and `jobs` and `intake` on `table`; dependencies
//! point one way.

pub mod app;
pub mod clock;
pub mod config;
pub mod domain;
pub mod email;
pub mod entropy;
pub mod error;
pub mod events;
pub mod http;
pub mod images;
pub mod intake;
pub mod jobs;
pub mod keyring;
pub mod table;
pub mod telemetry;
pub mod wording;

pub use app::App;
pub use clock::Clock;
pub use entropy::Entropy;
pub use error::{Error, Result};
pub use images::{AppWithImages, Images};
pub use keyring::Keyring;
