//! The endpoint asked by the SDK's own client.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::types::{self, EmailContent, Message, MessageHeader, MessageTag};
use jiff::SignedDuration;

use super::*;
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
async fn sendings_above_the_rate_are_told_so() {
    let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
    let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
    let client = client(&server);
    mailbox.limit_rate(0);
    let refused = welcome(&client).send().await.unwrap_err().into_service_error();
    assert!(refused.is_too_many_requests_exception());
    assert_eq!(refused.message(), Some("Maximum sending rate exceeded."));
    assert_eq!((mailbox.mails().len(), mailbox.over_rate()), (0, 1));
    mailbox.limit_rate(14);
    welcome(&client).send().await.unwrap();
    assert_eq!((mailbox.mails().len(), mailbox.over_rate()), (1, 0));
}

#[tokio::test]
async fn a_mail_is_composed_as_ses_does_and_what_came_with_it_is_there() {
    let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
    let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
    let file = |name: &str, kind: &str, content: &[u8]| {
        let file = types::Attachment::builder().file_name(name).content_type(kind);
        file.raw_content(aws_smithy_types::Blob::new(content))
    };
    let invoice = file("facture n° 1.pdf", "application/pdf", b"%PDF-\xff\r\n").build().unwrap();
    let logo = file("logo.png", "image/png", b"\x89PNG").content_id("logo");
    let logo = logo.content_disposition(types::AttachmentContentDisposition::Inline).build().unwrap();
    let body = types::Body::builder().html(content("<img src=cid:logo>")).text(content("Voilà"));
    let message = Message::builder().subject(content("Votre facture à 10 €")).body(body.build());
    let message = message.attachments(invoice).attachments(logo).build();
    let send = welcome(&client(&server)).content(EmailContent::builder().simple(message).build());
    send.reply_to_addresses("=?UTF-8?B?w4l0w6k=?= <ete@example.com>").send().await.unwrap();
    let mail = mailbox.mails().remove(0);
    let headers = mime::headers(&mail.source);
    let id = format!("<{}@eu-west-3.amazonses.com>", mail.id);
    for (name, value) in [
        ("From", "shop@example.com"),
        ("To", "zoe@example.com"),
        ("Reply-To", "Été <ete@example.com>"),
        ("Subject", "Votre facture à 10 €"),
        ("Message-ID", &id),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(
            headers.iter().filter(|header| *header == &(name.to_owned(), value.to_owned())).count(),
            1,
            "{name}"
        );
    }
    assert!(headers.iter().any(|(_, value)| value.starts_with("multipart/mixed")));
    let files = mail.attachments();
    let file = |index: usize| (&*files[index].name, &*files[index].content_type, files[index].content.as_slice());
    assert_eq!(file(0), ("facture n° 1.pdf", "application/pdf", b"%PDF-\xff\r\n".as_slice()));
    assert_eq!(file(1), ("logo.png", "image/png", b"\x89PNG".as_slice()));
    assert_eq!((files.len(), files[1].content_id.as_deref()), (2, Some("logo")));
}

#[tokio::test]
async fn what_no_header_may_hold_is_a_bad_request() {
    let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
    let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
    for from in ["Été <shop@example.com>", "a\r\nBcc: b@example.com <shop@example.com>"] {
        let refused = welcome(&client(&server)).from_email_address(from).send().await.unwrap_err();
        assert!(refused.into_service_error().is_bad_request_exception(), "{from}");
    }
    assert!(mailbox.mails().is_empty());
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
    assert_eq!(mail.text.as_deref(), Some("Body\r\n"));
    assert!(mail.source.ends_with("Body\r\n"));
}

#[tokio::test]
async fn nonsense_is_a_bad_request() {
    let mailbox = Mailbox::in_memory(LaptopClock::starting_at(None));
    let server = MailServer::start(mailbox.clone(), 0).await.unwrap();
    let nobody = welcome(&client(&server)).destination(types::Destination::builder().build());
    assert!(nobody.send().await.unwrap_err().into_service_error().is_bad_request_exception());
    assert!(mailbox.mails().is_empty());
}
