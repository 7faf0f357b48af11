//! What SES tells of a mail, in any order, as often as it likes, and from anybody who is not SES.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use shared::domain::ReportKind;

use crate::app::{Item, TestApp, text};
use crate::ask::OWNER;
use crate::golden::{Golden, Values};

/// The golden event of each report.
const EVENTS: [(ReportKind, &str); 7] = [
    (ReportKind::Sent, "send"),
    (ReportKind::Delivered, "delivery"),
    (ReportKind::Bounced, "bounce"),
    (ReportKind::PutOff, "bounce-transient"),
    (ReportKind::Complained, "complaint"),
    (ReportKind::Rejected, "reject"),
    (ReportKind::Delayed, "delivery-delay"),
];

/// A welcome that was handed over, and of which nothing was heard yet.
struct Told {
    app: TestApp,
    values: Values,
}

impl Told {
    /// Zoé's; its answer lost too where `unknown`.
    async fn nothing(unknown: bool) -> Self {
        let app = TestApp::calm().await;
        app.stack.mailbox().withhold_events(true);
        if unknown {
            app.stack.mailbox().fail_next(local::mailbox::SendFailure::AnswerLost);
        }
        app.submit_contact().await.expect(303);
        app.drain().await;
        let mut values = Values::default();
        values.set("message", app.mails()[0].tags["message"].clone());
        values.set("customer", app.mails()[0].tags["customer"].clone());
        Self { app, values }
    }

    fn event(&self, name: &str) -> Value {
        Golden::read(&format!("mailer/{name}"), &self.values).event
    }

    async fn hand_over(&self, event: &Value) {
        assert!(!self.app.call("mailer", event).await.to_string().contains("error"));
    }

    /// The whole table without what passing time and chance make: the audit's entries by what they say.
    async fn table(&self) -> BTreeMap<(String, String), Item> {
        let mut items = self.app.table().await;
        items.retain(|_, item| text(item, "t") != "audit");
        for item in items.values_mut().filter(|item| text(item, "t") == "message") {
            item.remove("version");
        }
        items
    }

    async fn audited(&self) -> Vec<String> {
        let mut actions: Vec<String> =
            self.app.items("audit").await.iter().map(|entry| text(entry, "action")).collect();
        actions.sort();
        actions
    }
}

/// Reports of a mail in the order in which they are handed over, some of them twice.
fn any_order() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(any::<bool>(), EVENTS.len()).prop_flat_map(|twice| {
        let mut all: Vec<usize> = (0..EVENTS.len()).collect();
        all.extend((0..EVENTS.len()).filter(|at| twice[*at]));
        Just(all).prop_shuffle()
    })
}

#[test]
fn any_order_and_any_repetition_end_in_the_same() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for unknown in [false, true] {
        let told = runtime.block_on(Told::nothing(unknown));
        let events: Vec<Value> = EVENTS.iter().map(|(_, name)| told.event(name)).collect();
        let before = runtime.block_on(told.app.table_with_buckets());
        let first = std::cell::OnceCell::new();
        proptest!(ProptestConfig::with_cases(24), |(order in any_order())| {
            runtime.block_on(told.app.restore(&before));
            for at in &order {
                runtime.block_on(told.hand_over(&events[*at]));
            }
            let end = (runtime.block_on(told.table()), runtime.block_on(told.audited()));
            prop_assert_eq!(first.get_or_init(|| end.clone()), &end, "{:?}", order);
        });
        let (table, audited) = first.into_inner().unwrap();
        let suppressed: Vec<&Item> = table.values().filter(|item| text(item, "t") == "suppression").collect();
        assert_eq!(suppressed.iter().map(|item| text(item, "cause")).collect::<Vec<_>>(), ["bounced", "complained"]);
        assert!(suppressed.iter().all(|item| text(item, "at").starts_with("2026-11-22T09:")));
        assert_eq!(audited.iter().filter(|action| *action == "address_suppressed").count(), 2);
        let day = table.values().find(|item| text(item, "t") == "mails_of_day").unwrap();
        let counted = ["sent", "bounced", "complained"].map(|name| day[name].as_n().unwrap().as_str());
        assert_eq!(counted, ["1", "1", "1"]);
    }
}

#[tokio::test]
async fn every_report_stands_on_the_message_with_its_time() {
    let told = Told::nothing(false).await;
    for (_, name) in EVENTS {
        told.hand_over(&told.event(name)).await;
    }
    let message = told.app.items("message").await.remove(0);
    let reports = message["reports"].as_m().unwrap();
    for (kind, name) in EVENTS {
        let at: Timestamp = text(reports, kind.name()).parse().unwrap();
        let event = told.event(name);
        let detail = &event["detail"];
        let own =
            ["bounce", "complaint", "delivery", "deliveryDelay"].iter().find_map(|of| detail[of]["timestamp"].as_str());
        let expected: Timestamp = own.unwrap_or(detail["mail"]["timestamp"].as_str().unwrap()).parse().unwrap();
        // That it was sent, the mailer knows first.
        assert_eq!(at, if kind == ReportKind::Sent { at.min(expected) } else { expected }, "{name}");
    }
}

/// A change of an event.
type Forgery = fn(&mut Value);

/// What makes an event another's: where it differs from one of SES about Zoé's welcome.
fn forged() -> Vec<(&'static str, Forgery)> {
    fn tag(event: &mut Value, name: &str, value: &str) {
        event["detail"]["mail"]["tags"][name] = json!([value]);
    }
    vec![
        ("another source", |event| event["source"] = json!("aws.s3")),
        ("another configuration set", |event| tag(event, "ses:configuration-set", "theirs")),
        ("another shop", |event| tag(event, "shop", "other")),
        ("no shop", |event| tag(event, "shop", "")),
        ("another customer", |event| tag(event, "customer", "01JDGZZZZZZZZZZZZZZZZZZZZZ")),
        ("no id", |event| tag(event, "message", "welcome")),
        ("a message that is none", |event| tag(event, "message", "01JDGZZZZZZZZZZZZZZZZZZZZZ")),
        ("the shop as who got it", |event| {
            drop(event["detail"]["mail"]["tags"].as_object_mut().unwrap().remove("customer"))
        }),
        ("no tags", |event| drop(event["detail"]["mail"].as_object_mut().unwrap().remove("tags"))),
        ("no time", |event| drop(event["detail"]["mail"].as_object_mut().unwrap().remove("timestamp"))),
        ("another time", |event| event["detail"]["bounce"]["timestamp"] = json!("yesterday")),
        ("another address", |event| {
            event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] = json!("ana@example.com");
        }),
        ("nobody", |event| event["detail"]["bounce"]["bouncedRecipients"] = json!([])),
        ("another kind", |event| event["detail"]["eventType"] = json!("Open")),
    ]
}

#[tokio::test]
async fn forged_events_do_nothing() {
    let told = Told::nothing(true).await;
    let before = told.app.table_with_buckets().await;
    for (what, forge) in forged() {
        let mut event = told.event("bounce");
        forge(&mut event);
        told.hand_over(&event).await;
        assert_eq!(told.app.table_with_buckets().await, before, "{what}");
    }
    told.hand_over(&told.event("bounce")).await;
    assert_ne!(told.app.table_with_buckets().await, before);
}

#[tokio::test]
async fn a_mail_that_was_never_handed_over_can_t_have_bounced() {
    let app = TestApp::calm().await;
    app.submit_contact().await.expect(303);
    let message = app.items("message").await.remove(0);
    let mut values = Values::default();
    values.set("message", text(&message, "id"));
    values.set("customer", text(message["to"].as_m().unwrap(), "customer"));
    let before = app.table().await;
    for (_, name) in EVENTS {
        app.call("mailer", &Golden::read(&format!("mailer/{name}"), &values).event).await;
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn who_says_that_a_mail_is_no_junk_has_not_complained() {
    let told = Told::nothing(false).await;
    let mut event = told.event("complaint");
    event["detail"]["complaint"]["complaintFeedbackType"] = json!("not-spam");
    told.hand_over(&event).await;
    assert!(told.app.items("suppression").await.is_empty());
}

#[tokio::test]
async fn a_bounce_stops_the_address_that_it_names_and_no_later_one() {
    let told = Told::nothing(false).await;
    let customer = told.app.mails()[0].tags["customer"].clone();
    let body = json!({ "email": "zoe@new.example" });
    told.app.change_customer(OWNER, &customer, "*", &body).await.expect(200);
    told.hand_over(&told.event("bounce")).await;
    let (honey, path) = (told.app.honey(OWNER).await, told.app.order_path(OWNER, &customer).await);
    told.app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    told.app.pass(SignedDuration::from_mins(1)).await;
    assert_eq!(told.app.subjects("zoe@new.example").len(), 1);
    assert_eq!(told.app.items("suppression").await.len(), 1);
}
