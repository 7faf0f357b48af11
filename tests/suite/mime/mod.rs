//! Mails as they travel: every kind that a flow of today produces is sent, its source parsed by
//! `mail-parser`, and compared with what was meant, whatever the shop and its visitors are called.

mod message;

use std::collections::BTreeSet;

use local::mailbox::Mail;
use serde_json::json;
use shared::domain::{MessageClass, MessageKind};

use self::message::{Expected, flaws, head};
use crate::app::{TestApp, text};
use crate::ask::{OWNER, SELLER};
use crate::furnishing::consent_text;
use crate::reputation::report;

const ZOE: &str = "zoe@example.com";
const SENDER: &str = "bonjour@ruche.example";

/// A name that would like to be headers, code, and right to left.
const HOSTILE: &str = "Zoé \"Z\" \\ <z@evil.example>, Bcc: x@evil.example 🐝 \u{202e}eoZ";

/// What every flow mails when it is run once: every kind, and of notices to the shop, what they tell of.
fn mailed() -> BTreeSet<&'static str> {
    let kinds = MessageKind::ALL.into_iter().filter(|kind| *kind != MessageKind::MerchantNotice);
    kinds.map(MessageKind::name).chain(["submission_notice", "notice"]).collect()
}

/// A shop of that name, which mails everything that it can.
async fn shop(name: &str) -> TestApp {
    furnished(TestApp::start().await, name).await
}

async fn furnished(app: TestApp, name: &str) -> TestApp {
    let settings =
        json!({ "name": name, "sender": SENDER, "order_state_mails": ["confirmed"], "birthday_offer": HOSTILE });
    app.change_settings(OWNER, &settings).await.expect(200);
    app.new_form("devis", |form| form.notify = "equipe@ruche.example".parse().ok()).await;
    app.new_form("ask", |form| form.marketing_consent = Some(consent_text("2026-11"))).await;
    app.settle().await;
    app
}

/// Zoé's forms, her order, the next one that she leaves, an export, and what follows from the days that
/// pass; who she is.
async fn run_every_flow(app: &TestApp) -> String {
    let typed = [
        ("name", HOSTILE),
        ("email", ZOE),
        ("message", "Bonjour\r\nBcc: x@evil.example\r\n\r\n."),
        ("marketing_email", "on"),
    ];
    app.submit_form("contact", &typed).await.expect(303);
    app.submit_form("devis", &[("email", ZOE), ("message", "\u{feff}.\r\n..\r\nFrom here")]).await.expect(303);
    app.submit_form("ask", &[("email", "ana@example.com"), ("marketing_email", "on")]).await.expect(303);
    app.drain().await;
    let zoe =
        app.list_customers(OWNER, "q=zoe").await.expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    app.change_customer(OWNER, &zoe, "*", &json!({ "birthday": "--05-12" })).await.expect(200);
    app.post_preferences(&zoe, "/address-code", &[]).await.expect(303);
    let link = app.create_order_link(OWNER, &zoe).await.expect(201);
    app.send_order_link(SELLER, &zoe, &link.id()).await.expect(202);
    let body = json!({ "name": { "fr": HOSTILE, "en": HOSTILE }, "prices": { "EUR": 1999 } });
    let product = app.create_product(OWNER, &body).await.expect(201).id();
    let path = app.order_path(OWNER, &zoe).await;
    let placed = app.place_order(&path, &[(&format!("q-{product}"), "1"), ("note", "a\r\n.\r\nb")]).await.expect(303);
    let order = placed.header("location").rsplit('=').next().unwrap().to_owned();
    app.move_order(SELLER, &order, &json!({ "state": "confirmed" })).await.expect(200);
    app.choose(&path, &[(&format!("q-{product}"), "2")]).await.expect(303);
    app.request_export(OWNER).await.expect(202);
    app.drain().await;
    app.move_clock("2027-11-22T10:00:00+01:00").await;
    zoe
}

/// Zoé wants to be deleted, of which the shop is told; her messages go with her.
async fn delete(app: &TestApp, zoe: &str) -> Vec<(String, Mail)> {
    let before = app.mails().len();
    app.post_preferences(zoe, "/deletion", &[("comment", HOSTILE)]).await.expect(200);
    app.drain().await;
    app.mails().split_off(before).into_iter().map(|mail| ("notice".to_owned(), mail)).collect()
}

/// Every mail with the kind of its message.
async fn mails(app: &TestApp) -> Vec<(String, Mail)> {
    let messages = app.items("message").await;
    let kind = |mail: &Mail| {
        let of = messages.iter().find(|message| text(message, "id") == mail.tags["message"]);
        text(of.expect("a message of each mail")["occurrence"].as_m().unwrap(), "kind")
    };
    app.mails().into_iter().map(|mail| (kind(&mail), mail)).collect()
}

fn expected<'a>(app: &'a TestApp, name: &'a str, kind: &str) -> Expected<'a> {
    let kind = MessageKind::ALL.into_iter().find(|known| known.name() == kind).unwrap_or(MessageKind::MerchantNotice);
    Expected { from: (name, SENDER), language: "fr", class: kind.class(), base_url: app.stack.base_url() }
}

/// Runs every flow of a shop of that name and looks at every mail.
async fn every_mail_is_whole(name: &str) {
    let app = shop(name).await;
    let zoe = run_every_flow(&app).await;
    let mut mails = mails(&app).await;
    mails.append(&mut delete(&app, &zoe).await);
    let mut kinds = BTreeSet::new();
    for (kind, mail) in &mails {
        assert_eq!(flaws(mail, &expected(&app, name, kind)), [""; 0], "{kind}\n{}", head(&mail.source));
        let answers: &[&str] = if kind.ends_with("notice") { &[ZOE] } else { &[] };
        assert_eq!(mail.reply_to, answers, "{kind}");
        kinds.insert(kind.as_str());
    }
    assert_eq!(kinds, mailed());
}

#[tokio::test]
async fn mails_of_a_shop_with_an_accent_are_whole() {
    every_mail_is_whole("La Ruche d’Or").await;
}

#[tokio::test]
async fn mails_of_a_shop_whose_name_looks_like_headers_are_whole() {
    every_mail_is_whole("Ruche \"Or\" \\ <a@evil.example>, Bcc: x@evil.example; (y) =?UTF-8?Q?z?=").await;
}

#[tokio::test]
async fn mails_of_a_shop_with_a_name_of_pictures_and_two_directions_are_whole() {
    every_mail_is_whole("🐝 رحيق الزهور \u{202e}abc\u{202c} 蜂蜜").await;
}

#[tokio::test]
async fn mails_of_shops_with_the_longest_names_are_whole() {
    for name in ["é".repeat(100), "W".repeat(100)] {
        every_mail_is_whole(&name).await;
    }
}

#[tokio::test]
async fn the_notice_of_a_pause_is_whole() {
    let app = furnished(TestApp::calm().await, HOSTILE).await;
    for email in [ZOE, "ana@example.com"] {
        app.submit_form("contact", &[("name", HOSTILE), ("email", email)]).await.expect(303);
    }
    app.drain().await;
    let of = |mail: &Mail| (mail.tags["message"].clone(), mail.tags["customer"].clone());
    report(&app, "complaint", &app.mails().iter().map(of).collect::<Vec<_>>()).await;
    app.drain().await;
    let (kind, notice) = mails(&app).await.pop().unwrap();
    assert_eq!((&*kind, flaws(&notice, &expected(&app, HOSTILE, &kind))), ("notice", vec![]), "{}", notice.source);
    assert!(notice.text.unwrap().contains("dès 2\u{a0}signalements"));
}

#[tokio::test]
async fn a_name_of_two_lines_is_no_name() {
    let app = TestApp::start().await;
    for name in ["Ruche\r\nBcc: x@evil.example", "Ruche\nX: y", "Ruche\u{85}x"] {
        app.change_settings(OWNER, &json!({ "name": name })).await.expect(422);
    }
}

/// What is missed when a mail is changed on its way.
#[tokio::test]
async fn a_mail_that_lacks_something_is_found() {
    let name = "La Ruche d’Or";
    let app = shop(name).await;
    app.submit_contact().await.expect(303);
    app.drain().await;
    let zoe = text(&app.items("customer").await[0], "id");
    app.change_customer(OWNER, &zoe, "*", &json!({ "birthday": "--05-12" })).await.expect(200);
    app.move_clock("2027-05-12T09:00:00+02:00").await;
    let mails = mails(&app).await;
    let (_, birthday) = mails.iter().find(|(kind, _)| kind == "birthday").unwrap();
    let expected = expected(&app, name, "birthday");
    assert_eq!(flaws(birthday, &expected), [""; 0]);
    let changed = |from: &str, to: &str| {
        assert!(birthday.source.contains(from), "{from}");
        flaws(&Mail { source: birthday.source.replacen(from, to, 1), ..birthday.clone() }, &expected)
    };
    for (from, to, missed) in [
        ("From: ", "X-From: ", "from"),
        ("<bonjour@", "<a@evil.example>, <bonjour@", "from"),
        ("To: ", "To: a@evil.example, ", "to"),
        ("Subject: ", "Subject: Re: ", "subject"),
        ("Date: ", "X-Date: ", "date"),
        ("To: ", "Bcc: a@evil.example\r\nTo: ", "headers"),
        ("To: ", "Reply-To: a@evil.example\r\nTo: ", "reply-to"),
        ("To: ", "To: \u{e9} ", "8-bit headers"),
        ("\r\n", "\n", "lines"),
        ("List-Unsubscribe: ", "List-Unsubscribe: <mailto:a@b.example>, ", "unsubscription"),
        ("List-Unsubscribe-Post: ", "X-Post: ", "unsubscription"),
        ("text/plain", "text/html", "text part"),
        ("text/html", "text/plain", "HTML part"),
        ("multipart/alternative", "multipart/mixed", "text part"),
        ("charset=\"utf-8\"", "charset=\"latin1\"", "text part"),
    ] {
        let found = changed(from, to);
        assert!(found.contains(&missed), "{from}: {found:?}");
    }
    assert_eq!(flaws(birthday, &Expected { language: "en", ..expected }), ["language"]);
    let transactional = Expected { class: MessageClass::Transactional, ..expected };
    assert_eq!(flaws(birthday, &transactional), ["headers", "unsubscription"]);
}
