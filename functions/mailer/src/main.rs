//! Runs the function under Lambda.

use aws_sdk_sesv2::config::retry::RetryConfig;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use mailer::{ConfigurationSets, State};
use shared::{config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start()?;
    let aws = config::aws()?;
    let sets = ConfigurationSets {
        transactional: config::require("SES_TRANSACTIONAL_SET")?,
        marketing: config::require("SES_MARKETING_SET")?,
    };
    let ses = aws_sdk_sesv2::config::Builder::from(&aws).retry_config(RetryConfig::disabled()).build();
    let rate = config::require("SES_RATE")?;
    let state = State { app: config::app(&aws).await?, ses: aws_sdk_sesv2::Client::from_conf(ses), sets, rate };
    run(service_fn(async |event: LambdaEvent<mailer::Event>| {
        mailer::handle(&state, event.payload).await.map_err(Error::from)
    }))
    .await
}
