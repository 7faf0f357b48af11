//! What SES reports about a mail, as EventBridge hands it to `mailer`: sent and delivered for
//! every mail, bounced or complained for the addresses of SES's own simulator.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::Mutex;
use ulid::Ulid;

use crate::function::{Function, InvokeError};
use crate::mailbox::{Mail, Mailbox, Reports};
use crate::sdk::REGION;

/// The domain of SES's simulator.
const SIMULATOR: &str = "simulator.amazonses.com";

/// The events that are still to be delivered. Clones are the same feedback.
#[derive(Clone)]
pub struct Feedback {
    mailbox: Mailbox,
    /// Of how many mails everything has been reported.
    reported: Arc<Mutex<usize>>,
    file: Option<PathBuf>,
}

impl Feedback {
    /// Feedback on `mailbox`; how far it came is kept in `file`.
    ///
    /// # Errors
    /// When the file is there but can't be read as a number.
    pub fn new(mailbox: Mailbox, file: Option<PathBuf>) -> std::io::Result<Self> {
        let reported = match &file {
            Some(file) if file.exists() => {
                std::fs::read_to_string(file)?.trim().parse().map_err(std::io::Error::other)?
            }
            _ => 0,
        };
        Ok(Self { mailbox, reported: Arc::new(Mutex::new(reported)), file })
    }

    /// Of how many mails everything has been reported.
    pub async fn reported(&self) -> usize {
        *self.reported.lock().await
    }

    /// Reports once more on all mails but the first `mails`.
    pub async fn go_back_to(&self, mails: usize) {
        let mut reported = self.reported.lock().await;
        *reported = mails.min(*reported);
    }

    /// Hands every event to `mailer` that it has not had yet, in order; answers how many mails
    /// they were about. An event that is refused comes again.
    ///
    /// # Errors
    /// When `mailer` fails.
    pub async fn deliver(&self, mailer: &Function) -> Result<usize, InvokeError> {
        let mut reported = self.reported.lock().await;
        let reports = self.mailbox.reports();
        if reports == Reports::Withheld {
            return Ok(0);
        }
        let mut delivered = 0;
        for mail in self.mailbox.mails_from(*reported) {
            for event in deliveries(&mail, reports) {
                mailer.invoke(event).await?;
            }
            *reported += 1;
            delivered += 1;
            if let Some(file) = &self.file
                && let Err(error) = crate::data_folder::replace(file, reported.to_string().as_bytes())
            {
                tracing::warn!(%error, "the events of a mail will come again after a restart");
            }
        }
        Ok(delivered)
    }
}

fn deliveries(mail: &Mail, reports: Reports) -> Vec<Value> {
    let events = events(mail);
    match reports {
        Reports::TwiceReversed => events.iter().rev().chain(events.iter().rev()).cloned().collect(),
        Reports::InOrder | Reports::Withheld => events,
    }
}

fn events(mail: &Mail) -> Vec<Value> {
    let plays = |part: &str| mail.to.iter().any(|to| simulated(to).as_deref() == Some(part));
    let recipients: Vec<Value> = mail.to.iter().map(|to| json!({ "emailAddress": to })).collect();
    let mut events = vec![event(mail, "Email Sent", "Send", "send", json!({}))];
    if plays("bounce") {
        let bounce = json!({
            "bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients,
            "timestamp": mail.at, "feedbackId": mail.id,
        });
        events.push(event(mail, "Email Bounced", "Bounce", "bounce", bounce));
        return events;
    }
    let delivery = json!({ "timestamp": mail.at, "recipients": mail.to, "smtpResponse": "250 2.6.0 Message received" });
    events.push(event(mail, "Email Delivered", "Delivery", "delivery", delivery));
    if plays("complaint") {
        let complaint = json!({
            "complainedRecipients": recipients, "timestamp": mail.at, "feedbackId": mail.id,
            "complaintFeedbackType": "abuse",
        });
        events.push(event(mail, "Email Complaint Received", "Complaint", "complaint", complaint));
    }
    events
}

/// What an address of SES's simulator plays; `None` for all others. Behind `+` it takes any label, by which
/// there are as many addresses as one likes.
fn simulated(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let part = local.split_once('+').map_or(local, |(part, _)| part);
    domain.eq_ignore_ascii_case(SIMULATOR).then(|| part.to_ascii_lowercase())
}

fn event(mail: &Mail, detail_type: &str, event_type: &str, field: &str, content: Value) -> Value {
    let mut tags: Map<String, Value> = mail.tags.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    if let Some(set) = &mail.configuration_set {
        tags.insert("ses:configuration-set".to_owned(), json!([set]));
    }
    json!({
        "version": "0",
        "id": Ulid::generate().to_string(),
        "detail-type": detail_type,
        "source": "aws.ses",
        "account": "000000000000",
        "time": mail.at,
        "region": REGION,
        "resources": [],
        "detail": {
            "eventType": event_type,
            "mail": {
                "timestamp": mail.at,
                "source": mail.from,
                "messageId": mail.id,
                "destination": mail.to,
                "tags": tags,
            },
            field: content,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex as StdMutex;

    use super::*;
    use crate::clock::LaptopClock;

    fn mail(to: &str) -> Mail {
        serde_json::from_value(json!({
            "id": "m", "at": "2027-05-12T07:00:00Z", "from": "shop@example.com", "to": [to], "subject": "s",
            "html": null, "text": "t", "headers": {}, "tags": { "message": "01J" }, "configuration_set": "set",
        }))
        .unwrap()
    }

    fn kinds(to: &str) -> Vec<String> {
        let kind = |event: &Value| event["detail"]["eventType"].as_str().unwrap().to_owned();
        events(&mail(to)).iter().map(kind).collect()
    }

    #[test]
    fn the_simulator_s_addresses_do_what_they_do_at_ses() {
        assert_eq!(kinds("zoe@example.com"), ["Send", "Delivery"]);
        assert_eq!(kinds("Bounce@simulator.amazonses.com"), ["Send", "Bounce"]);
        assert_eq!(kinds("complaint@simulator.amazonses.com"), ["Send", "Delivery", "Complaint"]);
        for label in ["bounce+1", "bounce+2", "BOUNCE+a+b", "bounce+"] {
            assert_eq!(kinds(&format!("{label}@simulator.amazonses.com")), ["Send", "Bounce"], "{label}");
        }
        assert_eq!(kinds("complaint+zoe@simulator.amazonses.com"), ["Send", "Delivery", "Complaint"]);
        for another in [
            "my-bounce@simulator.amazonses.com",
            "bounces@simulator.amazonses.com",
            "zoe+bounce@simulator.amazonses.com",
            "success+bounce@simulator.amazonses.com",
            "bounce@simulator.amazonses.com.example.com",
            "bounce@example.com",
        ] {
            assert_eq!(kinds(another), ["Send", "Delivery"], "{another}");
        }
        let tags = &events(&mail("a@example.com"))[0]["detail"]["mail"]["tags"];
        assert_eq!(*tags, json!({ "message": ["01J"], "ses:configuration-set": ["set"] }));
    }

    #[tokio::test]
    async fn each_mail_is_reported_once_over_a_restart_and_again_if_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = Some(folder.path().join("feedback"));
        let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
        mailbox.keep(mail("a@example.com")).unwrap();
        let feedback = Feedback::new(mailbox.clone(), file.clone()).unwrap();
        let failing = Function::handler("mailer", |_: Value| async { Err::<(), _>("not now") });
        assert!(feedback.deliver(&failing).await.is_err());
        let seen = Arc::new(StdMutex::new(0));
        let count = Arc::clone(&seen);
        let mailer = Function::handler("mailer", move |_: Value| {
            *count.lock().unwrap() += 1;
            async { Ok::<_, String>(()) }
        });
        mailbox.withhold_events(true);
        assert_eq!(feedback.deliver(&mailer).await.unwrap(), 0);
        mailbox.withhold_events(false);
        assert_eq!(feedback.deliver(&mailer).await.unwrap(), 1);
        assert_eq!(Feedback::new(mailbox, file).unwrap().deliver(&mailer).await.unwrap(), 0);
        assert_eq!(*seen.lock().unwrap(), 2);
    }
}
