//! The values of an e-mail by name: text for wordings and slots, structures for templates.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::content::{ChosenLine, Content, Field, Notice, OrderLine};
use super::link::Link;
use super::look::Look;
use super::plain::{lines, one_line};
use super::slot_source::Values;

/// Every value that a wording or a slot may name; an absent name is empty text.
pub(super) fn named(look: &Look, content: &Content) -> Values {
    let mut named = Values::from([("shop_name", one_line(look.shop_name).into_owned())]);
    let mut set = |name, value: &str| {
        named.insert(name, one_line(value).into_owned());
    };
    match content {
        Content::Welcome { addressee, .. } => {
            set("customer_name", addressee.name().unwrap_or_default());
        }
        Content::ConfirmConsent { .. } | Content::ConfirmAddress { .. } => {}
        Content::OrderConfirmation { addressee, number, placed_on, total, .. } => {
            set("customer_name", addressee.name().unwrap_or_default());
            set("number", number);
            set("placed_on", placed_on);
            set("total", total);
        }
        Content::OrderState { addressee, number, total, .. } => {
            set("customer_name", addressee.name().unwrap_or_default());
            set("number", number);
            set("total", total);
        }
        Content::OrderLink { addressee, expires_on, .. } => {
            set("customer_name", addressee.name().unwrap_or_default());
            set("expires_on", expires_on);
        }
        Content::AbandonedOrder { customer_name, .. } | Content::Birthday { customer_name, .. } => {
            set("customer_name", customer_name.unwrap_or_default());
        }
        Content::Reactivation { customer_name, last_order_on, .. } => {
            set("customer_name", customer_name.unwrap_or_default());
            set("last_order_on", last_order_on);
        }
        Content::Satisfaction { customer_name, number, placed_on, .. } => {
            set("customer_name", customer_name.unwrap_or_default());
            set("number", number);
            set("placed_on", placed_on);
        }
        Content::ExportReady { file_name, expires_on, .. } => {
            set("file_name", file_name);
            set("expires_on", expires_on);
        }
        Content::MerchantNotice { notice: Notice::Submission { form, .. } } => {
            set("form", form);
        }
        Content::MerchantNotice { notice: Notice::Deletion { customer, email, .. } } => {
            set("customer", customer);
            set("email", email);
        }
        Content::MerchantNotice { notice: Notice::MarketingPaused { count, sent, share, limit, least, .. } } => {
            set("count", count);
            set("sent", sent);
            set("share", share);
            set("limit", limit);
            set("least", least);
        }
    }
    named
}

/// The addresses that the layout shows in the footer.
pub(super) struct Exits<'a> {
    pub(super) unsubscribe: Option<Link<'a>>,
    pub(super) preferences: Option<Link<'a>>,
}

pub(super) fn exits<'a>(content: &Content<'a>) -> Exits<'a> {
    match content {
        Content::Welcome { preferences, .. } => Exits { unsubscribe: None, preferences: *preferences },
        Content::AbandonedOrder { unsubscribe, .. }
        | Content::Birthday { unsubscribe, .. }
        | Content::Reactivation { unsubscribe, .. }
        | Content::Satisfaction { unsubscribe, .. } => Exits { unsubscribe: Some(*unsubscribe), preferences: None },
        Content::ConfirmConsent { .. }
        | Content::ConfirmAddress { .. }
        | Content::OrderConfirmation { .. }
        | Content::OrderState { .. }
        | Content::OrderLink { .. }
        | Content::ExportReady { .. }
        | Content::MerchantNotice { .. } => Exits { unsubscribe: None, preferences: None },
    }
}

/// The offer in the content, which a shop's slot replaces.
pub(super) fn offer<'a>(content: &Content<'a>) -> Option<&'a str> {
    match content {
        Content::AbandonedOrder { offer, .. }
        | Content::Birthday { offer, .. }
        | Content::Reactivation { offer, .. } => *offer,
        Content::Welcome { .. }
        | Content::ConfirmConsent { .. }
        | Content::ConfirmAddress { .. }
        | Content::OrderConfirmation { .. }
        | Content::OrderState { .. }
        | Content::OrderLink { .. }
        | Content::Satisfaction { .. }
        | Content::ExportReady { .. }
        | Content::MerchantNotice { .. } => None,
    }
}

/// What only this kind's own template shows.
pub(super) fn own(content: &Content) -> Value {
    match content {
        Content::Welcome { .. }
        | Content::Birthday { .. }
        | Content::Reactivation { .. }
        | Content::Satisfaction { .. }
        | Content::ExportReady { .. } => Value::UNDEFINED,
        Content::ConfirmConsent { words, agree } => context! { words => lines(words), open => agree.expose() },
        Content::ConfirmAddress { code } => {
            let (first, last) = code.split_at_checked(code.len() / 2).unwrap_or((code, ""));
            context! { code => *code, first, last }
        }
        Content::OrderConfirmation { addressee, number, lines, total, note, order, .. } => {
            let note = note.filter(|_| addressee.is_confirmed());
            context! {
                number => one_line(number),
                lines => lines.iter().map(order_line).collect::<Vec<_>>(),
                total => one_line(total),
                note => note.map(self::lines),
                open => order.map(Link::expose),
            }
        }
        Content::OrderState { number, lines, total, order, .. } => context! {
            number => one_line(number),
            lines => lines.iter().map(order_line).collect::<Vec<_>>(),
            total => one_line(total),
            open => order.map(Link::expose),
        },
        Content::OrderLink { expires_on, order, .. } => {
            context! { expires_on => one_line(expires_on), open => order.expose() }
        }
        Content::AbandonedOrder { lines, order, .. } => {
            context! { lines => lines.iter().map(chosen_line).collect::<Vec<_>>(), open => order.expose() }
        }
        Content::MerchantNotice { notice } => {
            let fields = match notice {
                Notice::Submission { fields, .. } => fields.iter().map(field).collect(),
                Notice::Deletion { .. } | Notice::MarketingPaused { .. } => Vec::new(),
            };
            let comment = match notice {
                Notice::Deletion { comment, .. } => comment.map(lines),
                Notice::Submission { .. } | Notice::MarketingPaused { .. } => None,
            };
            context! { fields, comment }
        }
    }
}

fn order_line(line: &OrderLine) -> Value {
    Value::from(BTreeMap::from([
        ("name", Value::from(one_line(line.name))),
        ("quantity", Value::from(one_line(line.quantity))),
        ("unit_price", Value::from(one_line(line.unit_price))),
        ("discount", line.discount.map_or(Value::from(()), |text| Value::from(one_line(text)))),
        ("total", Value::from(one_line(line.total))),
    ]))
}

fn chosen_line(line: &ChosenLine) -> Value {
    context! { name => one_line(line.name), quantity => one_line(line.quantity) }
}

fn field(field: &Field) -> Value {
    context! { label => one_line(field.label), value => lines(field.value) }
}
