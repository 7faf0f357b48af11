//! Exports: the staff API to ask for one, and the worker that writes it to S3.
//!
//! Asking writes a job; the stream brings it to the worker; the file appears whole or not at all;
//! the job then gives out links that open for a quarter of an hour.

mod csv_rows;
mod export_view;
mod get_export;
mod request_export;
mod upload;
mod worker;

use axum::http::Method;
use shared::App;
use shared::domain::ExportJob;
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

/// Every route of this function.
pub fn routes(state: State) -> Routes<State> {
    Routes::new(state.app).staff(Method::POST, "/v1/exports", MANAGERS, request_export::handle).staff(
        Method::GET,
        "/v1/exports/{id}",
        MANAGERS,
        get_export::handle,
    )
}

/// Writes the files of new jobs.
pub async fn work(state: &State, batch: StreamEvent) -> BatchAnswer {
    each_new_image(batch, |job: ExportJob| worker::run(state, job)).await
}
