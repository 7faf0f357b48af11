//! Runs the function under Lambda.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use shared::events::ScheduledRun;
use shared::{config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let app = config::app(&config::aws()?).await?;
    run(service_fn(async |event: LambdaEvent<ScheduledRun>| {
        automations::handle(&app, event.payload).await.map_err(Error::from)
    }))
    .await
}
