//! From the outbox to SES, and what SES tells afterwards.
//!
//! New messages come by the stream; what waits, was put off or was left behind by a lost process is
//! found every minute; deliveries, bounces and complaints come by EventBridge. All three may come
//! twice, late or in another order: a message's state says what may still happen to it.

mod content;
mod delivery;
mod feedback;
mod notice;
mod orders;
mod outgoing;
mod pacing;
mod proofs;
mod report;
mod reputation;
mod sweep;

use std::num::NonZeroU32;

use aws_lambda_events::dynamodb::Event as StreamEvent;
use serde::Deserialize;
use shared::domain::Message;
use shared::events::{BatchAnswer, ScheduledRun, each_new_image};
use shared::{App, Error, Result};

pub use report::Feedback;

/// What the function is built from.
#[derive(Debug, Clone)]
pub struct State {
    /// The table, the secrets, the clock.
    pub app: App,
    /// SES, without retries: a second attempt is the outbox's decision.
    pub ses: aws_sdk_sesv2::Client,
    /// The configuration sets mail goes out under.
    pub sets: ConfigurationSets,
    /// How many mails a second SES takes from the account.
    pub rate: NonZeroU32,
}

/// The names of the configuration sets, which keep the reputation of marketing apart.
#[derive(Debug, Clone)]
pub struct ConfigurationSets {
    /// For transactional mail.
    pub transactional: String,
    /// For marketing.
    pub marketing: String,
}

/// What triggers the function.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// New messages.
    Stream(StreamEvent),
    /// The minute's round.
    Scheduled(ScheduledRun),
    /// What became of a mail.
    Feedback(Box<Feedback>),
}

/// Handles an event. Only a batch of the stream has an answer that says more than "done".
///
/// # Errors
/// [`Error`] when the event has to come again.
pub async fn handle(state: &State, event: Event) -> Result<BatchAnswer> {
    match event {
        Event::Stream(batch) => {
            Ok(each_new_image(batch, |message: Message| delivery::deliver(state, message.reference())).await)
        }
        Event::Scheduled(run) if run.run == "sweep" => sweep::sweep(state).await.map(|()| BatchAnswer::default()),
        Event::Scheduled(_) => Err(Error::Impossible("a planned run that nobody planned")),
        Event::Feedback(feedback) => feedback::take(state, *feedback).await.map(|()| BatchAnswer::default()),
    }
}
