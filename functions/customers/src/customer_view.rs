//! A customer as the API shows it.

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use shared::domain::{Currency, Customer, EmailAddress, Figures, Phone, Segments, Settings};
use shared::http::Staff;
use shared::table::{Card, Hit, SearchHit};

/// The whole record, for `staff`, on `today` in the shop's zone.
pub fn record(customer: &Customer, settings: &Settings, staff: &Staff, today: Date) -> Value {
    let segments = Segments::of(&customer.figures, settings.currency, &settings.thresholds, today);
    let consents: Map<String, Value> = customer
        .consents
        .iter()
        .map(|(purpose, consent)| {
            let state = json!({ "state": consent.state, "at": consent.at, "version": consent.version });
            (purpose.name().to_owned(), state)
        })
        .collect();
    json!({
        "id": customer.id,
        "version": customer.version,
        "name": customer.name.expose(),
        "given_name": customer.name.given(),
        "family_name": customer.name.family(),
        "company": customer.company,
        "email": email(&customer.email, staff),
        "phone": customer.phone.as_ref().map(|phone| seen_phone(phone.expose(), staff)),
        "phone_e164": customer.phone.as_ref().map(|phone: &Phone| seen_phone(phone.e164(), staff)),
        "country": customer.country,
        "language": customer.language,
        "currency": customer.currency,
        "discount_bp": customer.discount,
        "birthday": customer.birthday.filter(|_| staff.sees_contact_data()),
        "status": customer.status,
        "temperature": customer.temperature,
        "source": customer.source,
        "first_contact": customer.first_contact,
        "last_contact_at": customer.last_contact_at,
        "consents": consents,
        "figures": figures(&customer.figures),
        "segments": segments,
        "primary_segment": segments.primary(),
        "last_note": customer.last_note.as_ref().filter(|_| staff.sees_contact_data()),
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    })
}

/// Orders in figures (O04): amounts in minor units per currency, never converted.
fn figures(figures: &Figures) -> Value {
    let per_currency = |of: &dyn Fn(Currency) -> Value| -> Map<String, Value> {
        figures.totals.keys().map(|currency| (currency.code().to_owned(), of(*currency))).collect()
    };
    json!({
        "orders": figures.orders,
        "totals": per_currency(&|currency| json!(figures.totals.get(&currency))),
        "counts": per_currency(&|currency| json!(figures.counts.get(&currency))),
        "average_baskets": per_currency(&|currency| json!(figures.average_basket(currency))),
        "tenths_of_days_between_orders": figures.tenths_of_days_between_orders(),
        "first_order_on": figures.first_order_on,
        "last_order_on": figures.last_order_on(),
        "last_visit_on": figures.last_visit_on(),
        "channels": figures.channels,
    })
}

/// What a list shows.
pub fn card(card: &Card, staff: &Staff) -> Value {
    let mut view = hit(&card.hit, staff);
    view["discount_bp"] = json!(card.discount);
    view["temperature"] = json!(card.temperature);
    view["last_note"] = json!(card.last_note.as_ref().filter(|_| staff.sees_contact_data()));
    view
}

/// What identifies a customer.
pub fn hit(hit: &Hit, staff: &Staff) -> Value {
    json!({
        "id": hit.id,
        "name": hit.name,
        "company": hit.company,
        "email": email(&hit.email, staff),
        "phone": hit.phone.as_ref().map(|phone| seen_phone(phone.expose(), staff)),
        "status": hit.status,
    })
}

/// What a search shows: who, and why.
pub fn search_hit(found: &SearchHit, staff: &Staff) -> Value {
    let mut view = hit(&found.hit, staff);
    view["matched"] = json!({ "fields": found.fields, "extract": found.extract });
    view
}

fn email(address: &EmailAddress, staff: &Staff) -> String {
    if staff.sees_contact_data() { address.expose().to_owned() } else { address.masked() }
}

/// A telephone number in full, or its last two digits.
fn seen_phone(number: &str, staff: &Staff) -> String {
    if staff.sees_contact_data() {
        return number.to_owned();
    }
    let end: String = number.chars().rev().take(2).collect();
    format!("…{}", end.chars().rev().collect::<String>())
}
