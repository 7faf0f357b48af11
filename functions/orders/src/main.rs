//! Runs the function under Lambda.

use shared::{AppWithImages, Images, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start()?;
    let aws = config::aws()?;
    let images = Images::of_environment(&aws)?;
    let state = AppWithImages { app: config::app(&aws).await?, images };
    lambda_http::run(orders::routes(state.clone()).into_router(state)).await
}
