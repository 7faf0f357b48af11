//! Which customers a list, or an export, is asked for (L04–L06): the same names everywhere.

use serde_json::Value;

use super::{Fields, boolean, choice, day, text};
use crate::domain::{Filter, Invalid, Month};

/// Reads every filter of a query, or of an object in a body.
pub fn customer_filter(fields: &mut Fields) -> Filter {
    Filter {
        status: fields.optional("status", choice),
        temperature: fields.optional("temperature", choice),
        tag: fields.optional("tag", text),
        group: fields.optional("group", text),
        segment: fields.optional("segment", choice),
        language: fields.optional("language", text),
        consent: fields.optional("consent", choice),
        email_status: fields.optional("email_status", choice),
        first_contact_from: fields.optional("first_contact_from", day),
        first_contact_to: fields.optional("first_contact_to", day),
        last_order_from: fields.optional("last_order_from", day),
        last_order_to: fields.optional("last_order_to", day),
        region: fields.optional("region", text),
        channel: fields.optional("channel", choice),
        birthday_month: fields.optional("birthday_month", month),
        blocked: fields.optional("blocked", boolean),
    }
}

/// In a query it is text, in a body a number.
fn month(value: &Value) -> Result<Month, Invalid> {
    match value {
        Value::Number(number) => number.to_string().parse(),
        value => text(value),
    }
}
