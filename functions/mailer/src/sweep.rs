//! Every minute: what is due, was put off, or was left behind by a lost process.

use shared::Result;
use shared::telemetry::chain;

use crate::State;
use crate::delivery::deliver;

/// How many messages of a shop one round looks at; the next round goes on.
const PER_ROUND: u32 = 500;

/// Goes through the shops. A message that fails does not keep the others from going; it is found
/// again in a minute.
pub async fn sweep(state: &State) -> Result<()> {
    let now = state.app.clock.now();
    for shop in state.app.table.shops().await? {
        for message in state.app.table.messages_awake(&shop, now, PER_ROUND).await? {
            let id = message.id;
            if let Err(error) = deliver(state, message).await {
                tracing::error!(%shop, message = %id, cause = chain(&error), "message failed");
            }
        }
    }
    Ok(())
}
