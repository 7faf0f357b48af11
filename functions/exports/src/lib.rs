//! Exports: the staff API to ask for one, and the worker that writes it to S3.
//!
//! Asking writes a job; the stream brings it to the worker; the file appears whole or not at all;
//! the job then gives out links that open for a quarter of an hour. A worker whose time is up hands the
//! file over through the job. When somebody is erased, the shop's files are withdrawn, and what is being
//! written begins anew.
//!
//! `rows` reads customers and what they have; `columns` says what stands in a row, as `cell`s; `format`
//! makes bytes of them; `file` sends those as parts and notes in the job how far it came; `worker` begins
//! and ends all this.

mod cancel_export;
mod cell;
mod columns;
mod export_view;
mod file;
mod format;
mod get_export;
mod list_exports;
mod request_export;
mod request_fields;
mod rows;
mod upload;
mod withdraw;
mod worker;

use std::time::{Duration, Instant};

use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use axum::http::Method;
use serde::Deserialize;
use shared::App;
use shared::domain::{Erasure, ExportJob};
use shared::events::{BatchAnswer, each_new_image};
use shared::http::{MANAGERS, Routes};

pub use aws_lambda_events::dynamodb::Event as StreamEvent;

/// What the function is built from.
#[derive(Debug, Clone)]
pub struct State {
    /// The table, the secrets, the clock.
    pub app: App,
    /// Where files go.
    pub s3: aws_sdk_s3::Client,
    /// The bucket they go to.
    pub bucket: String,
    /// How much is done at once.
    pub limits: Limits,
}

/// How much a worker does at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many bytes make a part: at least S3's 5 MiB, and nearly all the memory a file takes.
    pub part: usize,
    /// How long it writes before it hands the file over.
    pub time: Duration,
}

impl Default for Limits {
    /// A part is sent in a few seconds, and an invocation ends after fifteen minutes.
    fn default() -> Self {
        Self { part: 8 * 1024 * 1024, time: Duration::from_secs(13 * 60) }
    }
}

/// S3 as an export needs it: time for a whole part, and no checksum that the upload
/// would have to name from its beginning; the parts' tags are what completes it.
pub fn s3(aws: &SdkConfig) -> aws_sdk_s3::Client {
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(60)).build();
    let config = aws_sdk_s3::config::Builder::from(aws)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .timeout_config(timeouts);
    aws_sdk_s3::Client::from_conf(config.build())
}

/// Every route of this function.
pub fn routes(state: State) -> Routes<State> {
    Routes::new(state.app)
        .staff(Method::POST, "/v1/exports", MANAGERS, request_export::handle)
        .described(request_export::describe)
        .staff(Method::GET, "/v1/exports", MANAGERS, list_exports::handle)
        .described(list_exports::describe)
        .staff(Method::GET, "/v1/exports/{id}", MANAGERS, get_export::handle)
        .described(get_export::describe)
        .staff(Method::POST, "/v1/exports/{id}/cancel", MANAGERS, cancel_export::handle)
        .described(cancel_export::describe)
}

/// What the stream announces.
#[derive(Debug, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
enum Announced {
    /// A job: new, handed over, or no longer wanted.
    Export(Box<ExportJob>),
    /// Somebody was erased.
    Erasure(Erasure),
}

/// Writes the files of jobs, and withdraws those that hold somebody who was erased.
pub async fn work(state: &State, batch: StreamEvent) -> BatchAnswer {
    let until = Instant::now() + state.limits.time;
    each_new_image(batch, |announced| async {
        match announced {
            Announced::Export(job) => worker::run(state, *job, until).await,
            Announced::Erasure(erasure) => withdraw::withdraw(state, &erasure).await,
        }
    })
    .await
}
