//! From a kind's values to a mail.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{Value, context};
use thiserror::Error;

use super::content::Content;
use super::link::Link;
use super::look::{Look, Palette};
use super::plain::{lines, one_line, shorten, tidy};
use super::slot_source::{Values, fill};
use super::template::{HTML, TEXT, compiled, missing};
use super::values::{exits, named, offer, own};
use crate::domain::{Locale, MessageKind, Slot, Slots};
use crate::wording;

/// Characters of a subject or a preheader; mail clients show fewer.
const HEAD_LIMIT: usize = 200;

/// A mail's parts, ready for the mailer. No `Debug`: they are personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 200 characters, whatever the values hold.
    pub subject: String,
    /// What mail clients show beside the subject; already in `html`.
    pub preheader: String,
    /// The HTML part.
    pub html: String,
    /// The text part; lines end in LF and have at most 78 columns where spaces allow.
    pub text: String,
    /// The shop's texts that couldn't be used (saved before a variable went away): the
    /// default text stands in their place. Worth a line in the log.
    pub refused_slots: Vec<Slot>,
}

/// A template or a wording of ours is broken; no value of a caller can cause it.
#[derive(Debug, Error)]
#[error("the e-mail {} can't be rendered", kind.name())]
pub struct RenderError {
    kind: MessageKind,
    #[source]
    source: minijinja::Error,
}

/// Renders one mail. `slots` are the shop's own texts for this kind and language (empty:
/// the default texts); one that can't be used never stops a mail.
///
/// # Errors
/// [`RenderError`] when a template of ours is broken, which the tests exclude.
pub fn render(look: &Look, language: Locale, content: &Content, slots: &Slots) -> Result<Rendered, RenderError> {
    let kind = content.kind();
    compose(look, language, content, slots).map_err(|source| RenderError { kind, source })
}

/// What stands where a shop has no text of its own, written as a shop would write it: with the names of
/// values in it. Of `content` only its wording counts, not its values. `None` for an offer, which is the
/// shop's alone.
#[must_use]
pub fn default_text(content: &Content, language: Locale, slot: Slot) -> Option<String> {
    let mut args = FluentArgs::new();
    for name in content.kind().variables() {
        args.set(*name, FluentValue::String(format!("{{{{ {name} }}}}").into()));
    }
    wording::text(language, &format!("{}-{}", content.wording(), slot.name()), &args)
}

fn compose(look: &Look, language: Locale, content: &Content, slots: &Slots) -> Result<Rendered, minijinja::Error> {
    let environment = compiled(content.kind(), language)?;
    let mut words = Words::new(look, language, content, slots);
    let subject = shorten(one_line(&words.of(Slot::Subject)?), HEAD_LIMIT).into_owned();
    let preheader = shorten(one_line(&words.default("preheader")?), HEAD_LIMIT).into_owned();
    let common = context! {
        subject => &subject,
        preheader => &preheader,
        heading => one_line(&words.of(Slot::Heading)?),
        intro => lines(&words.of(Slot::Intro)?),
        closing => words.optional(Slot::Closing)?,
        offer => words.optional(Slot::Offer)?,
        greeting => words.greeting()?,
        reason => words.default("reason")?,
    };
    let context = context! { ..frame(look, language, content), ..common, ..own(content) };
    Ok(Rendered {
        html: environment.get_template(HTML)?.render(context.clone())?,
        text: tidy(&environment.get_template(TEXT)?.render(context)?),
        subject,
        preheader,
        refused_slots: words.refused,
    })
}

/// What the layout shows around every content.
fn frame(look: &Look, language: Locale, content: &Content) -> Value {
    let exits = exits(content);
    context! {
        lang => language.tag(),
        shop_name => one_line(look.shop_name),
        logo => look.logo.map(Link::expose),
        postal_address => look.postal_address.map(lines),
        light => Palette::light(look.colour).value(),
        dark => Palette::dark(look.colour).value(),
        unsubscribe => exits.unsubscribe.map(Link::expose),
        preferences => exits.preferences.map(Link::expose),
    }
}

/// The texts of one mail: the shop's where it has its own, the wording's otherwise.
struct Words<'a> {
    language: Locale,
    content: &'a Content<'a>,
    slots: &'a Slots,
    named: Values,
    refused: Vec<Slot>,
}

impl<'a> Words<'a> {
    fn new(look: &Look, language: Locale, content: &'a Content<'a>, slots: &'a Slots) -> Self {
        let named = named(look, content);
        Self { language, content, slots, named, refused: Vec::new() }
    }

    fn of(&mut self, slot: Slot) -> Result<String, minijinja::Error> {
        match self.own(slot) {
            Some(text) => Ok(text),
            None => self.default(slot.name()),
        }
    }

    /// A text that some kinds don't have: the closing of a notice, an offer.
    fn optional(&mut self, slot: Slot) -> Result<Option<String>, minijinja::Error> {
        if !self.content.kind().slots().contains(&slot) {
            return Ok(None);
        }
        let text = match (self.own(slot), slot) {
            (Some(text), _) => text,
            (None, Slot::Offer) => offer(self.content).unwrap_or_default().to_owned(),
            (None, _) => self.default(slot.name())?,
        };
        Ok(Some(lines(&text)).filter(|text| !text.is_empty()))
    }

    /// The shop's text, unless there is none, it can't be used, or nothing is left of it.
    fn own(&mut self, slot: Slot) -> Option<String> {
        let source = self.slots.get(&slot)?;
        let kind = self.content.kind();
        let usable = kind.slots().contains(&slot);
        let text = if usable { fill(kind, slot, source, &self.named).ok() } else { None };
        if text.is_none() {
            self.refused.push(slot);
        }
        text.filter(|text| !text.trim().is_empty())
    }

    /// The wording's text for this content.
    fn default(&self, part: &str) -> Result<String, minijinja::Error> {
        self.text(&format!("{}-{part}", self.content.wording()))
    }

    fn greeting(&self) -> Result<String, minijinja::Error> {
        let named = self.named.get("customer_name").is_some_and(|name| !name.is_empty());
        self.text(if named { "greeting-named" } else { "greeting" })
    }

    fn text(&self, key: &str) -> Result<String, minijinja::Error> {
        let mut args = FluentArgs::with_capacity(self.named.len() + 1);
        for (name, value) in &self.named {
            args.set(*name, FluentValue::String(Cow::Borrowed(value)));
        }
        if let Content::ExportReady { rows, .. } = self.content {
            args.set("rows", *rows);
        }
        wording::text(self.language, key, &args).ok_or_else(|| missing(key))
    }
}
