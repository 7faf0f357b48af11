//! Runs the function under Lambda: the staff API, or what is planned, as `TRIGGER` says. Two functions
//! of one crate, so that only the planned one may read the lists of customers.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use shared::events::ScheduledRun;
use shared::{config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start()?;
    let trigger: String = config::require("TRIGGER")?;
    let app = config::app(&config::aws()?).await?;
    match trigger.as_str() {
        "http" => lambda_http::run(automations::routes(app.clone()).into_router(app)).await,
        "schedule" => {
            run(service_fn(async |event: LambdaEvent<ScheduledRun>| {
                automations::handle(&app, event.payload).await.map_err(Error::from)
            }))
            .await
        }
        _ => Err(config::ConfigError::Invalid("TRIGGER").into()),
    }
}
