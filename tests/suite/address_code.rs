//! The code that proves an address (C03): ten minutes, five tries, once, three an hour.

use futures::future::join_all;
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Answer, OWNER};
use crate::path::markup;
use crate::redaction::redacted;

const ZOE: &str = "zoe.dupont@example.com";

/// Asks for a code and reads it in the mailbox.
async fn code(app: &TestApp, id: &str) -> String {
    app.post_preferences(id, "/address-code", &[]).await.expect(303);
    app.drain().await;
    let text = app.mails().pop().expect("a mail").text.unwrap();
    let code = text.lines().find(|line| line.len() == 8 && line.bytes().all(|b| b.is_ascii_digit()));
    code.expect("a code").to_owned()
}

async fn enter(app: &TestApp, id: &str, code: &str) -> Answer {
    app.post_preferences(id, "/address", &[("code", code)]).await
}

async fn status(app: &TestApp, id: &str) -> Value {
    app.get_customer(OWNER, id).await.expect(200).json()["email_status"].clone()
}

/// Another code than `code`.
fn other_than(code: &str, number: usize) -> String {
    format!("{:08}", (code.parse::<usize>().unwrap() + number) % 100_000_000)
}

#[tokio::test]
async fn the_right_code_proves_the_address_once() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    assert_eq!(status(&app, &id).await, "unconfirmed");
    let code = code(&app, &id).await;
    assert_eq!(app.subjects(ZOE), ["Votre code pour La Ruche d’Or"]);
    let mail = app.mails().pop().unwrap().html.unwrap();
    assert!(mail.contains(&format!("<span>{}</span>", &code[..4])) && !mail.contains("Zoé"));
    app.pass(SignedDuration::from_mins(9)).await;
    let pasted = format!(" {}-{} ", &code[..4], &code[4..]);
    let answer = enter(&app, &id, &pasted).await.expect(303);
    assert_eq!(answer.header("location"), format!("/p/{}/address", app.preferences_token(&id).await));
    assert_eq!(status(&app, &id).await, "confirmed");
    assert!(app.preferences_page(&id, "/address").await.expect(200).text().contains("Votre adresse est confirmée"));
    let entries = app.items("audit").await;
    let of = |action: &str| entries.iter().filter(|entry| text(entry, "action") == action).count();
    assert_eq!((of("address_code_sent"), of("address_confirmed")), (1, 1));
    // A new address is as unproved as the first, and the old code is worth nothing.
    app.change_customer(OWNER, &id, "*", &json!({ "email": "new@example.com" })).await.expect(200);
    assert_eq!(status(&app, &id).await, "unconfirmed");
    enter(&app, &id, &code).await.expect(422);
    assert_eq!(status(&app, &id).await, "unconfirmed");
}

#[tokio::test]
async fn the_pages_in_both_languages() {
    let mut filters = redacted();
    filters.add_filter(r"\b\d{8}\b", "[code]");
    let _redacted = filters.bind_to_scope();
    for language in ["fr", "en"] {
        let app = TestApp::start().await;
        let id = app.customer(OWNER, "Zoé Dupont").await;
        app.change_customer(OWNER, &id, "*", &json!({ "language": language })).await.expect(200);
        let none = app.preferences_page(&id, "/address").await.expect(200);
        assert_snapshot!(format!("address_none_{language}"), markup(&none.text()));
        let code = code(&app, &id).await;
        let sent = app.preferences_page(&id, "/address").await.expect(200);
        assert_snapshot!(format!("address_sent_{language}"), markup(&sent.text()));
        let no_code = enter(&app, &id, "1234").await.expect(422);
        assert_snapshot!(format!("address_no_code_{language}"), markup(&no_code.text()));
        let wrong = enter(&app, &id, &other_than(&code, 1)).await.expect(422);
        assert_snapshot!(format!("address_wrong_{language}"), markup(&wrong.text()));
        app.pass(SignedDuration::from_mins(10)).await;
        let spent = enter(&app, &id, &code).await.expect(422);
        assert_snapshot!(format!("address_spent_{language}"), markup(&spent.text()));
        let code = self::code(&app, &id).await;
        enter(&app, &id, &code).await.expect(303);
        let done = app.preferences_page(&id, "/address").await.expect(200);
        assert_snapshot!(format!("address_done_{language}"), markup(&done.text()));
    }
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_is_worth_nothing() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let code = code(&app, &id).await;
    // What can't be a code costs nothing.
    for typed in ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８"] {
        enter(&app, &id, typed).await.expect(422);
    }
    app.pass(SignedDuration::from_mins(1)).await;
    for number in 1..=4 {
        let page = enter(&app, &id, &other_than(&code, number)).await.expect(422).text();
        assert!(page.contains(&format!("Essais restants\u{202f}: {}.", 5 - number)), "{page}");
    }
    assert!(enter(&app, &id, &other_than(&code, 5)).await.expect(422).text().contains("Demandez-en un nouveau"));
    enter(&app, &id, &code).await.expect(422);
    assert_eq!(status(&app, &id).await, "unconfirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_guesses_at_once_cost_as_many_tries() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let code = code(&app, &id).await;
    let guesses: Vec<String> = (1..=30).map(|number| other_than(&code, number)).collect();
    let answers = join_all(guesses.iter().map(|guess| enter(&app, &id, guess))).await;
    let counted = answers.iter().filter(|answer| answer.text().contains("Essais restants")).count();
    assert!(counted <= 4, "{counted} were told of tries left");
    app.pass(SignedDuration::from_mins(1)).await;
    enter(&app, &id, &code).await.expect(422);
    assert_eq!(status(&app, &id).await, "unconfirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_right_code_many_times_at_once_is_written_once() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let code = code(&app, &id).await;
    let answers = join_all((0..20).map(|_| enter(&app, &id, &code))).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 429)));
    let entries = app.items("audit").await;
    assert_eq!(entries.iter().filter(|entry| text(entry, "action") == "address_confirmed").count(), 1);
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_and_for_its_address() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let late = code(&app, &id).await;
    app.pass(SignedDuration::from_mins(10)).await;
    enter(&app, &id, &late).await.expect(422);
    let moved = code(&app, &id).await;
    app.change_customer(OWNER, &id, "*", &json!({ "email": "new@example.com" })).await.expect(200);
    enter(&app, &id, &moved).await.expect(422);
    assert_eq!(status(&app, &id).await, "unconfirmed");
}

#[tokio::test]
async fn three_codes_an_hour_and_the_newest_counts() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let first = code(&app, &id).await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        let answer = app.post_preferences(&id, "/address-code", &[]).await.expect(303);
        answers.push((answer.header("location").to_owned(), answer.text()));
        app.drain().await;
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "the answer tells nothing");
    assert_eq!(app.mails().len(), 3);
    enter(&app, &id, &first).await.expect(422);
    app.pass(SignedDuration::from_mins(60)).await;
    let again = code(&app, &id).await;
    assert_eq!(app.mails().len(), 4);
    enter(&app, &id, &again).await.expect(303);
}

#[tokio::test]
async fn ten_codes_a_day_whoever_has_the_address() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let body = json!({ "name": "Zoé D.", "email": ZOE, "allow_duplicate": true });
    let other = app.create_customer(OWNER, &body).await.expect(201).id();
    for _ in 0..4 {
        for id in [&zoe, &zoe, &other] {
            let answer = app.post_preferences(id, "/address-code", &[]).await.expect(303);
            assert!(answer.header("location").ends_with("/address"), "the answer tells nothing");
            app.drain().await;
        }
        app.pass(SignedDuration::from_mins(60)).await;
    }
    assert_eq!(app.mails().len(), 10);
    // Forms and codes have a limit each.
    app.submit_form("contact", &[("email", ZOE)]).await.expect(303);
    app.pass(SignedDuration::from_hours(24)).await;
    let before = app.mails().len();
    let code = code(&app, &zoe).await;
    assert_eq!(app.mails().len(), before + 1);
    enter(&app, &zoe, &code).await.expect(303);
}

#[tokio::test]
async fn a_code_that_was_overtaken_before_its_mail_left_is_not_sent() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    for _ in 0..2 {
        app.post_preferences(&id, "/address-code", &[]).await.expect(303);
    }
    app.drain().await;
    let mut messages = app.messages().await;
    messages.sort();
    assert_eq!(messages, ["confirm_address sent", "confirm_address skipped subject_gone"]);
}
