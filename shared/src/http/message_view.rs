//! Messages as the API shows them: what they were about and what became of them, under which subject they
//! went, and where to as long as the record knows that address; never what they said.

use serde_json::{Value, json};

use crate::domain::{Customer, EmailAddress, Message, MessageState, Occurrence, SentSubject};
use crate::keyring::Keyring;

/// A message to a customer: of their history, and of their timeline.
pub fn message_view(message: &Message, customer: &Customer, keyring: &Keyring) -> Value {
    let reports = &message.reports;
    let (sent_at, reason) = match &message.state {
        MessageState::Sent { at } => (Some(at), None),
        MessageState::Skipped { reason, .. } => (None, Some(reason)),
        _ => (None, None),
    };
    let to = went_to(message, customer, keyring).map(EmailAddress::expose);
    json!({
        "id": message.id,
        "to": to,
        "subject": message.subject.as_ref().map(SentSubject::expose),
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

/// The address of `customer` if it is where the message went: a message keeps a digest alone, and what was
/// another address is not known any more.
fn went_to<'a>(message: &Message, customer: &'a Customer, keyring: &Keyring) -> Option<&'a EmailAddress> {
    let address = keyring.address_digest(&message.shop, &customer.email);
    (message.sent_to.last() == Some(&address)).then_some(&customer.email)
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
