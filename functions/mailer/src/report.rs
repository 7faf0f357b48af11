//! An event of SES, as EventBridge hands it over, and the report that it is.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use shared::domain::{Addressee, EmailAddress, MessageRef, ReportKind};

use crate::ConfigurationSets;

/// An event of SES under a configuration set.
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
    bounce: Option<What>,
    complaint: Option<What>,
    delivery: Option<What>,
    delivery_delay: Option<What>,
}

/// The mail: when SES took it, and our own tags. Times are text here: what is no time must not keep the
/// event from being read, and put aside.
#[derive(Debug, Deserialize)]
struct Mail {
    timestamp: Option<String>,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

/// What became of it, as much as is asked of any kind.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct What {
    timestamp: Option<String>,
    bounce_type: Option<String>,
    bounced_recipients: Vec<Recipient>,
    complaint_feedback_type: Option<String>,
    complained_recipients: Vec<Recipient>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// What SES reports of one of our mails.
#[derive(Debug)]
pub struct Report {
    /// The message that the mail was made from.
    pub message: MessageRef,
    /// What happened.
    pub kind: ReportKind,
    /// When it happened.
    pub at: Timestamp,
    /// When SES took the mail.
    pub sent_at: Timestamp,
    /// Whose address bounced, or who complained; nobody where the report is about neither.
    pub recipients: Vec<EmailAddress>,
}

impl Report {
    /// The report, if the event is one about a mail of ours that says something of it.
    pub fn read(feedback: Feedback, sets: &ConfigurationSets) -> Option<Self> {
        let Detail { event_type, mail, bounce, complaint, delivery, delivery_delay } = feedback.detail;
        let tag = |name: &str| mail.tags.get(name)?.first();
        let ours = tag("ses:configuration-set").is_none_or(|set| [&sets.transactional, &sets.marketing].contains(&set));
        if feedback.source != "aws.ses" || !ours {
            return None;
        }
        let to = match tag("customer") {
            Some(customer) => Addressee::Customer { customer: customer.parse().ok()? },
            None => Addressee::Merchant,
        };
        let message = MessageRef { shop: tag("shop")?.parse().ok()?, to, id: tag("message")?.parse().ok()? };
        let sent_at = mail.timestamp.as_ref()?.parse().ok()?;
        let (kind, what) = match &*event_type {
            "Send" => (ReportKind::Sent, None),
            "Reject" => (ReportKind::Rejected, None),
            "Delivery" => (ReportKind::Delivered, Some(delivery?)),
            "DeliveryDelay" => (ReportKind::Delayed, Some(delivery_delay?)),
            "Bounce" => bounced(bounce?),
            "Complaint" => (ReportKind::Complained, Some(complained(complaint?)?)),
            _ => return None,
        };
        // Of a mail that was taken or rejected, no other time is told.
        let at = match what.as_ref() {
            Some(what) => what.timestamp.as_ref()?.parse().ok()?,
            None => sent_at,
        };
        let recipients =
            what.into_iter().flat_map(|what| [what.bounced_recipients, what.complained_recipients].concat());
        let recipients = recipients.filter_map(|recipient| recipient.email_address.parse().ok()).collect();
        Some(Self { message, kind, at, sent_at, recipients })
    }
}

/// A bounce is for good only where SES says so; of an address that it can't judge it says nothing.
fn bounced(what: What) -> (ReportKind, Option<What>) {
    let permanent = what.bounce_type.as_deref() == Some("Permanent");
    (if permanent { ReportKind::Bounced } else { ReportKind::PutOff }, Some(what))
}

/// Somebody may also report that a mail is no junk.
fn complained(what: What) -> Option<What> {
    (what.complaint_feedback_type.as_deref() != Some("not-spam")).then_some(what)
}
