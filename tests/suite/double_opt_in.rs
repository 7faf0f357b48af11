//! Links that ask for consent: nothing counts before the button, each agrees once, and whatever
//! opens nothing answers alike.

use futures::future::join_all;
use http::Method;
use insta::assert_snapshot;
use jiff::SignedDuration;
use local::faults::{Fault, Operation};
use local::mailbox::Mail;
use serde_json::{Value, json};
use shared::domain::{Asking, ConsentPurpose, ConsentRequest, Form};

use crate::app::{TestApp, text};
use crate::ask::{Ask, MANAGER, OWNER, SELLER};
use crate::furnishing::{WORDS, consent_text};
use crate::path::markup;
use crate::redaction::redacted;

const ZOE: &str = "zoe@example.com";

/// A form that asks by mail whoever ticks its box.
fn asking_by_mail(form: &mut Form) {
    form.marketing_consent = Some(consent_text("2026-11"));
    form.welcome = false;
}

/// Zoé ticks the box of such a form: who she is, and the path that the mail names.
async fn asked(app: &TestApp) -> (String, String) {
    let fields = [("name", "Kanari <b>"), ("email", ZOE), ("marketing_email", "on")];
    app.submit_form("ask", &fields).await.expect(303);
    app.drain().await;
    // With faults, a mail may wait for the end of a claim of which nothing came.
    for _ in 0..3 {
        if !app.mails().iter().any(asks) {
            app.pass(SignedDuration::from_mins(1)).await;
        }
    }
    (text(&app.items("customer").await[0], "id"), path_in_newest_mail(app))
}

fn asks(mail: &Mail) -> bool {
    mail.html.as_ref().is_some_and(|html| html.contains("/agree\""))
}

/// With faults, a mail of before may leave again after it.
fn path_in_newest_mail(app: &TestApp) -> String {
    let mail = app.mails().into_iter().rfind(asks).expect("a mail that asks");
    let html = mail.html.unwrap();
    let (_, rest) = html.split_once(&format!("href=\"{}", app.stack.base_url())).expect("a link");
    let path = rest.split('"').next().unwrap().to_owned();
    assert!(path.ends_with("/agree") && mail.text.unwrap().contains(&path));
    path
}

async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.new_form("ask", asking_by_mail).await;
    app
}

async fn marketing(app: &TestApp, id: &str) -> Value {
    app.get_customer(OWNER, id).await.expect(200).json()["consents"]["marketing_email"]["state"].clone()
}

async fn evidence(app: &TestApp, id: &str) -> Vec<Value> {
    app.all_of(SELLER, id, "consents", 25).await
}

fn staff() -> Asking {
    Asking::Staff { subject: "c1f4a2b8".parse().unwrap() }
}

#[tokio::test]
async fn a_box_that_was_ticked_counts_once_the_mail_is_answered() {
    let app = app().await;
    let _redacted = redacted().bind_to_scope();
    let (id, path) = asked(&app).await;
    let mail = app.mails().pop().unwrap();
    assert!(mail.text.as_ref().unwrap().contains(WORDS));
    assert!(!format!("{}{:?}", mail.subject, mail.html).contains("Kanari"), "nothing that was typed");
    let before = app.table().await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        app.send(Ask::new(method, &path)).await.expect(200);
    }
    assert_eq!(app.table().await, before, "a mail scanner opens links");
    assert_eq!(marketing(&app, &id).await, Value::Null);
    assert_snapshot!("agree_fr", markup(&app.send(Ask::get(&path)).await.expect(200).text()));

    app.pass(SignedDuration::from_mins(3)).await;
    for _ in 0..2 {
        assert_eq!(app.send(Ask::post(&path)).await.expect(303).header("location"), "agree");
        assert_snapshot!("agreed_fr", markup(&app.send(Ask::get(&path)).await.expect(200).text()));
    }
    assert_eq!(marketing(&app, &id).await, "granted");
    assert_eq!(app.get_customer(OWNER, &id).await.expect(200).json()["email_status"], "confirmed");
    let evidence = evidence(&app, &id).await;
    assert_eq!(evidence.len(), 1);
    assert!(evidence[0]["at"].as_str().unwrap().starts_with("2026-11-22T09:03"), "when the button was pressed");
    assert_eq!(text(&app.items("consent").await[0], "source_ip"), "203.0.113.7");
    for (field, value) in [
        ("method", "double_opt_in"),
        ("text", WORDS),
        ("version", "2026-11"),
        ("language", "fr"),
        ("page", "https://www.ruche.example/contact"),
    ] {
        assert_eq!(evidence[0][field], value, "{field}");
    }
}

#[tokio::test]
async fn the_pages_in_english() {
    let app = app().await;
    let _redacted = redacted().bind_to_scope();
    let fields = [("email", ZOE), ("marketing_email", "on"), ("language", "en")];
    app.submit_form("ask", &fields).await.expect(303);
    app.drain().await;
    assert_eq!(app.subjects(ZOE), ["One more click for La Ruche d’Or"]);
    let path = path_in_newest_mail(&app);
    assert_snapshot!("agree_en", markup(&app.send(Ask::get(&path)).await.expect(200).text()));
    app.send(Ask::post(&path)).await.expect(303);
    assert_snapshot!("agreed_en", markup(&app.send(Ask::get(&path)).await.expect(200).text()));
}

#[tokio::test]
async fn that_it_is_done_is_told_as_long_as_the_link_would_have_opened() {
    let app = app().await;
    let (id, path) = asked(&app).await;
    app.send(Ask::post(&path)).await.expect(303);
    app.pass(ConsentRequest::LIFE - SignedDuration::from_hours(1)).await;
    app.send(Ask::get(&path)).await.expect(200);
    app.pass(SignedDuration::from_hours(1)).await;
    is_closed(&app, &path).await;
    assert_eq!(marketing(&app, &id).await, "granted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_confirmations_at_once_are_one_piece_of_evidence() {
    let app = app().await;
    let (id, path) = asked(&app).await;
    let answers = join_all((0..50).map(|_| app.send(Ask::post(&path)))).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 429)));
    assert_eq!(evidence(&app, &id).await.len(), 1);
    assert_eq!(app.items("audit").await.iter().filter(|entry| text(entry, "action") == "consent_granted").count(), 1);
}

#[tokio::test]
async fn a_consent_that_was_taken_back_returns_with_the_answer_and_not_before() {
    let app = app().await;
    app.submit_contact().await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
    app.pass(SignedDuration::from_mins(1)).await;
    let (_, path) = asked(&app).await;
    assert_eq!((marketing(&app, &id).await, app.items("suppression").await.len()), (json!("withdrawn"), 1));
    app.send(Ask::post(&path)).await.expect(303);
    assert_eq!((marketing(&app, &id).await, app.items("suppression").await.len()), (json!("granted"), 0));
    // Taken back again, the link gives it no third time.
    app.pass(SignedDuration::from_mins(1)).await;
    app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
    app.send(Ask::post(&path)).await.expect(404);
    assert_eq!(marketing(&app, &id).await, "withdrawn");
}

/// Asserts that the link opens nothing, just like one that never was.
async fn is_closed(app: &TestApp, path: &str) {
    let never = format!("/p/{}/agree", "a".repeat(32));
    for method in [Method::GET, Method::POST] {
        let unknown = app.send(Ask::new(method.clone(), &never)).await.expect(404).text();
        assert_eq!(app.send(Ask::new(method, path)).await.expect(404).text(), unknown);
    }
}

#[tokio::test]
async fn links_that_open_nothing_answer_alike() {
    for reason in ["expired", "another address", "blocked", "erased", "another purpose's token"] {
        let app = app().await;
        let (id, path) = asked(&app).await;
        match reason {
            "expired" => app.pass(SignedDuration::from_hours(7 * 24)).await,
            "another address" => {
                let body = json!({ "email": "other@example.com" });
                drop(app.change_customer(OWNER, &id, "*", &body).await.expect(200));
            }
            "blocked" => drop(app.block(OWNER, &id, "Impayés").await.expect(200)),
            "erased" => drop(app.erase(OWNER, &id, "Kanari <b>").await.expect(202)),
            _ => is_closed(&app, &format!("/p/{}/agree", app.preferences_token(&id).await)).await,
        }
        if reason != "another purpose's token" {
            is_closed(&app, &path).await;
        }
        let token = path.split('/').nth(2).unwrap();
        app.send(Ask::get(format!("/p/{token}"))).await.expect(404);
        assert!(app.items("consent").await.is_empty(), "{reason}");
    }
}

#[tokio::test]
async fn a_link_follows_a_merge_where_the_address_stays_theirs() {
    let app = app().await;
    for (email, open) in [("zoe.dupont@example.com", true), ("another@example.com", false)] {
        let zoe = app.customer(OWNER, "Zoé Dupont").await;
        let path = app.consent_path(&zoe, ConsentPurpose::MarketingEmail, Asking::Preferences).await;
        let body = json!({ "name": "Zoé D.", "email": email, "allow_duplicate": true });
        let survivor = app.create_customer(OWNER, &body).await.expect(201).id();
        app.merge(MANAGER, &survivor, &zoe).await.expect(202);
        if open {
            app.send(Ask::post(&path)).await.expect(303);
            assert_eq!(marketing(&app, &survivor).await, "granted");
        } else {
            is_closed(&app, &path).await;
        }
        app.erase(OWNER, &survivor, "Zoé D.").await.expect(202);
        app.pass(SignedDuration::from_mins(10)).await;
        assert!(app.items("consent_request").await.is_empty() && app.items("consent_answer").await.is_empty());
    }
}

#[tokio::test]
async fn a_link_that_staff_hand_over_agrees_for_them_where_no_mail_follows() {
    let app = app().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let path = app.consent_path(&id, ConsentPurpose::Geolocation, staff()).await;
    app.send(Ask::post(&path)).await.expect(303);
    let said = evidence(&app, &id).await;
    assert_eq!((&said[0]["method"], &said[0]["recorded_by"]), (&json!("consent_link"), &json!("c1f4a2b8")));
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!((&record["email_status"], app.mails().len()), (&json!("unconfirmed"), 0));
}

#[tokio::test]
async fn a_link_that_staff_hand_over_asks_by_mail_before_it_agrees_to_mail() {
    let app = app().await;
    let _redacted = redacted().bind_to_scope();
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let link = app.consent_path(&id, ConsentPurpose::MarketingEmail, staff()).await;
    for _ in 0..2 {
        app.send(Ask::post(&link)).await.expect(303);
    }
    assert_snapshot!("asked_by_mail_fr", markup(&app.send(Ask::get(&link)).await.expect(200).text()));
    app.drain().await;
    assert_eq!((app.mails().len(), marketing(&app, &id).await), (1, Value::Null));
    app.send(Ask::post(path_in_newest_mail(&app))).await.expect(303);
    assert_eq!(evidence(&app, &id).await[0]["method"], "double_opt_in");
    assert_eq!(app.get_customer(OWNER, &id).await.expect(200).json()["email_status"], "confirmed");
    // Taken back, it returns by the answer to another mail, though the address is proved.
    app.pass(SignedDuration::from_mins(1)).await;
    app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
    app.pass(SignedDuration::from_mins(1)).await;
    let link = app.consent_path(&id, ConsentPurpose::MarketingEmail, staff()).await;
    app.send(Ask::post(&link)).await.expect(303);
    app.drain().await;
    assert_eq!((app.mails().len(), marketing(&app, &id).await), (2, json!("withdrawn")));
    app.send(Ask::post(path_in_newest_mail(&app))).await.expect(303);
    assert_eq!((evidence(&app, &id).await.len(), marketing(&app, &id).await), (3, json!("granted")));
}

#[tokio::test]
async fn no_address_gets_more_than_three_such_mails_a_day() {
    let app = app().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    for answer in [303, 303, 303, 429] {
        let link = app.consent_path(&id, ConsentPurpose::MarketingEmail, staff()).await;
        app.send(Ask::post(&link)).await.expect(answer);
        if answer == 429 {
            app.pass(SignedDuration::from_hours(24)).await;
            app.send(Ask::post(&link)).await.expect(303);
        }
    }
    app.drain().await;
    assert_eq!(app.mails().len(), 4);
}

#[tokio::test]
async fn an_answer_that_nobody_was_told_of_is_told_once_more() {
    let app = TestApp::calm().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let path = app.consent_path(&id, ConsentPurpose::Geolocation, staff()).await;
    app.stack.faults().next_call(Fault::AnswerLost, Operation::TransactWrite);
    app.send_once(&Ask::post(&path)).await.expect(503);
    app.send_once(&Ask::post(&path)).await.expect(303);
    assert_eq!(evidence(&app, &id).await.len(), 1);
}

#[tokio::test]
async fn a_mail_that_asks_goes_to_the_address_it_was_made_for_or_nowhere() {
    let app = app().await;
    let fields = [("email", ZOE), ("marketing_email", "on")];
    app.submit_form("ask", &fields).await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    app.change_customer(OWNER, &id, "*", &json!({ "email": "other@example.com" })).await.expect(200);
    app.drain().await;
    let skipped = vec!["confirm_consent skipped subject_gone".to_owned()];
    assert_eq!((app.mails().len(), app.messages().await), (0, skipped));
}
