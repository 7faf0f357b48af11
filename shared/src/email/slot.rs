//! The texts of an e-mail that a shop may edit. A slot's source is plain text with a small
//! part of minijinja: `{{ name }}`, `{{ name|upper }}`, `{% if name %}…{% else %}…{% endif %}`.
//! No loop, no assignment, no call, no arithmetic: so whatever passes the check ends, stays
//! small and can't fail at sending. The result is text: the HTML part escapes it like any
//! other value, markup included, and it is never read as a template again.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, filters};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::content::Kind;

/// A text that a shop may edit; which kind has which: [`Kind::slots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The subject line.
    Subject,
    /// The title at the top of the mail.
    Heading,
    /// The first paragraphs.
    Intro,
    /// The last paragraph.
    Closing,
    /// The gift in a birthday or reactivation mail.
    Offer,
}

/// A shop's own texts for one kind and language.
pub type Slots = BTreeMap<Slot, String>;

/// Why a slot's source is refused, in words for staff.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SlotError {
    /// No slot has this name.
    #[error("there is no text called “{0}”")]
    UnknownSlot(String),
    /// This kind has no such slot.
    #[error("e-mails of kind {kind} have no text “{slot}” to edit")]
    NotInKind {
        /// The kind's name.
        kind: &'static str,
        /// The slot's name.
        slot: &'static str,
    },
    /// More characters than the slot holds.
    #[error("at most {limit} characters")]
    TooLong {
        /// The limit, in characters of the source.
        limit: usize,
    },
    /// Nothing but white space: leave the slot out to have the default text.
    #[error("the text is empty")]
    Empty,
    /// A variable that this kind doesn't have.
    #[error("unknown variable “{name}”; there are: {known}")]
    UnknownVariable {
        /// What was written.
        name: String,
        /// What could be.
        known: String,
    },
    /// Beyond what a text may do.
    #[error("“{0}” can't be used in a text")]
    NotAllowed(String),
    /// A block that isn't closed, or doesn't fit together.
    #[error("the text can't be read as a template: {0}")]
    Syntax(String),
}

impl Slot {
    /// The name in storage and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Heading => "heading",
            Self::Intro => "intro",
            Self::Closing => "closing",
            Self::Offer => "offer",
        }
    }

    /// How many characters its source may have.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::Subject | Self::Heading => 150,
            Self::Intro | Self::Closing => 2000,
            Self::Offer => 500,
        }
    }
}

impl FromStr for Slot {
    type Err = SlotError;

    fn from_str(name: &str) -> Result<Self, SlotError> {
        [
            Self::Subject,
            Self::Heading,
            Self::Intro,
            Self::Closing,
            Self::Offer,
        ]
        .into_iter()
        .find(|slot| slot.name() == name)
        .ok_or_else(|| SlotError::UnknownSlot(name.chars().take(40).collect()))
    }
}

/// Checks a shop's text when it is saved, so that no mail fails for it later.
///
/// # Errors
/// The first thing wrong with it.
pub fn check_slot(kind: Kind, slot: Slot, source: &str) -> Result<(), SlotError> {
    if !kind.slots().contains(&slot) {
        return Err(SlotError::NotInKind {
            kind: kind.name(),
            slot: slot.name(),
        });
    }
    for sample in ["", "Zoé"] {
        let values: Values = kind
            .variables()
            .iter()
            .map(|name| (*name, sample.to_owned()))
            .collect();
        fill(kind, slot, source, &values)?;
    }
    Ok(())
}

/// The values a slot (or a default text) may use, by name.
pub(super) type Values = BTreeMap<&'static str, String>;

/// The slot's text with the values in it. Checks again: a stored source may be older than
/// the variables of today.
pub(super) fn fill(
    kind: Kind,
    slot: Slot,
    source: &str,
    values: &Values,
) -> Result<String, SlotError> {
    if source.chars().count() > slot.limit() {
        return Err(SlotError::TooLong {
            limit: slot.limit(),
        });
    }
    if source.trim().is_empty() {
        return Err(SlotError::Empty);
    }
    check_blocks(kind, source)?;
    ENVIRONMENT
        .render_str(source, values)
        .map_err(|error| SlotError::Syntax(error.kind().to_string()))
}

const FILTERS: [&str; 4] = ["lower", "title", "trim", "upper"];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_debug(false);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("title", filters::title);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("upper", filters::upper);
    environment
});

/// Walks the blocks as minijinja's lexer does: the leftmost `{{`, `{%` or `{#` opens one.
fn check_blocks(kind: Kind, source: &str) -> Result<(), SlotError> {
    let mut rest = source;
    while let Some(at) = rest.find('{') {
        let block = &rest[at + 1..];
        let close = match block.as_bytes().first() {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => return Err(SlotError::NotAllowed("{#".into())),
            _ => {
                rest = block;
                continue;
            }
        };
        let (inner, after) = block[1..]
            .split_once(close)
            .ok_or_else(|| SlotError::Syntax(format!("“{close}” is missing")))?;
        let inner = inner.trim_start_matches('-').trim_end_matches('-').trim();
        match close {
            "}}" => check_expression(kind, inner)?,
            _ => check_statement(kind, inner)?,
        }
        rest = after;
    }
    Ok(())
}

/// `name` or `name|filter|filter`.
fn check_expression(kind: Kind, expression: &str) -> Result<(), SlotError> {
    let mut parts = expression.split('|').map(str::trim);
    check_variable(kind, parts.next().unwrap_or_default())?;
    match parts.find(|filter| !FILTERS.contains(filter)) {
        Some(filter) => Err(SlotError::NotAllowed(filter.into())),
        None => Ok(()),
    }
}

/// `if`/`elif` over names joined by `and`, `or`, `not`; `else`; `endif`.
fn check_statement(kind: Kind, statement: &str) -> Result<(), SlotError> {
    let mut words = statement.split_whitespace();
    match words.next() {
        Some("else" | "endif") => match words.next() {
            Some(word) => Err(SlotError::NotAllowed(word.into())),
            None => Ok(()),
        },
        Some("if" | "elif") => words
            .filter(|word| !["and", "or", "not"].contains(word))
            .try_for_each(|word| check_variable(kind, word)),
        other => Err(SlotError::NotAllowed(other.unwrap_or("{%").into())),
    }
}

fn check_variable(kind: Kind, name: &str) -> Result<(), SlotError> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if kind.variables().contains(&name) {
        Ok(())
    } else if is_name && !name.starts_with(|c: char| c.is_ascii_digit()) {
        Err(SlotError::UnknownVariable {
            name: name.into(),
            known: kind.variables().join(", "),
        })
    } else {
        Err(SlotError::NotAllowed(if name.is_empty() {
            "{{ }}".into()
        } else {
            name.into()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str) -> Result<(), SlotError> {
        check_slot(Kind::Birthday, Slot::Intro, source)
    }

    #[test]
    fn text_names_filters_and_conditions_pass() {
        for source in [
            "Bonne fête { } 100 % <b>",
            "{{ customer_name }} / {{- shop_name|upper|trim -}}",
            "{% if customer_name and not shop_name %}{{ customer_name }}{% elif shop_name %}x{% else %}y{% endif %}",
        ] {
            assert_eq!(check(source), Ok(()), "{source}");
        }
    }

    #[test]
    fn what_fails_or_never_ends_is_refused_when_saved() {
        for source in [
            "{{ nom }}",
            "{% if customer_name == 'x' %}{{ shop_name }}{% endif %}",
            "{% if shop_name %}{{ nom }}{% endif %}",
            "{% for c in customer_name %}{% endfor %}",
            "{% set a = shop_name ~ shop_name %}",
            "{{ 7 * 7 }}",
            "{{ 'x' * 100000 }}",
            "{{ range(10) }}",
            "{{ shop_name|safe }}",
            "{{ shop_name.x }}",
            "{{ shop_name",
            "{{ }}",
            "{% %}",
            "{% if shop_name %}",
            "{% else %}",
            "{% if %}x{% endif %}",
            "{% raw %}{{ x }}{% endraw %}",
            "{# a note #}",
            "{{{ shop_name }}}",
            "   ",
        ] {
            assert!(check(source).is_err(), "{source}");
        }
    }

    #[test]
    fn limits_and_kinds_are_kept() {
        assert_eq!(
            check_slot(Kind::Welcome, Slot::Subject, &"é".repeat(151)),
            Err(SlotError::TooLong { limit: 150 })
        );
        assert_eq!(
            check_slot(Kind::Welcome, Slot::Subject, &"é".repeat(150)),
            Ok(())
        );
        assert!(matches!(
            check_slot(Kind::Welcome, Slot::Offer, "x"),
            Err(SlotError::NotInKind { .. })
        ));
        assert!(matches!(
            "footer".parse::<Slot>(),
            Err(SlotError::UnknownSlot(_))
        ));
        assert_eq!("intro".parse(), Ok(Slot::Intro));
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let values = Values::from([
            ("customer_name", "{{ 7*7 }}".into()),
            ("shop_name", String::new()),
        ]);
        let text = fill(
            Kind::Birthday,
            Slot::Intro,
            "Bonjour {{ customer_name }}",
            &values,
        );
        assert_eq!(text.as_deref(), Ok("Bonjour {{ 7*7 }}"));
    }
}
