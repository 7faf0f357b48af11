//! What mails say and look like, as far as a shop changes it.

use http::Method;
use serde_json::{Value, json};
use shared::domain::{Locale, MailTemplate, MessageKind, Slot, Slots};
use shared::table::Transaction;

use crate::app::{TestApp, text};
use crate::ask::{Ask, MANAGER, OWNER, SELLER, STRANGER};
use crate::bad_input::refused;

const LIST: &str = "/v1/automations/templates";

#[tokio::test]
async fn every_kind_in_every_language_says_what_may_be_changed() {
    let app = TestApp::start().await;
    let offers = json!({ "birthday_offer": "−10 % en mai", "reactivation_offer": "Un pot" });
    app.change_settings(OWNER, &offers).await.expect(200);
    let all = app.send(Ask::get(LIST).by(SELLER)).await.expect(200).json();
    let items = all["items"].as_array().unwrap();
    assert_eq!(items.len(), MessageKind::ALL.len() * Locale::ALL.len());
    let birthday = items.iter().find(|item| item["kind"] == "birthday" && item["language"] == "fr").unwrap();
    assert_eq!((&birthday["class"], &birthday["version"]), (&json!("marketing"), &json!(0)));
    assert_eq!(birthday["variables"], json!(["shop_name", "customer_name"]));
    let subject = "Joyeux anniversaire de la part de {{ shop_name }}\u{202f}!";
    assert_eq!(birthday["texts"][0], json!({ "name": "subject", "limit": 150, "default": subject }));
    assert_eq!(birthday["texts"][4], json!({ "name": "offer", "limit": 500, "default": "−10 % en mai" }));
    let offered = |item: &Value| item["texts"][4].get("default").map(|offer| (item["kind"].clone(), offer.clone()));
    let french = items.iter().filter(|item| item["language"] == "fr").filter_map(offered);
    let made = [("birthday", "−10 % en mai"), ("reactivation", "Un pot")];
    assert_eq!(french.collect::<Vec<_>>(), made.map(|(kind, offer)| (json!(kind), json!(offer))));
    // What proves something, and what goes to the shop itself, is as it is.
    for fixed in ["confirm_consent", "confirm_address", "export_ready", "merchant_notice"] {
        assert!(items.iter().filter(|item| item["kind"] == fixed).all(|item| item["texts"] == json!([])), "{fixed}");
    }
    let one = app.get_template(SELLER, "birthday/fr").await.expect(200);
    assert_eq!((&one.json(), one.header("etag")), (birthday, "\"0\""));
}

#[tokio::test]
async fn who_asks_for_what_there_is_not_is_told_what_there_is() {
    let app = TestApp::start().await;
    for nothing in ["birthday/de", "birthday/FR", "christmas/fr"] {
        for answer in [
            app.get_template(OWNER, nothing).await,
            app.change_template(OWNER, nothing, "*", &json!({})).await,
            app.preview_template(OWNER, nothing, &json!({})).await,
        ] {
            let problem = answer.expect(404).json();
            assert_eq!(problem["type"], "urn:clientele:problem:not-found");
            let detail = problem["detail"].as_str().unwrap();
            let kinds = MessageKind::ALL.map(MessageKind::name).join(", ");
            assert!(detail.contains(&kinds) && detail.contains("fr, en"), "{detail}");
        }
    }
    for (of, known) in [("birthday/en", "subject, heading, intro, closing, offer"), ("merchant_notice/fr", "no field")]
    {
        let answer = app.change_template(OWNER, of, "*", &json!({ "footer": "Merci" })).await.expect(422).json();
        let [error] = &answer["errors"].as_array().unwrap()[..] else { panic!("one") };
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/footer"), &json!("unknown_field")));
        assert!(error["detail"].as_str().unwrap().contains(known), "{error}");
    }
}

#[tokio::test]
async fn the_next_mail_says_what_the_shop_wrote() {
    let app = TestApp::start().await;
    let own = json!({ "subject": "{{ shop_name }}{% if customer_name %}, {{ customer_name }}{% endif %}", "intro": "Un & deux\n\n<b>trois</b>" });
    let changed = app.change_template(MANAGER, "welcome/fr", "\"0\"", &own).await.expect(200);
    assert_eq!(changed.header("etag"), "\"1\"");
    assert_eq!(changed.json()["texts"][2]["own"], own["intro"]);
    app.settle().await;
    app.submit_contact().await.expect(303);
    app.drain().await;
    let mail = app.mails().pop().unwrap();
    let html = mail.html.unwrap();
    // The address is unconfirmed: a visitor's name is not echoed, in the shop's own words either.
    assert_eq!(mail.subject, "La Ruche d’Or");
    assert!(html.contains("Un &amp; deux<p style=\"margin:16px 0 0;\">&lt;b&gt;trois&lt;"), "{html}");
    assert!(html.contains("À très bientôt"), "what was not changed is ours");
    let english = app.get_template(OWNER, "welcome/en").await.expect(200).json();
    let of_stranger = app.get_template(STRANGER, "welcome/fr").await.expect(200).json();
    for untouched in [english, of_stranger] {
        assert_eq!((&untouched["version"], untouched["texts"][0].get("own")), (&json!(0), None));
    }
    let actions: Vec<String> = app.items("audit").await.iter().map(|entry| text(entry, "action")).collect();
    assert_eq!(actions.iter().filter(|action| *action == "mail_template_changed").count(), 1);
}

#[tokio::test]
async fn what_was_changed_is_replaced_and_taken_back_by_version() {
    let app = TestApp::start().await;
    let of = "order_link/fr";
    let put = async |etag: &str, body: &Value| app.change_template(OWNER, of, etag, body).await;
    put("\"0\"", &json!({ "subject": "À vous", "closing": "Bien à vous" })).await.expect(200);
    put("\"0\"", &json!({ "subject": "À toi" })).await.expect(412);
    let replaced = put("\"1\"", &json!({ "subject": "Pour vous", "heading": null })).await.expect(200).json();
    assert_eq!((&replaced["texts"][0]["own"], replaced["texts"][3].get("own")), (&json!("Pour vous"), None));
    let path = format!("{LIST}/{of}");
    let delete = |etag: &'static str| Ask::new(Method::DELETE, path.as_str()).by(OWNER).header("if-match", etag);
    app.send(Ask::new(Method::DELETE, path.as_str()).by(OWNER)).await.expect(428);
    app.send(delete("\"1\"")).await.expect(412);
    app.send(delete("\"2\"")).await.expect(204);
    let back = app.get_template(OWNER, of).await.expect(200);
    assert_eq!((back.header("etag"), back.json()["texts"][0].get("own")), ("\"3\"", None));
    // There is nothing to take back any more, and no version comes twice.
    let before = app.table().await;
    app.send(delete("\"3\"")).await.expect(204);
    assert_eq!(app.table().await, before);
    put("\"1\"", &json!({ "subject": "À vous" })).await.expect(412);
}

#[tokio::test]
async fn of_two_who_change_it_at_once_one_is_told() {
    let app = TestApp::start().await;
    let (one, other) = (json!({ "subject": "Un" }), json!({ "subject": "Deux" }));
    let both = futures::join!(
        app.change_template(OWNER, "birthday/fr", "\"0\"", &one),
        app.change_template(MANAGER, "birthday/fr", "\"0\"", &other),
    );
    let mut statuses = [both.0.status, both.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn what_no_mail_could_say_is_refused_when_it_is_written() {
    let app = TestApp::start().await;
    let bad = json!({
        "subject": "Pour {{ nom }}", "heading": "x".repeat(151), "intro": "{% for a in b %}", "closing": "{{ shop_name",
        "offer": " ", "footer": "x",
    });
    let path = format!("{LIST}/birthday/fr");
    let put = Ask::new(Method::PUT, path.as_str()).header("if-match", "*").json(&bad);
    let preview = Ask::post(format!("{path}/preview")).json(&bad);
    for answer in refused(&app, vec![(put, 422), (preview, 422)]).await {
        let codes = |error: &Value| (error["pointer"].as_str().unwrap().to_owned(), error["code"].clone());
        let mut errors: Vec<_> = answer.json()["errors"].as_array().unwrap().iter().map(codes).collect();
        errors.sort_by(|a, b| a.0.cmp(&b.0));
        let expected = [
            ("/closing", "block"),
            ("/footer", "unknown_field"),
            ("/heading", "too_long"),
            ("/intro", "expression"),
            ("/offer", "empty"),
            ("/subject", "variable"),
        ];
        assert_eq!(errors, expected.map(|(pointer, code)| (pointer.to_owned(), json!(code))));
        assert!(answer.text().contains("nom"), "what is wrong is named");
    }
    // An offer is no text of every mail.
    let put = Ask::new(Method::PUT, format!("{LIST}/welcome/fr")).header("if-match", "*");
    let answers = refused(&app, vec![(put.json(&json!({ "offer": "x" })), 422)]).await;
    assert_eq!(answers[0].pointers(), ["/offer"]);
}

#[tokio::test]
async fn a_preview_shows_what_is_not_kept_yet() {
    let app = TestApp::start().await;
    let look = json!({ "colour": "#0A7F3C", "logo": "https://ruche.example/logo.png", "birthday_offer": "−10 %" });
    let settings = app.change_settings(OWNER, &look).await.expect(200).json();
    assert_eq!((&settings["colour"], &settings["logo"]), (&json!("#0a7f3c"), &look["logo"]));
    app.change_template(OWNER, "birthday/fr", "*", &json!({ "heading": "Belle fête" })).await.expect(200);
    let before = app.table().await;
    let saved = app.preview_template(MANAGER, "birthday/fr", &json!({})).await.expect(200).json();
    let tried = json!({ "heading": null, "subject": "{{ customer_name|upper }}", "offer": "Un pot" });
    let tried = app.preview_template(MANAGER, "birthday/fr", &tried).await.expect(200).json();
    assert_eq!(app.table().await, before);
    let html = |preview: &Value| preview["html"].as_str().unwrap().to_owned();
    assert!(html(&saved).contains("#0a7f3c") && html(&saved).contains("src=\"https://ruche.example/logo.png\""));
    assert!(html(&saved).contains("Belle fête") && html(&saved).contains("−10 %") && html(&saved).contains("Zoé"));
    assert_eq!(tried["subject"], "ZOÉ");
    assert!(!html(&tried).contains("Belle fête") && html(&tried).contains("Un pot"));
    assert!(tried["text"].as_str().unwrap().contains("Un pot") && tried["preheader"] != json!(""));
    app.preview_template(SELLER, "birthday/fr", &json!({})).await.expect(403);
    // Every kind has one, in every language.
    for (kind, language) in MessageKind::ALL.into_iter().flat_map(|kind| Locale::ALL.map(|language| (kind, language))) {
        let preview = app.preview_template(OWNER, &format!("{}/{}", kind.name(), language.tag()), &json!({})).await;
        assert!(preview.expect(200).json()["html"].as_str().unwrap().contains(&format!("lang=\"{}\"", language.tag())));
    }
    let plain = app.change_settings(OWNER, &json!({ "colour": null, "logo": null })).await.expect(200).json();
    assert_eq!((plain.get("colour"), plain.get("logo")), (None, None));
}

#[tokio::test]
async fn a_preview_is_of_the_mail_that_goes_when_the_settings_say() {
    let app = TestApp::start().await;
    let subjects = async || {
        let preview = app.preview_template(OWNER, "birthday/fr", &json!({})).await.expect(200).json();
        let texts = app.get_template(OWNER, "birthday/fr").await.expect(200).json();
        let default = texts["texts"][0]["default"].as_str().unwrap().replace("{{ shop_name }}", "La Ruche d’Or");
        assert_eq!(preview["subject"], default);
        default
    };
    assert!(subjects().await.starts_with("Joyeux anniversaire"));
    let ahead = json!({ "automations": { "birthday": { "days_before": 7 } } });
    app.change_settings(OWNER, &ahead).await.expect(200);
    assert!(subjects().await.starts_with("Votre anniversaire approche"));
}

#[tokio::test]
async fn a_text_that_can_not_be_used_any_more_stops_no_mail() {
    let app = TestApp::start().await;
    let table = app.functions().table;
    let slots = Slots::from([(Slot::Subject, "{{ gone }}".to_owned()), (Slot::Heading, "Bonjour".to_owned())]);
    let template = MailTemplate::untouched("main".parse().unwrap(), MessageKind::Welcome, Locale::Fr).with(slots);
    let mut transaction = Transaction::new();
    transaction.write_mail_template(&template).unwrap();
    table.commit(transaction).await.unwrap().unwrap();
    app.settle().await;
    app.submit_contact().await.expect(303);
    app.drain().await;
    let mail = app.mails().pop().unwrap();
    let html = mail.html.unwrap();
    assert!(mail.subject.starts_with("Bienvenue") && html.contains(">Bonjour</h1>"), "{}", mail.subject);
    // Who tries it is told.
    let answer = app.preview_template(OWNER, "welcome/fr", &json!({})).await.expect(422);
    assert_eq!(answer.pointers(), ["/subject"]);
}
