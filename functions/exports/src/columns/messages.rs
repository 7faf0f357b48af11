//! The e-mails that were written to a customer, and what became of them (O02). Never what they said.

use shared::domain::{Message, MessageState};

use super::{Column, Of, column, named};
use crate::cell::Cell;

/// The columns, in order.
pub const MESSAGES: &[Column<Of<Message>>] = &[
    column("id", |message, _| Cell::text(message.own.id.to_string())),
    column("customer_id", |message, _| Cell::text(message.hit.id.to_string())),
    column("customer_name", |message, _| Cell::text(message.hit.name.expose())),
    column("customer_email", |message, _| Cell::text(message.hit.email.expose())),
    column("kind", |message, _| Cell::text(message.own.kind().name())),
    column("class", |message, _| named(message.own.kind().class())),
    column("state", |message, _| Cell::text(message.own.state.name())),
    column("reason", |message, _| match &message.own.state {
        MessageState::Skipped { reason, .. } => Cell::text(reason.name()),
        _ => Cell::Empty,
    }),
    column("created_at", |message, _| Cell::Instant(message.own.created_at)),
    column("sent_at", |message, _| match &message.own.state {
        MessageState::Sent { at } => Cell::Instant(*at),
        _ => Cell::Empty,
    }),
    column("delivered_at", |message, _| Cell::of(message.own.reports.delivered, Cell::Instant)),
    column("bounced_at", |message, _| Cell::of(message.own.reports.bounced, Cell::Instant)),
    column("complained_at", |message, _| Cell::of(message.own.reports.complained, Cell::Instant)),
    column("resent_of", |message, _| Cell::of(message.own.resent_of, |id| Cell::text(id.to_string()))),
];
