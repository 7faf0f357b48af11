//! The preferences as a page: each purpose with what was said of it and in which words, the language,
//! the address, the way out. Works without script: every button is a form.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::App;
use shared::domain::{Consent, ConsentEvidence, ConsentPurpose, ConsentState, EmailStatus, Language, Locale};
use shared::http::Problem;
use shared::wording::{day, say};

use crate::holder::Holder;
use crate::statement::Words;

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

/// A purpose, what was said of it, what was last agreed to, and the words it can be agreed to in.
struct Shown<'a> {
    purpose: ConsentPurpose,
    said: Option<&'a Consent>,
    evidence: Option<ConsentEvidence>,
    words: Option<Words<'a>>,
}

impl<'a> Shown<'a> {
    /// Nothing where the shop has no words for the purpose and nobody ever spoke of it. Marketing is
    /// always shown: it can be taken back before anybody asks.
    async fn of(
        app: &App,
        holder: &'a Holder,
        purpose: ConsentPurpose,
        statements: &[ConsentEvidence],
    ) -> Result<Option<Self>, Problem> {
        let customer = &holder.customer;
        let said = customer.consents.get(purpose);
        let asked = holder.settings.consent_texts.get(&purpose);
        let words = asked.and_then(|asked| Words::of(asked, holder.locale()));
        if said.is_none() && words.is_none() && purpose != ConsentPurpose::MarketingEmail {
            return Ok(None);
        }
        let granted =
            |evidence: &&ConsentEvidence| evidence.purpose == purpose && evidence.state == ConsentState::Granted;
        let evidence = match said {
            Some(said) if said.state == ConsentState::Granted => {
                app.table.consent(&customer.shop, customer.id, said.evidence).await?
            }
            Some(_) => statements.iter().filter(granted).max_by_key(|evidence| evidence.at).cloned(),
            None => None,
        };
        Ok(Some(Self { purpose, said, evidence, words }))
    }

    fn section(&self, holder: &Holder) -> Markup {
        let (locale, id) = (holder.locale(), self.purpose.name());
        let since = self.said.map(|said| day(locale, holder.settings.zone.day(said.at))).unwrap_or_default();
        html! {
            section.card {
                h2 id=(id) { (say(locale, title(self.purpose), &[])) }
                p { (say(locale, self.state(), &[("day", &since)])) }
                @match self.said.map(|said| said.state) {
                    Some(ConsentState::Granted) => {
                        @if let Some(evidence) = &self.evidence { (agreed(locale, evidence)) }
                        (self.withdrawal(holder))
                    }
                    Some(ConsentState::Withdrawn) => {
                        @if let Some(evidence) = &self.evidence { (agreed_before(holder, evidence)) }
                        @if let Some(words) = self.words { (self.grant(holder, words)) }
                    }
                    None => {
                        @if let Some(words) = self.words { (self.grant(holder, words)) }
                        @if self.purpose == ConsentPurpose::MarketingEmail { (self.withdrawal(holder)) }
                    }
                }
            }
        }
    }

    /// The key of the sentence that says how things stand.
    fn state(&self) -> &'static str {
        let marketing = self.purpose == ConsentPurpose::MarketingEmail;
        match self.said.map(|said| said.state) {
            Some(ConsentState::Granted) if marketing => "preferences-granted",
            Some(ConsentState::Withdrawn) if marketing => "preferences-withdrawn",
            None if marketing => "preferences-never",
            Some(ConsentState::Granted) => "preferences-agreed",
            Some(ConsentState::Withdrawn) => "preferences-taken-back",
            None => "preferences-not-agreed",
        }
    }

    fn withdrawal(&self, holder: &Holder) -> Markup {
        let locale = holder.locale();
        if self.purpose == ConsentPurpose::MarketingEmail {
            let never = self.said.is_none();
            let words = if never { "preferences-never-receive" } else { "preferences-unsubscribe" };
            return html! {
                form method="post" action=(holder.path("/unsubscribe")) {
                    button.quiet type="submit" { (say(locale, words, &[])) }
                }
            };
        }
        html! {
            form method="post" action=(holder.path("/consents")) {
                input type="hidden" name="purpose" value=(self.purpose.name());
                input type="hidden" name="state" value="withdrawn";
                button.quiet type="submit" aria-describedby=(self.purpose.name()) {
                    (say(locale, "preferences-take-back", &[]))
                }
            }
        }
    }

    fn grant(&self, holder: &Holder, words: Words<'_>) -> Markup {
        html! {
            blockquote lang=(words.locale.tag()) { (words.text.expose()) }
            form method="post" action=(holder.path("/consents")) {
                input type="hidden" name="purpose" value=(self.purpose.name());
                input type="hidden" name="state" value="granted";
                input type="hidden" name="version" value=(words.version.expose());
                input type="hidden" name="words" value=(words.locale.tag());
                button type="submit" aria-describedby=(self.purpose.name()) {
                    (say(holder.locale(), "preferences-agree", &[]))
                }
            }
        }
    }
}

fn title(purpose: ConsentPurpose) -> &'static str {
    match purpose {
        ConsentPurpose::MarketingEmail => "preferences-marketing",
        ConsentPurpose::PurchaseData => "preferences-purchase-data",
        ConsentPurpose::Geolocation => "preferences-geolocation",
        ConsentPurpose::PartnerSharing => "preferences-partner-sharing",
    }
}

/// The words that were agreed to, as they were; a consent told to staff may have had none.
fn agreed(locale: Locale, evidence: &ConsentEvidence) -> Markup {
    let version = evidence.version.as_ref().map(|version| version.expose());
    html! {
        @if let Some(text) = &evidence.text {
            p.soft {
                @match version {
                    Some(version) => (say(locale, "preferences-words-version", &[("version", version)])),
                    None => (say(locale, "preferences-words", &[])),
                }
            }
            blockquote lang=[evidence.language.as_ref().map(Language::as_str)] { (text.expose()) }
        }
    }
}

/// The words that were agreed to and are not any more, with the day.
fn agreed_before(holder: &Holder, evidence: &ConsentEvidence) -> Markup {
    let (locale, day) = (holder.locale(), day(holder.locale(), holder.settings.zone.day(evidence.at)));
    let version = evidence.version.as_ref().map(|version| version.expose());
    let key = match (&evidence.text, version) {
        (Some(_), Some(_)) => "preferences-words-before-version",
        (Some(_), None) => "preferences-words-before",
        (None, _) => "preferences-agreed-before",
    };
    let values = [("day", day.as_str()), ("version", version.unwrap_or_default())];
    html! {
        p.soft { (say(locale, key, &values)) }
        @if let Some(text) = &evidence.text {
            blockquote lang=[evidence.language.as_ref().map(Language::as_str)] { (text.expose()) }
        }
    }
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
