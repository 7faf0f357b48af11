//! What SES tells of a mail: by EventBridge, perhaps twice, late, or in another order.

use std::collections::HashMap;

use serde::Deserialize;
use shared::domain::{
    Actor, Addressee, AuditAction, AuditEntry, AuditId, EmailAddress, MessageRef, MessageState, ShopId, Suppression,
    SuppressionCause,
};

use shared::table::Transaction;
use shared::{Error, Result};

use crate::State;
use crate::delivery::settle;

/// How often an event that loses a race for its message is tried again.
const ATTEMPTS: u32 = 5;

/// An event of SES under a configuration set, as EventBridge hands it over.
#[derive(Debug, Deserialize)]
pub struct Feedback {
    source: String,
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Debug, Deserialize)]
struct Mail {
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    bounced_recipients: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complained_recipients: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// Takes note of the event. One about a mail that is not ours changes nothing.
///
/// # Errors
/// [`Error`] when it has to come again.
pub async fn take(state: &State, feedback: Feedback) -> Result<()> {
    let detail = feedback.detail;
    let tag = |name: &str| detail.mail.tags.get(name).and_then(|values| values.first());
    let ids = (|| {
        let shop: ShopId = tag("shop")?.parse().ok()?;
        let to = match tag("customer") {
            Some(customer) => Addressee::Customer { customer: customer.parse().ok()? },
            None => Addressee::Merchant,
        };
        Some((shop, to, tag("message")?.parse().ok()?))
    })();
    let Some((shop, to, id)) = ids.filter(|_| feedback.source == "aws.ses") else {
        tracing::warn!(event = detail.event_type, "feedback on a mail that is not ours");
        return Ok(());
    };
    let reference = MessageRef { shop: shop.clone(), to, id };
    if !left(state, &reference, &detail.event_type).await? {
        tracing::warn!(%shop, event = detail.event_type, "feedback on a message that does not exist");
        return Ok(());
    }
    let (cause, recipients) = match (detail.bounce, detail.complaint) {
        (Some(bounce), _) if bounce.bounce_type == "Permanent" => {
            (SuppressionCause::Bounced, bounce.bounced_recipients)
        }
        // Whoever in the shop reports its own mail as junk has not asked to hear nothing as a customer.
        (_, Some(complaint)) if to.customer().is_some() => {
            (SuppressionCause::Complained, complaint.complained_recipients)
        }
        _ => return Ok(()),
    };
    for recipient in recipients {
        if let Ok(address) = recipient.email_address.parse::<EmailAddress>() {
            suppress(state, &shop, to, &address, cause).await?;
        }
    }
    Ok(())
}

/// Whatever SES tells of a mail, it had it: that settles a message whose outcome was unknown.
/// `false` if there is no such message.
async fn left(state: &State, reference: &MessageRef, event: &str) -> Result<bool> {
    let now = state.app.clock.now();
    for _ in 0..ATTEMPTS {
        let Some(message) = state.app.table.message(reference).await? else {
            return Ok(false);
        };
        // What was never handed over can't have left; what has ended stays as it is.
        if message.state.is_final() || message.attempts == 0 {
            return Ok(true);
        }
        let end = if event == "Reject" { MessageState::Failed { at: now } } else { MessageState::Sent { at: now } };
        // Lost to the mailer: what it wrote may be that it does not know, so look again.
        if settle(state, message, end).await?.is_some() {
            return Ok(true);
        }
    }
    Err(Error::Contended)
}

async fn suppress(
    state: &State,
    shop: &ShopId,
    to: Addressee,
    address: &EmailAddress,
    cause: SuppressionCause,
) -> Result<()> {
    let now = state.app.clock.now();
    let digest = state.app.keyring.address_digest(shop, address);
    if state.app.table.suppressions(shop, &digest).await?.iter().any(|known| known.cause == cause) {
        return Ok(());
    }
    let mut transaction = Transaction::new();
    transaction.suppress(shop, &digest, &Suppression { cause, at: now })?;
    let entry = AuditEntry {
        id: AuditId::new(state.app.entropy.ulid(now)),
        at: now,
        actor: Actor::System,
        action: AuditAction::AddressSuppressed,
        records: to.customer().iter().map(ToString::to_string).collect(),
        source_ip: None,
    };
    transaction.audit(shop, &entry, to.customer())?;
    state.app.table.commit(transaction).await?.map_err(|_| Error::Impossible("an audit entry's fresh id was taken"))
}
