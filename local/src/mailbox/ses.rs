//! `SendEmail` of SESv2, as much of it as a sender can see: the whole request is kept, errors
//! carry SES's names.

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::request::SendEmail;
use super::{LOSE_ANSWER, Mailbox, SendFailure};

/// SES takes messages of 40 MB; base 64 and JSON around them need a little more.
const MAX_BODY: usize = 56 * 1024 * 1024;

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
        .and_then(|request| request.mail(mailbox.clock.now()))
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

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", kind)], Json(json!({ "message": message }))).into_response()
}
