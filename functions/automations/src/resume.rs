//! Every five minutes: the jobs that nobody has finished, and who has to be forgotten again.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use shared::domain::ShopId;
use shared::telemetry::chain;
use shared::{App, Result, jobs};

/// How long a round goes on: well within the life of the function.
const BUDGET: Duration = Duration::from_secs(40);

/// Goes through the shops. One that fails does not keep the others from going.
pub async fn resume(app: &App, now: Timestamp) -> Result<()> {
    let deadline = Instant::now() + BUDGET;
    let mut failed = None;
    for shop in app.table.shops().await? {
        if let Err(error) = resume_shop(app, &shop, now, deadline).await {
            tracing::error!(%shop, cause = chain(&error), "jobs could not be gone on with");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn resume_shop(app: &App, shop: &ShopId, now: Timestamp, deadline: Instant) -> Result<()> {
    let Some(settings) = app.table.settings(shop).await? else {
        return Ok(());
    };
    // What was begun comes first: looking through the ledger must not keep it from ending.
    jobs::resume(app, shop, now, deadline).await?;
    for job in jobs::forget_again(app, &settings, now).await? {
        jobs::run(app, job, deadline.saturating_duration_since(Instant::now())).await;
    }
    Ok(())
}
