//! The mailbox as a mail program shows it: a list, one mail beside it, and the files that came with
//! it. It works without script.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::reader::{Part, reader};
use super::{Mail, Mailbox};
use crate::page_style::STYLE;

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    part: Part,
}

/// `/local/mailbox`, `/local/mailbox/{id}` with its attachments, and `/local/mailbox.json`.
pub fn pages(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/local/mailbox", get(list_page))
        .route("/local/mailbox/{id}", get(mail_page))
        .route("/local/mailbox/{id}/attachments/{number}", get(attachment))
        .route("/local/mailbox.json", get(all_as_json))
        .with_state(mailbox)
}

async fn all_as_json(State(mailbox): State<Mailbox>) -> Json<Vec<Mail>> {
    Json(mailbox.mails())
}

async fn list_page(State(mailbox): State<Mailbox>) -> Html<String> {
    page("Mailbox", &mailbox.mails(), None)
}

async fn mail_page(State(mailbox): State<Mailbox>, Path(id): Path<String>, Query(shown): Query<Shown>) -> Response {
    match mailbox.mail(&id) {
        Some(mail) => page(&mail.subject, &mailbox.mails(), Some((&mail, shown.part))).into_response(),
        None => (StatusCode::NOT_FOUND, page("No such mail", &mailbox.mails(), None)).into_response(),
    }
}

/// A file as its sender sent it: to be saved, whatever it says it is, since it shares this page's
/// origin.
async fn attachment(State(mailbox): State<Mailbox>, Path((id, number)): Path<(String, usize)>) -> Response {
    let Some(attachment) = mailbox.mail(&id).and_then(|mail| mail.attachments().into_iter().nth(number)) else {
        return (StatusCode::NOT_FOUND, page("No such attachment", &mailbox.mails(), None)).into_response();
    };
    let name = format!("attachment; filename*=UTF-8''{}", utf8_percent_encode(&attachment.name, NON_ALPHANUMERIC));
    let unknown = HeaderValue::from_static("application/octet-stream");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_str(&attachment.content_type).unwrap_or(unknown)),
        (CONTENT_DISPOSITION, HeaderValue::from_str(&name).expect("what is percent-encoded is ASCII")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, attachment.content).into_response()
}

fn page(title: &str, mails: &[Mail], opened: Option<(&Mail, Part)>) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Mailbox" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { a href="/" { "Clientele on your laptop" } h1 { "Mailbox" } }
                main class={ "mailbox" @if opened.is_some() { " reading" } } {
                    (list(mails, opened.map(|(mail, _)| mail.id.as_str())))
                    @if let Some((mail, part)) = opened { (reader(mail, part)) }
                }
            }
        }
    };
    Html(page.into_string())
}

/// How many files came with a mail, if any did.
fn files(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 file".to_owned()),
        _ => Some(format!("{count} files")),
    }
}

fn list(mails: &[Mail], opened: Option<&str>) -> Markup {
    html! {
        nav class="mails" aria-label="Mails, the newest first" {
            @if mails.is_empty() {
                p { "No mail yet. What the functions send appears here." }
            }
            ol reversed {
                @for mail in mails.iter().rev() {
                    li {
                        a href={ "/local/mailbox/" (mail.id) } aria-current=[(opened == Some(&mail.id)).then_some("true")] {
                            strong { (mail.subject) }
                            span { (mail.to.join(", ")) }
                            @if let Some(files) = files(mail.attachments().len()) { span { (files) } }
                            time datetime=(mail.at) { (mail.at.strftime("%Y-%m-%d %H:%M UTC")) }
                        }
                    }
                }
            }
        }
    }
}
