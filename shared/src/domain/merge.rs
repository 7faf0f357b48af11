//! What two records of one person come to (J02): the survivor's values stand, what it does not know
//! is taken from the other, and what was refused stays refused.

use jiff::Timestamp;

use super::{Customer, CustomerStatus, Figures, Order, RecordField, Settings};

/// The record that a merge leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Consolidated {
    /// The survivor, in its next version.
    pub customer: Customer,
    /// The fields that were taken from the other.
    pub taken: Vec<RecordField>,
}

impl Customer {
    /// What this record and `other` come to, once `other` is merged into this one; `orders` are all
    /// those of both: spells of one and of the other say too little of the two together.
    pub fn consolidated_with(
        &self,
        other: &Self,
        orders: &[Order],
        settings: &Settings,
        now: Timestamp,
    ) -> Consolidated {
        let today = settings.zone.day(now);
        let mut after = self.clone();
        let mut taken = Vec::new();
        macro_rules! fill {
            ($($field:ident = $name:ident),*) => {$(
                if after.$field.is_none() && other.$field.is_some() {
                    after.$field.clone_from(&other.$field);
                    taken.push(RecordField::$name);
                }
            )*};
        }
        fill!(
            company = Company,
            contact_person = ContactPerson,
            vat_number = VatNumber,
            phone = Phone,
            country = Country,
            delivery_address = DeliveryAddress,
            billing_address = BillingAddress,
            preferred_channels = PreferredChannels,
            discount = Discount,
            birthday = Birthday,
            temperature = Temperature,
            group = Group
        );
        if other.status == CustomerStatus::Current && self.status != CustomerStatus::Current {
            after.status = CustomerStatus::Current;
            taken.push(RecordField::Status);
        }
        for field in &taken {
            after.provenance.adopt(*field, &other.provenance);
        }
        after.block = self.block.clone().or_else(|| other.block.clone());
        after.tags = self.tags.joined_with(&other.tags, today);
        after.consents = self.consents.joined_with(&other.consents);
        let visited_on = self.figures.visited_on.max(other.figures.visited_on);
        after.figures = Figures { visited_on, ..Figures::of(orders, settings) };
        let notes = self.last_note.iter().chain(&other.last_note);
        after.last_note = notes.max_by_key(|note| note.id).cloned();
        after.first_contact = self.first_contact.min(other.first_contact);
        after.last_contact_at = self.last_contact_at.max(other.last_contact_at);
        after.created_at = self.created_at.min(other.created_at);
        let customer = Self { version: self.version + 1, updated_at: now, ..after };
        Consolidated { customer, taken }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::super::{
        Actor, Consent, ConsentId, ConsentPurpose, ConsentState, Consents, CustomerId, Source, Temperature,
    };
    use super::*;

    fn settings() -> Settings {
        let settings = serde_json::json!({
            "shop": "main", "version": 1, "name": "Ruche", "sender": "shop@example.com", "zone": "Europe/Paris",
            "currency": "EUR", "country": "FR", "languages": ["fr"],
        });
        serde_json::from_value(settings).unwrap()
    }

    fn customer(number: u128, at: &str) -> Customer {
        let (id, at) = (CustomerId::new(Ulid::from_parts(1, number)), at.parse().unwrap());
        let email = format!("zoe{number}@example.com").parse().unwrap();
        Customer::new(&settings(), id, "Zoé Dupont".parse().unwrap(), email, Source::Staff, at)
            .entered_by(&Actor::System)
    }

    #[test]
    fn the_survivor_s_values_stand_and_gaps_are_filled_with_who_filled_them() {
        let now = "2026-11-22T09:00:00Z".parse().unwrap();
        let survivor = customer(1, "2026-05-01T09:00:00Z")
            .changed_by(&Actor::System, now, |after| after.company = "Ruche".parse().ok());
        let other = customer(2, "2026-01-01T09:00:00Z").changed_by(&Actor::Preferences, now, |after| {
            after.company = "Miel".parse().ok();
            after.temperature = Some(Temperature::Hot);
            after.status = CustomerStatus::Current;
        });
        let Consolidated { customer, taken } = survivor.consolidated_with(&other, &[], &settings(), now);
        assert_eq!(customer.company, survivor.company);
        assert_eq!(taken, [RecordField::Temperature, RecordField::Status]);
        for field in taken {
            assert_eq!(customer.provenance.of(field).unwrap().by, Actor::Preferences, "{field:?}");
        }
        assert_eq!(customer.provenance.of(RecordField::Company).unwrap().by, Actor::System);
        assert_eq!((customer.first_contact, customer.created_at), (other.first_contact, other.created_at));
        assert_eq!((customer.id, customer.version), (survivor.id, survivor.version + 1));
    }

    #[test]
    fn who_took_a_consent_back_in_one_record_took_it_back() {
        let purpose = ConsentPurpose::MarketingEmail;
        let said = |state, at: &str| {
            let evidence = ConsentId::new(Ulid::from_parts(1, 1));
            Consents::from_iter([(purpose, Consent { state, at: at.parse().unwrap(), evidence, version: None })])
        };
        let granted = said(ConsentState::Granted, "2026-03-01T09:00:00Z");
        let withdrawn = said(ConsentState::Withdrawn, "2026-02-01T09:00:00Z");
        for joined in [granted.joined_with(&withdrawn), withdrawn.joined_with(&granted)] {
            assert_eq!(joined, withdrawn);
        }
        let earlier = said(ConsentState::Granted, "2026-01-01T09:00:00Z");
        assert_eq!(earlier.joined_with(&granted), granted, "the newer of two that agree");
        assert_eq!(Consents::default().joined_with(&granted), granted);
    }
}
