//! The preferences page: what was agreed and in which words, agreeing and taking back, the language.

use std::collections::BTreeMap;

use futures::future::join_all;
use http::Method;
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::{Asking, ConsentPurpose, Customer};

use crate::app::{Item, TestApp, text};
use crate::ask::{Ask, OWNER, SELLER};
use crate::furnishing::{WORDS, consent_text};
use crate::path::markup;
use crate::redaction::redacted;

/// A shop with words for two purposes.
async fn shop() -> TestApp {
    let app = TestApp::start().await;
    app.set(|settings| {
        for purpose in [ConsentPurpose::MarketingEmail, ConsentPurpose::PurchaseData] {
            settings.consent_texts.insert(purpose, consent_text("2026-11"));
        }
    })
    .await;
    app
}

const GRANT: [(&str, &str); 4] =
    [("purpose", "marketing_email"), ("state", "granted"), ("version", "2026-11"), ("words", "fr")];

async fn consent(app: &TestApp, id: &str, purpose: &str) -> serde_json::Value {
    app.get_customer(OWNER, id).await.expect(200).json()["consents"][purpose].clone()
}

#[tokio::test]
async fn every_state_of_the_page_in_both_languages() {
    let _redacted = redacted().bind_to_scope();
    for language in ["fr", "en"] {
        let app = shop().await;
        let id = app.customer(OWNER, "Zoé Dupont").await;
        app.change_customer(OWNER, &id, "*", &json!({ "language": language })).await.expect(200);
        let page = app.preferences_page(&id, "").await.expect(200);
        assert_eq!(page.header("content-language"), language);
        assert_snapshot!(format!("preferences_fresh_{language}"), markup(&page.text()));
        app.post_preferences(&id, "/consents", &[&GRANT[..3], &[("words", language)]].concat()).await.expect(303);
        let other = [("purpose", "purchase_data"), ("state", "withdrawn")];
        app.post_preferences(&id, "/consents", &other).await.expect(303);
        let page = app.preferences_page(&id, "?saved=true").await.expect(200);
        assert_snapshot!(format!("preferences_chosen_{language}"), markup(&page.text()));
        let changed = [&GRANT[..2], &[("version", "2025-01"), ("words", language)]].concat();
        app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
        let page = app.post_preferences(&id, "/consents", &changed).await.expect(409);
        assert_snapshot!(format!("preferences_changed_{language}"), markup(&page.text()));
    }
}

#[tokio::test]
async fn looking_changes_nothing() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.post_preferences(&id, "/address-code", &[]).await.expect(303);
    app.drain().await;
    let preferences = format!("/p/{}", app.preferences_token(&id).await);
    let before = app.table().await;
    for of in [
        "",
        "/unsubscribe",
        "/address",
        "/deletion",
        "/agree",
        "/consents",
        "/language",
        "/address-code",
        "?saved=true&utm=x",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = app.send(Ask::new(method, format!("{preferences}{of}"))).await;
            assert!(matches!(answer.status, 200 | 404), "{of}: {}", answer.status);
        }
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn agreeing_keeps_the_words_that_were_shown() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.post_preferences(&id, "/unsubscribe", &[("List-Unsubscribe", "One-Click")]).await.expect(200);
    assert_eq!(app.items("suppression").await.len(), 1);
    app.pass(SignedDuration::from_mins(1)).await;
    for _ in 0..2 {
        let chosen = app.post_preferences(&id, "/consents", &GRANT).await.expect(303);
        assert_eq!(chosen.header("location"), format!("/p/{}?saved=true", app.preferences_token(&id).await));
    }
    assert!(app.items("suppression").await.is_empty(), "an unsubscription ends");
    let evidence = app.all_of(SELLER, &id, "consents", 25).await;
    assert_eq!(evidence.len(), 2, "one withdrawal, and one grant however often it is pressed");
    let granted = &evidence[0];
    for (field, value) in [("method", "preferences_page"), ("text", WORDS), ("version", "2026-11"), ("language", "fr")]
    {
        assert_eq!(granted[field], value, "{field}");
    }
    assert!(app.items("consent").await.iter().all(|item| text(item, "source_ip") == "203.0.113.7"));
    assert!(granted["at"].as_str().unwrap().starts_with("2026-11-22T09:01"));
    assert!(granted["page"].is_null() && granted["recorded_by"].is_null());
    assert_eq!(consent(&app, &id, "marketing_email").await["state"], "granted");
    let entry = app.items("audit").await.into_iter().find(|entry| text(entry, "action") == "consent_granted").unwrap();
    assert_eq!(text(entry["actor"].as_m().unwrap(), "kind"), "preferences");
}

#[tokio::test]
async fn what_is_taken_back_is_taken_back() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let purchases = |state| [("purpose", "purchase_data"), ("state", state), ("version", "2026-11")];
    for state in ["granted", "withdrawn", "granted"] {
        app.post_preferences(&id, "/consents", &purchases(state)).await.expect(303);
        assert_eq!(consent(&app, &id, "purchase_data").await["state"], state);
    }
    app.post_preferences(&id, "/consents", &GRANT).await.expect(303);
    let withdrawn = [("purpose", "marketing_email"), ("state", "withdrawn")];
    app.post_preferences(&id, "/consents", &withdrawn).await.expect(303);
    let suppressed: Vec<String> = app.items("suppression").await.iter().map(|item| text(item, "cause")).collect();
    assert_eq!(suppressed, ["unsubscribed"]);
}

#[tokio::test]
async fn what_was_agreed_is_shown_once_it_is_taken_back_too() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let purchases = |state| [("purpose", "purchase_data"), ("state", state), ("version", "2026-11")];
    app.post_preferences(&id, "/consents", &purchases("granted")).await.expect(303);
    let told = json!({ "purpose": "marketing_email", "state": "granted", "method": "phone",
        "text": "Oui au téléphone", "version": "7", "at": "2026-11-20T10:00:00+01:00" });
    app.record_consent(SELLER, &id, &told).await.expect(201);
    app.pass(SignedDuration::from_hours(48)).await;
    app.post_preferences(&id, "/consents", &purchases("withdrawn")).await.expect(303);
    let page = app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200).text();
    for shown in [
        "Ce que vous aviez accepté le 22 novembre 2026 (version 2026-11)",
        "Ce que vous aviez accepté le 20 novembre 2026 (version 7)",
        "Oui au téléphone",
        "Vous avez retiré votre accord le 24 novembre 2026.",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[tokio::test]
async fn marketing_that_nobody_spoke_of_can_be_refused() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    for of in ["", "/unsubscribe"] {
        let page = app.preferences_page(&id, of).await.expect(200).text();
        let token = app.preferences_token(&id).await;
        assert!(page.contains(&format!("action=\"/p/{token}/unsubscribe\"")), "{of}: {page}");
    }
    app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
    assert_eq!(consent(&app, &id, "marketing_email").await["state"], "withdrawn");
}

/// Everything in the table but how often buttons were pressed.
async fn without_buckets(app: &TestApp) -> BTreeMap<(String, String), Item> {
    let mut table = app.table().await;
    table.retain(|_, item| text(item, "t") != "bucket");
    table
}

#[tokio::test]
async fn nothing_is_agreed_to_but_words_that_stand() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let before = without_buckets(&app).await;
    for fields in [
        [("purpose", "marketing_email"), ("state", "granted"), ("version", "2025-01")],
        [("purpose", "marketing_email"), ("state", "granted"), ("version", "")],
        [("purpose", "geolocation"), ("state", "granted"), ("version", "2026-11")],
    ] {
        let page = app.post_preferences(&id, "/consents", &fields).await.expect(409).text();
        assert!(page.contains("Ces textes ont changé") && page.contains(WORDS), "{page}");
    }
    for fields in [[("purpose", "everything"), ("state", "granted")], [("purpose", "geolocation"), ("state", "maybe")]]
    {
        app.post_preferences(&id, "/consents", &fields).await.expect(400);
    }
    app.send(Ask::post(format!("/p/{}/consents", "a".repeat(32))).form(&GRANT)).await.expect(404);
    assert_eq!(without_buckets(&app).await, before);
}

/// Asserts that a token that went to a mailbox which is not the customer's says nothing of them, and
/// does nothing but unsubscribe.
async fn only_unsubscribes(app: &TestApp, token: &str) {
    let closed = app.send(Ask::get(format!("/p/{}", "a".repeat(32)))).await.expect(404).text();
    let before = app.table().await;
    for of in ["/address", "/deletion", "/agree"] {
        assert_eq!(app.send(Ask::get(format!("/p/{token}{of}"))).await.expect(404).text(), closed, "{of}");
    }
    for of in ["/consents", "/language", "/address-code", "/address", "/deletion", "/agree"] {
        let fields = [&GRANT[..], &[("language", "en"), ("code", "12345678")]].concat();
        let answer = app.send(Ask::post(format!("/p/{token}{of}")).form(&fields)).await.expect(404);
        assert_eq!(answer.text(), closed, "{of}");
    }
    for of in ["", "/unsubscribe"] {
        let page = app.send(Ask::get(format!("/p/{token}{of}")).header("accept-language", "fr")).await.expect(200);
        assert_snapshot!("preferences_of_an_old_mail_fr", markup(&page.text()));
    }
    let english = app.send(Ask::get(format!("/p/{token}")).header("accept-language", "en")).await.expect(200);
    assert_snapshot!("preferences_of_an_old_mail_en", markup(&english.text()));
    assert_eq!(app.table().await, before);
    let french = || Ask::post(format!("/p/{token}/unsubscribe")).header("accept-language", "fr");
    for _ in 0..2 {
        let page = app.send(french().form(&[("List-Unsubscribe", "One-Click")])).await.expect(200);
        assert_snapshot!("unsubscribed_by_an_old_mail_fr", markup(&page.text()));
    }
}

/// The path of the preferences that the newest mail carries.
fn path_in_newest_mail(app: &TestApp) -> String {
    let html = app.mails().pop().expect("a mail").html.unwrap();
    let (_, rest) = html.split_once(&format!("href=\"{}/p/", app.stack.base_url())).expect("a link");
    format!("/p/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn a_mail_to_an_address_that_is_no_longer_theirs_only_unsubscribes() {
    let _redacted = redacted().bind_to_scope();
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let mut old = vec![app.preferences_token(&id).await];
    for email in ["zoe@new.example", "zoe@newer.example"] {
        app.change_customer(OWNER, &id, "*", &json!({ "email": email })).await.expect(200);
        old.push(app.preferences_token(&id).await);
    }
    let new = old.pop().unwrap();
    for token in old {
        app.pass(SignedDuration::from_mins(1)).await;
        app.send(Ask::post(format!("/p/{new}/consents")).form(&GRANT)).await.expect(303);
        only_unsubscribes(&app, &token).await;
        assert_eq!(consent(&app, &id, "marketing_email").await["state"], "withdrawn");
    }
    // The same address in another spelling is still theirs.
    app.change_customer(OWNER, &id, "*", &json!({ "email": "Zoe@newer.example" })).await.expect(200);
    assert_eq!(app.preferences_token(&id).await, new);
    app.post_preferences(&id, "/deletion", &[]).await.expect(200);
    assert!(app.items("preferences").await.is_empty(), "no link is left");
}

#[tokio::test]
async fn a_mail_to_somebody_merged_since_only_unsubscribes_until_that_is_undone() {
    let _redacted = redacted().bind_to_scope();
    let app = shop().await;
    let (zoe, anna) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Anna").await);
    app.change_customer(OWNER, &anna, "*", &json!({ "email": "anna@new.example" })).await.expect(200);
    let token = app.preferences_token(&anna).await;
    let job = app.merge(OWNER, &zoe, &anna).await.expect(202).id();
    only_unsubscribes(&app, &token).await;
    assert_eq!(consent(&app, &zoe, "marketing_email").await["state"], "withdrawn");
    app.undo(OWNER, &job).await.expect(409);
    app.pass(SignedDuration::from_mins(1)).await;
    app.post_preferences(&zoe, "/consents", &GRANT).await.expect(303);

    let lea = app.customer(OWNER, "Léa").await;
    let token = app.preferences_token(&lea).await;
    let job = app.merge(OWNER, &zoe, &lea).await.expect(202).id();
    app.send(Ask::get(format!("/p/{token}/deletion"))).await.expect(404);
    app.undo(OWNER, &job).await.expect(202);
    app.send(Ask::get(format!("/p/{token}/deletion"))).await.expect(200);
    app.merge(OWNER, &zoe, &lea).await.expect(202);
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    app.pass(SignedDuration::from_mins(10)).await;
    assert!(app.items("preferences").await.is_empty(), "no link of any of the three is left");
}

#[tokio::test]
async fn new_mails_carry_the_link_of_the_new_address() {
    let app = shop().await;
    app.submit_form("contact", &[("name", "Zoé"), ("email", "zoe@example.com")]).await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    app.change_customer(OWNER, &id, "*", &json!({ "email": "zoe@new.example" })).await.expect(200);
    app.drain().await;
    assert_eq!(app.mails().pop().unwrap().to, ["zoe@new.example"]);
    app.send(Ask::post(format!("{}/consents", path_in_newest_mail(&app))).form(&GRANT)).await.expect(303);
}

#[tokio::test]
async fn so_many_addresses_ago_a_mail_opens_nothing() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let first = app.preferences_token(&id).await;
    for number in 0..Customer::PREFERENCES_LINKS {
        app.send(Ask::get(format!("/p/{first}"))).await.expect(200);
        let body = json!({ "email": format!("zoe{number}@example.com") });
        app.change_customer(OWNER, &id, "*", &body).await.expect(200);
    }
    app.send(Ask::get(format!("/p/{first}"))).await.expect(404);
    assert_eq!(app.items("preferences").await.len(), Customer::PREFERENCES_LINKS as usize);
    app.erase(OWNER, &id, "Zoé Dupont").await.expect(202);
    assert!(app.items("preferences").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_who_agree_at_once_are_one_piece_of_evidence() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let answers = join_all((0..50).map(|_| app.post_preferences(&id, "/consents", &GRANT))).await;
    // Ten of them at the least; what no hand presses is asked to wait.
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 429)));
    assert_eq!(app.items("consent").await.len(), 1);
}

#[tokio::test]
async fn buttons_are_pressed_ten_times_a_minute_and_unsubscribing_always_works() {
    let _redacted = redacted().bind_to_scope();
    let app = TestApp::still().await;
    let (id, other) = (app.customer(OWNER, "Zoé Dupont").await, app.customer(OWNER, "Anna").await);
    let link = app.consent_path(&id, ConsentPurpose::Geolocation, Asking::Preferences).await;
    for number in 0..10 {
        let language = [("language", ["en", "fr"][number % 2])];
        app.post_preferences(&id, "/language", &language).await.expect(303);
    }
    let before = app.table().await;
    for of in ["/consents", "/language", "/address-code", "/address", "/deletion"] {
        let fields = [&GRANT[..], &[("language", "en")]].concat();
        let page = app.post_preferences(&id, of, &fields).await.expect(429);
        assert_eq!(page.header("retry-after"), "6", "{of}");
        assert_snapshot!("preferences_too_fast_fr", markup(&page.text()));
    }
    assert_eq!(app.table().await, before);
    // Neither somebody else, nor another link, nor the pages, nor whoever wants no more mail.
    app.post_preferences(&other, "/language", &[("language", "en")]).await.expect(303);
    app.send(Ask::post(link)).await.expect(303);
    app.preferences_page(&id, "").await.expect(200);
    for _ in 0..20 {
        app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
    }
    app.pass(SignedDuration::from_secs(6)).await;
    app.post_preferences(&id, "/language", &[("language", "en")]).await.expect(303);
    let page = app.post_preferences(&id, "/language", &[("language", "fr")]).await.expect(429);
    assert_snapshot!("preferences_too_fast_en", markup(&page.text()));
}

#[tokio::test]
async fn the_language_is_one_that_the_shop_writes() {
    let app = shop().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.post_preferences(&id, "/language", &[("language", "en")]).await.expect(303);
    let page = app.preferences_page(&id, "?saved=true").await.expect(200);
    assert!(page.text().contains("<html lang=\"en\"") && page.text().contains("Saved."));
    assert_eq!(app.get_customer(OWNER, &id).await.expect(200).json()["language"], "en");
    let version = |item: &Item| item["version"].as_n().unwrap().clone();
    let before = version(&app.items("customer").await[0]);
    app.post_preferences(&id, "/language", &[("language", "en")]).await.expect(303);
    for other in ["de", "", "<script>"] {
        app.post_preferences(&id, "/language", &[("language", other)]).await.expect(400);
    }
    assert_eq!(version(&app.items("customer").await[0]), before);
}
