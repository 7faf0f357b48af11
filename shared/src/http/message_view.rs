//! Messages as the API shows them: what they were about and what became of them, never where they went
//! nor what they said.

use serde_json::{Value, json};

use crate::domain::{Message, MessageState, Occurrence};

/// A message: of a customer's history, and of their timeline.
pub fn message_view(message: &Message) -> Value {
    let reports = &message.reports;
    let (sent_at, reason) = match &message.state {
        MessageState::Sent { at } => (Some(at), None),
        MessageState::Skipped { reason, .. } => (None, Some(reason)),
        _ => (None, None),
    };
    json!({
        "id": message.id,
        "at": message.created_at,
        "kind": message.kind(),
        "class": message.kind().class(),
        "about": about(&message.occurrence),
        "state": message.state.name(),
        "reason": reason,
        "attempts": message.attempts,
        "created_at": message.created_at,
        "not_before": message.not_before,
        "sent_at": sent_at,
        "delivered_at": reports.delivered,
        "bounced_at": reports.bounced,
        "put_off_at": reports.put_off,
        "complained_at": reports.complained,
        "rejected_at": reports.rejected,
        "delayed_at": reports.delayed,
        "resent_of": message.resent_of,
    })
}

/// What the message was about, as far as the API knows it by a name. A code or a draft is nothing that
/// could be asked for.
fn about(occurrence: &Occurrence) -> Value {
    match occurrence {
        Occurrence::Welcome | Occurrence::ConfirmAddress { .. } | Occurrence::AbandonedOrder { .. } => json!({}),
        Occurrence::ConfirmConsent { request } => json!({ "consent_request": request }),
        Occurrence::OrderConfirmation { order } => json!({ "order": order }),
        Occurrence::OrderState { order, news } => json!({ "order": order, "order_state": news.state() }),
        Occurrence::OrderLink { link, .. } => json!({ "order_link": link }),
        Occurrence::Birthday { of, .. } => json!({ "year": of }),
        Occurrence::Reactivation { last_order } => json!({ "order": last_order }),
        Occurrence::Satisfaction { first_order } => json!({ "order": first_order }),
        Occurrence::ExportReady { export } => json!({ "export": export }),
        Occurrence::SubmissionNotice { form, submission } => json!({ "form": form, "submission": submission }),
        Occurrence::Notice { .. } => json!({}),
    }
}
