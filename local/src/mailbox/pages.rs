//! The mailbox as a mail program shows it: a list, and one mail with its parts behind links, so
//! that it works without script. A mail's HTML stands in a sandbox of its own: its links open, its
//! scripts do not run.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use data_encoding::BASE64;
use http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;

use super::{Mail, Mailbox};
use crate::page_style::STYLE;

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "lowercase")]
enum Part {
    #[default]
    Html,
    Text,
    Headers,
    Source,
}

impl Part {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Html, "html", "HTML"),
        (Self::Text, "text", "Text"),
        (Self::Headers, "headers", "Headers"),
        (Self::Source, "source", "Source"),
    ];
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    part: Part,
}

/// `/local/mailbox`, `/local/mailbox/{id}` and `/local/mailbox.json`.
pub fn pages(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/local/mailbox", get(list_page))
        .route("/local/mailbox/{id}", get(mail_page))
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
                            time datetime=(mail.at) { (mail.at.strftime("%Y-%m-%d %H:%M UTC")) }
                        }
                    }
                }
            }
        }
    }
}

fn reader(mail: &Mail, part: Part) -> Markup {
    html! {
        article {
            p class="back" { a href="/local/mailbox" { "All mails" } }
            h2 { (mail.subject) }
            dl {
                dt { "From" } dd { (readable(&mail.from)) }
                dt { "To" } dd { (mail.to.join(", ")) }
                dt { "At" } dd { time datetime=(mail.at) { (mail.at.strftime("%Y-%m-%d %H:%M:%S UTC")) } }
                @for (name, value) in &mail.tags { dt { "Tag " (name) } dd { (value) } }
            }
            nav class="parts" aria-label="Parts of the mail" {
                @for (each, key, label) in Part::ALL {
                    a href={ "?part=" (key) } aria-current=[(each == part).then_some("true")] { (label) }
                }
            }
            (shown_part(mail, part))
        }
    }
}

fn shown_part(mail: &Mail, part: Part) -> Markup {
    let absent = html! { p { "This mail has no such part." } };
    match part {
        Part::Html => mail.html.as_deref().map_or(absent, |part| {
            html! {
                iframe title=(mail.subject) sandbox="allow-popups allow-popups-to-escape-sandbox"
                    referrerpolicy="no-referrer" srcdoc=(with_links_in_new_tabs(part)) {}
            }
        }),
        Part::Text => mail.text.as_deref().map_or(absent, |part| html! { pre { (with_links(part)) } }),
        Part::Headers => html! {
            dl {
                @for (name, value) in &mail.headers { dt { (name) } dd { (value) } }
                @if let Some(set) = &mail.configuration_set { dt { "Configuration set" } dd { (set) } }
                @for address in &mail.reply_to { dt { "Reply-To" } dd { (address) } }
            }
        },
        Part::Source => {
            let source = mail.raw.as_deref().or(mail.html.as_deref());
            source.map_or(absent, |source| html! { pre { (source) } })
        }
    }
}

/// An address with its name as mail programs show it: headers carry what isn't ASCII as encoded
/// words (RFC 2047), which run together.
fn readable(address: &str) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for piece in address.split(' ') {
        let word = piece.strip_prefix("=?UTF-8?B?").and_then(|word| word.strip_suffix("?="));
        let word = word.and_then(|word| String::from_utf8(BASE64.decode(word.as_bytes()).ok()?).ok());
        let runs_on = after_word && word.is_some();
        if !runs_on && !text.is_empty() {
            text.push(' ');
        }
        after_word = word.is_some();
        text.push_str(word.as_deref().unwrap_or(piece));
    }
    text
}

/// A link in a sandboxed frame would open inside it: `<base>` sends it to a tab of its own. It
/// stands inside the head, since anything before the doctype would change how the mail is drawn.
fn with_links_in_new_tabs(mail: &str) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    let lower = mail.to_ascii_lowercase();
    let at = lower.find("<head").and_then(|start| lower[start..].find('>').map(|end| start + end + 1));
    match at {
        Some(at) => format!("{}{BASE}{}", &mail[..at], &mail[at..]),
        None => format!("{BASE}{mail}"),
    }
}

/// The text part with its addresses as links, as mail programs show it.
fn with_links(text: &str) -> Markup {
    html! {
        @for piece in text.split_inclusive(char::is_whitespace) {
            @let word = piece.trim_end();
            @let address = word.trim_start_matches(['<', '(']).trim_end_matches(['>', ')', '.', ',']);
            @if address.starts_with("http://") || address.starts_with("https://") {
                @let (before, after) = word.split_once(address).unwrap_or((word, ""));
                (before) a href=(address) rel="noreferrer" target="_blank" { (address) } (after) (&piece[word.len()..])
            } @else { (piece) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_mail_open_outside_its_frame() {
        let mail = "<!doctype html><html><HEAD lang=fr><title>x</title></HEAD></html>";
        assert!(with_links_in_new_tabs(mail).contains("<HEAD lang=fr><base target=\"_blank\"><title>"));
        assert!(with_links_in_new_tabs("<p>x</p>").starts_with("<base"));
    }

    #[test]
    fn a_name_is_readable() {
        assert_eq!(readable("=?UTF-8?B?w4l0?= =?UTF-8?B?w6k=?= <a@b.fr>"), "Été <a@b.fr>");
        assert_eq!(readable("La Ruche <a@b.fr>"), "La Ruche <a@b.fr>");
        assert_eq!(readable("=?UTF-8?B?!?= <a@b.fr>"), "=?UTF-8?B?!?= <a@b.fr>");
    }

    #[test]
    fn a_text_part_keeps_its_spaces_and_links_its_addresses() {
        let shown = with_links("Go to <http://localhost:3000/o/abc>.\n\nBye <b>").into_string();
        assert!(shown.contains("&lt;<a href=\"http://localhost:3000/o/abc\""), "{shown}");
        assert!(shown.ends_with("</a>&gt;.\n\nBye &lt;b&gt;"), "{shown}");
    }
}
