//! A customer as a contact card: vCard 4.0 (RFC 6350), as telephones and mail programs take it in.
//!
//! A card holds how to reach somebody, and never a note, a figure or a consent. The channels that
//! the customer prefers rank its address, its number and its street (`PREF`). The unique id is the
//! record's own, whose 128 bits are written as a UUID: the one form of URN that every reader knows.

use calcard::common::PartialDateTime;
use calcard::vcard::{
    VCard, VCardEntry, VCardParameter, VCardProperty, VCardType, VCardValue, VCardValueType, VCardVersion,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::domain::{Birthday, ContactChannel, Customer, Line, PostalAddress, Postcode, Settings};

/// The property that says when the card was taken out; `REV` says when the record last changed.
const EXPORTED_AT: &str = "X-CLIENTELE-EXPORTED-AT";

/// Adds the card of `customer`, of the shop with these `settings`, as it is at `at`: with the tags
/// that stand on that day, under the names that they have in the shop's language.
pub fn write(settings: &Settings, customer: &Customer, at: Timestamp, out: &mut Vec<u8>) {
    let mut entries = vec![entry(VCardProperty::Uid, uid(customer)), entry(VCardProperty::Fn, customer.name.expose())];
    entries.extend(name(customer));
    entries.extend(customer.company.as_ref().map(|company| entry(VCardProperty::Org, company.expose())));
    let email = entry(VCardProperty::Email, customer.email.expose());
    entries.push(email.with_param_opt(preference(customer, &[ContactChannel::Email])));
    entries.extend(telephone(customer));
    entries.extend(addresses(customer));
    entries.push(entry(VCardProperty::Lang, customer.language.as_str()));
    entries.extend(customer.birthday.map(birthday));
    entries.extend(categories(settings, customer, at));
    entries.push(VCardEntry::new(VCardProperty::Rev).with_value(instant(customer.updated_at)));
    let exported_at = VCardEntry::new(VCardProperty::Other(EXPORTED_AT.to_owned()));
    let exported_at = exported_at.with_param(VCardParameter::value(VCardValueType::Timestamp));
    entries.push(exported_at.with_value(instant(at)));

    let mut card = String::new();
    VCard { entries }.write_to(&mut card, VCardVersion::V4_0).expect("writing to memory does not fail");
    out.extend_from_slice(card.as_bytes());
}

fn entry(property: VCardProperty, text: impl Into<String>) -> VCardEntry {
    VCardEntry::new(property).with_value(VCardValue::Text(text.into()))
}

/// The record's id as RFC 6350 wants it, a URI: `urn:uuid:` (RFC 9562).
fn uid(customer: &Customer) -> String {
    let digits = format!("{:032x}", u128::from(customer.id.ulid()));
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &digits[group]);
    format!("urn:uuid:{}", groups.join("-"))
}

/// The parts of the name, where they are known: no card guesses them.
fn name(customer: &Customer) -> Option<VCardEntry> {
    let (given, family) = (customer.name.given(), customer.name.family());
    given.or(family)?;
    let parts = [family.unwrap_or_default(), given.unwrap_or_default(), "", "", ""];
    Some(VCardEntry::new(VCardProperty::N).with_values(parts.map(|part| VCardValue::Text(part.to_owned())).to_vec()))
}

fn telephone(customer: &Customer) -> Option<VCardEntry> {
    let phone = customer.phone.as_ref()?;
    let telephone = entry(VCardProperty::Tel, format!("tel:{}", phone.e164()));
    let telephone = telephone.with_param(VCardParameter::value(VCardValueType::Uri));
    let types = channels(customer).contains(&ContactChannel::Sms).then_some([VCardType::Voice, VCardType::Text]);
    let telephone =
        types.into_iter().flatten().fold(telephone, |telephone, kind| telephone.with_param(VCardParameter::typ(kind)));
    Some(telephone.with_param_opt(preference(customer, &[ContactChannel::Phone, ContactChannel::Sms])))
}

/// Both addresses, by the types of RFC 9554; whoever knows neither takes the first to be the better.
fn addresses(customer: &Customer) -> impl Iterator<Item = VCardEntry> {
    let delivery = customer.delivery_address.as_ref().map(|address| (address, VCardType::Delivery));
    let billing = customer.billing_address.as_ref().map(|address| (address, VCardType::Billing));
    let both = [delivery, billing].into_iter().flatten().enumerate();
    both.map(|(rank, (address, kind))| {
        let first = || VCardParameter::pref(1u32);
        let preferred = preference(customer, &[ContactChannel::Post]).or_else(|| Some(first())).filter(|_| rank == 0);
        postal(address).with_param(VCardParameter::typ(kind)).with_param_opt(preferred)
    })
}

/// An address in its components. The second line stands beside the street: RFC 6350 wants the
/// post office box and the extended address empty.
fn postal(address: &PostalAddress) -> VCardEntry {
    let street: Vec<String> = [&address.street, &address.extra].into_iter().flatten().map(line).collect();
    let components = [
        vec![],
        vec![],
        street,
        address.city.iter().map(line).collect(),
        address.region.iter().map(line).collect(),
        address.postcode.iter().map(|postcode| Postcode::expose(postcode).to_owned()).collect(),
        vec![address.country_name()],
    ];
    VCardEntry::new(VCardProperty::Adr)
        .with_values(components.map(VCardValue::Component).to_vec())
        .with_param(VCardParameter::cc(address.country.to_string()))
}

fn line<const MAX: usize>(line: &Line<MAX>) -> String {
    line.expose().to_owned()
}

/// `19800415`, or `--0415` where the year is not known.
fn birthday(birthday: Birthday) -> VCardEntry {
    // Written `1980-04-15` or `--04-15`.
    let text = String::from(birthday);
    let mut parts = text.rsplit('-');
    let (day, month, year) = (parts.next(), parts.next(), parts.next());
    let date = PartialDateTime {
        year: year.and_then(|year| year.parse().ok()),
        month: month.and_then(|month| month.parse().ok()),
        day: day.and_then(|day| day.parse().ok()),
        ..PartialDateTime::default()
    };
    VCardEntry::new(VCardProperty::Bday).with_value(VCardValue::PartialDateTime(date))
}

fn categories(settings: &Settings, customer: &Customer, at: Timestamp) -> Option<VCardEntry> {
    let locale = settings.locale(&settings.language());
    let labels = customer.tags.on(settings.zone.day(at)).map(|(tag, mark)| {
        let own = mark.label.as_ref().map(Line::expose);
        VCardValue::Text(own.or(tag.label(locale)).unwrap_or(tag.as_str()).to_owned())
    });
    let labels: Vec<VCardValue> = labels.collect();
    (!labels.is_empty()).then(|| VCardEntry::new(VCardProperty::Categories).with_values(labels))
}

/// An instant in UTC, to the second.
fn instant(at: Timestamp) -> VCardValue {
    let at = at.to_zoned(TimeZone::UTC);
    let two = |number: i8| Some(number.unsigned_abs());
    VCardValue::PartialDateTime(PartialDateTime {
        year: Some(at.year().unsigned_abs()),
        month: two(at.month()),
        day: two(at.day()),
        hour: two(at.hour()),
        minute: two(at.minute()),
        second: two(at.second()),
        tz_hour: Some(0),
        tz_minute: Some(0),
        tz_minus: false,
    })
}

fn channels(customer: &Customer) -> Vec<ContactChannel> {
    customer.preferred_channels.clone().map(Vec::from).unwrap_or_default()
}

/// How welcome the best of `ways` is, 1 being the most; nothing where the customer did not say.
fn preference(customer: &Customer, ways: &[ContactChannel]) -> Option<VCardParameter> {
    let rank = channels(customer).iter().position(|channel| ways.contains(channel))?;
    u32::try_from(rank + 1).ok().map(VCardParameter::pref)
}

#[cfg(test)]
mod tests;
