//! A website's form as visitors send it: where the browser goes, what is kept, what to correct, and
//! that whoever sends it learns of nobody else.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use jiff::SignedDuration;
use local::faults::Operation;
use serde_json::{Value, json};

use crate::app::{Item, TestApp, text};
use crate::ask::{Answer, Ask, OWNER};
use crate::requests::posted;

/// The fields of a submission as they are kept.
fn kept(item: &Item) -> BTreeMap<String, Vec<String>> {
    let values = |values: &Vec<aws_sdk_dynamodb::types::AttributeValue>| {
        values.iter().map(|value| value.as_s().unwrap().clone()).collect()
    };
    let fields = item["fields"].as_m().unwrap().iter();
    fields.map(|(name, of)| (name.clone(), values(of.as_l().unwrap()))).collect()
}

#[tokio::test]
async fn the_browser_goes_where_the_page_says_if_it_may() {
    let app = TestApp::start().await;
    let next = |next| [("email", "zoe@example.com"), ("message", next), ("_next", next)];
    for (to, location) in [
        ("/merci?a=1#fin", "https://www.ruche.example/merci?a=1&success=1#fin"),
        ("https://www.ruche.example/merci", "https://www.ruche.example/merci?success=1"),
        ("https://evil.example/", "/f/contact/thanks?lang=fr"),
        ("//evil.example/", "/f/contact/thanks?lang=fr"),
        ("https://shop.example/", "/f/contact/thanks?lang=fr"),
    ] {
        let answer = app.submit_form("contact", &next(to)).await.expect(303);
        assert_eq!(answer.header("location"), location, "{to}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    app.set_form("contact", |form| {
        form.origins = vec!["https://shop.example".parse().unwrap()];
        form.redirect = Some("/bienvenue".parse().unwrap());
    })
    .await;
    let answer = app.submit_form("contact", &next("https://shop.example/x")).await.expect(303);
    assert_eq!(answer.header("location"), "https://shop.example/x?success=1");
    let answer = app.submit_form("contact", &[("email", "zoe@example.com")]).await.expect(303);
    assert_eq!(answer.header("location"), "https://www.ruche.example/bienvenue?success=1");
}

#[tokio::test]
async fn our_own_page_thanks_in_the_language_of_the_page() {
    let app = TestApp::start().await;
    let fields = [("email", "zoe@example.com"), ("language", "en-GB")];
    let thanks = app.submit_form("contact", &fields).await.expect(303).header("location").to_owned();
    let page = app.send(Ask::get(thanks)).await.expect(200).text();
    assert!(page.contains("<html lang=\"en\"") && page.contains("Thank you!"));
}

#[tokio::test]
async fn fields_for_us_are_not_kept_and_everything_else_is_as_sent() {
    let app = TestApp::start().await;
    let fields = [
        ("_replyto", "zoe@example.com"),
        ("_subject", "Contact"),
        ("_next", "/"),
        ("_gotcha", ""),
        ("nom", "Dupont"),
        ("prenom", "Zoé"),
        ("sujet", "\u{202e}Miel\r\n\0<b>"),
        ("choix[]", "a"),
        ("choix[]", "b"),
    ];
    app.submit_form("contact", &fields).await.expect(303);
    let expected = json!({
        "_replyto": ["zoe@example.com"], "nom": ["Dupont"], "prenom": ["Zoé"],
        "sujet": ["\u{202e}Miel\r\n\0<b>"], "choix[]": ["a", "b"],
    });
    assert_eq!(json!(kept(&app.items("submission").await[0])), expected);
    let customer = app.items("customer").await.remove(0);
    assert_eq!(text(&customer, "email"), "zoe@example.com");
    let id = text(&customer, "id");
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!((&record["given_name"], &record["family_name"]), (&json!("Zoé"), &json!("Dupont")));
}

#[tokio::test]
async fn an_old_page_that_is_no_utf_8_is_read_as_it_was_typed() {
    let app = TestApp::start().await;
    let body = &b"nom=H\xe9l\xe8ne&email=helene%40example.com&message=%C0+bient%F4t"[..];
    app.send(posted("contact").body("application/x-www-form-urlencoded", body)).await.expect(303);
    assert_eq!(kept(&app.items("submission").await[0])["message"], ["À bientôt"]);
    let id = text(&app.items("customer").await[0], "id");
    assert_eq!(app.get_customer(OWNER, &id).await.expect(200).json()["name"], "Hélène");
}

#[tokio::test]
async fn what_to_correct_is_named_as_the_page_does_and_shown_by_what_it_means() {
    let app = TestApp::start().await;
    let fields = [("your-email", "nobody"), ("your-name", "a\0b")];
    let wrong = posted("contact").form(&fields);
    let problem = app.send(wrong.clone().header("accept", "application/json")).await.expect(422);
    assert_eq!(problem.pointers(), ["/your-email", "/your-name"]);
    let page = app.send(wrong).await.expect(422).text();
    assert!(page.contains("<strong>Adresse e-mail</strong>") && page.contains("<strong>Nom</strong>"), "{page}");

    let file = "--x\r\nContent-Disposition: form-data; name=\"cv/lettre\"; filename=\"cv.pdf\"\r\n\r\nx\r\n--x--\r\n";
    let file = posted("contact").body("multipart/form-data; boundary=x", file);
    let problem = app.send(file.clone().header("accept", "application/json")).await.expect(422).json();
    assert_eq!(problem["errors"][0]["pointer"], "/cv~1lettre");
    assert_eq!(problem["errors"][0]["code"], "file");
    let page = app.send(file).await.expect(422).text();
    assert!(page.contains("<strong>cv/lettre</strong>") && page.contains("Les fichiers ne peuvent pas"), "{page}");

    let empty = app.send(posted("contact").header("accept", "application/json").form(&[("email", " ")])).await;
    assert_eq!(empty.expect(400).json()["type"], "urn:clientele:problem:empty-submission");
    assert!(app.items("submission").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_sends_of_one_submission_are_one() {
    let app = TestApp::start().await;
    app.open_wide("contact").await;
    let fields = [("name", "Zoé Dupont"), ("email", "zoe@example.com"), ("message", "Bonjour")];
    let keyed = || posted("contact").form(&fields).header("idempotency-key", "a-uuid");
    let in_page = || posted("contact").form(&[&fields[..], &[("_idempotency_key", "a-uuid")]].concat());
    for (number, ask) in [posted("contact").form(&fields), keyed(), in_page()].into_iter().enumerate() {
        let ask = ask.header("accept", "application/json");
        let receipts = join_all((0..50).map(|_| app.send(ask.clone()))).await;
        let receipts: BTreeSet<String> = receipts.into_iter().map(|answer| receipt(&answer)).collect();
        assert_eq!(receipts.len(), 1);
        assert_eq!(app.items("submission").await.len(), number + 1);
    }
    app.drain().await;
    assert_eq!(app.items("customer").await.len(), 1);
    assert_eq!(app.subjects("zoe@example.com").len(), 1);
}

fn receipt(answer: &Answer) -> String {
    answer.clone().expect(200).json()["receipt"].as_str().unwrap().to_owned()
}

/// The receipt of a submission whose fields are always the same.
async fn repeated(app: &TestApp) -> String {
    let fields = [("email", "zoe@example.com"), ("message", "Bonjour"), ("_next", "/")];
    receipt(&app.send(posted("contact").form(&fields).header("accept", "application/json")).await)
}

#[tokio::test]
async fn the_same_words_within_ten_minutes_are_one_submission() {
    let app = TestApp::still().await;
    // A window begins on the hour.
    let first = repeated(&app).await;
    app.move_clock("2026-11-22T10:09:59+01:00").await;
    assert_eq!(repeated(&app).await, first);
    app.move_clock("2026-11-22T10:19:50+01:00").await;
    assert_eq!(repeated(&app).await, first);
    app.move_clock("2026-11-22T10:20:00+01:00").await;
    let later = repeated(&app).await;
    assert_ne!(later, first);
    app.move_clock("2026-11-22T10:30:00+01:00").await;
    assert_eq!(repeated(&app).await, later);
    assert_eq!(app.items("submission").await.len(), 2);
}

#[tokio::test]
async fn a_key_names_one_submission_and_a_page_s_key_one_of_those_words() {
    let app = TestApp::still().await;
    let send = async |message: &str, header: Option<&str>, field: &str| {
        let fields = [("email", "zoe@example.com"), ("message", message), ("_idempotency_key", field)];
        let ask = posted("contact").form(&fields).header("accept", "application/json").from(app.somebody());
        app.send(header.into_iter().fold(ask, |ask, key| ask.header("idempotency-key", key))).await
    };
    let first = receipt(&send("Un", Some("k"), "").await);
    app.pass(SignedDuration::from_hours(23)).await;
    assert_eq!(receipt(&send("Un", Some("k"), "").await), first);
    let other = send("Deux", Some("k"), "").await.expect(422).json();
    assert_eq!(other["type"], "urn:clientele:problem:idempotency-mismatch");
    app.pass(SignedDuration::from_hours(2)).await;
    assert_ne!(receipt(&send("Un", Some("k"), "").await), first);
    // A page that is cached gives every visitor the same.
    let first = receipt(&send("Un", None, "page").await);
    assert_eq!(receipt(&send("Un", None, "page").await), first);
    assert_ne!(receipt(&send("Deux", None, "page").await), first);
}

/// What the store is asked for a submission, and the answer but for the receipt.
async fn traced(app: &TestApp, ask: &Ask) -> (Vec<Operation>, u16, BTreeMap<String, String>, String) {
    // By then every bucket is full again.
    app.pass(SignedDuration::from_mins(2)).await;
    app.stack.faults().watch();
    let answer = app.send_once(ask).await;
    let asked = app.stack.faults().watched();
    let named =
        |(name, value): (&http::HeaderName, &http::HeaderValue)| (name.to_string(), value.to_str().unwrap().to_owned());
    let mut headers: BTreeMap<String, String> = answer.headers.iter().map(named).collect();
    headers.remove("apigw-requestid");
    let receipt =
        serde_json::from_slice::<Value>(&answer.body).map(|body| body["receipt"].as_str().unwrap().to_owned());
    (
        asked,
        answer.status,
        headers,
        receipt.map_or_else(|_| answer.text(), |receipt| answer.text().replace(&receipt, "…")),
    )
}

#[tokio::test]
async fn whether_an_address_is_known_is_nobody_s_business() {
    let app = TestApp::still().await;
    app.submit_contact().await.expect(303);
    let blocked = app.customer(OWNER, "Ana Lima").await;
    app.block(OWNER, &blocked, "Impayés").await.expect(200);
    let cases: [&[(&str, &str)]; 4] = [
        &[("message", "Bonjour")],
        &[("marketing_email", "on"), ("name", "Zoé")],
        &[("_gotcha", "x")],
        &[("_next", "/merci"), ("company", "Ruche"), ("phone", "0612345678")],
    ];
    for double_opt_in in [false, true] {
        app.set_form("contact", |form| form.double_opt_in = double_opt_in).await;
        for (number, fields) in cases.into_iter().enumerate() {
            for accept in ["application/json", "text/html"] {
                let ask = |email: &str| {
                    let fields = [&[("email", email), ("again", accept)], fields].concat();
                    posted("contact").form(&fields).header("accept", accept)
                };
                let unknown = traced(&app, &ask(&format!("{number}{double_opt_in}{}@example.com", accept.len()))).await;
                assert!(unknown.0.contains(&Operation::TransactWrite) && unknown.1 < 400);
                for known in ["zoe@example.com", "ana.lima@example.com"] {
                    assert_eq!(traced(&app, &ask(known)).await, unknown, "{known} {fields:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_first_submission_says_where_the_customer_comes_from() {
    let app = TestApp::start().await;
    app.set_form("contact", |form| {
        form.temperature = Some(shared::domain::Temperature::Warm);
        form.tags = [("vip", None), ("salon-2026", Some("Salon 2026"))]
            .map(|(tag, label)| (tag.parse().unwrap(), label.map(|label| label.parse().unwrap())))
            .into();
    })
    .await;
    let fields =
        [("email", "zoe@example.com"), ("utm_source", "instagram"), ("utm_campaign", "noel"), ("UTM_Medium", "story")];
    app.submit_form("contact", &fields).await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!((&record["status"], &record["temperature"]), (&json!("potential"), &json!("warm")));
    assert_eq!((&record["name"], &record["language"]), (&json!("zoe"), &json!("fr-FR")));
    assert_eq!(record["source"]["page"], "https://www.ruche.example/contact");
    let campaign = json!({ "source": "instagram", "medium": "story", "name": "noel" });
    assert_eq!(record["source"]["campaign"], campaign);
    let labels: Vec<&str> =
        record["tags"].as_array().unwrap().iter().map(|tag| tag["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["Salon 2026", "VIP"]);

    // Who only gave an address is called by it until they say their name.
    app.submit_form("contact", &[("email", "zoe@example.com"), ("name", "Zoé Dupont")]).await.expect(303);
    app.submit_form("contact", &[("email", "zoe@example.com"), ("name", "Somebody Else")]).await.expect(303);
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!((&record["name"], &record["source"]["campaign"]), (&json!("Zoé Dupont"), &campaign));
}

#[tokio::test]
async fn a_form_puts_no_more_tags_than_there_is_room_for() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    for number in 1..=8 {
        app.put_tag(OWNER, &id, &format!("etiquette-{number}"), &json!({})).await.expect(200);
    }
    app.set_form("contact", |form| {
        form.tags = ["aaa", "bbb", "ccc"].map(|tag| (tag.parse().unwrap(), None)).into();
    })
    .await;
    app.submit_form("contact", &[("email", "zoe@example.com"), ("message", "Encore")]).await.expect(303);
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    assert_eq!(record["tags"].as_array().unwrap().len(), 9);
    assert_eq!(app.items("submission").await.len(), 2);
}
