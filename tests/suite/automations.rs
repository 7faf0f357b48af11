//! Mails that go out by themselves: on or off, when, for what, and once.

use serde_json::json;

use crate::app::{TestApp, text};
use crate::ask::OWNER;

const WORDS: &str = "J’accepte de recevoir des offres par e-mail.";

impl TestApp {
    /// A customer who agreed to marketing.
    pub async fn agreed(&self, name: &str) -> String {
        let id = self.customer(OWNER, name).await;
        let body = json!({ "purpose": "marketing_email", "state": "granted", "text": WORDS, "version": "2026-11" });
        self.record_consent(OWNER, &id, &body).await.expect(201);
        id
    }

    /// A customer who agreed, and has a birthday.
    pub async fn born(&self, name: &str, birthday: &str) -> String {
        let id = self.agreed(name).await;
        self.set_birthday(&id, birthday).await;
        id
    }

    pub async fn set_birthday(&self, id: &str, birthday: &str) {
        let etag = self.get_customer(OWNER, id).await.expect(200).header("etag").to_owned();
        self.change_customer(OWNER, id, &etag, &json!({ "birthday": birthday })).await.expect(200);
    }

    pub async fn set_automations(&self, automations: serde_json::Value) {
        self.change_settings(OWNER, &json!({ "automations": automations })).await.expect(200);
    }

    /// Lets time pass without anything running, as in an outage; then everything runs again.
    async fn sleep_until(&self, instant: &str) {
        self.stack.clock().move_to(instant.parse().unwrap()).unwrap();
        self.drain().await;
        self.pass(jiff::SignedDuration::from_mins(2)).await;
    }

    /// When which mails went out, in UTC.
    fn sent(&self) -> Vec<String> {
        self.mails().iter().map(|mail| mail.at.strftime("%Y-%m-%dT%H:%M").to_string()).collect()
    }
}

#[tokio::test]
async fn a_birthday_mail_goes_so_many_days_before_as_the_shop_says_and_not_again_when_it_says_otherwise() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "--05-12").await;
    app.set_automations(json!({ "birthday": { "days_before": 7 } })).await;
    app.move_clock("2027-05-05T08:59:00+02:00").await;
    assert_eq!(app.sent(), Vec::<String>::new());
    app.move_clock("2027-05-05T09:00:00+02:00").await;
    assert_eq!(app.sent(), ["2027-05-05T07:00"]);
    assert_eq!(app.mails()[0].subject, "Votre anniversaire approche\u{202f}: La Ruche d’Or pense à vous");
    app.set_automations(json!({ "birthday": { "days_before": 0 } })).await;
    app.move_clock("2027-12-31T12:00:00+01:00").await;
    assert_eq!(app.sent().len(), 1, "the same birthday");
    app.move_clock("2028-05-12T12:00:00+02:00").await;
    assert_eq!(app.sent(), ["2027-05-05T07:00", "2028-05-12T07:00"]);
    assert_eq!(app.mails()[1].subject, "Joyeux anniversaire de la part de La Ruche d’Or\u{202f}!");
}

#[tokio::test]
async fn a_birthday_in_january_is_told_of_in_december_once() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "1990-01-05").await;
    app.set_automations(json!({ "birthday": { "days_before": 10 } })).await;
    app.move_clock("2027-01-10T12:00:00+01:00").await;
    assert_eq!(app.sent(), ["2026-12-26T08:00"]);
    // The same birthday may not be told of again, nor a second one within the year that it was sent in.
    app.set_automations(json!({ "birthday": { "days_before": 0 } })).await;
    app.move_clock("2027-12-20T12:00:00+01:00").await;
    assert_eq!(app.sent().len(), 1);
    app.move_clock("2028-01-10T12:00:00+01:00").await;
    assert_eq!(app.sent(), ["2026-12-26T08:00", "2028-01-05T08:00"]);
}

#[tokio::test]
async fn a_birthday_that_is_changed_is_not_kept_twice_in_a_year() {
    let app = TestApp::start().await;
    let zoe = app.born("Zoé Dupont", "--05-12").await;
    app.move_clock("2027-05-12T12:00:00+02:00").await;
    for birthday in ["--06-01", "--05-13", "--05-12", "2000-07-14"] {
        app.set_birthday(&zoe, birthday).await;
        app.pass(jiff::SignedDuration::from_hours(60)).await;
    }
    app.move_clock("2027-12-31T23:00:00+01:00").await;
    assert_eq!(app.sent(), ["2027-05-12T07:00"]);
    app.move_clock("2028-12-31T23:00:00+01:00").await;
    assert_eq!(app.sent(), ["2027-05-12T07:00", "2028-07-14T07:00"]);
}

#[tokio::test]
async fn who_was_born_on_a_leap_day_is_kept_when_the_shop_says() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "--02-29").await;
    app.move_clock("2027-03-02T12:00:00+01:00").await;
    app.set_automations(json!({ "birthday": { "leap_day": "03-01" } })).await;
    app.move_clock("2029-03-02T12:00:00+01:00").await;
    assert_eq!(app.sent(), ["2027-02-28T08:00", "2028-02-29T08:00", "2029-03-01T08:00"]);
}

#[tokio::test]
async fn a_leap_day_that_is_moved_to_the_day_before_is_kept_on_the_next() {
    for changed in ["2027-02-28T20:00:00+01:00", "2027-03-01T06:00:00+01:00", "2027-03-01T08:30:00+01:00"] {
        let app = TestApp::calm().await;
        app.born("Zoé Dupont", "--02-29").await;
        app.set_automations(json!({ "birthday": { "leap_day": "03-01" } })).await;
        app.move_clock(changed).await;
        app.set_automations(json!({ "birthday": { "leap_day": "02-28" } })).await;
        app.move_clock("2028-03-02T12:00:00+01:00").await;
        assert_eq!(app.sent(), ["2027-03-01T08:00", "2028-02-29T08:00"], "{changed}");
    }
}

#[tokio::test]
async fn a_birthday_corrected_to_the_day_before_is_over() {
    let app = TestApp::calm().await;
    let id = app.born("Zoé Dupont", "--05-12").await;
    app.move_clock("2027-05-11T08:00:00+02:00").await;
    app.set_automations(json!({ "birthday": { "leap_day": "03-01" } })).await;
    app.move_clock("2027-05-12T08:30:00+02:00").await;
    app.change_customer(OWNER, &id, "*", &json!({ "birthday": "--05-11" })).await.expect(200);
    app.move_clock("2028-05-12T12:00:00+02:00").await;
    assert_eq!(app.sent(), ["2028-05-11T07:00"]);
}

#[tokio::test]
async fn what_falls_due_while_an_automation_is_off_is_not_made_up_for() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "--05-12").await;
    app.set_automations(json!({ "birthday": { "on": false } })).await;
    app.move_clock("2027-05-12T20:00:00+02:00").await;
    assert!(app.messages().await.is_empty(), "nothing is planned");
    app.set_automations(json!({ "birthday": { "on": true } })).await;
    app.move_clock("2027-05-13T12:00:00+02:00").await;
    assert_eq!(app.messages().await, ["birthday skipped automation_off"]);
    app.move_clock("2028-05-12T12:00:00+02:00").await;
    assert_eq!(app.sent(), ["2028-05-12T07:00"]);
}

#[tokio::test]
async fn what_is_turned_off_between_planning_and_nine_does_not_go() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "--05-12").await;
    app.move_clock("2027-05-12T08:30:00+02:00").await;
    assert_eq!(app.messages().await, ["birthday pending"]);
    app.set_automations(json!({ "birthday": { "on": false } })).await;
    app.move_clock("2027-05-12T12:00:00+02:00").await;
    assert_eq!(app.messages().await, ["birthday skipped automation_off"]);
}

#[tokio::test]
async fn an_outage_is_caught_up_for_three_days_and_then_recorded_as_missed() {
    for (until, expected) in [
        ("2027-05-15T08:00:00+02:00", vec!["birthday sent"]),
        ("2027-05-15T10:00:00+02:00", vec!["birthday skipped missed"]),
    ] {
        let app = TestApp::start().await;
        app.born("Zoé Dupont", "--05-12").await;
        app.sleep_until(until).await;
        assert_eq!(app.messages().await, expected);
        app.move_clock("2028-05-12T10:00:00+02:00").await;
        assert_eq!(app.messages().await.len(), 2, "the next year as ever");
    }
}

#[tokio::test]
async fn three_runs_at_once_and_a_run_that_comes_again_make_one_message() {
    let app = TestApp::start().await;
    for name in ["Zoé Dupont", "Ana Lima", "Per Holm"] {
        app.born(name, "--05-12").await;
    }
    app.settle().await;
    app.stack.clock().move_to("2027-05-12T08:10:00+02:00".parse().unwrap()).unwrap();
    let plan = json!({ "run": "plan", "scheduled_time": "2027-05-12T06:00:00Z" });
    for _ in 0..2 {
        let runs = (0..3).map(|_| app.stack.call("automations-worker", plan.clone()));
        drop(futures::future::join_all(runs).await);
    }
    app.move_clock("2027-05-12T10:00:00+02:00").await;
    assert_eq!(app.messages().await, ["birthday sent"; 3]);
    assert_eq!(app.mails().len(), 3);
}

#[tokio::test]
async fn two_records_of_one_address_get_one_mail() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "--05-12").await;
    let body =
        json!({ "name": "Zoé D.", "email": "zoe.dupont@example.com", "allow_duplicate": true, "birthday": "--05-12" });
    let other = app.create_customer(OWNER, &body).await.expect(201).id();
    let consent = json!({ "purpose": "marketing_email", "state": "granted", "text": WORDS });
    app.record_consent(OWNER, &other, &consent).await.expect(201);
    app.move_clock("2027-05-12T10:00:00+02:00").await;
    let mut messages = app.messages().await;
    messages.sort();
    assert_eq!(
        (messages.as_slice(), app.mails().len()),
        (&["birthday sent", "birthday skipped same_address"].map(str::to_owned)[..], 1)
    );
}

#[tokio::test]
async fn a_reactivation_follows_the_months_that_the_shop_says_from_the_next_run_on() {
    let app = TestApp::start().await;
    app.set_automations(json!({ "satisfaction": { "on": false } })).await;
    let zoe = app.agreed("Zoé Dupont").await;
    app.sale(OWNER, &zoe, 500).await;
    app.change_settings(OWNER, &json!({ "thresholds": { "inactive_after_months": 6 } })).await.expect(200);
    app.move_clock("2027-05-22T08:59:00+02:00").await;
    assert!(app.sent().is_empty());
    app.move_clock("2027-05-22T09:00:00+02:00").await;
    assert_eq!(app.sent(), ["2027-05-22T07:00"]);
    app.change_settings(OWNER, &json!({ "thresholds": { "inactive_after_months": 12 } })).await.expect(200);
    app.move_clock("2028-06-01T12:00:00+02:00").await;
    assert_eq!(app.sent().len(), 1, "once per spell");
    app.sale(OWNER, &zoe, 500).await;
    app.move_clock("2029-06-01T12:00:00+02:00").await;
    assert_eq!(app.sent(), ["2027-05-22T07:00", "2029-06-01T07:00"]);
}

#[tokio::test]
async fn the_question_after_the_first_order_is_asked_once() {
    let app = TestApp::start().await;
    let zoe = app.agreed("Zoé Dupont").await;
    app.sale(OWNER, &zoe, 500).await;
    app.move_clock("2026-11-30T12:00:00+01:00").await;
    app.sale(OWNER, &zoe, 900).await;
    app.move_clock("2026-12-06T12:00:00+01:00").await;
    assert_eq!(app.sent(), ["2026-12-06T08:00"]);
    let mail = app.mails().remove(0);
    assert!(mail.text.unwrap().contains("22 novembre 2026"));
    app.move_clock("2027-06-30T12:00:00+02:00").await;
    assert_eq!(app.sent().len(), 1);
}

#[tokio::test]
async fn nobody_is_asked_about_a_first_order_that_was_cancelled() {
    let app = TestApp::start().await;
    let zoe = app.agreed("Zoé Dupont").await;
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &zoe).await);
    app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    app.drain().await;
    let order = text(&app.items("order").await[0], "id");
    app.move_order(OWNER, &order, &json!({ "state": "cancelled", "reason": "Rupture" })).await.expect(200);
    app.move_clock("2027-01-31T12:00:00+01:00").await;
    assert_eq!(app.messages().await, ["order_confirmation sent"]);
}

#[tokio::test]
async fn who_is_left_out_when_it_is_due_is_recorded_with_the_reason() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.set_birthday(&zoe, "--05-12").await;
    let ana = app.born("Ana Lima", "--05-12").await;
    app.block(OWNER, &ana, "Impayés").await.expect(200);
    app.move_clock("2027-05-12T12:00:00+02:00").await;
    let mut messages = app.messages().await;
    messages.sort();
    assert_eq!(messages, ["birthday skipped blocked", "birthday skipped no_consent"]);
}

#[tokio::test]
async fn everything_wrong_with_automations_is_said_at_once() {
    let app = TestApp::start().await;
    let body = json!({ "automations": {
        "birthday": { "days_before": 31, "leap_day": "03-02", "on": "yes" },
        "reactivation": { "months": 12 },
        "satisfaction": { "days_after": 0 },
        "abandoned_order": { "days_after": 15, "on_since": "2026-11-22T09:00:00Z" },
        "newsletter": { "on": true },
    } });
    let refused = app.change_settings(OWNER, &body).await.expect(422).json();
    let mut pointers: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    let expected = [
        "/automations/abandoned_order/days_after",
        "/automations/abandoned_order/on_since",
        "/automations/birthday/days_before",
        "/automations/birthday/leap_day",
        "/automations/birthday/on",
        "/automations/newsletter",
        "/automations/reactivation/months",
        "/automations/satisfaction/days_after",
    ];
    assert_eq!(pointers, expected);
    app.set_automations(json!({ "birthday": { "days_before": 30 }, "satisfaction": { "on": false } })).await;
    let reset = app.change_settings(OWNER, &json!({ "automations": { "birthday": null } })).await.expect(200).json();
    assert_eq!(reset["automations"]["birthday"]["days_before"], 0);
    assert_eq!(reset["automations"]["satisfaction"], json!({ "on": false, "days_after": 14 }));
}

#[tokio::test]
async fn a_rule_that_is_changed_misses_nobody_who_could_not_be_written_to_before() {
    let app = TestApp::start().await;
    app.set_automations(json!({ "satisfaction": { "on": false } })).await;
    let zoe = app.agreed("Zoé Dupont").await;
    app.sale(OWNER, &zoe, 500).await;
    app.born("Ana Lima", "--08-10").await;
    app.move_clock("2027-07-22T12:00:00+02:00").await;
    app.change_settings(OWNER, &json!({ "thresholds": { "inactive_after_months": 6 } })).await.expect(200);
    app.set_automations(json!({ "birthday": { "days_before": 30 } })).await;
    app.move_clock("2027-07-23T08:59:00+02:00").await;
    assert!(app.sent().is_empty());
    app.move_clock("2027-07-23T09:00:00+02:00").await;
    assert_eq!(app.sent(), ["2027-07-23T07:00"; 2]);
}

#[tokio::test]
async fn who_comes_when_the_day_has_passed_is_written_to_before_the_birthday_all_the_same() {
    let app = TestApp::start().await;
    app.set_automations(json!({ "birthday": { "days_before": 14 } })).await;
    app.move_clock("2026-11-30T12:00:00+01:00").await;
    app.born("Zoé Dupont", "--12-08").await;
    app.move_clock("2026-12-01T09:00:00+01:00").await;
    assert_eq!(app.sent().len(), 1);
    assert_eq!(app.messages().await, ["birthday sent"]);
}

#[tokio::test]
async fn a_birthday_that_is_taken_back_after_planning_is_not_wished() {
    let app = TestApp::start().await;
    let zoe = app.born("Zoé Dupont", "--05-12").await;
    app.move_clock("2027-05-12T08:30:00+02:00").await;
    assert_eq!(app.messages().await, ["birthday pending"]);
    let etag = app.get_customer(OWNER, &zoe).await.expect(200).header("etag").to_owned();
    app.change_customer(OWNER, &zoe, &etag, &json!({ "birthday": null })).await.expect(200);
    app.move_clock("2027-05-12T10:00:00+02:00").await;
    assert_eq!(app.messages().await, ["birthday skipped subject_gone"]);
}

#[tokio::test]
async fn who_may_not_be_written_to_keeps_nobody_of_the_same_address_from_their_mail() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.set_birthday(&zoe, "--03-01").await;
    let body =
        json!({ "name": "Max", "email": "zoe.dupont@example.com", "allow_duplicate": true, "birthday": "--10-02" });
    let max = app.create_customer(OWNER, &body).await.expect(201).id();
    let consent = json!({ "purpose": "marketing_email", "state": "granted", "text": WORDS });
    app.record_consent(OWNER, &max, &consent).await.expect(201);
    app.move_clock("2027-10-02T12:00:00+02:00").await;
    let mut messages = app.messages().await;
    messages.sort();
    assert_eq!(messages, ["birthday sent", "birthday skipped no_consent"]);
}
