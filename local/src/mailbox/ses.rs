//! `SendEmail` of SESv2, as much of it as a sender can see: the whole request is kept, errors
//! carry SES's names.

use std::collections::BTreeMap;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;
use ulid::Ulid;

use super::{LOSE_ANSWER, Mail, Mailbox, SendFailure};

/// SES takes messages of 40 MB; base 64 and JSON around them need a little more.
const MAX_BODY: usize = 56 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
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
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    html: Option<Text>,
    text: Option<Text>,
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

pub(super) fn endpoint(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(mailbox)
}

async fn send_email(State(mailbox): State<Mailbox>, body: axum::body::Bytes) -> Response {
    let failure = mailbox.next_failure();
    if let Some(answer) = failure.and_then(refused) {
        return answer;
    }
    let mail = match serde_json::from_slice::<SendEmail>(&body)
        .map_err(|e| e.to_string())
        .and_then(|request| read_mail(request, &mailbox))
    {
        Ok(mail) => mail,
        Err(reason) => return refusal(StatusCode::BAD_REQUEST, "BadRequestException", &reason),
    };
    let id = mail.id.clone();
    if let Err(error) = mailbox.keep(mail) {
        tracing::error!(%error, "a mail could not be kept");
        return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException", "The mailbox is full.");
    }
    let answer = Json(json!({ "MessageId": id })).into_response();
    if failure == Some(SendFailure::AnswerLost) { lost(answer) } else { answer }
}

/// What a sender is told whose mail is not taken, worded as SES words it.
fn refused(failure: SendFailure) -> Option<Response> {
    let (status, kind, message) = match failure {
        SendFailure::Throttled => {
            (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", "Maximum sending rate exceeded.")
        }
        SendFailure::Rejected => (StatusCode::BAD_REQUEST, "MessageRejected", "Email address is not verified."),
        SendFailure::Paused => {
            (StatusCode::BAD_REQUEST, "SendingPausedException", "Email sending is disabled for your account.")
        }
        SendFailure::AccountSuspended => {
            (StatusCode::BAD_REQUEST, "AccountSuspendedException", "Your account's sending is shut down.")
        }
        SendFailure::QuotaUsedUp => {
            (StatusCode::BAD_REQUEST, "LimitExceededException", "Daily message quota exceeded.")
        }
        SendFailure::DomainNotVerified => (
            StatusCode::BAD_REQUEST,
            "MailFromDomainNotVerifiedException",
            "The sending domain isn't verified to use custom MAIL FROM.",
        ),
        SendFailure::NoConfigurationSet => {
            (StatusCode::NOT_FOUND, "NotFoundException", "Configuration set does not exist.")
        }
        SendFailure::Unavailable => {
            (StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException", "The service is not available.")
        }
        SendFailure::TimedOut => return Some(lost(StatusCode::OK.into_response())),
        SendFailure::AnswerLost => return None,
    };
    Some(refusal(status, kind, message))
}

/// An answer that its sender never gets.
fn lost(mut answer: Response) -> Response {
    answer.headers_mut().insert(HeaderName::from_static(LOSE_ANSWER), HeaderValue::from_static("1"));
    answer
}

fn read_mail(request: SendEmail, mailbox: &Mailbox) -> Result<Mail, String> {
    let destination = request.destination;
    let to = [destination.to_addresses, destination.cc_addresses, destination.bcc_addresses].concat();
    if to.is_empty() {
        return Err("Missing required field: Destination".to_owned());
    }
    let mut mail = Mail {
        id: Ulid::generate().to_string(),
        at: mailbox.clock.now(),
        from: request.from_email_address.ok_or("Missing required field: FromEmailAddress")?,
        to,
        reply_to: request.reply_to_addresses,
        subject: String::new(),
        html: None,
        text: None,
        headers: BTreeMap::new(),
        tags: named(request.email_tags),
        configuration_set: request.configuration_set_name,
        raw: None,
    };
    match (request.content.simple, request.content.raw) {
        (Some(simple), None) => {
            mail.subject = simple.subject.data;
            mail.html = simple.body.html.map(|part| part.data);
            mail.text = simple.body.text.map(|part| part.data);
            mail.headers = named(simple.headers);
        }
        (None, Some(raw)) => read_raw(&mut mail, &raw.data)?,
        _ => return Err("Content must have exactly one of Simple, Raw".to_owned()),
    }
    Ok(mail)
}

/// Takes the headers from a message that the sender wrote itself; its parts stay as they are.
fn read_raw(mail: &mut Mail, data: &str) -> Result<(), String> {
    let bytes = BASE64.decode(data.as_bytes()).map_err(|_| "Raw.Data is not base 64".to_owned())?;
    let raw = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let head = raw.split("\n\n").next().unwrap_or_default().replace("\n ", " ").replace("\n\t", " ");
    mail.headers = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    mail.subject = mail.headers.get("Subject").cloned().unwrap_or_default();
    mail.raw = Some(raw);
    Ok(())
}

fn named(pairs: Vec<NameValue>) -> BTreeMap<String, String> {
    pairs.into_iter().map(|pair| (pair.name, pair.value)).collect()
}

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", kind)], Json(json!({ "message": message }))).into_response()
}

#[cfg(test)]
mod tests {
    use aws_sdk_sesv2::Client;
    use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
    use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
    use aws_sdk_sesv2::types::{self, EmailContent, Message, MessageHeader, MessageTag};
    use jiff::SignedDuration;

    use super::*;
    use crate::clock::LaptopClock;
    use crate::mailbox::MailServer;
    use crate::{faults, sdk};

    fn client(server: &MailServer) -> Client {
        let config = sdk::config(&server.endpoint(), faults::losing_answers(sdk::plain_http()));
        let once = aws_smithy_types::retry::RetryConfig::disabled();
        Client::from_conf(aws_sdk_sesv2::config::Builder::from(&config).retry_config(once).build())
    }

    fn content(text: &str) -> types::Content {
        types::Content::builder().data(text).charset("UTF-8").build().unwrap()
    }

    fn welcome(client: &Client) -> SendEmailFluentBuilder {
        let body = types::Body::builder().html(content("<p>Bonjour Zoé</p>")).text(content("Bonjour Zoé"));
        let message = Message::builder()
            .subject(content("Bienvenue"))
            .body(body.build())
            .headers(MessageHeader::builder().name("List-Unsubscribe").value("<https://x/>").build().unwrap());
        client
            .send_email()
            .from_email_address("shop@example.com")
            .destination(types::Destination::builder().to_addresses("zoe@example.com").build())
            .content(EmailContent::builder().simple(message.build()).build())
            .email_tags(MessageTag::builder().name("message").value("01J").build().unwrap())
            .configuration_set_name("clientele")
    }

    #[tokio::test]
    async fn a_mail_is_kept_whole_and_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mailbox.jsonl");
        let clock = LaptopClock::starting_at(None);
        let mailbox = Mailbox::open(&file, clock.clone()).unwrap();
        let server = MailServer::start(mailbox, 0).await.unwrap();
        let id = welcome(&client(&server)).send().await.unwrap().message_id.unwrap();
        std::fs::File::options().append(true).open(&file).unwrap();
        let mails = Mailbox::open(&file, clock.clone()).unwrap().mails();
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!((mail.id.as_str(), mail.subject.as_str()), (id.as_str(), "Bienvenue"));
        assert_eq!(mail.to, ["zoe@example.com"]);
        assert_eq!(mail.html.as_deref(), Some("<p>Bonjour Zoé</p>"));
        assert_eq!(mail.text.as_deref(), Some("Bonjour Zoé"));
        assert_eq!(mail.headers["List-Unsubscribe"], "<https://x/>");
        assert_eq!(mail.tags["message"], "01J");
        assert_eq!(mail.configuration_set.as_deref(), Some("clientele"));
        assert!(clock.now().duration_since(mail.at) < SignedDuration::from_mins(1));
    }

    /// What the sender's client makes of a failure: the service's name for it, or none where no
    /// answer came.
    async fn failed(client: &Client, mailbox: &Mailbox, failure: SendFailure) -> Option<String> {
        mailbox.fail_next(failure);
        match welcome(client).send().await.unwrap_err() {
            SdkError::ServiceError(refused) => refused.err().code().map(ToOwned::to_owned),
            SdkError::DispatchFailure(lost) if lost.is_timeout() => None,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn sendings_fail_as_ordered_and_then_no_more() {
        let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
        let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
        let client = client(&server);
        for (failure, name) in [
            (SendFailure::Throttled, Some("TooManyRequestsException")),
            (SendFailure::Rejected, Some("MessageRejected")),
            (SendFailure::Paused, Some("SendingPausedException")),
            (SendFailure::AccountSuspended, Some("AccountSuspendedException")),
            (SendFailure::QuotaUsedUp, Some("LimitExceededException")),
            (SendFailure::DomainNotVerified, Some("MailFromDomainNotVerifiedException")),
            (SendFailure::NoConfigurationSet, Some("NotFoundException")),
            (SendFailure::Unavailable, Some("InternalServiceErrorException")),
            (SendFailure::TimedOut, None),
        ] {
            assert_eq!(failed(&client, &mailbox, failure).await.as_deref(), name, "{failure:?}");
            assert!(mailbox.mails().is_empty(), "{failure:?}: nothing was taken");
        }
        assert_eq!(failed(&client, &mailbox, SendFailure::AnswerLost).await, None);
        assert_eq!(mailbox.mails().len(), 1, "accepted all the same");
        welcome(&client).send().await.unwrap();
        assert_eq!(mailbox.mails().len(), 2);
    }

    #[tokio::test]
    async fn a_raw_message_shows_its_headers() {
        let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
        let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
        let raw = types::RawMessage::builder()
            .data(aws_smithy_types::Blob::new("Subject: A\r\n long one\r\nX-A: b\r\n\r\nBody\r\n"))
            .build()
            .unwrap();
        let send = welcome(&client(&server)).content(EmailContent::builder().raw(raw).build());
        send.send().await.unwrap();
        let mail = mailbox.mails().remove(0);
        assert_eq!((mail.subject.as_str(), mail.headers["X-A"].as_str()), ("A long one", "b"));
        assert!(mail.raw.unwrap().ends_with("Body\n"));
    }

    #[tokio::test]
    async fn nonsense_is_a_bad_request() {
        let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
        let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
        let nobody = welcome(&client(&server)).destination(types::Destination::builder().build());
        assert!(nobody.send().await.unwrap_err().into_service_error().is_bad_request_exception());
        assert!(mailbox.mails().is_empty());
    }
}
