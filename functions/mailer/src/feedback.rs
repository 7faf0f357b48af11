//! What SES tells of a mail: by EventBridge, perhaps twice, late, or in another order.
//!
//! A report is put on its message with the time at which it happened, and what follows from it,
//! state, suppression, figures, is in the same transaction: whatever is repeated changes nothing
//! more. What is not about a mail of ours, to whom it went, changes nothing at all.

use shared::domain::{Actor, AuditAction, AuditEntry, AuditId, Message, ReportKind, Suppression, SuppressionCause};
use shared::keyring::AddressDigest;
use shared::table::Transaction;
use shared::{Error, Result};

use crate::State;
use crate::delivery::{alarm_if_parked, count};
use crate::report::{Feedback, Report};
use crate::reputation;

/// How often an event that loses a race for its message is tried again.
const ATTEMPTS: u32 = 5;

/// Takes note of the event. One about a mail that is not ours changes nothing.
///
/// # Errors
/// [`Error`] when it has to come again.
pub async fn take(state: &State, feedback: Feedback) -> Result<()> {
    let Some(report) = Report::read(feedback, &state.sets) else {
        tracing::warn!("feedback that is not about a mail of ours");
        return Ok(());
    };
    for _ in 0..ATTEMPTS {
        let message = state.app.table.message(&report.message).await?;
        let Some(message) = message.filter(|message| is_about(state, message, &report)) else {
            tracing::warn!(shop = %report.message.shop, "feedback on a mail that was never sent, or to somebody else");
            return Ok(());
        };
        // Lost to the mailer: what it wrote may be that it does not know, so look again.
        if note(state, message, &report).await? {
            return reputation::judge(state, &report).await;
        }
    }
    Err(Error::Contended)
}

/// Whether the message was handed over, and for an address that the report names, where it has to name one.
fn is_about(state: &State, message: &Message, report: &Report) -> bool {
    let went_to = |address| message.sent_to.contains(&state.app.keyring.address_digest(&message.shop, address));
    message.attempts > 0
        && match report.kind {
            ReportKind::Bounced | ReportKind::PutOff | ReportKind::Complained => report.recipients.iter().any(went_to),
            ReportKind::Sent | ReportKind::Delivered | ReportKind::Rejected | ReportKind::Delayed => true,
        }
}

/// Puts the report on its message, with all that follows; `false` if another was quicker.
async fn note(state: &State, before: Message, report: &Report) -> Result<bool> {
    let Some(after) = before.reported(before.reports.with(report.kind, report.at)) else {
        return Ok(true);
    };
    let mut transaction = Transaction::new();
    transaction.replace_message(&after)?;
    if before.reports.at(report.kind).is_none() {
        reputation::count(state, &before, report, &mut transaction).await?;
    }
    if let Some(cause) = report.kind.suppresses().filter(|cause| concerns(&before, *cause)) {
        for address in report.recipients.iter().map(|address| state.app.keyring.address_digest(&before.shop, address)) {
            if before.sent_to.contains(&address) {
                suppress(state, &before, &address, Suppression { cause, at: report.at }, &mut transaction).await?;
            }
        }
    }
    let written = state.app.table.commit(transaction).await?.is_ok();
    if written {
        let (kind, report) = (before.kind().name(), report.kind.name());
        tracing::info!(shop = %before.shop, mail = %before.id, kind, report, state = after.state.name(), "message");
        if after.state.name() != before.state.name() {
            count(&after);
        }
        alarm_if_parked(&after);
        reputation::count_sent(state, &before, &after).await;
    }
    Ok(written)
}

/// Whether a report stops mails to its recipient. Whoever in the shop reports its own mail as junk has not
/// asked to hear nothing as a customer.
fn concerns(message: &Message, cause: SuppressionCause) -> bool {
    cause == SuppressionCause::Bounced || message.to.customer().is_some()
}

/// Suppresses an address from the time of the report on, unless it has been for longer.
async fn suppress(
    state: &State,
    message: &Message,
    address: &AddressDigest,
    suppression: Suppression,
    transaction: &mut Transaction,
) -> Result<()> {
    let (shop, now) = (&message.shop, state.app.clock.now());
    let standing = state.app.table.suppressions(shop, address).await?;
    let known = standing.iter().find(|known| known.cause == suppression.cause);
    if known.is_some_and(|known| known.at <= suppression.at) {
        return Ok(());
    }
    transaction.suppress(shop, address, &suppression)?;
    if known.is_some() {
        return Ok(());
    }
    let entry = AuditEntry {
        id: AuditId::new(state.app.entropy.ulid(now)),
        at: now,
        actor: Actor::System,
        action: AuditAction::AddressSuppressed,
        records: message.to.customer().iter().map(ToString::to_string).collect(),
        source_ip: None,
    };
    transaction.audit(shop, &entry, message.to.customer())
}
