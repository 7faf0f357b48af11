//! One mail, opened: who sent it to whom, the files that came with it, and its parts behind links.
//! Its HTML stands in a sandbox of its own: its links open, its scripts do not run.

use maud::{Markup, html};
use serde::Deserialize;

use super::{Attachment, Mail, mime};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
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

pub(super) fn reader(mail: &Mail, part: Part) -> Markup {
    let attachments = mail.attachments();
    html! {
        article {
            p class="back" { a href="/local/mailbox" { "All mails" } }
            h2 { (mail.subject) }
            dl {
                dt { "From" } dd { (mime::sender(mail)) }
                dt { "To" } dd { (mail.to.join(", ")) }
                @if !mail.reply_to.is_empty() { dt { "Reply to" } dd { (mail.reply_to.join(", ")) } }
                dt { "At" } dd { time datetime=(mail.at) { (mail.at.strftime("%Y-%m-%d %H:%M:%S UTC")) } }
            }
            @if !attachments.is_empty() { (files(mail, &attachments)) }
            nav class="parts" aria-label="Parts of the mail" {
                @for (each, key, label) in Part::ALL {
                    a href={ "?part=" (key) } aria-current=[(each == part).then_some("true")] { (label) }
                }
            }
            (shown_part(mail, &attachments, part))
        }
    }
}

fn files(mail: &Mail, attachments: &[Attachment]) -> Markup {
    html! {
        ul class="files" aria-label="Attachments" {
            @for (index, file) in attachments.iter().enumerate() {
                li {
                    a href=(address(mail, index)) download=(file.name) { (file.name) }
                    span { (file.content_type) ", " (size(file.content.len())) }
                }
            }
        }
    }
}

/// Where the attachment of this number is.
fn address(mail: &Mail, index: usize) -> String {
    format!("/local/mailbox/{}/attachments/{index}", mail.id)
}

/// So many bytes as people say it.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

fn shown_part(mail: &Mail, attachments: &[Attachment], part: Part) -> Markup {
    let absent = html! { p { "This mail has no such part." } };
    match part {
        Part::Html => mail.html.as_deref().map_or(absent, |part| {
            let part = with_links_in_new_tabs(&with_pictures(part, mail, attachments));
            html! {
                iframe title=(mail.subject) sandbox="allow-popups allow-popups-to-escape-sandbox"
                    referrerpolicy="no-referrer" srcdoc=(part) {}
            }
        }),
        Part::Text => mail.text.as_deref().map_or(absent, |part| html! { pre { (with_links(part)) } }),
        Part::Headers => html! {
            dl {
                @for (name, value) in mime::headers(&mail.source) { dt { (name) } dd { (value) } }
            }
            h3 { "Told to SES beside the message" }
            dl {
                @if let Some(set) = &mail.configuration_set { dt { "Configuration set" } dd { (set) } }
                @for (name, value) in &mail.tags { dt { "Tag " (name) } dd { (value) } }
            }
        },
        Part::Source => html! { pre { (mail.source) } },
    }
}

/// The HTML part with the pictures that came with it, where it names them.
fn with_pictures(html: &str, mail: &Mail, attachments: &[Attachment]) -> String {
    let pictures = attachments.iter().enumerate().filter_map(|(index, file)| Some((index, file.content_id.as_ref()?)));
    pictures.fold(html.to_owned(), |html, (index, id)| html.replace(&format!("cid:{id}"), &address(mail, index)))
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
    fn sizes_are_said_as_people_say_them() {
        assert_eq!([0, 999, 1_001, 999_001, 2_500_000].map(size), ["0 bytes", "999 bytes", "2 kB", "1000 kB", "3 MB"]);
    }

    #[test]
    fn a_text_part_keeps_its_spaces_and_links_its_addresses() {
        let shown = with_links("Go to <http://localhost:3000/o/abc>.\n\nBye <b>").into_string();
        assert!(shown.contains("&lt;<a href=\"http://localhost:3000/o/abc\""), "{shown}");
        assert!(shown.ends_with("</a>&gt;.\n\nBye &lt;b&gt;"), "{shown}");
    }
}
