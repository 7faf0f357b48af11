//! A customer as one row. The columns that an import reads have the names it reads.

use shared::domain::{ConsentPurpose, Customer, Line, PostalAddress, Source};

use super::{Column, all_named, column, listed, named, on_request};
use crate::cell::Cell;

/// The columns, in order.
pub const CUSTOMERS: &[Column<Customer>] = &[
    column("id", |customer, _| Cell::text(customer.id.to_string())),
    column("name", |customer, _| Cell::text(customer.name.expose())),
    column("given_name", |customer, _| Cell::of(customer.name.given(), Cell::text)),
    column("family_name", |customer, _| Cell::of(customer.name.family(), Cell::text)),
    column("company", |customer, _| line(customer.company.as_ref())),
    column("contact_person", |customer, _| line(customer.contact_person.as_ref())),
    column("vat_number", |customer, _| Cell::of(customer.vat_number.as_ref(), |number| Cell::text(number.expose()))),
    column("email", |customer, _| Cell::text(customer.email.expose())),
    column("email_status", |customer, _| named(customer.email_status)),
    column("phone", |customer, _| Cell::of(customer.phone.as_ref(), |phone| Cell::text(phone.e164()))),
    column("country", |customer, _| Cell::of(customer.country, |country| Cell::text(country.to_string()))),
    column("language", |customer, _| Cell::text(customer.language.as_str())),
    column("currency", |customer, _| Cell::text(customer.currency.code())),
    column("discount_bp", |customer, _| {
        Cell::of(customer.discount, |discount| Cell::Whole(discount.basis_points().into()))
    }),
    column("birthday", |customer, _| {
        // Without its year it is no day: `--04-15`.
        let text = customer.birthday.map(String::from);
        Cell::of(text, |text| text.parse().map_or(Cell::text(text), Cell::Day))
    }),
    column("status", |customer, _| Cell::text(customer.status.name())),
    column("temperature", |customer, _| Cell::of(customer.temperature, |temperature| Cell::text(temperature.name()))),
    column("tags", |customer, shop| listed(customer.tags.on(shop.today).map(|(tag, _)| tag))),
    column("group", |customer, shop| {
        Cell::of(customer.group.and_then(|group| shop.groups.get(&group)), |name| Cell::text(name.as_str()))
    }),
    column("source", |customer, _| Cell::text(source(&customer.source))),
    column("first_contact", |customer, _| Cell::Day(customer.first_contact)),
    column("last_contact_at", |customer, _| Cell::Instant(customer.last_contact_at)),
    column("marketing_email", |customer, _| {
        Cell::of(customer.consents.get(ConsentPurpose::MarketingEmail), |consent| named(consent.state))
    }),
    column("preferred_channels", |customer, _| {
        all_named(customer.preferred_channels.clone().map(Vec::from).unwrap_or_default())
    }),
    column("delivery_street", |customer, _| part(customer.delivery_address.as_ref(), street)),
    column("delivery_extra", |customer, _| part(customer.delivery_address.as_ref(), extra)),
    column("delivery_postcode", |customer, _| part(customer.delivery_address.as_ref(), postcode)),
    column("delivery_city", |customer, _| part(customer.delivery_address.as_ref(), city)),
    column("delivery_region", |customer, _| part(customer.delivery_address.as_ref(), region)),
    column("delivery_country", |customer, _| part(customer.delivery_address.as_ref(), country)),
    column("billing_street", |customer, _| part(customer.billing_address.as_ref(), street)),
    column("billing_extra", |customer, _| part(customer.billing_address.as_ref(), extra)),
    column("billing_postcode", |customer, _| part(customer.billing_address.as_ref(), postcode)),
    column("billing_city", |customer, _| part(customer.billing_address.as_ref(), city)),
    column("billing_region", |customer, _| part(customer.billing_address.as_ref(), region)),
    column("billing_country", |customer, _| part(customer.billing_address.as_ref(), country)),
    column("orders", |customer, _| Cell::Whole(customer.figures.orders.into())),
    column("total", |customer, _| Cell::of(customer.figures.total(customer.currency), Cell::Money)),
    column("last_order_on", |customer, _| Cell::of(customer.figures.last_order_on(), Cell::Day)),
    column("created_at", |customer, _| Cell::Instant(customer.created_at)),
    column("updated_at", |customer, _| Cell::Instant(customer.updated_at)),
    on_request("blocked", |customer, _| Cell::Flag(customer.block.is_some())),
    on_request("blocked_at", |customer, _| Cell::of(customer.block.as_ref(), |block| Cell::Instant(block.at))),
    on_request("block_reason", |customer, _| {
        Cell::of(customer.block.as_ref(), |block| Cell::text(block.reason.expose()))
    }),
];

fn line<const MAX: usize>(line: Option<&Line<MAX>>) -> Cell<'_> {
    Cell::of(line, |line| Cell::text(line.expose()))
}

fn part(address: Option<&PostalAddress>, of: for<'a> fn(&'a PostalAddress) -> Cell<'a>) -> Cell<'_> {
    address.map_or(Cell::Empty, of)
}

fn street(address: &PostalAddress) -> Cell<'_> {
    line(address.street.as_ref())
}

fn extra(address: &PostalAddress) -> Cell<'_> {
    line(address.extra.as_ref())
}

fn postcode(address: &PostalAddress) -> Cell<'_> {
    Cell::of(address.postcode.as_ref(), |postcode| Cell::text(postcode.expose()))
}

fn city(address: &PostalAddress) -> Cell<'_> {
    line(address.city.as_ref())
}

fn region(address: &PostalAddress) -> Cell<'_> {
    line(address.region.as_ref())
}

fn country(address: &PostalAddress) -> Cell<'_> {
    Cell::text(address.country.to_string())
}

fn source(source: &Source) -> String {
    match source {
        Source::Form { form, .. } => format!("form:{form}"),
        other => other.name().to_owned(),
    }
}
