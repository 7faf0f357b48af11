//! What a fresh data folder has: two shops, so that keeping them apart can be seen, each with a
//! form.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shared::Result;
use shared::domain::{Automations, ConsentPurpose, ConsentText, Country, Currency, Form, Locale, Settings, Thresholds};
use shared::table::{Table, Transaction};

/// Makes the shops `main` and `other` with their forms `contact` and `contact-other`; what is there
/// is left as it is.
///
/// # Errors
/// When the table can't be written.
pub async fn create(table: &Table, now: Timestamp) -> Result<()> {
    for (shop, name, form) in [("main", "La Ruche d’Or", "contact"), ("other", "The Other Shop", "contact-other")] {
        let mut shops = Transaction::new();
        shops.create_settings(&settings(shop, name))?;
        // Refused where the shop is there already.
        drop(table.commit(shops).await?);
        let mut forms = Transaction::new();
        forms.create_form(&contact_form(shop, form, now))?;
        drop(table.commit(forms).await?);
    }
    Ok(())
}

fn settings(shop: &str, name: &str) -> Settings {
    Settings {
        shop: shop.parse().expect(WELL_FORMED),
        version: 1,
        name: name.parse().expect(WELL_FORMED),
        sender: format!("bonjour@{shop}.example").parse().expect(WELL_FORMED),
        postal_address: "12 rue des Abeilles, 26000 Valence, France".parse().ok(),
        colour: None,
        logo: None,
        zone: "Europe/Paris".parse().expect(WELL_FORMED),
        currency: Currency::EUR,
        country: Country::FR,
        languages: Locale::ALL.map(Locale::language).into(),
        thresholds: Thresholds::default(),
        hidden_fields: Vec::new(),
        stacked_discounts: false,
        automations: Automations::default(),
        birthday_offer: None,
        reactivation_offer: None,
        consent_texts: BTreeMap::from([(ConsentPurpose::MarketingEmail, marketing_words())]),
        notify: None,
        order_state_mails: BTreeSet::new(),
    }
}

fn contact_form(shop: &str, form: &str, now: Timestamp) -> Form {
    let (shop, id) = (shop.parse().expect(WELL_FORMED), form.parse().expect(WELL_FORMED));
    Form {
        marketing_consent: Some(marketing_words()),
        double_opt_in: false,
        ..Form::new(shop, id, "Contact".parse().expect(WELL_FORMED), now)
    }
}

/// What the laptop's shops ask to agree to.
fn marketing_words() -> ConsentText {
    ConsentText {
        version: "2026-11".parse().expect(WELL_FORMED),
        texts: [
            (Locale::Fr, "J’accepte de recevoir des offres et des nouvelles par e-mail."),
            (Locale::En, "I agree to receive offers and news by e-mail."),
        ]
        .map(|(locale, text)| (locale, text.parse().expect(WELL_FORMED)))
        .into(),
    }
}

const WELL_FORMED: &str = "our own words are well formed";
