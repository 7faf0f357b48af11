//! Every minute: what is due, was put off, or was left behind by a lost process.

use std::time::{Duration, Instant};

use shared::Result;
use shared::domain::ShopId;
use shared::telemetry::chain;

use crate::State;
use crate::delivery::deliver;

/// How many messages of a shop one round looks at, so that no shop keeps the others waiting.
const PER_ROUND: u32 = 100;

/// How long a round begins new messages: well within the life of the function, since one that is
/// cut off in the middle of sending leaves a mail of which nobody knows whether it left.
const BUDGET: Duration = Duration::from_secs(40);

/// Goes through the shops. Neither a message nor a shop that fails keeps the others from going;
/// what is left is found again in a minute.
pub async fn sweep(state: &State) -> Result<()> {
    let began = Instant::now();
    for shop in state.app.table.shops().await? {
        if let Err(error) = sweep_shop(state, &shop, began).await {
            tracing::error!(%shop, cause = chain(&error), "the outbox can't be read");
        }
    }
    Ok(())
}

async fn sweep_shop(state: &State, shop: &ShopId, began: Instant) -> Result<()> {
    let now = state.app.clock.now();
    for reference in state.app.table.messages_awake(shop, now, PER_ROUND).await? {
        if began.elapsed() > BUDGET {
            return Ok(());
        }
        let id = reference.id;
        if let Err(error) = deliver(state, reference).await {
            tracing::error!(%shop, message = %id, cause = chain(&error), "message failed");
        }
    }
    Ok(())
}
