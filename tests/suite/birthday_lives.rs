//! Birthdays that are edited while a shop changes its mind about when it writes: never two mails in a year
//! of the shop's, and one for whoever was left alone.

use std::cell::Cell;
use std::collections::BTreeMap;

use futures::future::join_all;
use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};
use shared::domain::{Birthday, BirthdayMails};

use crate::app::TestApp;
use crate::ask::OWNER;

/// A year and a half after the clock's start.
const END: Date = date(2028, 5, 22);

/// Something that somebody does one day.
#[derive(Debug, Clone)]
enum Event {
    /// Zoé's birthday turns out to be so many days from now.
    Near(i64),
    /// Zoé's birthday turns out to be another, or nobody knows it any more.
    Edited(Option<&'static str>),
    /// The shop changes when it writes.
    Rule(Value),
    On(bool),
    /// The planned run comes three times at once.
    Runs,
}

/// After how many days, at what time, what happens.
type Life = Vec<(i64, Time, Event)>;

fn life() -> impl Strategy<Value = Life> {
    let known = prop_oneof![
        Just(None),
        prop_oneof![Just("--02-28"), Just("--02-29"), Just("1996-02-29"), Just("--03-01")].prop_map(Some),
        prop_oneof![Just("--12-31"), Just("1980-01-01"), Just("--01-20"), Just("--07-14")].prop_map(Some),
    ];
    let rule = prop_oneof![
        3 => (0..=BirthdayMails::MOST_DAYS_BEFORE).prop_map(|days| json!({ "days_before": days })),
        1 => prop_oneof![Just("02-28"), Just("03-01")].prop_map(|day| json!({ "leap_day": day })),
    ];
    let event = prop_oneof![
        4 => (-2..32_i64).prop_map(Event::Near),
        2 => known.prop_map(Event::Edited),
        3 => rule.prop_map(Event::Rule),
        1 => any::<bool>().prop_map(Event::On),
        2 => Just(Event::Runs),
    ];
    // Before a run plans, between that and nine o'clock, and after it.
    let times = [time(0, 10, 0, 0), time(8, 20, 0, 0), time(8, 59, 0, 0), time(9, 5, 0, 0), time(23, 50, 0, 0)];
    prop::collection::vec((0..70_i64, prop::sample::select(times.to_vec()), event), 8..18)
}

/// The birthday of who is left alone: so far from New Year that its mail is never another year's.
fn left_alone() -> impl Strategy<Value = String> {
    let day = |number: i64| date(2028, 2, 10).saturating_add(number.days()).strftime("--%m-%d").to_string();
    prop_oneof![1 => Just("--02-29".to_owned()), 5 => (0..310_i64).prop_map(day)]
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}

fn instant(day: Date, time: Time) -> Timestamp {
    day.to_datetime(time).to_zoned(zone()).unwrap().timestamp()
}

fn today(app: &TestApp) -> Date {
    app.stack.clock().now().to_zoned(zone()).date()
}

/// Until `instant`, unless it has been: the clock goes on.
async fn sleep_until(app: &TestApp, instant: Timestamp) {
    let left = instant.duration_since(app.stack.clock().now());
    if left.is_positive() {
        app.pass(left).await;
    }
}

/// Lets everything happen to customer `zoe` until the end; on which days nothing went out, or the shop kept
/// leap days otherwise than before.
async fn live(app: &TestApp, zoe: &str, life: &Life) -> Vec<(Date, Date)> {
    let (mut unsettled, mut off_since) = (Vec::new(), None);
    for (days, time, event) in life {
        let then = instant(today(app).saturating_add(days.days()), *time);
        if then > instant(END, Time::MIN) {
            break;
        }
        sleep_until(app, then).await;
        let today = today(app);
        match event {
            Event::Near(days) => {
                set(app, zoe, &json!(today.saturating_add(days.days()).strftime("--%m-%d").to_string())).await
            }
            Event::Edited(birthday) => set(app, zoe, &json!(birthday)).await,
            Event::Rule(rule) => {
                app.set_automations(json!({ "birthday": rule })).await;
                unsettled.extend(rule.get("leap_day").map(|_| (today, today)));
            }
            Event::On(on) => {
                app.set_automations(json!({ "birthday": { "on": on } })).await;
                let since = off_since.take().unwrap_or(today);
                if *on { unsettled.push((since, today)) } else { off_since = Some(since) }
            }
            Event::Runs => {
                let plan = json!({ "run": "plan", "scheduled_time": app.stack.clock().now() });
                drop(join_all((0..3).map(|_| app.stack.call("automations-worker", plan.clone()))).await);
            }
        }
    }
    sleep_until(app, instant(END, time(12, 0, 0, 0))).await;
    unsettled.extend(off_since.map(|since| (since, Date::MAX)));
    unsettled
}

async fn set(app: &TestApp, customer: &str, birthday: &Value) {
    app.change_customer(OWNER, customer, "*", &json!({ "birthday": birthday })).await.expect(200);
}

/// How many mails went to `address`, by the shop's years.
fn by_year(app: &TestApp, address: &str) -> BTreeMap<i16, usize> {
    let mut years = BTreeMap::new();
    for mail in app.mails().iter().filter(|mail| mail.to == [address]) {
        *years.entry(mail.at.to_zoned(zone()).year()).or_default() += 1;
    }
    years
}

#[test]
fn whatever_is_edited_nobody_is_wished_a_happy_birthday_twice_in_a_year_and_who_is_left_alone_is_once() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(12);
    let config = Config { cases, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    // The same lives tomorrow: a commit has one result.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (wished, sure) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&(life(), left_alone()), |(life, birthday)| {
        runtime.block_on(async {
            let app = TestApp::start().await;
            let (zoe, _) = (app.born("Zoé Dupont", "--05-12").await, app.born("Ana Lima", &birthday).await);
            let unsettled = live(&app, &zoe, &life).await;
            let [zoe, ana] = ["zoe.dupont@example.com", "ana.lima@example.com"].map(|address| by_year(&app, address));
            for years in [&zoe, &ana] {
                prop_assert!(years.values().all(|count| *count == 1), "{:?}", years);
            }
            wished.set(wished.get() + zoe.len());
            let birthday: Birthday = birthday.parse().unwrap();
            for day in [2027, 2028].map(|year| birthday.in_year(year)) {
                let before = i64::from(BirthdayMails::MOST_DAYS_BEFORE) + 1;
                let (from, to) = (day.saturating_sub(before.days()), day.saturating_add(2.days()));
                if to < END && unsettled.iter().all(|(since, until)| *until < from || to < *since) {
                    prop_assert_eq!(ana.get(&day.year()), Some(&1), "{:?}", day);
                    sure.set(sure.get() + 1);
                }
            }
            Ok::<(), TestCaseError>(())
        })
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let (wished, sure) = (wished.get(), sure.get());
    println!("{cases} lives: {wished} mails to who was edited, {sure} to who was left alone and nothing in the way");
    assert!(wished > cases as usize && sure > cases as usize / 2, "lives in which something goes out");
}
