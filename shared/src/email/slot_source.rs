//! The source of a shop's own text: plain text with a small part of minijinja, `{{ name }}`,
//! `{{ name|upper }}`, `{% if name %}…{% else %}…{% endif %}`. No loop, no assignment, no
//! call, no arithmetic: so whatever passes the check ends, stays small and can't fail at
//! sending. The result is text: the HTML part escapes it like any other value, markup
//! included, and it is never read as a template again.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, filters};

use super::slot::SlotError;
use crate::domain::{MessageKind, Slot};

/// The values a slot (or a default text) may use, by name.
pub(super) type Values = BTreeMap<&'static str, String>;

/// The slot's text with the values in it. Checks again: a stored source may be older than
/// the variables of today.
pub(super) fn fill(kind: MessageKind, slot: Slot, source: &str, values: &Values) -> Result<String, SlotError> {
    if source.chars().count() > slot.limit() {
        return Err(SlotError::TooLong { limit: slot.limit() });
    }
    if source.trim().is_empty() {
        return Err(SlotError::Empty);
    }
    check_blocks(kind, source)?;
    ENVIRONMENT.render_str(source, values).map_err(|error| SlotError::Syntax(error.kind().to_string()))
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
fn check_blocks(kind: MessageKind, source: &str) -> Result<(), SlotError> {
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
        let (inner, after) =
            block[1..].split_once(close).ok_or_else(|| SlotError::Syntax(format!("“{close}” is missing")))?;
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
fn check_expression(kind: MessageKind, expression: &str) -> Result<(), SlotError> {
    let mut parts = expression.split('|').map(str::trim);
    check_variable(kind, parts.next().unwrap_or_default())?;
    match parts.find(|filter| !FILTERS.contains(filter)) {
        Some(filter) => Err(SlotError::NotAllowed(filter.into())),
        None => Ok(()),
    }
}

/// `if`/`elif` over names joined by `and`, `or`, `not`; `else`; `endif`.
fn check_statement(kind: MessageKind, statement: &str) -> Result<(), SlotError> {
    let mut words = statement.split_whitespace();
    match words.next() {
        Some("else" | "endif") => match words.next() {
            Some(word) => Err(SlotError::NotAllowed(word.into())),
            None => Ok(()),
        },
        Some("if" | "elif") => {
            words.filter(|word| !["and", "or", "not"].contains(word)).try_for_each(|word| check_variable(kind, word))
        }
        other => Err(SlotError::NotAllowed(other.unwrap_or("{%").into())),
    }
}

fn check_variable(kind: MessageKind, name: &str) -> Result<(), SlotError> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if kind.variables().contains(&name) {
        Ok(())
    } else if is_name && !name.starts_with(|c: char| c.is_ascii_digit()) {
        Err(SlotError::UnknownVariable { name: name.into(), known: kind.variables().join(", ") })
    } else {
        Err(SlotError::NotAllowed(if name.is_empty() { "{{ }}".into() } else { name.into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::check_slot;

    fn check(source: &str) -> Result<(), SlotError> {
        check_slot(MessageKind::Birthday, Slot::Intro, source)
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
            check_slot(MessageKind::Welcome, Slot::Subject, &"é".repeat(151)),
            Err(SlotError::TooLong { limit: 150 })
        );
        assert_eq!(check_slot(MessageKind::Welcome, Slot::Subject, &"é".repeat(150)), Ok(()));
        assert!(matches!(check_slot(MessageKind::Welcome, Slot::Offer, "x"), Err(SlotError::NotInKind { .. })));
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let values = Values::from([("customer_name", "{{ 7*7 }}".into()), ("shop_name", String::new())]);
        let text = fill(MessageKind::Birthday, Slot::Intro, "Bonjour {{ customer_name }}", &values);
        assert_eq!(text.as_deref(), Ok("Bonjour {{ 7*7 }}"));
    }
}
