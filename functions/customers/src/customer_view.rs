//! A customer as the API shows it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use shared::domain::{
    Actor, Currency, Customer, EmailAddress, Figures, Group, Locale, PostalAddress, RecordField, Segments, Settings,
    TagId, TagMark, VatNumber,
};
use shared::http::Staff;
use shared::table::{Card, Hit, Listed, SearchHit};

/// Who looks at a record, and when.
pub struct Viewer<'a> {
    pub staff: &'a Staff,
    pub settings: &'a Settings,
    pub now: Timestamp,
}

impl Viewer<'_> {
    fn today(&self) -> Date {
        self.settings.zone.day(self.now)
    }
}

/// The record as staff see it, and the group it is in.
pub fn record(customer: &Customer, group: Option<&Group>, viewer: &Viewer<'_>) -> Value {
    let mut view = whole(customer, group, viewer);
    hide(&mut view, viewer.settings);
    view
}

/// The whole record, what the shop hides from its staff included.
pub fn whole(customer: &Customer, group: Option<&Group>, viewer: &Viewer<'_>) -> Value {
    let Viewer { staff, settings, .. } = viewer;
    let today = viewer.today();
    let seen = staff.sees_contact_data();
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
        "contact_person": customer.contact_person,
        "vat_number": customer.vat_number.as_ref().filter(|_| seen).map(VatNumber::expose),
        "email": email(&customer.email, staff),
        "email_status": customer.email_status,
        "phone": customer.phone.as_ref().map(|phone| seen_phone(phone.expose(), staff)),
        "phone_e164": customer.phone.as_ref().map(|phone| seen_phone(phone.e164(), staff)),
        "country": customer.country,
        "delivery_address": customer.delivery_address.as_ref().filter(|_| seen).map(postal_address),
        "billing_address": customer.billing_address.as_ref().filter(|_| seen).map(postal_address),
        "preferred_channels": customer.preferred_channels,
        "language": customer.language,
        "currency": customer.currency,
        "discount_bp": customer.discount,
        "birthday": customer.birthday.filter(|_| seen),
        "status": customer.status,
        "temperature": customer.temperature,
        "temperature_stale": customer.temperature_is_stale(viewer.now),
        "tags": customer.tags.on(today).map(|(id, mark)| tag(id, mark, viewer)).collect::<Vec<_>>(),
        "group": group.map(|group| json!({ "id": group.id, "name": group.name, "rate_bp": group.rate_bp })),
        "blocked": customer.block.as_ref().map(|block| {
            json!({ "reason": Some(&block.reason).filter(|_| seen), "by": block.by, "at": block.at })
        }),
        "source": customer.source,
        "first_contact": customer.first_contact,
        "last_contact_at": customer.last_contact_at,
        "consents": consents,
        "figures": figures(&customer.figures),
        "segments": segments,
        "primary_segment": segments.primary(),
        "last_note": customer.last_note.as_ref().filter(|_| seen).map(|note| &note.text),
        "provenance": provenance(customer),
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    })
}

/// Leaves out what the shop has no use for, of a record or of an item of a list.
pub fn hide(view: &mut Value, settings: &Settings) {
    let Value::Object(fields) = view else {
        return;
    };
    for field in &settings.hidden_fields {
        let beside: &[&str] = match field {
            RecordField::Phone => &["phone_e164"],
            RecordField::Temperature => &["temperature_stale"],
            RecordField::DeliveryAddress => &["address"],
            _ => &[],
        };
        for name in beside.iter().chain([&field.name()]) {
            fields.shift_remove(*name);
        }
        if let Some(Value::Object(provenance)) = fields.get_mut("provenance") {
            provenance.shift_remove(field.name());
        }
    }
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

/// Who set each field, and when.
fn provenance(customer: &Customer) -> Value {
    let mut fields = Map::new();
    for stamp in customer.provenance.stamps() {
        let (source, actor) = match &stamp.by {
            Actor::Staff { subject } => ("staff", Some(subject.expose().to_owned())),
            Actor::Form { form } => ("form", Some(form.to_string())),
            Actor::OrderLink { link } => ("order_link", Some(link.to_string())),
            Actor::Preferences => ("preferences", None),
            Actor::System => ("system", None),
        };
        for field in &stamp.fields {
            let origin = json!({ "source": source, "actor": actor, "at": stamp.at });
            fields.insert(field.name().to_owned(), origin);
        }
    }
    fields.into()
}

/// A postal address with its lines as they stand on an envelope.
fn postal_address(address: &PostalAddress) -> Value {
    let mut view = json!(address);
    view["lines"] = json!(address.lines());
    view
}

/// A tag as it stands on a customer, under its name in the shop's language.
fn tag(id: &TagId, mark: &TagMark, viewer: &Viewer<'_>) -> Value {
    let Viewer { staff, settings, .. } = viewer;
    let locale = Locale::of(&settings.language()).unwrap_or(Locale::En);
    let label = id.label(locale).or(mark.label.as_ref().map(|label| label.expose())).unwrap_or(id.as_str());
    json!({
        "tag": id,
        "label": label,
        "reason": mark.reason.as_ref().filter(|_| staff.sees_contact_data()),
        "expires_on": mark.expires_on,
        "at": mark.at,
        "by": mark.by,
    })
}

/// What a list shows.
pub fn card(card: &Card, staff: &Staff) -> Value {
    let mut view = hit(&card.hit, staff);
    view["discount_bp"] = json!(card.discount);
    view["temperature"] = json!(card.temperature);
    view["address"] = json!(card.address.as_ref().filter(|_| staff.sees_contact_data()));
    view["last_note"] = json!(card.last_note.as_ref().filter(|_| staff.sees_contact_data()));
    view
}

/// What a list by first contact shows: as a card, but for the address.
pub fn listed(listed: &Listed, staff: &Staff) -> Value {
    let mut view = hit(&listed.hit, staff);
    view["discount_bp"] = json!(listed.discount);
    view["temperature"] = json!(listed.facets.temperature);
    view["last_note"] = json!(listed.last_note.as_ref().filter(|_| staff.sees_contact_data()));
    view
}

/// What identifies a customer.
fn hit(hit: &Hit, staff: &Staff) -> Value {
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
