//! A mail as it travels: SES makes a MIME message of what it is asked (RFC 5322, RFC 2045), and a
//! mail program takes that apart again. One library writes it, another reads it.

use std::borrow::Cow;

use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders};

use super::{Attachment, Mail};
use crate::sdk::REGION;

/// Whom the headers name: everyone but who gets a blind copy.
pub(super) struct Addressees<'a> {
    pub(super) to: &'a [String],
    pub(super) cc: &'a [String],
}

impl<'a> Addressees<'a> {
    pub(super) fn all(to: &'a [String]) -> Self {
        Self { to, cc: &[] }
    }
}

/// The message that SES makes of `mail`: text and HTML as alternatives, the best one last, and
/// attachments beside them.
pub(super) fn compose(mail: &Mail, addressees: &Addressees<'_>, attachments: Vec<Attachment>) -> String {
    let mut message = MessageBuilder::new().header("Date", Date::new(mail.at.as_second()));
    // These came as headers are written, encoded words included: SES sends them as they are.
    let lists = [("From", std::slice::from_ref(&mail.from)), ("Reply-To", &mail.reply_to)];
    for (name, list) in lists.into_iter().chain([("To", addressees.to), ("Cc", addressees.cc)]) {
        if !list.is_empty() {
            message = message.header(name, Raw::new(list.join(", ")));
        }
    }
    message = message
        .header("Subject", Text::new(mail.subject.as_str()))
        .header("Message-ID", MessageId::new(format!("{}@{REGION}.amazonses.com", mail.id)));
    for (name, value) in &mail.headers {
        message = message.header(name.as_str(), Raw::new(value.as_str()));
    }
    if let Some(text) = &mail.text {
        message = message.text_body(text.as_str());
    }
    if let Some(html) = &mail.html {
        message = message.html_body(html.as_str());
    }
    message.attachments = (!attachments.is_empty()).then(|| attachments.into_iter().map(part).collect());
    let mut source = Vec::new();
    message.serialize(&mut source);
    String::from_utf8_lossy(&source).into_owned()
}

fn part(attachment: Attachment) -> MimePart<'static> {
    let disposition = if attachment.content_id.is_some() { "inline" } else { "attachment" };
    let disposition = ContentType::new(disposition).attribute("filename", attachment.name);
    let part = MimePart::new(attachment.content_type, attachment.content).header("Content-Disposition", disposition);
    match attachment.content_id {
        Some(id) => part.cid(id),
        None => part,
    }
}

/// The message taken apart; `None` where it is none.
pub(super) fn read(source: &str) -> Option<Message<'_>> {
    MessageParser::default().parse(source)
}

/// All headers in their order, unfolded and with their encoded words (RFC 2047) decoded.
pub(super) fn headers(source: &str) -> Vec<(String, String)> {
    // Naming one header is what makes the parser read the others by its default too.
    let as_text = MessageParser::new().header_text(HeaderName::Subject).default_header_text();
    let message = as_text.parse_headers(source);
    let headers = message.iter().flat_map(|message| message.headers());
    headers
        .map(|header| (header.name().to_owned(), header.value().as_text().unwrap_or_default().trim().to_owned()))
        .collect()
}

/// The text part and the HTML part.
pub(super) fn alternatives(message: &Message<'_>) -> (Option<String>, Option<String>) {
    let text = message.text_bodies().find(|part| part.is_text() && !part.is_text_html());
    let html = message.html_bodies().find(|part| part.is_text_html());
    let content = |part: &mail_parser::MessagePart<'_>| part.text_contents().map(ToOwned::to_owned);
    (text.and_then(content), html.and_then(content))
}

pub(super) fn attachments(source: &str) -> Vec<Attachment> {
    let message = read(source);
    let parts = message.iter().flat_map(Message::attachments).enumerate();
    parts
        .map(|(index, part)| {
            let name = part.attachment_name().map_or_else(|| Cow::from(format!("part-{index}")), Cow::from);
            let content_type = part.content_type().map_or_else(
                || "application/octet-stream".to_owned(),
                |of| format!("{}/{}", of.ctype(), of.subtype().unwrap_or("octet-stream")),
            );
            Attachment {
                name: name.into_owned(),
                content_type,
                content_id: part.content_id().map(ToOwned::to_owned),
                content: part.contents().to_vec(),
            }
        })
        .collect()
}

/// The sender as mail programs show it: name and address without the quotes and encoded words that
/// a header needs.
pub(super) fn sender(mail: &Mail) -> String {
    let message = read(&mail.source);
    let from = message.as_ref().and_then(Message::from).and_then(|from| from.first());
    match from.map(|from| (from.name(), from.address())) {
        Some((Some(name), Some(address))) => format!("{name} <{address}>"),
        _ => mail.from.clone(),
    }
}
