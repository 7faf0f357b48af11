//! The preferences as a page: each purpose with what was said of it and in which words, the language,
//! the address, the way out. Works without script: every button is a form.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::App;
use shared::domain::{ConsentPurpose, ConsentState, EmailStatus, Language, Locale};
use shared::http::Problem;
use shared::wording::say;

use crate::holder::Holder;
use crate::purpose::Shown;

/// What just happened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Saved,
    Unsubscribed,
    /// The words are no longer those that the page showed.
    Changed,
}

impl Notice {
    fn status(self) -> StatusCode {
        match self {
            Self::Saved | Self::Unsubscribed => StatusCode::OK,
            Self::Changed => StatusCode::CONFLICT,
        }
    }

    fn shown(self, locale: Locale) -> Markup {
        html! {
            @match self {
                Self::Saved => p.good role="status" { (say(locale, "preferences-saved", &[])) },
                Self::Unsubscribed => p.good role="status" { (say(locale, "preferences-done", &[])) },
                Self::Changed => p.notice role="alert" { (say(locale, "preferences-changed", &[])) },
            }
        }
    }
}

/// Among how many of the newest statements a consent is looked for that was taken back since.
const STATEMENTS: u32 = 50;

/// The page as things stand.
///
/// # Errors
/// A problem where the evidence can't be read.
pub async fn show(app: &App, holder: &Holder, notice: Option<Notice>) -> Result<Response, Problem> {
    let customer = &holder.customer;
    let taken_back = customer.consents.iter().any(|(_, said)| said.state == ConsentState::Withdrawn);
    let statements = match taken_back {
        true => app.table.consents(&customer.shop, customer.id, STATEMENTS, None).await?.items,
        false => Vec::new(),
    };
    let mut purposes = Vec::new();
    for purpose in ConsentPurpose::ALL {
        purposes.extend(Shown::of(app, holder, purpose, &statements).await?);
    }
    let locale = holder.locale();
    let content = html! {
        @if let Some(notice) = notice { (notice.shown(locale)) }
        @for shown in &purposes { (shown.section(holder)) }
        p.soft { (say(locale, "preferences-orders", &[])) }
        (address(holder))
        @if holder.settings.languages.len() > 1 { (languages(holder)) }
        p.next { a href=(holder.path("/deletion")) { (say(locale, "preferences-deletion", &[])) } }
    };
    Ok(holder.page(notice.map_or(StatusCode::OK, Notice::status), "preferences-title", content))
}

/// Whether the address is known to be theirs. Masked: the page may be open where others look.
fn address(holder: &Holder) -> Markup {
    let (locale, address) = (holder.locale(), holder.customer.email.masked());
    let confirmed = holder.customer.email_status == EmailStatus::Confirmed;
    let status = if confirmed { "preferences-address-confirmed" } else { "preferences-address-unconfirmed" };
    html! {
        section.card {
            h2 { (say(locale, "preferences-address", &[])) }
            p { (say(locale, status, &[("address", &address)])) }
            @if !confirmed {
                form method="post" action=(holder.path("/address-code")) {
                    button.quiet type="submit" { (say(locale, "preferences-address-confirm", &[])) }
                }
            }
        }
    }
}

fn languages(holder: &Holder) -> Markup {
    let (locale, own) = (holder.locale(), &holder.customer.language);
    let offered = holder.settings.languages.contains(own);
    let chosen = |language: &Language| if offered { language == own } else { Locale::of(language) == Some(locale) };
    html! {
        section.card {
            h2 { label for="language" { (say(locale, "preferences-language", &[])) } }
            form method="post" action=(holder.path("/language")) {
                p {
                    select id="language" name="language" {
                        @for language in &holder.settings.languages {
                            option value=(language.as_str()) lang=(language.as_str()) selected[chosen(language)] {
                                (autonym(language))
                            }
                        }
                    }
                }
                button.quiet type="submit" { (say(locale, "preferences-language-change", &[])) }
            }
        }
    }
}

/// What a language calls itself; the tag of one that we don't know.
fn autonym(language: &Language) -> &str {
    match language.primary() {
        "de" => "Deutsch",
        "en" => "English",
        "es" => "Español",
        "fr" => "Français",
        "it" => "Italiano",
        "nl" => "Nederlands",
        "pt" => "Português",
        _ => language.as_str(),
    }
}
