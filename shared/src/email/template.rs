//! The compiled templates: one environment per kind and language, made at first use.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use mrml::prelude::render::RenderOptions;

use crate::domain::Locale;
use crate::domain::MessageKind;
use crate::wording;

pub(super) const HTML: &str = "mail.html";
pub(super) const TEXT: &str = "mail.txt";

pub(super) struct Sources {
    pub(super) html: &'static str,
    pub(super) text: &'static str,
}

macro_rules! folder {
    ($name:literal) => {
        Sources {
            html: include_str!(concat!("templates/", $name, "/body.mjml")),
            text: include_str!(concat!("templates/", $name, "/text.txt")),
        }
    };
}

pub(super) const LAYOUT: Sources =
    Sources { html: include_str!("templates/layout.mjml"), text: include_str!("templates/layout.txt") };

/// Where the layouts take a kind's own part.
const BODY: &str = "[[body]]";

macro_rules! part {
    ($name:literal) => {
        (
            concat!("[[", $name, "]]"),
            Sources {
                html: include_str!(concat!("templates/parts/", $name, ".mjml")),
                text: include_str!(concat!("templates/parts/", $name, ".txt")),
            },
        )
    };
}

/// What several kinds show alike, with where they show it: what was ordered, what the shop offers.
pub(super) const PARTS: [(&str, Sources); 2] = [part!("lines"), part!("offer")];

pub(super) const fn sources(kind: MessageKind) -> Sources {
    match kind {
        MessageKind::Welcome => folder!("welcome"),
        MessageKind::ConfirmConsent => folder!("confirm_consent"),
        MessageKind::ConfirmAddress => folder!("confirm_address"),
        MessageKind::OrderConfirmation => folder!("order_confirmation"),
        MessageKind::OrderState => folder!("order_state"),
        MessageKind::OrderLink => folder!("order_link"),
        MessageKind::AbandonedOrder => folder!("abandoned_order"),
        MessageKind::Birthday => folder!("birthday"),
        MessageKind::Reactivation => folder!("reactivation"),
        MessageKind::Satisfaction => folder!("satisfaction"),
        MessageKind::ExportReady => folder!("export_ready"),
        MessageKind::MerchantNotice => folder!("merchant_notice"),
    }
}

/// The kind's templates in this language, compiled by the first mail that needs them.
pub(super) fn compiled(kind: MessageKind, language: Locale) -> Result<&'static Environment<'static>, Error> {
    static COMPILED: [[OnceLock<Environment<'static>>; Locale::ALL.len()]; MessageKind::ALL.len()] =
        [const { [const { OnceLock::new() }; Locale::ALL.len()] }; MessageKind::ALL.len()];
    let place = &COMPILED[kind as usize][language as usize];
    match place.get() {
        Some(environment) => Ok(environment),
        None => {
            let environment = compile(kind, language)?;
            Ok(place.get_or_init(|| environment))
        }
    }
}

fn compile(kind: MessageKind, language: Locale) -> Result<Environment<'static>, Error> {
    let own = sources(kind);
    let html = mjml(&framed(&own, |sources| sources.html))?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Its errors would otherwise quote values.
    environment.set_debug(false);
    environment.add_filter("link", |address: &str| Value::from_safe_string(escaped(address).replace("&#x2f;", "/")));
    environment.add_filter("multiline", |text: &str| Value::from_safe_string(paragraphs(text)));
    environment.add_filter("quote", |text: &str| format!("> {}", text.replace('\n', "\n> ")));
    environment.add_function("t", move |key: &str, values: Kwargs| word(language, key, &values));
    environment.add_template_owned(HTML, html)?;
    environment.add_template_owned(TEXT, framed(&own, |sources| sources.text))?;
    Ok(environment)
}

/// A kind's own part in the layout, with the parts that it shares with others.
fn framed(own: &Sources, of: fn(&Sources) -> &'static str) -> String {
    let whole = of(&LAYOUT).replace(BODY, of(own));
    PARTS.iter().fold(whole, |whole, (place, part)| whole.replace(place, of(part)))
}

/// MJML to HTML; the blocks of `minijinja` pass as text. No font is imported: a mail
/// fetches nothing but the shop's logo.
fn mjml(source: &str) -> Result<String, Error> {
    let broken = |error: String| Error::new(ErrorKind::SyntaxError, error);
    let options = RenderOptions { fonts: Default::default(), ..RenderOptions::default() };
    let parsed = mrml::parse(source).map_err(|error| broken(error.to_string()))?;
    parsed.element.render(&options).map_err(|error| broken(error.to_string()))
}

fn escaped(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}

/// Lines, and paragraphs as far apart as those of the layout.
fn paragraphs(text: &str) -> String {
    let broken = escaped(text).replace('\n', "<br />");
    let mut paragraphs = broken.split("<br /><br />");
    let first = paragraphs.next().unwrap_or_default().to_owned();
    paragraphs.fold(first, |above, below| format!("{above}<p style=\"margin:16px 0 0;\">{below}</p>"))
}

/// A text of the wording, with the template's own values.
fn word(language: Locale, key: &str, values: &Kwargs) -> Result<String, Error> {
    let mut args = FluentArgs::new();
    for name in values.args() {
        let value: Cow<str> = values.get::<String>(name)?.into();
        args.set(name.to_owned(), FluentValue::String(value));
    }
    wording::text(language, key, &args).ok_or_else(|| missing(key))
}

pub(super) fn missing(key: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("no text “{key}”, or a value of it is missing"))
}
