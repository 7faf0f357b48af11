//! A mail as it travels, taken apart by a parser that has nothing to do with what wrote it, and
//! compared with what it should be. Every flaw is named, so that a control can ask for one.

use local::mailbox::Mail;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use shared::domain::MessageClass;

/// What a mail should be, whatever it is about.
pub struct Expected<'a> {
    /// The shop's name and address.
    pub from: (&'a str, &'a str),
    pub language: &'a str,
    pub class: MessageClass,
    /// Where the public pages are.
    pub base_url: &'a str,
}

/// What mail servers take in a line, its end not counted (RFC 5322, 2.1.1).
const LINE: usize = 998;

/// The headers that a mail of ours has; those of marketing are two more.
const HEADERS: [&str; 8] = ["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"];
const UNSUBSCRIBE: &str = "List-Unsubscribe";
const ONE_CLICK: &str = "List-Unsubscribe-Post";

/// What is wrong with `mail`; nothing, if it is as it should be.
pub fn flaws(mail: &Mail, expected: &Expected<'_>) -> Vec<&'static str> {
    let Some(message) = MessageParser::default().parse(mail.source.as_bytes()) else {
        return vec!["no message at all"];
    };
    let checks = [
        ("lines", lines_travel(&mail.source)),
        ("8-bit headers", head(&mail.source).bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t'))),
        ("headers", headers_are_ours(&message, expected.class)),
        ("from", only(&message, HeaderName::From) == Some((expected.from.0.to_owned(), expected.from.1.to_owned()))),
        ("to", only(&message, HeaderName::To).map(|(_, address)| vec![address]).as_ref() == Some(&mail.to)),
        ("reply-to", answers_go_to(&message) == mail.reply_to),
        ("subject", message.subject() == Some(&mail.subject)),
        ("date", message.date().is_some_and(|date| date.to_timestamp() == mail.at.as_second())),
        ("id", message.message_id().is_some_and(|id| id.starts_with(&*mail.id))),
        ("text part", part(&message, 0, "plain") == mail.text),
        ("HTML part", part(&message, 1, "html") == mail.html),
        ("nothing else", message.attachment_count() == 0),
        ("language", mail.html.as_ref().is_some_and(|html| html.contains(&lang(expected.language)))),
        ("unsubscription", unsubscription(&message) == expected_unsubscription(&message, expected)),
    ];
    checks.into_iter().filter(|(_, holds)| !holds).map(|(what, _)| what).collect()
}

fn lang(language: &str) -> String {
    format!("<html lang=\"{language}\"")
}

/// The headers as they travel.
pub fn head(source: &str) -> &str {
    source.split("\r\n\r\n").next().unwrap()
}

/// Lines end in CRLF, neither of which stands alone, and none is too long.
fn lines_travel(source: &str) -> bool {
    source.split("\r\n").all(|line| !line.contains(['\r', '\n']) && line.len() <= LINE)
}

/// Every header once, and none that nobody wrote: what was typed makes no header.
fn headers_are_ours(message: &Message<'_>, class: MessageClass) -> bool {
    let mut names: Vec<&str> = message.headers().iter().map(|header| header.name()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    let listed = |name: &str| name == UNSUBSCRIBE || name == ONE_CLICK;
    let ours = |name: &&str| HEADERS.contains(name) || class == MessageClass::Marketing && listed(name);
    names.len() == count && names.iter().all(ours)
}

/// The name and the address of the only one whom a header names.
fn only(message: &Message<'_>, header: HeaderName<'static>) -> Option<(String, String)> {
    let mut headers = message.header_values(header);
    let (Some(HeaderValue::Address(Address::List(list))), None) = (headers.next(), headers.next()) else {
        return None;
    };
    let [one] = &list[..] else { return None };
    Some((one.name().unwrap_or_default().to_owned(), one.address()?.to_owned()))
}

fn answers_go_to(message: &Message<'_>) -> Vec<String> {
    only(message, HeaderName::ReplyTo).map(|(_, address)| address).into_iter().collect()
}

/// The content of the alternative at `index`, the best one being the last (RFC 2046, 5.1.4), if it is
/// text of that kind in UTF-8; its lines end as they did before it travelled.
fn part(message: &Message<'_>, index: usize, subtype: &str) -> Option<String> {
    let root = message.root_part();
    let PartType::Multipart(parts) = &root.body else { return None };
    let alternatives = root.is_content_type("multipart", "alternative") && parts.len() == 2;
    let part = message.part(*parts.get(index).filter(|_| alternatives)?)?;
    let utf_8 = part.content_type().and_then(|of| of.attribute("charset")).is_some_and(|set| set == "utf-8");
    let content = Some(part).filter(|part| utf_8 && part.is_content_type("text", subtype));
    content.and_then(MessagePart::text_contents).map(|text| text.replace("\r\n", "\n"))
}

/// The two headers of an unsubscription by one click (RFC 8058), as they stand.
fn unsubscription(message: &Message<'_>) -> (Option<String>, Option<String>) {
    let raw = |name: &'static str| message.header_raw(name).map(|value| value.trim().replace("\r\n", ""));
    (raw(UNSUBSCRIBE), raw(ONE_CLICK))
}

/// Marketing has one address, of a page of ours, and takes the click; the rest has neither.
fn expected_unsubscription(message: &Message<'_>, expected: &Expected<'_>) -> (Option<String>, Option<String>) {
    if expected.class == MessageClass::Transactional {
        return (None, None);
    }
    let before = format!("<{}/p/", expected.base_url);
    let written = unsubscription(message).0.unwrap_or_default();
    let token = written.strip_prefix(&before).and_then(|rest| rest.strip_suffix("/unsubscribe>")).unwrap_or_default();
    let token = if token.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_') { "" } else { token };
    let page = (!token.is_empty()).then(|| format!("{before}{token}/unsubscribe>"));
    (
        Some(page.unwrap_or_else(|| "an address of a page of ours".to_owned())),
        Some("List-Unsubscribe=One-Click".to_owned()),
    )
}
