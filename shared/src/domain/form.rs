//! Website forms: what a merchant's page posts to.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EmailAddress, FormId, Invalid, Language, Line, Locale, Origin, ShopId, TagId, Temperature, Text, fold};

/// The words a visitor agrees to, per language, and their version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentText {
    /// Which wording this is.
    pub version: Line<40>,
    /// The wording in each language.
    pub texts: BTreeMap<Locale, Text<2000>>,
}

impl ConsentText {
    /// The wording that a reader of `language` is shown, and the language it is in.
    pub fn shown_to(&self, language: &Language) -> Option<(Locale, &Text<2000>)> {
        let wanted = Locale::of(language).and_then(|locale| self.texts.get_key_value(&locale));
        wanted.or_else(|| self.texts.iter().next()).map(|(locale, text)| (*locale, text))
    }
}

/// What a field of a form means. Whatever means nothing to us is kept with the submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormField {
    /// The visitor's address; the one field that must be there.
    Email,
    /// The whole name.
    Name,
    /// The given name.
    GivenName,
    /// The family name.
    FamilyName,
    /// The company.
    Company,
    /// The telephone number.
    Phone,
    /// The birthday, with or without a year.
    Birthday,
    /// The language, as a BCP 47 tag.
    Language,
    /// The box that agrees to marketing.
    MarketingEmail,
    /// What the visitor writes to the shop: the beginning of it stands in lists.
    Message,
    /// Nothing of the above: an answer, kept as it is.
    Answer,
}

/// How many submissions a minute pass, as token buckets: so many at once, refilled evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormLimits {
    /// From one network address; what exceeds it is told to come again later.
    pub per_address_per_minute: u32,
    /// Altogether; what exceeds it is quarantined.
    pub per_form_per_minute: u32,
}

impl FormLimits {
    /// The most that either limit can be set to.
    pub const MAX: u32 = 10_000;
}

impl Default for FormLimits {
    fn default() -> Self {
        Self { per_address_per_minute: 5, per_form_per_minute: 60 }
    }
}

/// Where a page goes once its form is received: an address of its own site, beginning with `/`, or
/// a whole web address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Destination(String);

impl Destination {
    /// The longest, in bytes.
    pub const MAX: usize = 500;

    /// The web address that this is to a page of `site`; `None` where it is relative and there is no
    /// site. Of what anybody may have written, ask [`Destination::allowed`].
    pub fn resolved(&self, site: Option<&Origin>) -> Option<url::Url> {
        if self.0.starts_with('/') {
            return url::Url::parse(site?.as_str()).ok()?.join(&self.0).ok();
        }
        url::Url::parse(&self.0).ok()
    }

    /// As [`Destination::resolved`]; `None` also where it leads elsewhere than to `site` or one of
    /// `origins`.
    pub fn allowed(&self, site: Option<&Origin>, origins: &[Origin]) -> Option<url::Url> {
        let url = self.resolved(site)?;
        let origin = url.origin().ascii_serialization();
        site.into_iter().chain(origins).any(|known| known.as_str() == origin).then_some(url)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Destination {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Invalid::Empty);
        }
        if text.len() > Self::MAX {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        // Two slashes, or a slash and a backslash, begin the address of another site.
        let within = text.starts_with('/') && !text[1..].starts_with(['/', '\\']);
        let plain = text.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '\\');
        let whole = || {
            let url = url::Url::parse(text).ok()?;
            (matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none())
                .then_some(())
        };
        if plain && (within || whole().is_some()) { Ok(Self(text.to_owned())) } else { Err(Invalid::WebAddress) }
    }
}

impl TryFrom<String> for Destination {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Destination> for String {
    fn from(destination: Destination) -> Self {
        destination.0
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FormId {
    /// An id that says what the form is called, with `random` behind it, which nobody comes upon by
    /// trying: a form is found on the pages it stands on.
    pub fn of_name(name: &Line<100>, random: [u8; 5]) -> Self {
        const RANDOM: usize = 8;
        let folded = fold(name.expose());
        let words: Vec<&str> =
            folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut readable = words.join("-");
        readable.truncate(Self::MAX - RANDOM - 1);
        let readable = if readable.is_empty() { "form" } else { readable.trim_end_matches('-') };
        let random = BASE32_NOPAD.encode(&random).to_ascii_lowercase();
        format!("{readable}-{random}").parse().expect("letters, digits and inner hyphens are an id")
    }
}

/// One form of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The form; unique in the deployment, since it is what leads to the shop.
    pub id: FormId,
    /// Whose it is.
    pub shop: ShopId,
    /// Raised by every change; the `ETag`.
    pub version: u64,
    /// What staff call it.
    pub name: Line<100>,
    /// The sites that may post it from a script, and that `_next` may lead to; none listed: any
    /// script may post it, and `_next` stays on the site it came from.
    pub origins: Vec<Origin>,
    /// Where a page goes that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<Destination>,
    /// What fields mean that have names of their own; by the name as it is sent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mapping: BTreeMap<Line<100>, FormField>,
    /// What ticking the marketing box means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketing_consent: Option<ConsentText>,
    /// Whether that needs an answer to a mail before it counts.
    pub double_opt_in: bool,
    /// What is put on whoever sends it; what the shop calls a tag of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<TagId, Option<Line<{ TagId::MAX }>>>,
    /// How interested whoever sends it is, where nobody has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Temperature>,
    /// Who in the shop is told by e-mail of what it sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<EmailAddress>,
    /// Whether a new customer is welcomed by e-mail.
    pub welcome: bool,
    /// How much passes.
    pub limits: FormLimits,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Since when it receives nothing. What it sent is kept, and so is what leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
}

impl Form {
    /// The most forms of a shop.
    pub const MOST: usize = 100;
    /// The most sites of a form.
    pub const MOST_ORIGINS: usize = 20;
    /// The most fields with a meaning of their own.
    pub const MOST_MAPPED: usize = 100;

    /// A form as it is before anybody says more: any page may post it, new customers are welcomed,
    /// consent to marketing is asked for by double opt-in.
    pub fn new(shop: ShopId, id: FormId, name: Line<100>, now: Timestamp) -> Self {
        Self {
            id,
            shop,
            version: 1,
            name,
            origins: Vec::new(),
            redirect: None,
            mapping: BTreeMap::new(),
            marketing_consent: None,
            double_opt_in: true,
            tags: BTreeMap::new(),
            temperature: None,
            notify: None,
            welcome: true,
            limits: FormLimits::default(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// What to answer a script on a page of `origin` (CORS): the origin, or `*` where any may post.
    pub fn allowed_origin<'a>(&'a self, origin: &'a str) -> Option<&'a str> {
        if self.origins.is_empty() {
            return Some("*");
        }
        self.origins.iter().map(Origin::as_str).find(|allowed| *allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(destination: &str, site: Option<&str>, origins: &[&str]) -> Option<String> {
        let origins: Vec<Origin> = origins.iter().map(|origin| origin.parse().unwrap()).collect();
        let site: Option<Origin> = site.map(|site| site.parse().unwrap());
        let destination: Destination = destination.parse().ok()?;
        destination.allowed(site.as_ref(), &origins).map(String::from)
    }

    #[test]
    fn an_id_says_what_the_form_is_called() {
        let id = |name: &str| FormId::of_name(&name.parse().unwrap(), [0, 0, 0, 0, 1]).to_string();
        assert_eq!(id("Contact — Café d’été"), "contact-cafe-d-ete-aaaaaaab");
        assert_eq!(id("お問い合わせ"), "form-aaaaaaab");
        assert_eq!(id(&"été ".repeat(25)), "ete-ete-ete-ete-ete-ete-ete-ete-aaaaaaab");
        assert_eq!(id(&"a".repeat(100)).len(), FormId::MAX);
    }

    #[test]
    fn a_destination_stays_on_its_site_or_is_on_the_list() {
        let site = Some("https://shop.example");
        assert_eq!(allowed("/merci?a=1", site, &[]).as_deref(), Some("https://shop.example/merci?a=1"));
        assert_eq!(allowed("https://shop.example/m", site, &[]).as_deref(), Some("https://shop.example/m"));
        assert_eq!(allowed("/merci", None, &["https://shop.example"]), None);
        let listed = ["https://www.shop.example"];
        assert_eq!(allowed("https://www.shop.example/m", site, &listed).as_deref(), Some("https://www.shop.example/m"));
        for evil in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://www.shop.example@evil.example/",
            "https://www.shop.example.evil.example/",
            "merci",
            "",
        ] {
            assert_eq!(allowed(evil, site, &listed), None, "{evil:?}");
        }
    }
}
