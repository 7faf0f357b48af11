use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;
use ulid::Ulid;

use super::*;
use crate::domain::{Block, Customer, CustomerId, Figures, Source, TagMark};

const TODAY: Date = date(2026, 11, 22);

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn settings() -> Settings {
    let settings = json!({
        "shop": "main", "version": 1, "name": "La Ruche", "sender": "shop@example.com", "zone": "Europe/Paris",
        "currency": "EUR", "country": "FR", "languages": ["fr"],
    });
    serde_json::from_value(settings).unwrap()
}

/// Zoé, of whom little is known, changed by `edit`.
fn zoe(edit: impl FnOnce(&mut Customer)) -> Customer {
    let (id, email) = (CustomerId::new(Ulid::nil()), "zoe@example.com".parse().unwrap());
    let mut zoe = Customer::new(&settings(), id, "Zoé Dupont".parse().unwrap(), email, Source::Staff, now());
    edit(&mut zoe);
    zoe
}

/// Whether `filter` finds `customer` by what stands in the index.
fn finds(filter: &Filter, customer: &Customer) -> bool {
    let packed = serde_json::to_string(&Facets::from(customer)).unwrap();
    let facets: Facets = serde_json::from_str(&packed).unwrap();
    assert_eq!(facets, Facets::from(customer), "{packed}");
    filter.matches(&facets, ShopDay { settings: &settings(), today: TODAY })
}

fn bought(days: &[Date], minor: i64) -> Customer {
    zoe(|zoe| {
        zoe.figures = Figures {
            orders: u32::try_from(days.len()).unwrap(),
            totals: [(settings().currency, minor)].into(),
            first_order_on: days.last().copied(),
            last_days: days.to_vec(),
            ..Figures::default()
        }
    })
}

#[test]
fn nothing_asked_finds_everybody() {
    assert!(finds(&Filter::default(), &zoe(|_| ())));
    assert!(Filter::default().is_status_only() && !Filter::default().reveals_contact_data());
}

#[test]
fn what_a_record_says_itself_is_compared() {
    let status = Filter { status: Some(CustomerStatus::Current), ..Filter::default() };
    assert!(finds(&status, &zoe(|zoe| zoe.status = CustomerStatus::Current)) && !finds(&status, &zoe(|_| ())));
    let hot = Filter { temperature: Some(Temperature::Hot), ..Filter::default() };
    assert!(finds(&hot, &zoe(|zoe| zoe.temperature = Some(Temperature::Hot))) && !finds(&hot, &zoe(|_| ())));
    let confirmed = Filter { email_status: Some(EmailStatus::Confirmed), ..Filter::default() };
    assert!(finds(&confirmed, &zoe(|zoe| zoe.email_status = EmailStatus::Confirmed)));
    assert!(!finds(&confirmed, &zoe(|_| ())));
    let born = |month: i8| Filter { birthday_month: month.to_string().parse().ok(), ..Filter::default() };
    let of_may = zoe(|zoe| zoe.birthday = "--05-12".parse().ok());
    assert!(finds(&born(5), &of_may) && !finds(&born(6), &of_may) && !finds(&born(5), &zoe(|_| ())));
    let blocked = |wanted| Filter { blocked: Some(wanted), ..Filter::default() };
    let out = zoe(|zoe| {
        zoe.block = Some(Block { reason: "Impayés".parse().unwrap(), by: "staff".parse().unwrap(), at: now() })
    });
    assert!(finds(&blocked(true), &out) && !finds(&blocked(false), &out) && finds(&blocked(false), &zoe(|_| ())));
    let both = Filter { blocked: Some(true), ..status };
    assert!(!finds(&both, &out), "all of a filter must hold");
}

#[test]
fn a_tag_is_found_until_its_last_day() {
    let vip = Filter { tag: "VIP".parse().ok(), ..Filter::default() };
    let tagged = |expires_on| {
        let (label, reason, by) = (None, None, "staff".parse().unwrap());
        zoe(|zoe| {
            zoe.tags.put("vip".parse().unwrap(), TagMark { label, reason, expires_on, at: now(), by }, TODAY).unwrap()
        })
    };
    assert!(finds(&vip, &tagged(None)) && finds(&vip, &tagged(Some(TODAY))));
    assert!(!finds(&vip, &tagged(Some(date(2026, 11, 21)))) && !finds(&vip, &zoe(|_| ())));
}

#[test]
fn a_group_is_one_or_none() {
    let pro = GroupId::new(Ulid::from_parts(1, 1));
    let group = |text: &str| Filter { group: text.parse().ok(), ..Filter::default() };
    let member = zoe(|zoe| zoe.group = Some(pro));
    assert!(finds(&group(&pro.to_string()), &member) && !finds(&group("none"), &member));
    assert!(finds(&group("none"), &zoe(|_| ())) && !finds(&group(&pro.to_string()), &zoe(|_| ())));
    assert_eq!("nobody".parse::<GroupChoice>(), Err(Invalid::Id));
}

#[test]
fn a_language_is_found_with_its_regions() {
    let language = |tag: &str| Filter { language: tag.parse().ok(), ..Filter::default() };
    let of_quebec = zoe(|zoe| zoe.language = "fr-CA".parse().unwrap());
    assert!(finds(&language("fr"), &of_quebec) && finds(&language("fr-CA"), &of_quebec));
    assert!(finds(&language("FR"), &zoe(|_| ())));
    assert!(!finds(&language("fr-CA"), &zoe(|_| ())) && !finds(&language("en"), &of_quebec));
}

#[test]
fn a_consent_is_given_taken_back_or_neither() {
    let consent = |wanted| Filter { consent: Some(wanted), ..Filter::default() };
    let said = |state: &str| {
        let evidence = Ulid::nil().to_string();
        let consents = json!({ "marketing_email": { "state": state, "at": now(), "evidence": evidence } });
        zoe(|zoe| zoe.consents = serde_json::from_value(consents).unwrap())
    };
    let wanted = [ConsentChoice::Granted, ConsentChoice::Withdrawn, ConsentChoice::None];
    let found = |customer: &Customer| wanted.map(|wanted| finds(&consent(wanted), customer));
    assert_eq!(found(&said("granted")), [true, false, false]);
    assert_eq!(found(&said("withdrawn")), [false, true, false]);
    assert_eq!(found(&zoe(|_| ())), [false, false, true]);
}

#[test]
fn both_ends_of_a_range_are_in_it() {
    let (before, after) = (date(2026, 11, 21), date(2026, 11, 23));
    let first = |from, to| Filter { first_contact_from: from, first_contact_to: to, ..Filter::default() };
    let new = zoe(|_| ());
    assert!(finds(&first(Some(TODAY), Some(TODAY)), &new));
    assert!(!finds(&first(Some(after), None), &new) && !finds(&first(None, Some(before)), &new));
    let last = |from, to| Filter { last_order_from: from, last_order_to: to, ..Filter::default() };
    let customer = bought(&[TODAY, before], 1);
    assert!(finds(&last(Some(TODAY), Some(TODAY)), &customer), "the last one counts");
    assert!(!finds(&last(None, Some(before)), &customer) && !finds(&last(Some(after), None), &customer));
    assert!(!finds(&last(None, Some(after)), &new), "who never ordered has no last order");
}

#[test]
fn a_region_is_compared_as_it_is_read() {
    let region = |text: &str| Filter { region: text.parse().ok(), ..Filter::default() };
    let address = json!({ "country": "FR", "city": "Lyon", "region": "Auvergne-Rhône-Alpes" });
    let lyon = zoe(|zoe| zoe.billing_address = serde_json::from_value(address).unwrap());
    for text in ["Auvergne-Rhône-Alpes", "auvergne rhone alpes", " AUVERGNE – RHÔNE – ALPES "] {
        assert!(finds(&region(text), &lyon), "{text}");
    }
    assert!(!finds(&region("Auvergne"), &lyon) && !finds(&region("Auvergne-Rhône-Alpes"), &zoe(|_| ())));
    assert!(region("Bretagne").reveals_contact_data());
    assert_eq!("–".parse::<Region>(), Err(Invalid::Empty));
}

#[test]
fn a_segment_is_of_today_and_a_channel_of_any_order() {
    let segment = |segment| Filter { segment: Some(segment), ..Filter::default() };
    assert!(!finds(&segment(Segment::Vip), &bought(&[TODAY], 50_000)), "exactly 500.00 is not VIP");
    assert!(finds(&segment(Segment::Vip), &bought(&[TODAY], 50_001)));
    assert!(finds(&segment(Segment::Occasional), &bought(&[date(2025, 11, 22)], 1)));
    assert!(finds(&segment(Segment::Inactive), &bought(&[date(2025, 11, 21)], 1)));
    assert!(finds(&segment(Segment::New), &bought(&[date(2026, 5, 23)], 1)));
    assert!(!finds(&segment(Segment::New), &bought(&[date(2026, 5, 22)], 1)));
    assert!(finds(&segment(Segment::Regular), &bought(&[TODAY; 3], 1)));
    assert!(!finds(&segment(Segment::Inactive), &zoe(|_| ())));
    let of = |channel| Filter { channel: Some(channel), ..Filter::default() };
    let in_both = zoe(|zoe| zoe.figures.channels = [Channel::Web, Channel::Phone].into());
    assert!(finds(&of(Channel::Web), &in_both) && finds(&of(Channel::Phone), &in_both));
    assert!(!finds(&of(Channel::Store), &in_both) && !finds(&of(Channel::Web), &zoe(|_| ())));
}

#[test]
fn the_facets_of_a_typical_customer_are_short() {
    let address = json!({ "country": "FR", "postcode": "69001", "city": "Lyon", "region": "Auvergne-Rhône-Alpes" });
    let mut typical = bought(&[TODAY, date(2026, 8, 2), date(2026, 3, 14)], 12_345);
    typical.delivery_address = serde_json::from_value(address).unwrap();
    typical.birthday = "--05-12".parse().ok();
    typical.figures.channels = [Channel::Web].into();
    typical.temperature = Some(Temperature::Warm);
    typical.group = Some(GroupId::new(Ulid::nil()));
    let packed = serde_json::to_string(&Facets::from(&typical)).unwrap();
    println!("{} bytes: {packed}", packed.len());
    assert!(packed.len() <= 200, "{packed}");
}
