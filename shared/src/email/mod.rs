//! E-mails: from a kind's values to subject, HTML and text (design, section 6).
//!
//! One folder per kind under `templates/` holds its MJML body and its text; `parts/` what several
//! kinds show alike; `layout.*` frames them. The MJML is compiled once per kind and language at first
//! use, the values are inserted by `minijinja`, the words come from Fluent ([`crate::wording`]), and a
//! shop's own texts ([`Slots`](crate::domain::Slots)) take their place after the same checks as when
//! they were saved. Nothing here knows AWS, HTTP or the clock: the mailer sends, and adds the headers.

mod content;
mod kind;
mod link;
mod look;
mod plain;
mod render;
mod sample;
mod slot;
mod slot_source;
mod template;
#[cfg(test)]
mod tests;
mod values;

pub use content::{Addressee, ChosenLine, Content, Field, Notice, OrderLine};
pub use link::{BadLink, Link};
pub use look::Look;
pub use render::{RenderError, Rendered, default_text, render};
pub use sample::{sample, sample_of, samples};
pub use slot::{SlotError, check_slot};
