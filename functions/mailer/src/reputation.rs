//! What the figures of a shop's mails come to: its marketing is paused before SES has to act, and the
//! shop is told, once.

use shared::Result;
use shared::domain::{
    Actor, AuditAction, AuditEntry, AuditId, MarketingPause, Message, MessageId, Notice, NoticeId, Occurrence,
};
use shared::table::Transaction;
use shared::telemetry::chain;

use crate::State;
use crate::report::Report;

/// Counts a mail to a customer that is known to have left as of now. It is the shop's figure and not
/// the message's: where it can't be counted, the message is as it is.
pub async fn count_sent(state: &State, before: &Message, after: &Message) {
    let left = after.reports.left().filter(|_| before.reports.left().is_none() && after.to.customer().is_some());
    if let Some(at) = left
        && let Err(error) = state.app.table.count_sent(&after.shop, at).await
    {
        tracing::warn!(shop = %after.shop, mail = %after.id, cause = chain(&error), "a mail is missing in the figures");
    }
}

/// Counts what a message is reported of for the first time, unless it left before marketing went on.
pub async fn count(state: &State, message: &Message, report: &Report, transaction: &mut Transaction) -> Result<()> {
    if message.to.customer().is_none() || report.kind.suppresses().is_none() {
        return Ok(());
    }
    let standing = state.app.table.mail_standing(&message.shop, state.app.clock.now()).await?;
    if standing.resumed_at.is_none_or(|resumed| report.sent_at > resumed) {
        transaction.count_report(&message.shop, report.kind, report.sent_at);
    }
    Ok(())
}

/// Pauses the shop's marketing if the figures ask for that. Each report looks at all that were counted,
/// so of several at once the last one sees them; and one that comes again finishes what was left.
pub async fn judge(state: &State, report: &Report) -> Result<()> {
    let (shop, now) = (&report.message.shop, state.app.clock.now());
    if report.message.to.customer().is_none() || report.kind.suppresses().is_none() {
        return Ok(());
    }
    let standing = state.app.table.mail_standing(shop, now).await?;
    let Some(cause) = standing.figures.stops().filter(|_| standing.pause.is_none()) else {
        return Ok(());
    };
    let pause = MarketingPause { since: now, cause, figures: standing.figures };
    let (notice, message) = (NoticeId::new(state.app.entropy.ulid(now)), MessageId::new(state.app.entropy.ulid(now)));
    let mut transaction = Transaction::new();
    let paused = transaction.pause_marketing(shop, &pause)?;
    transaction.create_notice(shop, notice, &Notice::MarketingPaused { pause }, now)?;
    transaction.tell_merchant(&Message::to_merchant(shop.clone(), message, Occurrence::Notice { notice }, now))?;
    let entry = AuditEntry {
        id: AuditId::new(state.app.entropy.ulid(now)),
        at: now,
        actor: Actor::System,
        action: AuditAction::MarketingPaused,
        records: Vec::new(),
        source_ip: None,
    };
    transaction.audit(shop, &entry, None)?;
    match state.app.table.commit(transaction).await? {
        Ok(()) => tracing::warn!(%shop, ?cause, "marketing is paused"),
        Err(refusal) if refusal.failed(paused) => {}
        Err(_) => return Err(shared::Error::Impossible("a fresh id was taken")),
    }
    Ok(())
}
