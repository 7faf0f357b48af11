//! Every minute: what is due, was put off, or was left behind by a lost process.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures::StreamExt;
use shared::Result;
use shared::domain::{MessageId, ShopId};
use shared::telemetry::chain;

use crate::State;
use crate::delivery::deliver;

/// How many messages of a shop one round looks at, so that no shop keeps the others waiting.
const PER_ROUND: u32 = 100;

/// How many messages are on their way at once: each waits for its own turn, and for the store.
const AT_ONCE: usize = 8;

/// How long a round begins new messages: well within the life of the function, since one that is
/// cut off in the middle of sending leaves a mail of which nobody knows whether it left.
const BUDGET: Duration = Duration::from_secs(40);

/// Goes through the shops, and again through those that have more. Neither a message nor a shop that fails
/// keeps the others from going; what is left is found again in a minute.
pub async fn sweep(state: &State) -> Result<()> {
    let (began, mut seen) = (Instant::now(), HashSet::new());
    let mut shops = state.app.table.shops().await?;
    while !shops.is_empty() {
        let mut busy = Vec::new();
        for shop in shops {
            match sweep_shop(state, &shop, began, &mut seen).await {
                Ok(true) => busy.push(shop),
                Ok(false) => {}
                Err(error) => tracing::error!(%shop, cause = chain(&error), "the outbox can't be read"),
            }
        }
        shops = busy;
    }
    Ok(())
}

/// One round of a shop; whether another may find more: the list was full, and not of what was looked at
/// before, which the index may still show.
async fn sweep_shop(state: &State, shop: &ShopId, began: Instant, seen: &mut HashSet<MessageId>) -> Result<bool> {
    let awake = state.app.table.messages_awake(shop, state.app.clock.now(), PER_ROUND).await?;
    let (full, mut news) = (awake.len() >= PER_ROUND as usize, false);
    awake.iter().for_each(|reference| news |= seen.insert(reference.id));
    let delivered = futures::stream::iter(awake).for_each_concurrent(AT_ONCE, |reference| async move {
        if began.elapsed() > BUDGET {
            return;
        }
        let id = reference.id;
        if let Err(error) = deliver(state, reference).await {
            tracing::error!(%shop, mail = %id, cause = chain(&error), "message failed");
        }
    });
    delivered.await;
    Ok(full && news && began.elapsed() <= BUDGET)
}
