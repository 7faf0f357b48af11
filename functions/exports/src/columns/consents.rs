//! What customers said of their consents, with the evidence (F12).

use shared::domain::ConsentEvidence;

use super::{Column, Of, column, named, on_request};
use crate::cell::Cell;

/// The columns, in order.
pub const CONSENTS: &[Column<Of<ConsentEvidence>>] = &[
    column("id", |said, _| Cell::text(said.own.id.to_string())),
    column("customer_id", |said, _| Cell::text(said.hit.id.to_string())),
    column("customer_name", |said, _| Cell::text(said.hit.name.expose())),
    column("customer_email", |said, _| Cell::text(said.hit.email.expose())),
    column("purpose", |said, _| Cell::text(said.own.purpose.name())),
    column("state", |said, _| named(said.own.state)),
    column("at", |said, _| Cell::Instant(said.own.at)),
    column("method", |said, _| named(said.own.method)),
    column("version", |said, _| Cell::of(said.own.version.as_ref(), |version| Cell::text(version.expose()))),
    column("language", |said, _| Cell::of(said.own.language.as_ref(), |language| Cell::text(language.as_str()))),
    column("text", |said, _| Cell::of(said.own.text.as_ref(), |text| Cell::text(text.expose()))),
    column("page", |said, _| Cell::of(said.own.page.as_ref(), |page| Cell::text(page.as_str()))),
    column("recorded_by", |said, _| Cell::of(said.own.recorded_by.as_ref(), |by| Cell::text(by.expose()))),
    on_request("source_ip", |said, _| Cell::of(said.own.source_ip.as_ref(), |ip| Cell::text(ip.expose()))),
];
