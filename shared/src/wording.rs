//! What we say to people, in Fluent: `shared/locales/<language>/*.ftl`. Every key exists in every
//! language and is used; tests keep it so.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use crate::domain::{FormField, Locale, OrderState};

macro_rules! bundle {
    ($tag:literal, $separator:literal) => {
        LazyLock::new(|| {
            let sources = [
                include_str!(concat!("../locales/", $tag, "/email.ftl")),
                include_str!(concat!("../locales/", $tag, "/pages.ftl")),
            ];
            let mut texts = bundle(langid!($tag), &sources);
            texts.set_formatter(Some(|value, _| grouped(value, $separator)));
            texts
        })
    };
}

fn texts(locale: Locale) -> &'static FluentBundle<FluentResource> {
    static FRENCH: LazyLock<FluentBundle<FluentResource>> = bundle!("fr", '\u{202f}');
    static ENGLISH: LazyLock<FluentBundle<FluentResource>> = bundle!("en", ',');
    match locale {
        Locale::Fr => &FRENCH,
        Locale::En => &ENGLISH,
    }
}

/// The text of a key, or `None` where the key or a value that it names is missing.
pub fn text(locale: Locale, key: &str, values: &FluentArgs) -> Option<String> {
    let texts = texts(locale);
    let pattern = texts.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = texts.format_pattern(pattern, Some(values), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// The text of a key of a page, with its values: the key itself where it is missing, which a test
/// would name, rather than a page without words.
pub fn say(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    let values: FluentArgs = values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
    text(locale, key, &values).unwrap_or_else(|| key.to_owned())
}

/// The words that a name has, where it has any: what is kept tomorrow may have none yet.
pub fn word(locale: Locale, key: &str) -> Option<String> {
    text(locale, key, &FluentArgs::new())
}

/// As [`say`], with one value: a number that the words agree with.
pub fn count(locale: Locale, key: &str, name: &str, number: u32) -> String {
    let values: FluentArgs = [(name, FluentValue::from(number))].into_iter().collect();
    text(locale, key, &values).unwrap_or_else(|| key.to_owned())
}

/// How far an order has come, in a word.
pub fn order_state(locale: Locale, state: OrderState) -> String {
    let key = match state {
        OrderState::Submitted => "order-state-submitted",
        OrderState::Confirmed => "order-state-confirmed",
        OrderState::InProduction => "order-state-in-production",
        OrderState::Shipped => "order-state-shipped",
        OrderState::Delivered => "order-state-delivered",
        OrderState::Cancelled => "order-state-cancelled",
    };
    say(locale, key, &[])
}

/// What a field of a form is called by what it means; `None` where it means nothing to us.
pub fn form_field(locale: Locale, field: FormField) -> Option<String> {
    let key = match field {
        FormField::Email => "form-field-email",
        FormField::Name => "form-field-name",
        FormField::GivenName => "form-field-given-name",
        FormField::FamilyName => "form-field-family-name",
        FormField::Company => "form-field-company",
        FormField::Phone => "form-field-phone",
        FormField::Birthday => "form-field-birthday",
        FormField::Language => "form-field-language",
        FormField::MarketingEmail => "form-field-marketing-email",
        FormField::Message => "form-field-message",
        FormField::Answer => return None,
    };
    Some(say(locale, key, &[]))
}

/// A damaged file loses its damaged keys only; the test of the keys would name them.
fn bundle(language: LanguageIdentifier, sources: &[&str]) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks show up as boxes in some mail clients, and both languages run from
    // left to right.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
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

/// A day as it is written out: `1er mai 2027`, `1 May 2027`.
pub fn day(locale: Locale, day: jiff::civil::Date) -> String {
    const FRENCH: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::from(day.month().unsigned_abs()) - 1;
    match locale {
        Locale::Fr if day.day() == 1 => format!("1er {} {}", FRENCH[month], day.year()),
        Locale::Fr => format!("{} {} {}", day.day(), FRENCH[month], day.year()),
        Locale::En => format!("{} {} {}", day.day(), ENGLISH[month], day.year()),
    }
}

/// An instant as it is written out where it is: `1er mai 2027 à 9 h 30`, `1 May 2027, 9:30`.
pub fn moment(locale: Locale, at: &jiff::Zoned) -> String {
    let (hour, minute) = (at.hour(), at.minute());
    let day = day(locale, at.date());
    match locale {
        Locale::Fr => format!("{day} à {hour}\u{a0}h\u{a0}{minute:02}"),
        Locale::En => format!("{day}, {hour}:{minute:02}"),
    }
}
