//! What `SendEmail` of SESv2 is asked, and the mail that it asks for.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::Deserialize;
use ulid::Ulid;

use super::mime::{self, Addressees};
use super::{Attachment, Mail};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<NameValue>,
    configuration_set_name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<NameValue>,
    #[serde(default)]
    attachments: Vec<Attached>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    html: Option<Text>,
    text: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attached {
    file_name: String,
    raw_content: String,
    content_type: Option<String>,
    content_disposition: Option<String>,
    content_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NameValue {
    name: String,
    value: String,
}

impl SendEmail {
    /// The mail, taken at `at`; or what is wrong with the request.
    pub(super) fn mail(self, at: Timestamp) -> Result<Mail, String> {
        let Destination { to_addresses, cc_addresses, bcc_addresses } = self.destination;
        let mail = Mail {
            id: Ulid::generate().to_string(),
            at,
            from: self.from_email_address.unwrap_or_default(),
            to: [to_addresses.as_slice(), &cc_addresses, &bcc_addresses].concat(),
            reply_to: self.reply_to_addresses,
            subject: String::new(),
            html: None,
            text: None,
            headers: BTreeMap::new(),
            tags: named(self.email_tags),
            configuration_set: self.configuration_set_name,
            source: String::new(),
        };
        let addressees = Addressees { to: &to_addresses, cc: &cc_addresses };
        let mail = match (self.content.simple, self.content.raw) {
            (Some(simple), None) => simple.compose(mail, &addressees)?,
            (None, Some(raw)) => with_source(mail, &raw.data)?,
            _ => return Err("Content must have exactly one of Simple, Raw".to_owned()),
        };
        if mail.from.is_empty() {
            return Err("Missing required field: FromEmailAddress".to_owned());
        }
        if mail.to.is_empty() {
            return Err("Missing required field: Destination".to_owned());
        }
        Ok(mail)
    }
}

impl Simple {
    fn compose(self, mail: Mail, addressees: &Addressees<'_>) -> Result<Mail, String> {
        let headers = named(self.headers);
        let written = headers.iter().flat_map(|(name, value)| [name, value]);
        let addresses = mail.to.iter().chain(&mail.reply_to).chain([&mail.from]);
        // What would end a header, or isn't encoded as headers need it, SES refuses.
        if !written.chain(addresses).all(|text| is_printable(text)) {
            return Err("Headers hold printable ASCII characters only".to_owned());
        }
        let attachments = self.attachments.into_iter().map(Attached::read).collect::<Result<Vec<_>, _>>()?;
        let mut mail = Mail {
            subject: self.subject.data,
            html: self.body.html.map(|part| part.data),
            text: self.body.text.map(|part| part.data),
            headers,
            ..mail
        };
        mail.source = mime::compose(&mail, addressees, attachments);
        Ok(mail)
    }
}

impl Attached {
    fn read(self) -> Result<Attachment, String> {
        let content = BASE64.decode(self.raw_content.as_bytes()).map_err(|_| "RawContent is not base 64".to_owned())?;
        let inline = self.content_disposition.as_deref() == Some("INLINE");
        Ok(Attachment {
            name: self.file_name,
            content_type: self.content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            content_id: self.content_id.filter(|_| inline),
            content,
        })
    }
}

/// Takes a message that the sender wrote itself apart. Whom it goes to and from whom stands in its
/// headers, where the request doesn't say so.
fn with_source(mail: Mail, data: &str) -> Result<Mail, String> {
    let bytes = BASE64.decode(data.as_bytes()).map_err(|_| "Raw.Data is not base 64".to_owned())?;
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let message = mime::read(&source).ok_or("Raw.Data is no message")?;
    let addresses = |lists: &[Option<&mail_parser::Address<'_>>]| -> Vec<String> {
        let all = lists.iter().flatten().flat_map(|list| list.iter());
        all.filter_map(|one| one.address().map(ToOwned::to_owned)).collect()
    };
    let (text, html) = mime::alternatives(&message);
    let read = Mail {
        from: if mail.from.is_empty() { addresses(&[message.from()]).concat() } else { mail.from },
        to: if mail.to.is_empty() { addresses(&[message.to(), message.cc(), message.bcc()]) } else { mail.to },
        subject: message.subject().unwrap_or_default().to_owned(),
        headers: mime::headers(&source).into_iter().collect(),
        text,
        html,
        ..mail
    };
    Ok(Mail { source, ..read })
}

fn named(pairs: Vec<NameValue>) -> BTreeMap<String, String> {
    pairs.into_iter().map(|pair| (pair.name, pair.value)).collect()
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
