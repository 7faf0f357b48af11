//! Which customers a list is asked for: the query's filters (L04–L06).

use serde_json::Value;
use shared::domain::{Filter, Invalid};
use shared::http::{Fields, Problem, ProblemKind, Staff, boolean, choice, day, text};

/// Reads every filter of a query.
///
/// # Errors
/// A problem where the caller may not see what a filter would tell of a customer.
pub fn filter(query: &mut Fields, staff: &Staff) -> Result<Filter, Problem> {
    let filter = Filter {
        status: query.optional("status", choice),
        temperature: query.optional("temperature", choice),
        tag: query.optional("tag", text),
        group: query.optional("group", text),
        segment: query.optional("segment", choice),
        language: query.optional("language", text),
        consent: query.optional("consent", choice),
        email_status: query.optional("email_status", choice),
        first_contact_from: query.optional("first_contact_from", day),
        first_contact_to: query.optional("first_contact_to", day),
        last_order_from: query.optional("last_order_from", day),
        last_order_to: query.optional("last_order_to", day),
        region: query.optional("region", text),
        channel: query.optional("channel", choice),
        birthday_month: query.optional("birthday_month", month),
        blocked: query.optional("blocked", boolean),
    };
    if filter.reveals_contact_data() && !staff.sees_contact_data() {
        return Err(Problem::new(ProblemKind::Forbidden));
    }
    Ok(filter)
}

fn month(value: &Value) -> Result<i8, Invalid> {
    let month = value.as_str().and_then(|text| text.parse().ok());
    month.filter(|month| (1..=12).contains(month)).ok_or(Invalid::OutOfRange { min: 1, max: 12 })
}
