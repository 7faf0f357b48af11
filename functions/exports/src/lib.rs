//! Exports: the staff API to ask for one, and the worker that writes it to S3.
//!
//! Asking writes a job; the stream brings it to the worker; the file appears whole or not at all;
//! the job then gives out links that open for a quarter of an hour. When somebody is erased, the
//! shop's files are withdrawn, and what is being written begins anew.

#[expect(dead_code, reason = "the worker writes CSV only, so far")]
mod cell;
mod csv_rows;
mod export_view;
mod format;
mod get_export;
mod request_export;
mod upload;
mod withdraw;
mod worker;

use std::time::Duration;

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
}

/// S3 as an export needs it: time for parts of eight mebibytes, and no checksum that the upload
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
        .staff(Method::GET, "/v1/exports/{id}", MANAGERS, get_export::handle)
        .described(get_export::describe)
}

/// What the stream announces.
#[derive(Debug, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
enum Announced {
    /// A new job.
    Export(ExportJob),
    /// Somebody was erased.
    Erasure(Erasure),
}

/// Writes the files of new jobs, and withdraws those that hold somebody who was erased.
pub async fn work(state: &State, batch: StreamEvent) -> BatchAnswer {
    each_new_image(batch, |announced| async {
        match announced {
            Announced::Export(job) => worker::run(state, job).await,
            Announced::Erasure(erasure) => withdraw::withdraw(state, &erasure).await,
        }
    })
    .await
}
