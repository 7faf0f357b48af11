//! Where each field of a record comes from: who set it, and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Actor, Customer};

/// A field and how to tell that it is known.
macro_rules! record_fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $field:ident $(, $known:ident)?;)*) => {
        /// A field of the record that somebody sets.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum RecordField {
            $($(#[$doc])* $variant,)*
        }

        impl RecordField {
            /// The name the API gives it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The fields that have a value.
            fn known(customer: &Customer) -> Vec<Self> {
                let mut known = Vec::new();
                $(if true $(&& customer.$field.$known())? {
                    known.push(Self::$variant);
                })*
                known
            }

            /// The fields that differ.
            fn changed(before: &Customer, after: &Customer) -> Vec<Self> {
                let mut changed = Vec::new();
                $(if before.$field != after.$field {
                    changed.push(Self::$variant);
                })*
                changed
            }
        }
    };
}

record_fields! {
    /// The name, its parts included.
    Name = "name", name;
    /// The company.
    Company = "company", company, is_some;
    /// The person to ask for.
    ContactPerson = "contact_person", contact_person, is_some;
    /// The VAT number.
    VatNumber = "vat_number", vat_number, is_some;
    /// The e-mail address.
    Email = "email", email;
    /// The telephone number.
    Phone = "phone", phone, is_some;
    /// The country.
    Country = "country", country, is_some;
    /// Where to deliver.
    DeliveryAddress = "delivery_address", delivery_address, is_some;
    /// Where to send the bill.
    BillingAddress = "billing_address", billing_address, is_some;
    /// The language.
    Language = "language", language;
    /// The currency.
    Currency = "currency", currency;
    /// The personal discount.
    Discount = "discount_bp", discount, is_some;
    /// The birthday.
    Birthday = "birthday", birthday, is_some;
    /// How they like to be reached.
    PreferredChannels = "preferred_channels", preferred_channels, is_some;
    /// Whether they buy.
    Status = "status", status;
    /// How interested they are.
    Temperature = "temperature", temperature, is_some;
    /// Where they came from.
    Source = "source", source;
    /// Their group.
    Group = "group", group, is_some;
}

/// Who set some fields at once, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Who, and with that from where.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What they set that still stands.
    pub fields: Vec<RecordField>,
}

/// The stamps of a record, each field in one at most: a record made at once has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Provenance(Vec<Stamp>);

impl Provenance {
    /// Everything that `customer` is known for, set by `actor`.
    pub(super) fn of_all(customer: &Customer, actor: &Actor, now: Timestamp) -> Self {
        Self(vec![Stamp { by: actor.clone(), at: now, fields: RecordField::known(customer) }])
    }

    /// Stamps what differs between two states of a record.
    pub(super) fn stamp(&mut self, before: &Customer, after: &Customer, actor: &Actor, now: Timestamp) {
        self.stamp_fields(RecordField::changed(before, after), actor, now);
    }

    /// Stamps `fields`.
    pub(super) fn stamp_fields(&mut self, fields: Vec<RecordField>, actor: &Actor, now: Timestamp) {
        if fields.is_empty() {
            return;
        }
        for stamp in &mut self.0 {
            stamp.fields.retain(|field| !fields.contains(field));
        }
        self.0.retain(|stamp| !stamp.fields.is_empty());
        match self.0.iter_mut().find(|stamp| stamp.by == *actor && stamp.at == now) {
            Some(stamp) => stamp.fields.extend(fields),
            None => self.0.push(Stamp { by: actor.clone(), at: now, fields }),
        }
    }

    /// Takes over who set `field` in another record.
    pub(super) fn adopt(&mut self, field: RecordField, from: &Self) {
        for stamp in &mut self.0 {
            stamp.fields.retain(|own| *own != field);
        }
        self.0.retain(|stamp| !stamp.fields.is_empty());
        let Some(Stamp { by, at, .. }) = from.of(field) else {
            return;
        };
        match self.0.iter_mut().find(|stamp| stamp.by == *by && stamp.at == *at) {
            Some(stamp) => stamp.fields.push(field),
            None => self.0.push(Stamp { by: by.clone(), at: *at, fields: vec![field] }),
        }
    }

    /// Every stamp.
    pub fn stamps(&self) -> &[Stamp] {
        &self.0
    }

    /// The stamp of one field, if anybody set it.
    pub fn of(&self, field: RecordField) -> Option<&Stamp> {
        self.0.iter().find(|stamp| stamp.fields.contains(&field))
    }
}
