//! The texts of an e-mail that a shop may edit, by name, with their limits and what can be
//! wrong with them. What a source may hold: `slot_source.rs`.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::slot_source::{Values, fill};
use crate::domain::MessageKind;

/// A text that a shop may edit; which kind has which: [`MessageKind::slots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The subject line.
    Subject,
    /// The title at the top of the mail.
    Heading,
    /// The first paragraphs.
    Intro,
    /// The last paragraph.
    Closing,
    /// The gift in a birthday or reactivation mail.
    Offer,
}

/// A shop's own texts for one kind and language.
pub type Slots = BTreeMap<Slot, String>;

/// Why a slot's source is refused, in words for staff.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SlotError {
    /// No slot has this name.
    #[error("there is no text called “{0}”")]
    UnknownSlot(String),
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

impl Slot {
    /// The name in storage and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Heading => "heading",
            Self::Intro => "intro",
            Self::Closing => "closing",
            Self::Offer => "offer",
        }
    }

    /// How many characters its source may have.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::Subject | Self::Heading => 150,
            Self::Intro | Self::Closing => 2000,
            Self::Offer => 500,
        }
    }
}

impl FromStr for Slot {
    type Err = SlotError;

    fn from_str(name: &str) -> Result<Self, SlotError> {
        [Self::Subject, Self::Heading, Self::Intro, Self::Closing, Self::Offer]
            .into_iter()
            .find(|slot| slot.name() == name)
            .ok_or_else(|| SlotError::UnknownSlot(name.chars().take(40).collect()))
    }
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
