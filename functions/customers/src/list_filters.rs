//! Which customers a list is asked for: the query's filters (L04–L06).

use shared::domain::Filter;
use shared::http::{Query, boolean, choice, day, text};

/// Reads every filter of a query.
pub fn read(query: &mut Query) -> Filter {
    let query = &mut query.0;
    Filter {
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
        birthday_month: query.optional("birthday_month", text),
        blocked: query.optional("blocked", boolean),
    }
}
