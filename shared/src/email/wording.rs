//! The texts of the e-mails, in Fluent: `shared/locales/<language>/email.ftl`. Every key
//! exists in every language and is used; a test keeps it so.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

/// A language that e-mails are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// French.
    French,
    /// English.
    English,
}

impl Language {
    /// Every language, in the order of declaration.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// The first of the wanted languages (BCP 47 tags, the customer's before the shop's)
    /// that e-mails exist in, whatever its region; English if there is none.
    #[must_use]
    pub fn choose<'t>(wanted: impl IntoIterator<Item = &'t str>) -> Self {
        wanted
            .into_iter()
            .find_map(|tag| {
                let language = tag.split(['-', '_']).next()?;
                Self::ALL
                    .into_iter()
                    .find(|known| known.tag().eq_ignore_ascii_case(language))
            })
            .unwrap_or(Self::English)
    }

    /// Its BCP 47 tag, as in the `lang` attribute.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    fn texts(self) -> &'static FluentBundle<FluentResource> {
        static FRENCH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
            let mut texts = bundle(langid!("fr"), include_str!("../../locales/fr/email.ftl"));
            texts.set_formatter(Some(|value, _| grouped(value, '\u{202f}')));
            texts
        });
        static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
            let mut texts = bundle(langid!("en"), include_str!("../../locales/en/email.ftl"));
            texts.set_formatter(Some(|value, _| grouped(value, ',')));
            texts
        });
        match self {
            Self::French => &FRENCH,
            Self::English => &ENGLISH,
        }
    }

    /// The text of a key, or `None` where the key or a value that it names is missing.
    pub(super) fn text(self, key: &str, values: &FluentArgs) -> Option<String> {
        let texts = self.texts();
        let pattern = texts.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = texts.format_pattern(pattern, Some(values), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// A damaged file loses its damaged keys only; the test of the keys would name them.
fn bundle(language: LanguageIdentifier, source: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks show up as boxes in some mail clients, and both languages run from
    // left to right.
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// A number with its thousands apart; what isn't a whole number keeps Fluent's own form.
fn grouped(value: &FluentValue, separator: char) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let digits = number.as_string();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    Some(text)
}
