//! One purpose of the preferences' page: what was said of it and in which words, with a button to agree
//! or to take it back. What is no longer agreed to is shown too: it was.

use maud::{Markup, html};
use shared::App;
use shared::domain::{Consent, ConsentEvidence, ConsentPurpose, ConsentState, Language, Locale};
use shared::http::Problem;
use shared::wording::{day, say};

use crate::holder::Holder;
use crate::statement::Words;

/// A purpose, what was said of it, what was last agreed to, and the words it can be agreed to in.
pub struct Shown<'a> {
    purpose: ConsentPurpose,
    said: Option<&'a Consent>,
    evidence: Option<ConsentEvidence>,
    words: Option<Words<'a>>,
}

impl<'a> Shown<'a> {
    /// Nothing where the shop has no words for the purpose and nobody ever spoke of it. Marketing is
    /// always shown: it can be taken back before anybody asks.
    pub async fn of(
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

    /// Its part of the page.
    pub fn section(&self, holder: &Holder) -> Markup {
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
