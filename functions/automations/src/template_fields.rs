//! The texts of a mail as requests give them: read alike when they are kept and when they are tried.

use std::str::FromStr;

use shared::domain::{Invalid, Line, MessageKind, Slot, Slots, Text};
use shared::email::{SlotError, check_slot};
use shared::http::schema::Described;
use shared::http::{FieldError, Fields, Patch, Problem, text};

/// Reads the texts of a kind over those of `before`: what is not named stays, null takes a text back.
/// Each is checked as it will be rendered.
pub fn read_over(before: Slots, mut fields: Fields, kind: MessageKind) -> Result<Slots, Problem> {
    let mut slots = before;
    for slot in kind.slots() {
        match source_of(&mut fields, *slot) {
            Patch::Keep => {}
            Patch::Clear => drop(slots.remove(slot)),
            Patch::Set(source) => drop(slots.insert(*slot, source)),
        }
    }
    for (slot, source) in &slots {
        if let Err(error) = check_slot(kind, *slot, source) {
            fields.reject_with(field_error(*slot, error));
        }
    }
    let known: Vec<&str> = kind.slots().iter().map(|slot| slot.name()).collect();
    fields.finish_of(&known)?;
    Ok(slots)
}

/// For the API's document: a mail that makes an offer has every text.
pub fn described(fields: Fields) -> Result<Slots, Problem> {
    read_over(Slots::new(), fields, MessageKind::Birthday)
}

fn source_of(fields: &mut Fields, slot: Slot) -> Patch<String> {
    const ON_ONE_LINE: usize = Slot::Subject.limit();
    const LONG: usize = Slot::Intro.limit();
    const OFFERED: usize = Slot::Offer.limit();
    match slot {
        Slot::Subject | Slot::Heading => source::<Line<ON_ONE_LINE>>(fields, slot),
        Slot::Intro | Slot::Closing => source::<Text<LONG>>(fields, slot),
        Slot::Offer => source::<Text<OFFERED>>(fields, slot),
    }
}

fn source<T>(fields: &mut Fields, slot: Slot) -> Patch<String>
where
    T: Described + FromStr<Err = Invalid> + Into<String>,
{
    match fields.patch::<T>(slot.name(), text) {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(source) => Patch::Set(source.into()),
    }
}

fn field_error(slot: Slot, error: SlotError) -> FieldError {
    let wrong = |invalid| FieldError::named(slot.name(), invalid);
    match error {
        SlotError::NotInKind { .. } => wrong(Invalid::UnknownField),
        SlotError::TooLong { limit } => wrong(Invalid::TooLong { max: limit }),
        SlotError::Empty => wrong(Invalid::Empty),
        SlotError::UnknownVariable { name, .. } => wrong(Invalid::Variable).with_found(name),
        SlotError::NotAllowed(found) => wrong(Invalid::Expression).with_found(found),
        SlotError::Syntax(_) => wrong(Invalid::Block),
    }
}
