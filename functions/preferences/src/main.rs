//! Runs the function under Lambda.

use shared::{config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start()?;
    let app = config::app(&config::aws()?).await?;
    lambda_http::run(preferences::routes(app.clone()).into_router(app)).await
}
