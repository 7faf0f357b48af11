//! Every day of the year, in zones of all kinds: each birthday is kept once a year, at nine in the morning.

use std::collections::{BTreeMap, HashSet};

use http::Method;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use shared::domain::{Cause, CustomerId, DueDate, DueKind, Settings};
use ulid::Ulid;

use crate::app::{TestApp, text};
use crate::ask::{Ask, Member};

/// Behind and ahead of UTC by up to fourteen hours, by halves and quarters of an hour, with and without
/// summer time.
const ZONES: [&str; 6] =
    ["Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Pacific/Chatham", "Asia/Kathmandu", "UTC"];

/// Two leap years among them, and every birthday on every day of the week.
const YEARS: std::ops::RangeInclusive<i16> = 2027..=2035;

/// Every day of a leap year, as a birthday.
fn birthdays() -> impl Iterator<Item = String> {
    date(2028, 1, 1).series(1.day()).take(366).map(|day| day.strftime("--%m-%d").to_string())
}

/// What hourly runs, from midnight to midnight in UTC, plan of `due` until the end of `YEARS`: the instants.
fn planned(settings: &Settings, mut due: DueDate) -> Vec<Timestamp> {
    let (mut sent, mut occurrences) = (Vec::new(), HashSet::new());
    let end = date(*YEARS.end(), 12, 31);
    while settings.due_day(&due) <= end {
        let at = settings.due_at(&due);
        // The runs of two days before and after; others see that it is not due, or that it has gone.
        let day = at.as_second().div_euclid(86_400) * 86_400;
        let runs = (-48..72).map(|hour| Timestamp::from_second(day + hour * 3_600).unwrap());
        let run = runs.into_iter().find(|run| {
            let until = settings.zone.day(DueDate::horizon(*run));
            due.day <= settings.latest_occasion(DueKind::Birthday, until) && settings.plans(&due, *run)
        });
        let run = run.expect("a run that sees it");
        assert!(run <= at, "planned before it is due");
        for key in due.occurrence(settings.due_day(&due)).keys() {
            assert!(occurrences.insert(key), "{due:?} comes twice");
        }
        sent.push(at);
        due = due.next(settings.zone.day(run)).expect("a birthday comes again");
    }
    sent
}

#[tokio::test]
async fn each_of_366_birthdays_is_kept_once_a_year_for_nine_years_in_six_zones() {
    let app = TestApp::calm().await;
    let functions = app.functions();
    let shop = "main".parse().unwrap();
    let known = functions.table.settings_now(&shop).await.unwrap().unwrap();
    let address = functions.keyring.address_digest(&shop, &"zoe@example.com".parse().unwrap());
    let mut kept = 0;
    for zone in ZONES {
        for days_before in [0, 7, 30] {
            let mut settings = Settings { zone: zone.parse().unwrap(), ..known.clone() };
            settings.automations.birthday.days_before = days_before;
            for birthday in birthdays() {
                let cause = Cause::Birthday { birthday: birthday.parse().unwrap() };
                let Cause::Birthday { birthday } = cause else { unreachable!() };
                // So early that none of the first year's is over.
                let day = birthday.next_on_or_after(date(2027, 1, 1).saturating_add(i64::from(days_before).days()));
                let customer = CustomerId::new(Ulid::nil());
                let since = date(2026, 11, 22);
                let due = DueDate { customer, address: address.clone(), day, cause, since };
                let sent = planned(&settings, due);
                let local: Vec<_> = sent.iter().map(|at| at.to_zoned(settings.zone.time_zone().clone())).collect();
                assert!(local.iter().all(|at| at.time() == DueDate::TIME), "{zone} {birthday:?}");
                let years: Vec<i16> = local.iter().map(|at| at.date().year()).collect();
                assert_eq!(years, Vec::from_iter(YEARS), "{zone}, {days_before} days before");
                for at in &local {
                    let occasion = at.date().saturating_add(i64::from(days_before).days());
                    assert_eq!(birthday.in_year(occasion.year()), occasion);
                }
                kept += if days_before == 0 { sent.len() } else { 0 };
            }
        }
    }
    assert_eq!(kept, 366 * 9 * 6);
    println!("{kept} birthdays of 366 days, 9 years, 6 zones: one mail each, and as many 7 and 30 days before");
}

/// Days on which summer time begins or ends somewhere among the zones, and where years and months begin.
const DAYS: [&str; 12] = [
    "--01-01", "--02-28", "--02-29", "--03-01", "--03-12", "--03-28", "--04-02", "--09-24", "--10-29", "--11-05",
    "--12-30", "--12-31",
];

async fn open_shop(app: &TestApp, shop: &'static str, zone: &str) {
    let owner = Member { role: "owner", shop };
    let settings = json!({
        "name": shop, "sender": format!("bonjour@{shop}.example"), "zone": zone, "currency": "EUR", "country": "FR",
        "languages": ["en"],
    });
    app.send(Ask::new(Method::PUT, "/v1/settings").by(owner).json(&settings)).await.expect(201);
    for birthday in DAYS {
        let email = format!("born{birthday}@{shop}.example");
        let body = json!({ "name": "Zoé Dupont", "email": email, "birthday": birthday });
        let id = app.create_customer(owner, &body).await.expect(201).id();
        let consent = json!({ "purpose": "marketing_email", "state": "granted", "text": "Yes to offers." });
        app.record_consent(owner, &id, &consent).await.expect(201);
    }
}

/// The same through planner, outbox and mailbox: two years, one of them a leap year.
#[tokio::test]
async fn the_mails_of_two_years_arrive_at_nine_in_six_zones() {
    const SHOPS: [&str; 6] = ["paris", "newyork", "kiritimati", "chatham", "kathmandu", "utc"];
    let app = TestApp::calm().await;
    for (shop, zone) in SHOPS.into_iter().zip(ZONES) {
        open_shop(&app, shop, zone).await;
    }
    app.move_clock("2028-12-31T16:00:00Z").await;
    let mut arrived: BTreeMap<String, Vec<Date>> = BTreeMap::new();
    for mail in app.mails() {
        let (name, shop) = mail.to[0].trim_end_matches(".example").split_once('@').unwrap();
        let zone = ZONES[SHOPS.iter().position(|known| *known == shop).unwrap()];
        let at = mail.at.in_tz(zone).unwrap();
        // Sent when it is nine; the clock of the stack goes on while it runs.
        assert_eq!((at.hour(), at.minute()), (9, 0), "{zone}");
        arrived.entry(format!("{name} {zone}")).or_default().push(at.date());
    }
    assert_eq!(arrived.len(), DAYS.len() * ZONES.len());
    for (who, days) in arrived {
        let birthday: shared::domain::Birthday = who[4..11].parse().unwrap();
        let first = birthday.next_on_or_after(date(2026, 11, 22));
        let expected: Vec<Date> = (first.year()..=2028).map(|year| birthday.in_year(year)).collect();
        assert_eq!(days, expected, "{who}");
    }
    assert!(app.items("message").await.iter().all(|message| text(message, "state") == "sent"));
}
