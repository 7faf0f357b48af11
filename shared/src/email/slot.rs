//! What can be wrong with a shop's own text. What it may hold: `slot_source.rs`.

use thiserror::Error;

use super::slot_source::{Values, fill};
use crate::domain::{MessageKind, Slot};

/// Why a slot's source is refused, in words for staff.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SlotError {
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

/// Checks a shop's text when it is saved, so that no mail fails for it later.
///
/// # Errors
/// The first thing wrong with it.
pub fn check_slot(kind: MessageKind, slot: Slot, source: &str) -> Result<(), SlotError> {
    if !kind.slots().contains(&slot) {
        return Err(SlotError::NotInKind { kind: kind.name(), slot: slot.name() });
    }
    for sample in ["", "Zoé"] {
        let values: Values = kind.variables().iter().map(|name| (*name, sample.to_owned())).collect();
        fill(kind, slot, source, &values)?;
    }
    Ok(())
}
