//! Runs the function under Lambda: the staff API, or the worker, as `TRIGGER` says. Two functions
//! of one crate, so that only the worker's role may write to the bucket.

use exports::{Limits, State};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use shared::{config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start()?;
    let aws = config::aws()?;
    let (trigger, bucket) = (config::require::<String>("TRIGGER")?, config::require("EXPORT_BUCKET")?);
    let (app, s3) = (config::app(&aws).await?, exports::s3(&aws));
    let state = State { app, s3, bucket, limits: Limits::default() };
    match trigger.as_str() {
        "http" => lambda_http::run(exports::routes(state.clone()).into_router(state)).await,
        "stream" => {
            run(service_fn(async |event: LambdaEvent<exports::StreamEvent>| {
                Ok::<_, Error>(exports::work(&state, event.payload).await)
            }))
            .await
        }
        _ => Err(config::ConfigError::Invalid("TRIGGER").into()),
    }
}
