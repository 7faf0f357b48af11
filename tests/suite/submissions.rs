//! What forms sent, as staff see it: listed, opened by its receipt, restored, deleted; and the links
//! by which staff ask for a consent.

use futures::future::{join, join_all};
use jiff::SignedDuration;
use local::faults::{Fault, Operation};
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Ask, MANAGER, OWNER, SELLER, STRANGER, VIEWER};
use crate::bad_input::refused;

const ZOE: &str = "zoe@example.com";

/// The receipt of what Zoé sent, and her id.
async fn received(app: &TestApp) -> (String, String) {
    app.submit_contact().await.expect(303);
    let submission = app.items("submission").await.remove(0);
    (text(&submission, "id"), text(&submission, "customer"))
}

async fn listed(app: &TestApp, query: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.list_submissions(SELLER, &format!("form=contact{query}{cursor}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// What the audit of today says was done, with the records.
async fn audited(app: &TestApp, action: &str) -> Vec<Value> {
    let day = app.send(Ask::get("/v1/audit?limit=100").by(OWNER)).await.expect(200).json();
    let of = |entry: &&Value| entry["action"] == action;
    day["items"].as_array().unwrap().iter().filter(of).map(|entry| entry["records"].clone()).collect()
}

#[tokio::test]
async fn what_was_received_and_what_is_suspected_are_two_lists() {
    let app = TestApp::start().await;
    let (receipt, zoe) = received(&app).await;
    let mut junk = Vec::new();
    for number in 0..5 {
        junk.insert(0, app.submit_junk("contact", &format!("ana{number}@example.com")).await);
        app.pass(SignedDuration::from_secs(1)).await;
    }
    app.settle().await;
    let ours = listed(&app, "").await;
    let [card] = &ours[..] else { panic!("{ours:?}") };
    let expected = json!({ "id": receipt, "at": card["at"], "state": "received", "customer": zoe, "suspicion": null,
        "email": ZOE, "preview": "Bonjour", "expires_at": null });
    assert_eq!(*card, expected);
    for limit in [1, 2, 5, 25] {
        let suspected = listed(&app, &format!("&state=quarantined&limit={limit}")).await;
        assert_eq!(ids(&suspected), junk, "{limit} a page");
        let newest = &suspected[0];
        assert_eq!((&newest["suspicion"], &newest["customer"]), (&json!("honeypot"), &Value::Null));
        assert_eq!(newest["email"], "ana4@example.com");
    }
    // Nobody is made of what is suspected.
    assert_eq!(app.items("customer").await.len(), 1);
    let told = audited(&app, "submissions_listed").await;
    assert!(told.contains(&json!([receipt])) && told.contains(&json!(junk)), "{told:?}");
}

#[tokio::test]
async fn a_list_of_submissions_names_its_form_and_its_cursors_open_no_other() {
    let app = TestApp::start().await;
    for number in 0..2 {
        app.submit_junk("contact", &format!("ana{number}@example.com")).await;
    }
    app.settle().await;
    let page = app.list_submissions(OWNER, "form=contact&state=quarantined&limit=1").await.expect(200).json();
    let cursor = page["next"].as_str().unwrap();
    let form = app.create_form(OWNER, &json!({ "name": "Salon" })).await.expect(201).id();
    let ask = |query: String| (Ask::get(format!("/v1/submissions?{query}")), 422);
    let asks = [
        (String::new(), "/form"),
        ("form=contact&state=spam".to_owned(), "/state"),
        ("form=contact&limit=101".to_owned(), "/limit"),
        ("form=Contact%20".to_owned(), "/form"),
        (format!("form=contact&cursor={cursor}"), "/cursor"),
        (format!("form={form}&state=quarantined&cursor={cursor}"), "/cursor"),
    ];
    let (queries, pointers): (Vec<_>, Vec<_>) = asks.into_iter().unzip();
    let answers = refused(&app, queries.into_iter().map(ask).collect()).await;
    for (answer, pointer) in answers.iter().zip(pointers) {
        assert_eq!(answer.pointers(), [pointer]);
    }
    app.list_submissions(OWNER, "form=nobody").await.expect(404);
    app.list_submissions(VIEWER, "form=contact").await.expect(403);
}

#[tokio::test]
async fn a_receipt_leads_to_everything_as_it_was_sent() {
    let app = TestApp::start().await;
    let (receipt, zoe) = received(&app).await;
    let shown = app.get_submission(SELLER, &receipt).await.expect(200).json();
    let fields = json!({ "name": ["Zoé Dupont"], "email": [ZOE], "phone": ["06 12 34 56 78"], "message": ["Bonjour"],
        "marketing_email": ["on"] });
    assert_eq!((&shown["fields"], &shown["customer"], &shown["state"]), (&fields, &json!(zoe), &json!("received")));
    assert_eq!((&shown["form"], &shown["page"]), (&json!("contact"), &json!("https://www.ruche.example/contact")));
    let junk = app.submit_junk("contact", "ana@example.com").await;
    let shown = app.get_submission(SELLER, &junk).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["suspicion"]), (&json!("quarantined"), &json!("honeypot")));
    // What was for us alone is not kept.
    assert_eq!((&shown["fields"]["_gotcha"], &shown["customer"]), (&Value::Null, &Value::Null));
    let told = audited(&app, "submission_viewed").await;
    assert!(told.contains(&json!([zoe, receipt])) && told.contains(&json!([junk])), "{told:?}");
    for id in [&receipt, &junk] {
        app.get_submission(VIEWER, id).await.expect(403);
    }
}

#[tokio::test]
async fn what_is_honest_is_restored_in_one_call() {
    let app = TestApp::start().await;
    let junk = app.submit_junk("contact", ZOE).await;
    app.pass(SignedDuration::from_hours(48)).await;
    assert!(app.mails().is_empty() && app.items("customer").await.is_empty());
    app.restore_submission(SELLER, &junk).await.expect(403);
    let restored = app.restore_submission(MANAGER, &junk).await.expect(200).json();
    let customer = restored["customer"].as_str().unwrap();
    assert_eq!((&restored["state"], &restored["suspicion"]), (&json!("received"), &Value::Null));
    // Kept with when it came.
    assert!(restored["at"].as_str().unwrap().starts_with("2026-11-22T09:00:"));
    assert_eq!(app.restore_submission(MANAGER, &junk).await.expect(200).json(), restored);
    app.drain().await;
    assert_eq!(app.subjects(ZOE).len(), 1, "a welcome");
    assert!(listed(&app, "&state=quarantined").await.is_empty());
    assert_eq!(ids(&listed(&app, "").await), [&*junk]);
    let record = app.get_customer(OWNER, customer).await.expect(200).json();
    assert_eq!((&record["name"], &record["source"]["kind"]), (&json!("Ana Lima"), &json!("form")));
    let timeline = app.all_of(OWNER, customer, "timeline", 25).await;
    assert!(timeline.iter().any(|happening| happening["id"] == *junk));
    assert_eq!(audited(&app, "submission_restored").await, [json!([customer, junk])]);
    assert!(!app.table().await.keys().any(|(_, sk)| sk.starts_with("QUARANTINE#")));
}

#[tokio::test]
async fn of_many_who_restore_at_once_all_see_one_submission() {
    let app = TestApp::start().await;
    let junk = app.submit_junk("contact", ZOE).await;
    let answers = join_all((0..6).map(|_| app.restore_submission(MANAGER, &junk))).await;
    let first = answers[0].json();
    for answer in answers {
        assert_eq!(answer.expect(200).json(), first);
    }
    assert_eq!((app.items("customer").await.len(), app.items("submission").await.len()), (1, 1));
    let other = app.submit_junk("contact", "bob@example.com").await;
    let (restored, deleted) = join(app.restore_submission(MANAGER, &other), app.delete_submission(OWNER, &other)).await;
    assert!(matches!(restored.status, 200 | 404), "{}", restored.text());
    deleted.expect(204);
    app.get_submission(OWNER, &other).await.expect(404);
}

#[tokio::test]
async fn a_restoration_whose_answer_was_lost_is_made_once() {
    let app = TestApp::calm().await;
    let junk = app.submit_junk("contact", ZOE).await;
    let ask = Ask::post(format!("/v1/submissions/{junk}/restore")).by(MANAGER).once().json(&json!({}));
    for _ in 0..3 {
        app.stack.faults().nth_attempt(1, Fault::AnswerLost, Operation::TransactWrite);
    }
    let first = app.send_once(&ask).await;
    assert!(matches!(first.status, 200 | 503), "{}", first.text());
    assert_eq!(app.send(ask.clone()).await.expect(200).json()["state"], "received");
    assert_eq!(app.items("submission").await.len(), 1);
    let other = app.submit_junk("contact", "bob@example.com").await;
    app.send(Ask { path: format!("/v1/submissions/{other}/restore"), ..ask }).await.expect(422);
}

#[tokio::test]
async fn a_form_that_has_changed_since_restores_what_it_sent() {
    let app = TestApp::start().await;
    let mapping = json!({ "name": "Salon", "mapping": { "champ-1": "email", "champ-2": "name" } });
    let form = app.create_form(OWNER, &mapping).await.expect(201).id();
    let fields = [("champ-1", ZOE), ("champ-2", "Zoé Dupont"), ("_gotcha", "x")];
    let ask = Ask::post(format!("/f/{form}")).form(&fields).header("accept", "application/json").once();
    let receipt = app.send(ask).await.expect(200).json()["receipt"].as_str().unwrap().to_owned();
    app.change_form(OWNER, &form, &json!({ "mapping": null })).await.expect(200);
    let restored = app.restore_submission(OWNER, &receipt).await.expect(200).json();
    let record = app.get_customer(OWNER, restored["customer"].as_str().unwrap()).await.expect(200).json();
    assert_eq!((&record["email"], &record["name"]), (&json!(ZOE), &json!("zoe")));
    assert!(!app.table().await.keys().any(|(_, sk)| sk.starts_with("QUARANTINE#")));
}

#[tokio::test]
async fn a_box_ticked_under_other_words_is_asked_about_again() {
    let app = TestApp::start().await;
    let mut receipts = Vec::new();
    for address in [ZOE, "ana@example.com"] {
        let fields = [("email", address), ("marketing_email", "on"), ("_gotcha", "x")];
        let ask = Ask::post("/f/contact").form(&fields).header("accept", "application/json").once();
        receipts.push(app.send(ask).await.expect(200).json()["receipt"].as_str().unwrap().to_owned());
    }
    app.pass(SignedDuration::from_hours(2)).await;
    app.restore_submission(OWNER, &receipts[0]).await.expect(200);
    let evidence = app.items("consent").await;
    // Kept with when the box was ticked.
    assert!(evidence.len() == 1 && text(&evidence[0], "at").starts_with("2026-11-22T09:00:"));
    let words = json!({ "marketing_consent": { "version": "2027-1", "texts": { "fr": "Autre chose", "en": "Else" } } });
    app.change_form(OWNER, "contact", &words).await.expect(200);
    app.restore_submission(OWNER, &receipts[1]).await.expect(200);
    assert_eq!((app.items("consent").await.len(), app.items("consent_request").await.len()), (1, 1));
}

#[tokio::test]
async fn what_is_suspected_is_gone_after_thirty_days() {
    let app = TestApp::start().await;
    let early = app.submit_junk("contact", ZOE).await;
    app.pass(SignedDuration::from_hours(1)).await;
    let late = app.submit_junk("contact", "ana@example.com").await;
    app.pass(SignedDuration::from_hours(30 * 24 - 1)).await;
    // The store deletes later: what has expired is not shown all the same.
    assert_eq!(app.items("quarantined").await.len(), 2);
    for limit in [1, 25] {
        assert_eq!(ids(&listed(&app, &format!("&state=quarantined&limit={limit}")).await), [&*late]);
    }
    app.get_submission(OWNER, &early).await.expect(404);
    app.restore_submission(OWNER, &early).await.expect(404);
    app.delete_submission(OWNER, &early).await.expect(404);
    app.restore_submission(OWNER, &late).await.expect(200);
}

#[tokio::test]
async fn what_was_sent_is_deleted_and_the_customer_stays() {
    let app = TestApp::start().await;
    let (receipt, zoe) = received(&app).await;
    let junk = app.submit_junk("contact", "ana@example.com").await;
    app.delete_submission(SELLER, &receipt).await.expect(403);
    for id in [&receipt, &junk] {
        app.delete_submission(MANAGER, id).await.expect(204);
        app.delete_submission(MANAGER, id).await.expect(404);
        app.get_submission(OWNER, id).await.expect(404);
        app.restore_submission(OWNER, id).await.expect(404);
    }
    app.settle().await;
    assert!(listed(&app, "").await.is_empty() && listed(&app, "&state=quarantined").await.is_empty());
    let record = app.get_customer(OWNER, &zoe).await.expect(200).json();
    assert_eq!(record["consents"]["marketing_email"]["state"], "granted");
    let timeline = app.all_of(OWNER, &zoe, "timeline", 25).await;
    assert!(timeline.iter().all(|happening| happening["type"] != "submission"));
    let told = audited(&app, "submission_deleted").await;
    assert!(told.contains(&json!([zoe, receipt])) && told.contains(&json!([junk])), "{told:?}");
    let kept = |sk: &str| sk.starts_with("QUARANTINE#") || sk == "RECEIPT" || sk.starts_with("SUBMISSION#");
    assert!(!app.table().await.keys().any(|(_, sk)| kept(sk)));
}

#[tokio::test]
async fn a_receipt_follows_merges_and_their_undoing() {
    let app = TestApp::start().await;
    let (receipt, other) = received(&app).await;
    let survivor = app.customer(OWNER, "Zoé Dupond").await;
    let of = async || app.get_submission(OWNER, &receipt).await.expect(200).json()["customer"].clone();
    let job = app.merge(MANAGER, &survivor, &other).await.expect(202).id();
    assert_eq!(of().await, json!(survivor));
    app.settle().await;
    assert_eq!(listed(&app, "").await[0]["customer"], json!(survivor));
    app.undo(MANAGER, &job).await.expect(202);
    assert_eq!(of().await, json!(other));
    let third = app.customer(OWNER, "Zoé D").await;
    app.merge(MANAGER, &survivor, &other).await.expect(202);
    app.merge(MANAGER, &third, &survivor).await.expect(202);
    assert_eq!(of().await, json!(third));
    let data = app.send(Ask::get(format!("/v1/customers/{third}/data")).by(OWNER)).await.expect(200).text();
    assert!(data.contains("Bonjour"));
    app.erase(OWNER, &third, "Zoé D").await.expect(202);
    app.get_submission(OWNER, &receipt).await.expect(404);
}

#[tokio::test]
async fn a_receipt_leads_on_while_a_merge_is_cut_off() {
    let app = TestApp::calm().await;
    let (receipt, other) = received(&app).await;
    let survivor = app.customer(OWNER, "Zoé Dupond").await;
    for _ in 0..3 {
        app.stack.faults().nth_attempt(2, Fault::Unreachable, Operation::TransactWrite);
    }
    let ask = Ask::post(format!("/v1/customers/{survivor}/merge")).by(MANAGER).json(&json!({ "other": other }));
    assert_eq!(app.send_once(&ask).await.expect(202).json()["state"], "running");
    assert_eq!(app.get_submission(OWNER, &receipt).await.expect(200).json()["customer"], json!(survivor));
    app.delete_submission(OWNER, &receipt).await.expect(204);
    app.pass(SignedDuration::from_mins(10)).await;
    app.get_submission(OWNER, &receipt).await.expect(404);
    assert!(app.items("submission").await.is_empty());
}

#[tokio::test]
async fn an_erased_customers_submissions_are_gone_at_once() {
    let app = TestApp::calm().await;
    let (receipt, zoe) = received(&app).await;
    let junk = app.submit_junk("contact", ZOE).await;
    assert_eq!((listed(&app, "").await.len(), listed(&app, "&state=quarantined").await.len()), (1, 1));
    for _ in 0..3 {
        app.stack.faults().nth_attempt(2, Fault::Unreachable, Operation::TransactWrite);
    }
    let ask = Ask::new(http::Method::DELETE, format!("/v1/customers/{zoe}")).by(OWNER).header("if-match", "*");
    let job = app.send_once(&ask.json(&json!({ "name": "Zoé Dupont" }))).await.expect(202);
    assert_eq!(job.json()["state"], "running");
    assert!(listed(&app, "").await.is_empty() && listed(&app, "&state=quarantined").await.is_empty());
    for id in [&receipt, &junk] {
        app.get_submission(OWNER, id).await.expect(404);
        app.restore_submission(OWNER, id).await.expect(404);
        app.delete_submission(OWNER, id).await.expect(404);
    }
    // Who writes again has done so after it.
    let later = app.submit_junk("contact", ZOE).await;
    app.get_submission(OWNER, &later).await.expect(200);
}

#[tokio::test]
async fn another_shops_submission_is_none() {
    let app = TestApp::start().await;
    let (receipt, _) = received(&app).await;
    let junk = app.submit_junk("contact", "ana@example.com").await;
    let before = app.table().await;
    for id in [&receipt, &junk, &"01JDGZZZZZZZZZZZZZZZZZZZZZ".to_owned()] {
        app.get_submission(STRANGER, id).await.expect(404);
        app.restore_submission(STRANGER, id).await.expect(404);
        app.delete_submission(STRANGER, id).await.expect(404);
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn a_consent_link_asks_in_the_shops_words_and_mails_nobody() {
    let app = TestApp::start().await;
    let body = json!({ "name": "Zoé Dupont", "email": ZOE, "language": "fr-CA" });
    let zoe = app.create_customer(OWNER, &body).await.expect(201).id();
    let none = app.create_consent_link(SELLER, &zoe, &json!({})).await.expect(409).json();
    assert_eq!(none["type"], "urn:clientele:problem:no-consent-text");
    app.settle_consent_texts().await;
    let create = Ask::post(format!("/v1/customers/{zoe}/consent-links")).by(SELLER).once().json(&json!({}));
    let link = app.send(create.clone()).await.expect(201);
    let shown = link.json();
    assert_eq!((&shown["purpose"], &shown["version"]), (&json!("marketing_email"), &json!("2026-11")));
    assert_eq!(shown["text"], "Oui aux offres par e-mail.");
    assert!(shown["expires_at"].as_str().unwrap().starts_with("2026-11-29T09:00:"));
    let url = shown["url"].as_str().unwrap();
    let path = url.strip_prefix(app.stack.base_url()).unwrap();
    let token = path.strip_prefix("/p/").and_then(|rest| rest.strip_suffix("/agree")).unwrap();
    assert_eq!(app.send(create).await.expect(201).json(), shown, "repeated, the first answer");
    let requests = app.items("consent_request").await;
    assert_eq!((requests.len(), text(&requests[0], "text")), (1, "Oui aux offres par e-mail.".to_owned()));
    assert!(!app.table().await.values().any(|item| format!("{item:?}").contains(token)), "tokens are not kept");
    app.pass(SignedDuration::from_hours(1)).await;
    assert!(app.mails().is_empty());
    // Asking is no answer.
    let record = app.get_customer(OWNER, &zoe).await.expect(200).json();
    assert_eq!(record["consents"], json!({}));
    assert_eq!(audited(&app, "consent_link_created").await, [json!([zoe, shown["id"]])]);
    let other = json!({ "purpose": "geolocation" });
    app.create_consent_link(SELLER, &zoe, &other).await.expect(409);
    app.create_consent_link(VIEWER, &zoe, &json!({})).await.expect(403);
    app.create_consent_link(STRANGER, &zoe, &json!({})).await.expect(404);
    let wrong = Ask::post(format!("/v1/customers/{zoe}/consent-links")).json(&json!({ "purpose": "sms", "text": "x" }));
    assert_eq!(refused(&app, vec![(wrong, 422)]).await[0].pointers(), ["/purpose", "/text"]);
}
