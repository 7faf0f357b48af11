//! The fields of a shop's settings: read alike when they are made and when they are changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;
use shared::domain::{
    Automations, Colour, ConsentPurpose, ConsentText, Country, Currency, EmailAddress, Invalid, Language, Line, Locale,
    Logo, OrderNews, RecordField, Settings, ShopId, Thresholds, Zone,
};
use shared::http::schema::Described;
use shared::http::{Fields, Patch, Problem, boolean, choice, integer_value, text};

use crate::automation_fields::automations;
use crate::consent_text_fields::{consent_text, object};

/// What a request says of a shop.
pub struct SettingsFields {
    name: Option<Line<100>>,
    sender: Option<EmailAddress>,
    postal_address: Patch<Line<200>>,
    colour: Patch<Colour>,
    logo: Patch<Logo>,
    zone: Option<Zone>,
    currency: Option<Currency>,
    country: Option<Country>,
    languages: Option<Vec<Language>>,
    thresholds: Option<Thresholds>,
    hidden_fields: Patch<Vec<RecordField>>,
    stacked_discounts: Option<bool>,
    automations: Option<Automations>,
    birthday_offer: Patch<Line<200>>,
    reactivation_offer: Patch<Line<200>>,
    consent_texts: Patch<BTreeMap<ConsentPurpose, ConsentText>>,
    notify: Patch<EmailAddress>,
    order_state_mails: Patch<Vec<OrderNews>>,
}

impl SettingsFields {
    /// Reads the settings of a new shop, or a merge patch of `known`.
    pub fn read(mut fields: Fields, known: Option<&Settings>) -> Result<Self, Problem> {
        let current = known.map_or_else(Thresholds::default, |known| known.thresholds.clone());
        let read = Self {
            name: needed(&mut fields, "name", known, text),
            sender: needed(&mut fields, "sender", known, text),
            postal_address: fields.patch("postal_address", text),
            colour: fields.patch("colour", text),
            logo: fields.patch("logo", text),
            zone: needed(&mut fields, "zone", known, text),
            currency: needed(&mut fields, "currency", known, text),
            country: needed(&mut fields, "country", known, text),
            languages: needed(&mut fields, "languages", known, languages),
            thresholds: thresholds(&mut fields, &current),
            hidden_fields: fields.patch("hidden_fields", hidden_fields),
            stacked_discounts: fields.replace("stacked_discounts", boolean),
            automations: automations(&mut fields, &known.map(|known| known.automations).unwrap_or_default()),
            birthday_offer: fields.patch("birthday_offer", text),
            reactivation_offer: fields.patch("reactivation_offer", text),
            consent_texts: consent_texts(&mut fields, known.map(|known| &known.consent_texts)),
            notify: fields.patch("notify", text),
            order_state_mails: fields.patch("order_state_mails", order_news),
        };
        fields.finish()?;
        Ok(read)
    }

    /// The settings of a new shop.
    pub fn begin(self, shop: ShopId, now: Timestamp) -> Option<Settings> {
        let Self { name, sender, zone, currency, country, languages, .. } = &self;
        let settings = Settings {
            shop,
            version: 1,
            name: name.clone()?,
            sender: sender.clone()?,
            postal_address: None,
            colour: None,
            logo: None,
            zone: zone.clone()?,
            currency: (*currency)?,
            country: (*country)?,
            languages: languages.clone()?,
            thresholds: Thresholds::default(),
            hidden_fields: Vec::new(),
            stacked_discounts: false,
            automations: Automations::default(),
            birthday_offer: None,
            reactivation_offer: None,
            consent_texts: BTreeMap::new(),
            notify: None,
            order_state_mails: BTreeSet::new(),
        };
        Some(Settings { version: 1, ..self.applied_to(&settings, now) })
    }

    /// The next version of `before`, changed at `now`.
    pub fn applied_to(self, before: &Settings, now: Timestamp) -> Settings {
        let mut after = before.clone();
        after.version += 1;
        after.name = self.name.unwrap_or(after.name);
        after.sender = self.sender.unwrap_or(after.sender);
        self.postal_address.apply(&mut after.postal_address);
        self.colour.apply(&mut after.colour);
        self.logo.apply(&mut after.logo);
        after.zone = self.zone.unwrap_or(after.zone);
        after.currency = self.currency.unwrap_or(after.currency);
        after.country = self.country.unwrap_or(after.country);
        after.languages = self.languages.unwrap_or(after.languages);
        after.thresholds = self.thresholds.unwrap_or(after.thresholds);
        after.hidden_fields = self.hidden_fields.over(after.hidden_fields);
        after.stacked_discounts = self.stacked_discounts.unwrap_or(after.stacked_discounts);
        let automations = self.automations.map(|automations| automations.following(&after.automations, now));
        after.automations = automations.unwrap_or(after.automations);
        if after.thresholds.inactive_after_months != before.thresholds.inactive_after_months {
            after.automations.reactivation.switch.changed_at = Some(now);
        }
        self.birthday_offer.apply(&mut after.birthday_offer);
        self.reactivation_offer.apply(&mut after.reactivation_offer);
        after.consent_texts = self.consent_texts.over(after.consent_texts);
        self.notify.apply(&mut after.notify);
        let mailed = self.order_state_mails.over(Vec::from_iter(after.order_state_mails));
        after.order_state_mails = mailed.into_iter().collect();
        after
    }
}

/// A field that a new shop must have, and that a known one always has.
fn needed<T: Described>(
    fields: &mut Fields,
    name: &str,
    known: Option<&Settings>,
    read: impl FnOnce(&Value) -> Result<T, Invalid>,
) -> Option<T> {
    if known.is_some() { fields.replace(name, read) } else { fields.required(name, read) }
}

/// The languages a shop writes in, its own first: those we have words in.
fn languages(value: &Value) -> Result<Vec<Language>, Invalid> {
    let items = value.as_array().ok_or(Invalid::WrongType)?;
    if items.is_empty() {
        return Err(Invalid::Empty);
    }
    let most = Locale::ALL.len();
    if items.len() > most {
        return Err(Invalid::TooMany { max: most });
    }
    let languages = items.iter().map(text).collect::<Result<Vec<Language>, Invalid>>()?;
    let written = languages.iter().all(|language| Locale::of(language).is_some());
    if written { Ok(languages) } else { Err(Invalid::Choice) }
}

/// What records and lists leave out: anything but what a customer is known by.
fn hidden_fields(value: &Value) -> Result<Vec<RecordField>, Invalid> {
    let items = value.as_array().ok_or(Invalid::WrongType)?;
    let fields = items.iter().map(choice).collect::<Result<BTreeSet<RecordField>, Invalid>>()?;
    let needed = [RecordField::Name, RecordField::Email, RecordField::Status];
    if fields.iter().any(|field| needed.contains(field)) {
        Err(Invalid::Choice)
    } else {
        Ok(fields.into_iter().collect())
    }
}

/// What customers are mailed of an order on its way.
fn order_news(value: &Value) -> Result<Vec<OrderNews>, Invalid> {
    value.as_array().ok_or(Invalid::WrongType)?.iter().map(choice).collect()
}

/// The words by which customers agree, for each purpose: what is not named stays.
fn consent_texts(
    fields: &mut Fields,
    known: Option<&BTreeMap<ConsentPurpose, ConsentText>>,
) -> Patch<BTreeMap<ConsentPurpose, ConsentText>> {
    fields.patch_object("consent_texts", object(known), |fields| {
        let words = |purpose: ConsentPurpose| match consent_text(
            fields,
            purpose.name(),
            known.and_then(|known| known.get(&purpose)),
        ) {
            Patch::Set(words) => Some((purpose, words)),
            Patch::Keep | Patch::Clear => None,
        };
        Some(ConsentPurpose::ALL.into_iter().filter_map(words).collect())
    })
}

/// Where segments begin and end (S07): what is not named stays.
fn thresholds(fields: &mut Fields, current: &Thresholds) -> Option<Thresholds> {
    let patch = fields.patch_object("thresholds", object(Some(current)), |fields| {
        let months = |value: &Value| bounded(value, 1, 120).and_then(|n| n.try_into().map_err(|_| Invalid::WrongType));
        let most = shared::domain::Money::MAX_MINOR;
        let vip_above_minor = fields.required("vip_above_minor", |value| bounded(value, 0, most));
        let new_for_months = fields.required("new_for_months", months);
        let inactive_after_months = fields.required("inactive_after_months", months);
        let most_orders = Thresholds::MOST_REGULAR_FROM as i64;
        let orders =
            |value: &Value| bounded(value, 1, most_orders).and_then(|n| n.try_into().map_err(|_| Invalid::WrongType));
        let regular_from = fields.required("regular_from", orders);
        let regular_within_months = fields.required("regular_within_months", months);
        Some(Thresholds {
            vip_above_minor: vip_above_minor?,
            new_for_months: new_for_months?,
            inactive_after_months: inactive_after_months?,
            regular_from: regular_from?,
            regular_within_months: regular_within_months?,
        })
    });
    match patch {
        Patch::Set(thresholds) => Some(thresholds),
        Patch::Clear => Some(Thresholds::default()),
        Patch::Keep => None,
    }
}

fn bounded(value: &Value, min: i64, max: i64) -> Result<i64, Invalid> {
    let number = integer_value(value)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(Invalid::OutOfRange { min, max }) }
}
