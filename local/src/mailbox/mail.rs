//! One mail as it is kept: what SES was asked, and the message that SES would have made of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::mime;

/// One mail as SES was asked to send it. Blind copies are listed: nobody else reads this mailbox.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// The message id that the sender was answered.
    pub id: String,
    /// When it was accepted, by the laptop's clock.
    pub at: Timestamp,
    /// The sender.
    pub from: String,
    /// The addressees, in the order to, cc, bcc.
    pub to: Vec<String>,
    /// Where answers go.
    #[serde(default)]
    pub reply_to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The HTML part, or nothing.
    pub html: Option<String>,
    /// The text part, or nothing.
    pub text: Option<String>,
    /// Headers that the sender set, such as `List-Unsubscribe`.
    pub headers: BTreeMap<String, String>,
    /// The tags by which SES events name the message.
    pub tags: BTreeMap<String, String>,
    /// The configuration set it was sent under.
    pub configuration_set: Option<String>,
    /// The whole message as it travels, in MIME: SES's work, or the sender's own.
    #[serde(default, alias = "raw")]
    pub source: String,
}

/// A file that came with a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called.
    pub name: String,
    /// Its type, such as `application/pdf`.
    pub content_type: String,
    /// By what the HTML part shows it, if it does (`cid:…`).
    pub content_id: Option<String>,
    /// The file.
    pub content: Vec<u8>,
}

impl Mail {
    /// The files that came with it, in their order.
    pub fn attachments(&self) -> Vec<Attachment> {
        mime::attachments(&self.source)
    }

    /// The same with its source, which mails were kept without once.
    pub(super) fn whole(mut self) -> Self {
        if self.source.is_empty() {
            self.source = mime::compose(&self, &mime::Addressees::all(&self.to), Vec::new());
        }
        self
    }
}

impl std::fmt::Debug for Mail {
    /// Without addresses and text: a failing test may print it, a log may hold it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Attachment {
    /// Without its name and content, which may be a person's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.content.len();
        f.debug_struct("Attachment").field("content_type", &self.content_type).field("bytes", &bytes).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_an_earlier_build_is_a_whole_mail() {
        let line = r#"{"id":"m","at":"2027-05-12T07:00:00Z","from":"shop@example.com","to":["zoe@example.com"],
            "subject":"Été","html":null,"text":"Bonjour","headers":{"X-A":"b"},"tags":{},"configuration_set":null}"#;
        let mail = serde_json::from_str::<Mail>(line).unwrap().whole();
        let headers = mime::headers(&mail.source);
        for (name, value) in [("To", "zoe@example.com"), ("Subject", "Été"), ("X-A", "b")] {
            assert!(headers.contains(&(name.to_owned(), value.to_owned())), "{headers:?}");
        }
        let raw = line.replace(r#""text":"Bonjour""#, r#""text":null,"raw":"Subject: A\n\nBody\n""#);
        assert_eq!(serde_json::from_str::<Mail>(&raw).unwrap().whole().source, "Subject: A\n\nBody\n");
    }
}
