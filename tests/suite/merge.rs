//! Merging: two records of one person are one at once, what belonged to the other follows, and all of
//! it can go back.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use local::faults::{Fault, Operation};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};
use shared::jobs;

use crate::app::{Item, TestApp, text};
use crate::ask::{Ask, MANAGER, Member, OWNER, SELLER};

/// A seller who may write on health.
const NURSE: Member = Member { role: "seller health", shop: "main" };

/// Two records of Zoé with something of everything; the survivor first.
async fn two(app: &TestApp) -> [String; 2] {
    let other =
        [("name", "Zoe Dupond"), ("email", "zoe@gmail.example"), ("phone", "0612345678"), ("marketing_email", "on")];
    app.submit_form("contact", &other).await.expect(303);
    let other = text(&app.items("customer").await[0], "id");
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com", "company": "Ruche", "birthday": "--05-12" });
    let survivor = app.create_customer(OWNER, &body).await.expect(201).id();
    let patch = json!({ "company": "Miel", "temperature": "hot", "birthday": "--05-12" });
    app.change_customer(SELLER, &other, "*", &patch).await.expect(200);
    for (id, tag) in [(&survivor, "vip"), (&other, "local")] {
        app.put_tag(OWNER, id, tag, &json!({})).await.expect(200);
        app.create_note(OWNER, id, &json!({ "text": format!("Note rappeler {tag}") })).await.expect(201);
    }
    let long: Vec<String> = (0..60).map(|number| format!("mot{number:02}")).collect();
    app.create_note(OWNER, &other, &json!({ "text": long.join(" "), "priority": "high" })).await.expect(201);
    for id in [&survivor, &other] {
        order(app, id).await;
    }
    app.drain().await;
    [survivor, other]
}

/// An order of customer `id`, and the path it was placed by.
async fn order(app: &TestApp, id: &str) -> String {
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, id).await);
    app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    path
}

async fn record(app: &TestApp, id: &str) -> Value {
    app.get_customer(OWNER, id).await.expect(200).json()
}

/// Everything of the table that a merge and its undo leave as it was.
async fn lasting(app: &TestApp) -> BTreeMap<(String, String), Item> {
    let mut table = app.table().await;
    table.retain(|_, item| !["audit", "idempotency", "job", "job_mark"].contains(&text(item, "t").as_str()));
    // Versions only rise.
    for item in table.values_mut().filter(|item| ["customer", "order_link"].contains(&&*text(item, "t"))) {
        item.remove("version");
        item.remove("updated_at");
    }
    // A due date that is written again says since when.
    for item in table.values_mut().filter(|item| text(item, "t") == "due") {
        if let Some(AttributeValue::M(due)) = item.get_mut("due") {
            due.remove("since");
        }
    }
    table
}

/// What is in the partition of customer `id`, by the beginning of its sort key.
async fn belongings(app: &TestApp, id: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (pk, sk) in app.table().await.into_keys() {
        if pk == format!("main#C#{id}") {
            *counts.entry(sk.split('#').next().unwrap().to_owned()).or_default() += 1;
        }
    }
    counts
}

#[tokio::test]
async fn two_records_come_to_one() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    let (before, theirs) = (record(&app, &survivor).await, record(&app, &other).await);
    let mails = app.mails().len();
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202);
    assert_eq!((&job.json()["kind"], &job.json()["state"]), (&json!("merge"), &json!("done")));
    let after = record(&app, &survivor).await;
    for field in ["name", "email", "company"] {
        assert_eq!(after[field], before[field], "the survivor's {field}");
    }
    for field in ["phone", "temperature", "first_contact", "created_at"] {
        assert_eq!(after[field], theirs[field], "the other's {field}");
    }
    assert_eq!(after["provenance"]["phone"], theirs["provenance"]["phone"]);
    assert_eq!(after["consents"]["marketing_email"]["state"], "granted");
    assert_eq!(after["figures"]["orders"], 2);
    let tags: Vec<&Value> = after["tags"].as_array().unwrap().iter().map(|tag| &tag["tag"]).collect();
    assert_eq!(tags, [&json!("local"), &json!("vip")]);
    let notes = app.list_notes(OWNER, &survivor, "").await.expect(200).json();
    assert_eq!(notes["items"].as_array().unwrap().len(), 3);
    assert_eq!(belongings(&app, &other).await, [("MERGED_INTO".to_owned(), 1)].into());
    // Orders, and what leads to them.
    app.settle().await;
    for card in app.list_orders(OWNER).await.expect(200).json()["items"].as_array().unwrap() {
        assert_eq!(card["customer"], json!(survivor));
        app.get_order(OWNER, card["id"].as_str().unwrap()).await.expect(200);
    }
    app.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(app.mails().len(), mails, "a merge mails nobody");
}

#[tokio::test]
async fn the_other_is_found_nowhere_and_leads_to_the_survivor() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    let (path, preferences) = (order(&app, &other).await, app.preferences_token(&other).await);
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    app.settle().await;
    for query in ["q=zo", "q=mot59", "q=rappeler", "", "sort=first_contact"] {
        let found = app.list_customers(OWNER, query).await.expect(200).json();
        let ids: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
        assert_eq!(ids, [&json!(survivor)], "{query}");
    }
    for (ask, end) in [
        (Ask::get(format!("/v1/customers/{other}")), ""),
        (Ask::get(format!("/v1/customers/{other}/notes?limit=5")), "/notes?limit=5"),
        (Ask::get(format!("/v1/customers/{other}/order-links")), "/order-links"),
        (Ask::patch(format!("/v1/customers/{other}")).header("if-match", "*").json(&json!({ "company": "X" })), ""),
        (Ask::post(format!("/v1/customers/{other}/notes")).json(&json!({ "text": "Encore" })), "/notes"),
        (Ask::post(format!("/v1/customers/{other}/order-links")).json(&json!({})), "/order-links"),
        (Ask::post(format!("/v1/customers/{other}/merge")).json(&json!({ "other": survivor })), "/merge"),
    ] {
        let answer = app.send(ask.by(OWNER)).await.expect(308);
        assert_eq!(answer.header("location"), format!("/v1/customers/{survivor}{end}"));
    }
    app.send(Ask::get(format!("/v1/customers/{other}"))).await.expect(401);
    // Links, mails and forms of the other go on, as the survivor's.
    app.send(Ask::get(path)).await.expect(200);
    app.send(Ask::post(format!("/p/{preferences}/unsubscribe"))).await.expect(200);
    assert_eq!(record(&app, &survivor).await["consents"]["marketing_email"]["state"], "withdrawn");
    app.submit_form("contact", &[("email", "zoe@gmail.example"), ("name", "Z")]).await.expect(303);
    assert_eq!(app.items("customer").await.len(), 1);
    let body = json!({ "name": "Zoé", "email": "zoe@gmail.example" });
    assert_eq!(app.create_customer(OWNER, &body).await.expect(409).json()["existing"], json!(survivor));
    // The survivor may go on under the other's address.
    let body = json!({ "email": "zoe@gmail.example" });
    app.change_customer(OWNER, &survivor, "*", &body).await.expect(200);
}

#[tokio::test]
async fn what_is_refused_in_one_record_is_refused_in_both() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    app.block(OWNER, &other, "Impayés").await.expect(200);
    let preferences = app.preferences_token(&other).await;
    app.send(Ask::post(format!("/p/{preferences}/unsubscribe"))).await.expect(200);
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    let after = record(&app, &survivor).await;
    assert_eq!(after["consents"]["marketing_email"]["state"], "withdrawn");
    assert_eq!(after["blocked"]["reason"], "Impayés");
}

#[tokio::test]
async fn what_both_have_had_or_will_have_is_mailed_once() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    app.move_clock("2027-05-11T12:00:00+02:00").await;
    let mails = app.mails().len();
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    app.move_clock("2027-05-13T12:00:00+02:00").await;
    assert_eq!(app.mails().len(), mails + 1, "one birthday");
}

#[tokio::test]
async fn a_preview_shows_what_would_be_and_changes_nothing() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    let before = lasting(&app).await;
    let ask = Ask::post(format!("/v1/customers/{survivor}/merge?preview=true")).by(MANAGER);
    let preview = app.send(ask.json(&json!({ "other": other }))).await.expect(200).json();
    assert_eq!(preview["taken_from_other"]["phone"], json!(other));
    assert_eq!((&preview["record"]["company"], &preview["record"]["temperature"]), (&json!("Ruche"), &json!("hot")));
    assert_eq!(preview["moves"]["notes"], 2);
    assert_eq!(preview["moves"]["orders"], 1);
    assert_eq!(lasting(&app).await, before);
}

#[tokio::test]
async fn a_merge_names_another_customer_that_there_is() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    let nobody = "01JDGZZZZZZZZZZZZZZZZZZZZZ";
    assert_eq!(app.merge(MANAGER, &survivor, &survivor).await.expect(422).pointers(), ["/other"]);
    assert_eq!(app.merge(MANAGER, &survivor, nobody).await.expect(422).pointers(), ["/other"]);
    assert_eq!(app.merge(MANAGER, &survivor, "zoe").await.expect(422).pointers(), ["/other"]);
    app.merge(MANAGER, nobody, &other).await.expect(404);
    app.merge(SELLER, &survivor, &other).await.expect(403);
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    let third = app.customer(OWNER, "Ana").await;
    assert_eq!(app.merge(MANAGER, &third, &other).await.expect(409).json()["survivor"], json!(survivor));
}

#[tokio::test]
async fn undone_everything_is_as_it_was() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    let before = lasting(&app).await;
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202).id();
    assert_ne!(lasting(&app).await, before);
    app.undo(SELLER, &job).await.expect(403);
    let undo = app.undo(MANAGER, &job).await.expect(202);
    assert_eq!((&undo.json()["kind"], &undo.json()["state"]), (&json!("undo_merge"), &json!("done")));
    let after = lasting(&app).await;
    for (key, item) in &before {
        assert_eq!(after.get(key), Some(item), "{key:?}");
    }
    assert_eq!(after.len(), before.len());
    assert_eq!(app.get_job(MANAGER, &job).await.expect(200).json()["state"], "undone");
    app.undo(MANAGER, &job).await.expect(409);
    app.undo(MANAGER, &undo.id()).await.expect(409);
}

/// Something that becomes of a customer before the merge.
#[derive(Debug, Clone)]
enum Event {
    Note {
        priority: &'static str,
        health: bool,
    },
    Sale {
        minor: i64,
    },
    RefundedSale {
        minor: i64,
    },
    QuickOrder,
    OrderLink,
    Tag(&'static str),
    Group,
    Interaction(&'static str),
    Consent {
        purpose: &'static str,
        state: &'static str,
    },
    Unsubscription,
    Submission {
        phone: &'static str,
    },
    Change(Value),
    Block,
    /// Days go by, and what is due goes out.
    Days(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let minor = || 1..100_000_i64;
    let change = prop_oneof![
        Just(json!({ "company": "Ruche" })),
        Just(json!({ "birthday": "--12-01" })),
        Just(json!({ "temperature": "hot", "currency": "GBP" })),
        Just(json!({ "discount_bp": 750, "preferred_channels": ["post"] })),
        Just(json!({ "email": "moved@example.com" })),
        Just(
            json!({ "delivery_address": { "street": "1 rue du Port", "postcode": "69001", "city": "Lyon", "country": "FR" } })
        ),
    ];
    prop_oneof![
        3 => (prop_oneof![Just("high"), Just("none")], any::<bool>())
            .prop_map(|(priority, health)| Event::Note { priority, health }),
        2 => minor().prop_map(|minor| Event::Sale { minor }),
        1 => minor().prop_map(|minor| Event::RefundedSale { minor }),
        1 => Just(Event::QuickOrder),
        1 => Just(Event::OrderLink),
        2 => prop_oneof![Just("vip"), Just("local"), Just("no_show")].prop_map(Event::Tag),
        1 => Just(Event::Group),
        1 => prop_oneof![Just("call"), Just("visit")].prop_map(Event::Interaction),
        2 => (
            prop_oneof![Just("marketing_email"), Just("purchase_data")],
            prop_oneof![Just("granted"), Just("withdrawn")],
        )
            .prop_map(|(purpose, state)| Event::Consent { purpose, state }),
        1 => Just(Event::Unsubscription),
        1 => prop_oneof![Just(""), Just("0612345678")].prop_map(|phone| Event::Submission { phone }),
        3 => change.prop_map(Event::Change),
        1 => Just(Event::Block),
        1 => (1..20_i64).prop_map(Event::Days),
    ]
}

/// Lets `event` happen to customer `id`; one that the customer's state refuses has not happened.
async fn happen(app: &TestApp, id: &str, event: &Event) {
    match event {
        Event::Note { priority, health } => {
            let body = json!({ "text": "Rappeler pour les coffrets", "priority": priority, "health": health });
            app.create_note(NURSE, id, &body).await.expect(201);
        }
        Event::Sale { minor } => drop(app.sale(SELLER, id, *minor).await),
        Event::RefundedSale { minor } => {
            let order = app.sale(SELLER, id, *minor).await;
            app.create_refund(MANAGER, &order, &json!({ "amount_minor": minor, "reason": "Cassé" })).await.expect(201);
        }
        Event::QuickOrder => {
            let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, id).await);
            // Whoever is blocked has no page.
            if app.send(Ask::get(&*path)).await.status == 200 {
                app.place_order(&path, &[(&format!("q-{product}"), "1")]).await;
            }
        }
        Event::OrderLink => drop(app.create_order_link(OWNER, id).await),
        Event::Tag(tag) => drop(app.put_tag(OWNER, id, tag, &json!({ "reason": "Foire" })).await.expect(200)),
        Event::Group => {
            let group = app.create_group(OWNER, &json!({ "name": "Pros", "rate_bp": -1000 })).await;
            if group.status == 201 {
                app.join_group(OWNER, id, &group.id()).await.expect(200);
            }
        }
        Event::Interaction(kind) => {
            let body = json!({ "kind": kind, "at": "2026-11-20T10:00:00+01:00", "text": "Passe demain" });
            app.record_interaction(SELLER, id, &body).await.expect(201);
        }
        Event::Consent { purpose, state } => {
            let text = (*state == "granted").then_some("Oui");
            let mut body = json!({ "purpose": purpose, "state": state, "method": "in_person" });
            if let Some(text) = text {
                body["text"] = json!(text);
                body["version"] = json!("1");
            }
            app.record_consent(SELLER, id, &body).await.expect(201);
        }
        Event::Unsubscription => {
            app.send(Ask::post(format!("/p/{}/unsubscribe", app.preferences_token(id).await))).await.expect(200);
        }
        Event::Submission { phone } => {
            let email = record(app, id).await["email"].as_str().unwrap().to_owned();
            let fields = [("email", &*email), ("phone", phone), ("message", "Bonjour"), ("marketing_email", "on")];
            app.submit_form("contact", &fields).await.expect(303);
        }
        Event::Change(patch) => drop(app.change_customer(OWNER, id, "*", patch).await),
        Event::Block => drop(app.block(OWNER, id, "Impayés").await.expect(200)),
        Event::Days(days) => app.pass(SignedDuration::from_hours(24 * days)).await,
    }
}

#[test]
fn a_merge_and_its_undo_leave_everything_as_it_was() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24);
    let config = Config { cases, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    // The same lives tomorrow: a commit has one result.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lives = (prop::collection::vec((0..2_usize, event()), 0..14), 0..2_usize);
    let outcome = runner.run(&lives, |(events, survivor)| {
        runtime.block_on(async {
            let app = TestApp::start().await;
            let (one, two) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
            let both = [one, two];
            for (whose, event) in &events {
                happen(&app, &both[*whose], event).await;
            }
            app.settle().await;
            app.drain().await;
            let before = lasting(&app).await;
            let job = app.merge(MANAGER, &both[survivor], &both[1 - survivor]).await.expect(202).id();
            prop_assert_ne!(&lasting(&app).await, &before);
            app.undo(MANAGER, &job).await.expect(202);
            // What is due today is due again until it is seen that it was dealt with.
            app.drain().await;
            let after = lasting(&app).await;
            for (key, item) in &before {
                prop_assert_eq!(after.get(key), Some(item), "{:?}", key);
            }
            let new: Vec<_> = after.keys().filter(|key| !before.contains_key(*key)).collect();
            prop_assert!(new.is_empty(), "{:?}", new);
            Ok::<(), TestCaseError>(())
        })
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn a_merge_of_one_address_is_undone_too() {
    let app = TestApp::start().await;
    let famille = |name: &str| json!({ "name": name, "email": "famille@example.com", "allow_duplicate": true });
    let first = app.create_customer(OWNER, &famille("Ana")).await.expect(201).id();
    let second = app.create_customer(OWNER, &famille("Ana D")).await.expect(201).id();
    let third = app.create_customer(OWNER, &famille("Bruno")).await.expect(201).id();
    for [survivor, other] in [[&first, &second], [&second, &first], [&second, &third]] {
        let before = lasting(&app).await;
        let job = app.merge(MANAGER, survivor, other).await.expect(202).id();
        app.undo(MANAGER, &job).await.expect(202);
        assert_eq!(lasting(&app).await, before, "{survivor} {other}");
    }
}

#[tokio::test]
async fn a_merge_is_not_undone_once_the_survivor_has_changed_or_thirty_days_have_passed() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202).id();
    let third = app.customer(OWNER, "Ana").await;
    let other_job = app.merge(MANAGER, &third, &survivor).await.expect(202).id();
    assert_eq!(app.undo(MANAGER, &job).await.expect(409).json()["type"], "urn:clientele:problem:not-undoable");
    app.undo(MANAGER, &other_job).await.expect(202);
    // Both are back, and what had led to the one leads there again.
    let moved = app.send(Ask::get(format!("/v1/customers/{other}")).by(OWNER)).await.expect(308);
    assert_eq!(moved.header("location"), format!("/v1/customers/{survivor}"));
    app.undo(MANAGER, &job).await.expect(409);
    let fourth = app.customer(OWNER, "Bruno").await;
    let late = app.merge(MANAGER, &third, &fourth).await.expect(202).id();
    app.pass(SignedDuration::from_hours(30 * 24)).await;
    app.undo(MANAGER, &late).await.expect(409);
}

#[tokio::test]
async fn a_merge_that_was_cut_off_is_gone_on_with() {
    let app = TestApp::calm().await;
    let [survivor, other] = two(&app).await;
    let ask = Ask::post(format!("/v1/customers/{survivor}/merge")).by(MANAGER).json(&json!({ "other": other }));
    // The first transaction is made; the first of the steps that follow is not, however often it is
    // tried.
    for _ in 0..3 {
        app.stack.faults().nth_attempt(2, Fault::Unreachable, Operation::TransactWrite);
    }
    let job = app.send_once(&ask).await.expect(202);
    assert_eq!(job.json()["state"], "running");
    // Everybody sees one record already; nothing else begins on it.
    app.send(Ask::get(format!("/v1/customers/{other}")).by(OWNER)).await.expect(308);
    assert_eq!(
        app.erase(OWNER, &survivor, "Zoé Dupont").await.expect(409).json()["type"],
        "urn:clientele:problem:job-running"
    );
    app.undo(MANAGER, &job.id()).await.expect(409);
    app.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(app.get_job(MANAGER, &job.id()).await.expect(200).json()["state"], "done");
    assert_eq!(belongings(&app, &other).await, [("MERGED_INTO".to_owned(), 1)].into());
    assert_eq!(record(&app, &survivor).await["figures"]["orders"], 2);
    let undone = app.undo(MANAGER, &job.id()).await.expect(202);
    assert_eq!(undone.json()["state"], "done");
}

#[tokio::test]
async fn an_erasure_of_the_survivor_takes_the_other_with_it() {
    let app = TestApp::start().await;
    let [survivor, other] = two(&app).await;
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    app.erase(OWNER, &survivor, "Zoé Dupont").await.expect(202);
    app.send(Ask::get(format!("/v1/customers/{other}")).by(OWNER)).await.expect(404);
    for id in [&survivor, &other] {
        assert_eq!(belongings(&app, id).await, BTreeMap::new());
    }
    let said = |item: &Item| {
        ["zoe", "zoé", "dupon", "612345678"].iter().any(|word| format!("{item:?}").to_lowercase().contains(word))
    };
    let left: Vec<_> = app.table().await.into_iter().filter(|(_, item)| said(item)).map(|(key, _)| key).collect();
    assert_eq!(left, []);
    app.customer(OWNER, "Zoé Dupont").await;
    app.create_customer(OWNER, &json!({ "name": "Zoé", "email": "zoe@gmail.example" })).await.expect(201);
}

#[tokio::test]
async fn a_merge_of_many_is_made_of_many_transactions() {
    let app = TestApp::calm().await;
    let (survivor, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
    for number in 0..120 {
        app.create_note(OWNER, &other, &json!({ "text": format!("Rappeler {number}") })).await.expect(201);
    }
    let before = lasting(&app).await;
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202);
    assert_eq!(job.json()["state"], "done");
    assert!(job.json()["items"].as_u64().unwrap() >= 120);
    assert_eq!(belongings(&app, &survivor).await["NOTE"], 120);
    app.undo(MANAGER, &job.id()).await.expect(202);
    assert_eq!(lasting(&app).await, before);
}

#[tokio::test]
async fn two_workers_on_one_merge_do_no_harm() {
    let app = TestApp::calm().await;
    let [survivor, other] = two(&app).await;
    let before = lasting(&app).await;
    let ask = Ask::post(format!("/v1/customers/{survivor}/merge")).by(MANAGER).json(&json!({ "other": other }));
    for _ in 0..3 {
        app.stack.faults().nth_attempt(2, Fault::Unreachable, Operation::TransactWrite);
    }
    let id = app.send_once(&ask).await.expect(202).id();
    let functions = app.functions();
    let job = functions.table.job(&"main".parse().unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
    let work = || jobs::run(&functions, job.clone(), jobs::IN_REQUEST);
    tokio::join!(work(), work());
    assert_eq!(app.get_job(MANAGER, &id).await.expect(200).json()["state"], "done");
    let notes = app.list_notes(OWNER, &survivor, "").await.expect(200).json();
    assert_eq!(notes["items"].as_array().unwrap().len(), 3);
    app.undo(MANAGER, &id).await.expect(202);
    assert_eq!(lasting(&app).await, before);
}

#[tokio::test]
async fn a_creation_sent_again_after_a_merge_answers_with_the_survivor() {
    let app = TestApp::start().await;
    let survivor = app.customer(OWNER, "Zoé Dupont").await;
    let create = Ask::post("/v1/customers").by(OWNER).once();
    let create = create.json(&json!({ "name": "Zoe Dupond", "email": "zoe@gmail.example" }));
    let other = app.send(create.clone()).await.expect(201).id();
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    let again = app.send(create.clone()).await.expect(201);
    assert_eq!((again.id(), again.header("location")), (survivor.clone(), &*format!("/v1/customers/{survivor}")));
    app.erase(OWNER, &survivor, "Zoé Dupont").await.expect(202);
    app.send(create).await.expect(404);
}

#[tokio::test]
async fn the_audits_of_both_tell_of_a_merge_and_its_undo() {
    let app = TestApp::start().await;
    let (survivor, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
    let look = Ask::post(format!("/v1/customers/{survivor}/merge?preview=true")).by(MANAGER);
    app.send(look.json(&json!({ "other": other }))).await.expect(200);
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202).id();
    app.undo(MANAGER, &job).await.expect(202);
    app.settle().await;
    for id in [&survivor, &other] {
        let told = app.all_of(OWNER, id, "audit", 100).await;
        for action in ["merge_previewed", "customers_merged", "merge_undone"] {
            let of: Vec<&Value> = told.iter().filter(|entry| entry["action"] == action).collect();
            // A preview whose answer was lost is asked for again, and seen again.
            assert!(of.len() == 1 || (action == "merge_previewed" && of.len() > 1), "{action} of {id}");
            assert_eq!(of[0]["records"], json!([survivor, other]));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_is_found_while_it_moves() {
    let app = TestApp::calm().await;
    let (survivor, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Zoe Dupond").await);
    let order = app.sale(SELLER, &other, 950).await;
    let back_and_forth = async {
        for _ in 0..5 {
            let job = app.merge(MANAGER, &survivor, &other).await.expect(202).id();
            app.undo(MANAGER, &job).await.expect(202);
        }
    };
    let (table, shop, id) = (app.functions().table, "main".parse().unwrap(), order.parse().unwrap());
    let looking = futures::future::join_all((0..8).map(async |_| {
        loop {
            assert!(table.order(&shop, id).await.unwrap().is_some());
        }
    }));
    tokio::select! {
        () = back_and_forth => {}
        _ = looking => {}
    }
}
