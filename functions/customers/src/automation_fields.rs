//! Which mails go out by themselves, as the owner of a shop says it.

use serde_json::{Map, Value};
use shared::domain::{
    AbandonedOrderMails, Automations, BirthdayMails, Invalid, ReactivationMails, SatisfactionMails, Switch,
};
use shared::http::schema::Days;
use shared::http::{Fields, Patch, boolean, choice, integer_value};

use crate::consent_text_fields::object;

/// Reads a merge patch of the automations, which are as `known`: null is what a new shop has.
pub fn automations(fields: &mut Fields, known: &Automations) -> Option<Automations> {
    let mut after = *known;
    let patch = fields.patch_object("automations", standing(known), |fields| {
        one(fields, "birthday", &mut after.birthday, |fields, known| BirthdayMails {
            switch: switch(fields, known.switch),
            days_before: days::<0, { BirthdayMails::MOST_DAYS_BEFORE }>(fields, "days_before", known.days_before),
            leap_day: fields.replace("leap_day", choice).unwrap_or(known.leap_day),
        });
        one(fields, "reactivation", &mut after.reactivation, |fields, known| ReactivationMails {
            switch: switch(fields, known.switch),
        });
        one(fields, "satisfaction", &mut after.satisfaction, |fields, known| SatisfactionMails {
            switch: switch(fields, known.switch),
            days_after: days::<1, { SatisfactionMails::MOST_DAYS_AFTER }>(fields, "days_after", known.days_after),
        });
        one(fields, "abandoned_order", &mut after.abandoned_order, |fields, known| AbandonedOrderMails {
            switch: switch(fields, known.switch),
            days_after: days::<1, { AbandonedOrderMails::MOST_DAYS_AFTER }>(fields, "days_after", known.days_after),
        });
        Some(())
    });
    match patch {
        Patch::Set(()) => Some(after),
        Patch::Clear => Some(Automations::default()),
        Patch::Keep => None,
    }
}

/// The automations as a merge patch finds them: without what follows from the rest.
fn standing(known: &Automations) -> Map<String, Value> {
    let mut standing = object(Some(known));
    for automation in standing.values_mut().filter_map(Value::as_object_mut) {
        automation.remove("on_since");
        automation.remove("changed_at");
    }
    standing
}

/// One automation: what is not named stays, and null is what a new shop has.
fn one<T: Default>(fields: &mut Fields, name: &str, known: &mut T, read: impl FnOnce(&mut Fields, &T) -> T) {
    match fields.patch_object(name, Map::new(), |fields| Some(read(fields, known))) {
        Patch::Set(read) => *known = read,
        Patch::Clear | Patch::Keep => *known = T::default(),
    }
}

fn switch(fields: &mut Fields, known: Switch) -> Switch {
    Switch { on: fields.replace("on", boolean).unwrap_or(known.on), ..known }
}

fn days<const MIN: u8, const MAX: u8>(fields: &mut Fields, name: &str, known: u8) -> u8 {
    let read = |value: &Value| {
        let number = u8::try_from(integer_value(value)?).ok().filter(|number| (MIN..=MAX).contains(number));
        number.map(Days::<MIN, MAX>).ok_or(Invalid::OutOfRange { min: MIN.into(), max: MAX.into() })
    };
    fields.replace(name, read).map_or(known, |Days(days)| days)
}
