//! A customer has their data deleted (D01, E04): the link closes, the shop is mailed, nothing stays.

use aws_sdk_dynamodb::types::AttributeValue;
use insta::assert_snapshot;
use jiff::SignedDuration;
use local::faults::{Fault, Operation};
use local::mailbox::SendFailure;
use serde_json::{Value, json};
use shared::domain::{Suppression, SuppressionCause};

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER};
use crate::golden::{Golden, Values};
use crate::path::markup;
use crate::redaction::redacted;

const CANARY: &str = "kanari";
const SHOP: &str = "bonjour@main.example";

/// Zoé, who wrote, agreed, ordered, and has a code and a link under way.
async fn zoe(app: &TestApp) -> String {
    let fields = [
        ("name", "Zoé Kanari"),
        ("email", "zoe.kanari@example.com"),
        ("phone", "06 12 34 56 78"),
        ("message", "Bonjour, kanari"),
        ("marketing_email", "on"),
    ];
    app.submit_form("contact", &fields).await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    app.create_note(OWNER, &id, &json!({ "text": "Note kanari" })).await.expect(201);
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &id).await);
    app.place_order(&path, &[(&format!("q-{product}"), "2"), ("note", "Sonner chez kanari")]).await.expect(303);
    app.post_preferences(&id, "/address-code", &[]).await.expect(303);
    app.drain().await;
    id
}

/// Everything in the table that says something of Zoé.
async fn said(app: &TestApp) -> Vec<String> {
    let items = app.table().await.into_iter();
    let says = items.filter(|(_, item)| {
        let item = format!("{item:?}").to_lowercase();
        item.contains(CANARY) || item.contains("612345678") || item.contains("déménage")
    });
    says.map(|((pk, sk), _)| format!("{pk} {sk}")).collect()
}

#[tokio::test]
async fn nothing_stays_but_an_order_of_nobody() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let mails = app.mails().len();
    let comment = [("comment", "Merci pour tout,\r\nje déménage.")];
    app.post_preferences(&id, "/deletion", &comment).await.expect(200);
    app.get_customer(OWNER, &id).await.expect(404);
    app.preferences_page(&id, "").await.expect(404);
    app.drain().await;
    app.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(said(&app).await, Vec::<String>::new());
    let [order] = &app.items("order").await[..] else { panic!("one order") };
    assert_ne!(text(order, "customer"), id);
    assert_eq!(app.mails().len(), mails + 1);
    let mail = app.mails().pop().unwrap();
    assert_eq!(
        (&mail.to[..], &mail.reply_to[..]),
        (&[SHOP.to_owned()][..], &["zoe.kanari@example.com".to_owned()][..])
    );
    assert_eq!(mail.subject, "Zoé Kanari a fait supprimer ses données");
    assert!(mail.text.unwrap().contains("> Merci pour tout,\n> je déménage."));
    assert!(!mail.tags.contains_key("customer"));
    let erased = app.items("audit").await.into_iter().find(|entry| text(entry, "action") == "customer_erased").unwrap();
    assert_eq!(text(erased["actor"].as_m().unwrap(), "kind"), "preferences");
}

#[tokio::test]
async fn pressed_twice_it_says_so_twice_for_a_day() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let (first, second) =
        futures::future::join(app.post_preferences(&id, "/deletion", &[]), app.post_preferences(&id, "/deletion", &[]))
            .await;
    assert_eq!(first.expect(200).text(), second.expect(200).text());
    app.drain().await;
    assert_eq!(app.subjects(SHOP).len(), 1);
    for of in ["", "/deletion", "/address"] {
        app.preferences_page(&id, of).await.expect(404);
    }
    app.post_preferences(&id, "/unsubscribe", &[]).await.expect(404);
    app.pass(SignedDuration::from_hours(24)).await;
    app.post_preferences(&id, "/deletion", &[]).await.expect(404);
}

#[tokio::test]
async fn a_deletion_that_nobody_was_told_of_is_told_once_more() {
    let app = TestApp::calm().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let post = Ask::post(format!("/p/{}/deletion", app.preferences_token(&id).await));
    app.stack.faults().next_call(Fault::AnswerLost, Operation::TransactWrite);
    app.send_once(&post).await.expect(503);
    app.send_once(&post).await.expect(200);
    app.drain().await;
    assert_eq!(app.subjects(SHOP).len(), 1);
}

#[tokio::test]
async fn the_pages_in_both_languages() {
    let _redacted = redacted().bind_to_scope();
    for language in ["fr", "en"] {
        let app = TestApp::start().await;
        let id = app.customer(OWNER, "Zoé Dupont").await;
        app.change_customer(OWNER, &id, "*", &json!({ "language": language })).await.expect(200);
        let page = app.preferences_page(&id, "/deletion").await.expect(200);
        assert_snapshot!(format!("deletion_{language}"), markup(&page.text()));
        let long = format!("Trop <long> {}", "x".repeat(1990));
        let page = app.post_preferences(&id, "/deletion", &[("comment", &long)]).await.expect(422);
        assert!(page.text().contains(&long.replace('<', "&lt;").replace('>', "&gt;")), "what was typed is kept");
        assert_snapshot!(
            format!("deletion_too_long_{language}"),
            markup(&page.text().replace(&"x".repeat(1990), "x…"))
        );
        app.get_customer(OWNER, &id).await.expect(200);
        let page = app.post_preferences(&id, "/deletion", &[("comment", "")]).await.expect(200);
        assert_snapshot!(format!("deletion_done_{language}"), markup(&page.text()));
    }
}

#[tokio::test]
async fn while_a_job_is_at_work_nothing_is_deleted() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let job = "01JDGZZZZZZZZZZZZZZZZZZZZZ";
    let attribute = |text: String| AttributeValue::S(text);
    let mark = app.stack.plain_dynamodb().put_item().table_name(&app.stack.services().table);
    let mark = mark.item("pk", attribute(format!("main#C#{id}"))).item("sk", attribute(format!("JOB#{job}")));
    mark.item("job", attribute(job.to_owned())).send().await.unwrap();
    let page = app.post_preferences(&id, "/deletion", &[("comment", "Adieu")]).await.expect(409);
    assert!(page.text().contains("rien n’a été supprimé"));
    app.get_customer(OWNER, &id).await.expect(200);
    assert!(app.items("notice").await.is_empty());
}

#[tokio::test]
async fn what_the_shop_is_told_is_kept_until_it_is_told() {
    let app = TestApp::calm().await;
    app.set(|settings| settings.notify = "equipe@ruche.example".parse().ok()).await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.stack.mailbox().fail_next(SendFailure::Rejected);
    app.post_preferences(&id, "/deletion", &[("comment", "Je déménage")]).await.expect(200);
    app.drain().await;
    let [notice] = &app.items("notice").await[..] else { panic!("one notice") };
    let gone = notice["ttl"].as_n().unwrap().parse().map(jiff::Timestamp::from_second).unwrap().unwrap();
    assert_eq!(gone.to_string()[..10], *"2026-12-22", "however it ends");
    app.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(app.subjects("equipe@ruche.example"), ["Zoé Dupont a fait supprimer ses données"]);
    assert!(app.items("notice").await.is_empty());
    assert_eq!(said(&app).await, Vec::<String>::new());
    assert_eq!(app.messages().await, ["notice sent"]);
}

/// Suppresses an address of the shop.
async fn suppress(app: &TestApp, address: &str, cause: SuppressionCause) {
    let (functions, shop) = (app.functions(), "main".parse().unwrap());
    let digest = functions.keyring.address_digest(&shop, &address.parse().unwrap());
    let suppression = Suppression { cause, at: functions.clock.now() };
    app.write(|transaction| transaction.suppress(&shop, &digest, &suppression).unwrap()).await;
}

#[tokio::test]
async fn the_shop_is_told_whatever_became_of_one_of_its_addresses() {
    const TEAM: &str = "equipe@ruche.example";
    for (suppressed, to) in [
        (vec![(TEAM, SuppressionCause::Complained), (TEAM, SuppressionCause::Unsubscribed)], TEAM),
        (vec![(TEAM, SuppressionCause::Bounced), (SHOP, SuppressionCause::Complained)], SHOP),
    ] {
        let app = TestApp::start().await;
        app.set(|settings| settings.notify = TEAM.parse().ok()).await;
        let id = app.customer(OWNER, "Zoé Dupont").await;
        for (address, cause) in suppressed {
            suppress(&app, address, cause).await;
        }
        app.post_preferences(&id, "/deletion", &[]).await.expect(200);
        app.drain().await;
        assert_eq!((app.messages().await, app.subjects(to).len()), (vec!["notice sent".to_owned()], 1), "{to}");
    }
}

#[tokio::test]
async fn where_no_address_takes_mail_the_message_fails_and_what_it_says_is_kept() {
    let app = TestApp::start().await;
    suppress(&app, SHOP, SuppressionCause::Bounced).await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.post_preferences(&id, "/deletion", &[("comment", "Adieu")]).await.expect(200);
    app.drain().await;
    assert_eq!((app.messages().await, app.mails().len()), (vec!["notice failed".to_owned()], 0));
    assert_eq!(app.items("notice").await.len(), 1);
}

#[tokio::test]
async fn a_complaint_of_a_mail_to_the_shop_suppresses_nothing_and_a_bounce_does() {
    let app = TestApp::start().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.post_preferences(&id, "/deletion", &[]).await.expect(200);
    app.drain().await;
    for (event, suppressions) in [("mailer/complaint", 0), ("mailer/bounce", 1)] {
        let mut values = Values::default();
        values.set("message", app.mails()[0].tags["message"].clone());
        values.set("customer", "");
        let mut golden = Golden::read(event, &values);
        golden.event["detail"]["mail"]["tags"].as_object_mut().unwrap().remove("customer");
        for recipient in ["/detail/bounce/bouncedRecipients/0", "/detail/complaint/complainedRecipients/0"] {
            if let Some(recipient) = golden.event.pointer_mut(recipient) {
                recipient["emailAddress"] = serde_json::json!(SHOP);
            }
        }
        app.call(&golden.function, &golden.event).await;
        assert_eq!(app.items("suppression").await.len(), suppressions, "{event}");
    }
}

#[tokio::test]
async fn a_mail_whose_outcome_was_unknown_leaves_nothing_either() {
    let app = TestApp::calm().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    app.stack.mailbox().withhold_events(true);
    app.stack.mailbox().fail_next(SendFailure::AnswerLost);
    app.post_preferences(&id, "/deletion", &[("comment", "Je déménage")]).await.expect(200);
    app.drain().await;
    assert_eq!((app.messages().await, app.items("notice").await.len()), (vec!["notice unknown".to_owned()], 1));
    app.stack.mailbox().withhold_events(false);
    app.settle().await;
    assert_eq!((app.messages().await, app.items("notice").await.len()), (vec!["notice sent".to_owned()], 0));
}

#[tokio::test]
async fn who_comes_back_by_themselves_is_somebody_new() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    app.post_preferences(&id, "/deletion", &[]).await.expect(200);
    app.pass(SignedDuration::from_mins(10)).await;
    app.submit_form("contact", &[("email", "zoe.kanari@example.com")]).await.expect(303);
    app.pass(SignedDuration::from_mins(10)).await;
    let listed = app.list_customers(OWNER, "").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_ne!(listed["items"][0]["id"], Value::from(id));
    app.send(Ask::get(format!("/p/{}", "a".repeat(32)))).await.expect(404);
}
