//! Notes on a customer. Those on health are rows only of an export that was asked for with them.

use shared::domain::Note;

use super::{Column, Of, column, named};
use crate::cell::Cell;

/// The columns, in order.
pub const NOTES: &[Column<Of<Note>>] = &[
    column("id", |note, _| Cell::text(note.own.id.to_string())),
    column("customer_id", |note, _| Cell::text(note.hit.id.to_string())),
    column("customer_name", |note, _| Cell::text(note.hit.name.expose())),
    column("customer_email", |note, _| Cell::text(note.hit.email.expose())),
    column("priority", |note, _| named(note.own.priority)),
    column("health", |note, _| Cell::Flag(note.own.health)),
    column("text", |note, _| Cell::text(note.own.text.expose())),
    column("created_at", |note, _| Cell::Instant(note.own.created_at)),
    column("updated_at", |note, _| Cell::of(note.own.updated_at, Cell::Instant)),
    column("author", |note, _| Cell::text(note.own.author.expose())),
];
