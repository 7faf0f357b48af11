//! Handing a mail to SES, and what its answer means.

use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{
    Body, Content, Destination, EmailContent, Message as SimpleMessage, MessageHeader, MessageTag,
};
use data_encoding::BASE64;
use jiff::SignedDuration;
use shared::domain::{Attempt, Message, MessageClass};

use crate::State;
use crate::content::Mail;

/// What became of a hand-over.
pub enum Handover {
    /// SES has it.
    Accepted,
    /// SES refused it, so it did not leave.
    Refused,
    /// SES takes none for now, whatever the mail: to be tried after so long. It did not leave.
    NotNow(SignedDuration),
    /// Nobody knows whether it left.
    Unclear,
}

/// One attempt: no retry hides in it.
pub async fn hand_over(state: &State, message: &Message, mail: &Mail) -> Handover {
    let set = match message.kind().class() {
        MessageClass::Transactional => &state.sets.transactional,
        MessageClass::Marketing => &state.sets.marketing,
    };
    let sent = state
        .ses
        .send_email()
        .from_email_address(mailbox(&mail.from_name, mail.from.expose()))
        .destination(Destination::builder().to_addresses(&mail.to).build())
        .content(content(mail))
        .set_reply_to_addresses(mail.reply_to.clone().map(|address| vec![address]))
        .configuration_set_name(set)
        .set_email_tags(Some(tags(message)))
        .send()
        .await;
    match sent {
        Ok(_) => Handover::Accepted,
        Err(error) => outcome(&error),
    }
}

fn outcome(error: &SdkError<SendEmailError>) -> Handover {
    let outcome = match error {
        SdkError::ServiceError(service) if service.raw().status().is_server_error() => Handover::Unclear,
        SdkError::ServiceError(service) => match service.err() {
            SendEmailError::TooManyRequestsException(_) => Handover::NotNow(Attempt::THROTTLED),
            // The account's trouble, not the mail's: none leaves until somebody does something about it.
            SendEmailError::SendingPausedException(_)
            | SendEmailError::AccountSuspendedException(_)
            | SendEmailError::MailFromDomainNotVerifiedException(_)
            | SendEmailError::LimitExceededException(_)
            | SendEmailError::NotFoundException(_) => {
                tracing::error!(alarm = true, "SES takes no mail from this account");
                Handover::NotNow(Attempt::ACCOUNT)
            }
            _ => Handover::Refused,
        },
        SdkError::ConstructionFailure(_) => Handover::Refused,
        _ => Handover::Unclear,
    };
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or("no answer");
    tracing::warn!(code, "SES did not take a mail");
    outcome
}

/// What ties the feedback to the message. Tags hold letters, digits, `-` and `_` only; ids do.
fn tags(message: &Message) -> Vec<MessageTag> {
    let tag = |name: &str, value: String| {
        MessageTag::builder().name(name).value(value).build().expect("a tag has a name and a value")
    };
    let mut tags = vec![tag("shop", message.shop.to_string()), tag("message", message.id.to_string())];
    if let Some(customer) = message.to.customer() {
        tags.push(tag("customer", customer.to_string()));
    }
    tags
}

fn content(mail: &Mail) -> EmailContent {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build().expect("content has data");
    let body = Body::builder().html(part(&mail.rendered.html)).text(part(&mail.rendered.text)).build();
    let mut simple = SimpleMessage::builder().subject(part(&mail.rendered.subject)).body(body);
    if let Some(url) = &mail.unsubscribe {
        let header = |name: &str, value: String| {
            MessageHeader::builder().name(name).value(value).build().expect("a header has a name and a value")
        };
        simple = simple
            .headers(header("List-Unsubscribe", format!("<{url}>")))
            .headers(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    EmailContent::builder().simple(simple.build()).build()
}

/// An address with a name, as a header holds it: a quoted string (RFC 5322), or encoded words
/// (RFC 2047) where the name is not ASCII, or has what mail programs would decode within quotes too.
/// SES encodes subjects, not names.
fn mailbox(name: &str, address: &str) -> String {
    if name.is_ascii() && !name.contains("=?") {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{quoted}\" <{address}>");
    }
    let mut words = vec![String::new()];
    for c in name.chars() {
        let last = words.last_mut().expect("there is always one");
        // 45 bytes are 60 in base 64: with its frame a word stays within 75.
        if last.len() + c.len_utf8() > 45 {
            words.push(c.to_string());
        } else {
            last.push(c);
        }
    }
    let encoded: Vec<String> =
        words.iter().map(|word| format!("=?UTF-8?B?{}?=", BASE64.encode(word.as_bytes()))).collect();
    format!("{} <{address}>", encoded.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_senders_name_is_quoted_or_encoded() {
        assert_eq!(mailbox("Honey & \"Co\"", "a@b.fr"), "\"Honey & \\\"Co\\\"\" <a@b.fr>");
        assert_eq!(mailbox("Été", "a@b.fr"), "=?UTF-8?B?w4l0w6k=?= <a@b.fr>");
        assert_eq!(mailbox("=?x?=", "a@b.fr"), "=?UTF-8?B?PT94Pz0=?= <a@b.fr>");
        let long = mailbox(&"é".repeat(60), "a@b.fr");
        assert!(long.split(' ').all(|word| word.len() <= 75), "{long}");
    }
}
