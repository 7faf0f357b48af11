//! One message, one step further: the state machine of the outbox.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::domain::{
    Attempt, ClaimId, DueDate, Message, MessageClass, MessageRef, MessageState, ReportKind, SkipReason,
};
use shared::keyring::AddressDigest;
use shared::table::HandingOver;
use shared::telemetry::{METRICS, chain};
use shared::{Error, Result};

use crate::State;
use crate::content::{Prepared, prepare};
use crate::outgoing::{Handover, hand_over};
use crate::pacing::turn;
use crate::reputation::count_sent;

/// Moves the message on as far as it may go now. What another mailer has, or what is not due yet, is
/// left alone.
pub async fn deliver(state: &State, reference: MessageRef) -> Result<()> {
    let now = state.app.clock.now();
    let newest = state.app.table.message(&reference).await?;
    let Some(message) = newest.filter(|message| message.wake_at().is_some_and(|at| at <= now)) else {
        return Ok(());
    };
    match next_step(&message) {
        Step::Send => send(state, message, now).await,
        Step::AwaitFeedback => {
            let until = later(now, Attempt::FEEDBACK)?;
            settle(state, message, MessageState::Unknown { until }).await.map(drop)
        }
        Step::GiveUp(end) => settle(state, message, end(now)).await.map(drop),
    }
}

enum Step {
    /// Try to send it.
    Send,
    /// A process was lost in the middle: wait for the feedback to tell what happened.
    AwaitFeedback,
    /// Nothing more will be tried.
    GiveUp(fn(Timestamp) -> MessageState),
}

/// What follows for a message whose time has come.
fn next_step(message: &Message) -> Step {
    let exhausted = message.attempts >= Attempt::MAX;
    match (&message.state, message.kind().class()) {
        (MessageState::Sending { .. }, _) => Step::AwaitFeedback,
        // No feedback came. Marketing is never sent twice; the rest is never lost.
        (MessageState::Unknown { .. }, MessageClass::Marketing) => {
            Step::GiveUp(|at| MessageState::Skipped { reason: SkipReason::OutcomeUnknown, at })
        }
        _ if exhausted => Step::GiveUp(|at| MessageState::Failed { at }),
        _ => Step::Send,
    }
}

async fn send(state: &State, message: Message, now: Timestamp) -> Result<()> {
    let until = later(now, Attempt::LEASE)?;
    let owner = ClaimId::new(state.app.entropy.ulid(now));
    let Some(message) = settle(state, message, MessageState::Claimed { owner, until }).await? else {
        return Ok(());
    };
    let mail = match prepare(state, &message, now).await {
        Ok(Prepared::Mail(mail)) => mail,
        Ok(Prepared::Skip(reason)) => {
            return settle(state, message, MessageState::Skipped { reason, at: now }).await.map(drop);
        }
        Ok(Prepared::Later(not_before)) => {
            let not_after = later(not_before, DueDate::CATCH_UP).ok();
            return settle(state, Message { not_before, not_after, ..message }, MessageState::Pending).await.map(drop);
        }
        Ok(Prepared::Unreachable) => {
            tracing::error!(shop = %message.shop, mail = %message.id, "the shop has no address that takes mail");
            return settle(state, message, MessageState::Failed { at: now }).await.map(drop);
        }
        // Whoever comes next need not wait until the claim ends; if this fails too, they will.
        Err(error) if error.retryable() => {
            drop(settle(state, message, MessageState::Pending).await);
            return Err(error);
        }
        // A mail that can't be made now may be made after the next deployment, and must not be
        // tried for ever.
        Err(error) => {
            tracing::error!(shop = %message.shop, mail = %message.id, cause = chain(&error), "no mail to send");
            let attempts = message.attempts + 1;
            let (message, end) = put_off(Message { attempts, ..message }, now, Attempt::backoff)?;
            return settle(state, message, end).await.map(drop);
        }
    };
    if let Err(wait) = turn(state).await? {
        let not_before = later(now, wait)?;
        return settle(state, Message { not_before, ..message }, MessageState::Pending).await.map(drop);
    }
    let address = mail.to.parse().map_err(|_| Error::Impossible("a mail to what is no address"))?;
    let address = state.app.keyring.address_digest(&message.shop, &address);
    let handed = message.clone().handed_over_to(address.clone(), &mail.rendered.subject);
    let handed = match hand_out(state, handed, &address, MessageState::Sending { until }, now).await {
        Err(error) if error.retryable() => {
            take_back(state, message).await;
            return Err(error);
        }
        handed => handed?,
    };
    let handed = match handed {
        Ok(handed) => handed,
        Err(HandingOver::Taken) => {
            let reason = SkipReason::SameAddress;
            return settle(state, message, MessageState::Skipped { reason, at: now }).await.map(drop);
        }
        Err(_) => return Ok(()),
    };
    let (message, end) = match hand_over(state, &handed, &mail).await {
        Handover::Accepted => return accepted(state, handed, now).await,
        Handover::Unclear => {
            let until = later(now, Attempt::FEEDBACK)?;
            (handed, MessageState::Unknown { until })
        }
        Handover::Refused => put_off(handed, now, Attempt::backoff)?,
        // As if it had not been tried.
        Handover::NotNow(wait) => put_off(Message { version: handed.version, ..message }, now, |_| wait)?,
    };
    settle(state, message, end).await.map(drop)
}

/// The last step before the hand-over: from here on it may have left. Marketing takes its address with it.
async fn hand_out(
    state: &State,
    message: Message,
    address: &AddressDigest,
    sending: MessageState,
    now: Timestamp,
) -> Result<std::result::Result<Message, HandingOver>> {
    if message.kind().class() == MessageClass::Transactional {
        return Ok(settle(state, message, sending).await?.ok_or(HandingOver::Overtaken));
    }
    let message = Message { version: message.version + 1, state: sending, ..message };
    let day = now.to_zoned(TimeZone::UTC).date();
    let handed = state.app.table.hand_over(&message, address, day).await?;
    Ok(if handed == HandingOver::Done { Ok(message) } else { Err(handed) })
}

/// Nobody was told whether the message counts as being handed over, and it was not: it need not wait for a
/// report that can't come. Where this fails too, it will.
async fn take_back(state: &State, message: Message) {
    let newest = state.app.table.message(&message.reference()).await;
    let version = message.version + 1;
    let own = |newest: &Message| newest.version == version && matches!(newest.state, MessageState::Sending { .. });
    if newest.is_ok_and(|newest| newest.as_ref().is_some_and(own)) {
        drop(settle(state, Message { version, ..message }, MessageState::Pending).await);
    }
}

/// SES has it, which is the first thing that is known of the mail.
async fn accepted(state: &State, handed: Message, now: Timestamp) -> Result<()> {
    let sent = Message { reports: handed.reports.with(ReportKind::Sent, now), ..handed.clone() };
    if let Some(sent) = settle(state, sent, MessageState::Sent { at: now }).await? {
        count_sent(state, &handed, &sent).await;
    }
    Ok(())
}

/// To be tried again, unless it was tried often enough.
fn put_off(
    message: Message,
    now: Timestamp,
    wait: impl Fn(u32) -> jiff::SignedDuration,
) -> Result<(Message, MessageState)> {
    if message.attempts >= Attempt::MAX {
        return Ok((message, MessageState::Failed { at: now }));
    }
    let not_before = later(now, wait(message.attempts))?;
    Ok((Message { not_before, ..message }, MessageState::Pending))
}

/// Writes the next state; `None` if another mailer, or the feedback, was quicker.
pub async fn settle(state: &State, message: Message, next: MessageState) -> Result<Option<Message>> {
    let message = Message { version: message.version + 1, state: next, ..message };
    let kind = message.kind().name();
    let written = state.app.table.replace_message(&message).await?;
    if written {
        tracing::info!(shop = %message.shop, mail = %message.id, kind, state = message.state.name(), "message");
        count(&message);
        alarm_if_parked(&message);
    }
    Ok(written.then_some(message))
}

/// Counts that a message reached a state that tells something: being claimed and handed over, every
/// message goes through.
pub fn count(message: &Message) {
    if matches!(message.state, MessageState::Claimed { .. } | MessageState::Sending { .. }) {
        return;
    }
    let kind = message.kind().name();
    tracing::info!(target: METRICS, messages = 1, state = message.state.name(), shop = %message.shop, kind);
}

/// Says so where a mail that has to arrive was given up: the deployment's alarm listens to `alarm`.
pub fn alarm_if_parked(message: &Message) {
    if message.is_parked() {
        let kind = message.kind().name();
        tracing::error!(alarm = true, shop = %message.shop, mail = %message.id, kind, "a mail is parked");
    }
}

fn later(now: Timestamp, wait: jiff::SignedDuration) -> Result<Timestamp> {
    now.checked_add(wait).map_err(|_| Error::Impossible("the end of the calendar"))
}
