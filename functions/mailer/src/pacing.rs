//! The account's sending rate: SES takes so many mails a second from all shops together, and refuses
//! more. A token bucket in the table gives each mail its turn, whichever process sends it.

use std::time::Duration;

use jiff::SignedDuration;
use shared::Result;
use shared::table::Bucket;

use crate::State;

/// How long a mail waits for its turn in place. One that comes later goes back to the outbox, so that a
/// batch of ten stays well within the life of the function.
const PATIENCE: SignedDuration = SignedDuration::from_secs(2);

/// Waits for the turn of one mail; how long to wait before asking again where that is too long.
pub async fn turn(state: &State) -> Result<Result<(), SignedDuration>> {
    // One at a time: with several at once, two processes would exceed the rate by as many.
    let within = SignedDuration::from_micros(1_000_000 / i64::from(state.rate.get()));
    let bucket = Bucket { of: "sending", tokens: 1, within };
    let turn = state.app.table.take_turn(bucket, PATIENCE, state.app.clock.now()).await?;
    if let Ok(wait) = turn
        && wait.is_positive()
    {
        tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
    }
    Ok(turn.map(drop))
}
