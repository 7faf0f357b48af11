//! How many of a shop's mails bounce or are complained of, and the pause of its marketing that follows.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::{Reputation, ShopId};

use crate::app::{TestApp, text};
use crate::ask::{MANAGER, OWNER, SELLER, STRANGER, VIEWER};
use crate::golden::{Golden, Values};

/// As many customers as SES's simulator takes mails for, each with a birthday tomorrow and a welcome that
/// went to `address`.
async fn welcomed(app: &TestApp, count: usize) -> Vec<(String, String)> {
    app.open_wide("contact").await;
    for number in 0..count {
        let email = format!("client{number}@example.com");
        let fields = [("name", "Client"), ("email", &*email), ("newsletter", "on"), ("birthday", "1980-11-23")];
        app.submit_form("contact", &fields).await.expect(303);
    }
    app.drain().await;
    let mails = app.mails();
    mails.iter().map(|mail| (mail.tags["message"].clone(), mail.tags["customer"].clone())).collect()
}

/// Reports `name` about the mail to each of `some`.
pub async fn report(app: &TestApp, name: &str, some: &[(String, String)]) {
    for (message, customer) in some {
        let mut values = Values::default();
        values.set("message", message.clone());
        values.set("customer", customer.clone());
        let golden = Golden::read(&format!("mailer/{name}"), &values);
        let mail = app.mails().into_iter().find(|mail| mail.tags["message"] == *message).unwrap();
        let event = golden.event.to_string().replace("zoe@example.com", &mail.to[0]);
        let event = serde_json::from_str(&event).unwrap();
        app.call(&golden.function, &event).await;
        app.call(&golden.function, &event).await;
    }
}

async fn reputation(app: &TestApp) -> Value {
    app.reputation(SELLER).await.expect(200).json()
}

fn figures(reputation: &Value) -> [u64; 3] {
    ["sent", "bounced", "complained"].map(|name| reputation[name].as_u64().unwrap())
}

/// What was told to the shop itself.
fn notices(app: &TestApp) -> Vec<String> {
    let to_shop = app.mails().into_iter().filter(|mail| !mail.tags.contains_key("customer"));
    to_shop.map(|mail| mail.text.unwrap()).collect()
}

#[tokio::test]
async fn marketing_stops_at_the_fifth_bounce_of_few_and_the_shop_is_told_once() {
    let app = TestApp::calm().await;
    let sent = welcomed(&app, 8).await;
    report(&app, "bounce", &sent[..4]).await;
    assert_eq!((figures(&reputation(&app).await), reputation(&app).await["pause"].clone()), ([8, 4, 0], Value::Null));
    report(&app, "bounce", &sent[4..6]).await;
    let said = reputation(&app).await;
    assert_eq!(figures(&said), [8, 6, 0]);
    assert_eq!((&said["pause"]["cause"], &said["pause"]["bounced"]), (&json!("bounces"), &json!(5)));
    assert_eq!((&said["bounce_share_bp"], &said["limits"]["bounce_share_bp"]), (&json!(7500), &json!(400)));
    app.drain().await;
    let [told] = &notices(&app)[..] else { panic!("one") };
    assert!(told.contains("5 de vos 8") && told.contains("62,5\u{a0}%") && told.contains("4\u{a0}%"), "{told}");
    assert!(told.contains("dès 5\u{a0}refus") && told.contains("premier achat"), "{told}");
    assert!(app.items("notice").await.is_empty());
    let audit = app.items("audit").await;
    assert_eq!(audit.iter().filter(|entry| text(entry, "action") == "marketing_paused").count(), 1);
}

#[tokio::test]
async fn two_complaints_stop_marketing_and_one_does_not() {
    let app = TestApp::calm().await;
    let sent = welcomed(&app, 3).await;
    report(&app, "complaint", &sent[..1]).await;
    assert_eq!(reputation(&app).await["pause"], Value::Null);
    report(&app, "complaint", &sent[1..2]).await;
    assert_eq!(reputation(&app).await["pause"]["cause"], "complaints");
    app.drain().await;
    assert!(notices(&app)[0].contains("0,08\u{a0}%"));
}

#[tokio::test]
async fn what_is_paused_is_marketing_alone_and_it_goes_on_when_staff_say_so() {
    let app = TestApp::calm().await;
    let sent = welcomed(&app, 8).await;
    let agreed = json!({ "purpose": "marketing_email", "state": "granted", "text": "Oui, par e-mail." });
    for (at, (_, customer)) in sent.iter().enumerate().skip(6) {
        app.record_consent(OWNER, customer, &agreed).await.expect(201);
        let birthday = json!({ "birthday": format!("--11-2{}", at - 3) });
        app.change_customer(OWNER, customer, "*", &birthday).await.expect(200);
    }
    report(&app, "bounce", &sent[..5]).await;
    app.move_clock("2026-11-23T12:00:00+01:00").await;
    let messages = app.messages().await;
    assert!(messages.contains(&"birthday skipped marketing_paused".to_owned()), "{messages:?}");
    let (honey, path) = (app.honey(OWNER).await, app.order_path(OWNER, &sent[6].1).await);
    app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    app.drain().await;
    assert!(app.messages().await.contains(&"order_confirmation sent".to_owned()));
    app.resume_marketing(VIEWER).await.expect(403);
    app.resume_marketing(SELLER).await.expect(403);
    app.resume_marketing(STRANGER).await.expect(204);
    assert!(app.functions().table.marketing_pause(&main()).await.unwrap().is_some());
    app.resume_marketing(MANAGER).await.expect(204);
    app.resume_marketing(MANAGER).await.expect(204);
    let said = reputation(&app).await;
    assert_eq!((figures(&said), &said["pause"]), ([0, 0, 0], &Value::Null));
    assert!(said["resumed_at"].is_string());
    // What is heard afterwards of mails from before is known already.
    report(&app, "bounce", &sent[5..6]).await;
    assert_eq!(figures(&reputation(&app).await), [0, 0, 0]);
    app.move_clock("2026-11-24T12:00:00+01:00").await;
    assert!(app.messages().await.contains(&"birthday sent".to_owned()), "{:?}", app.messages().await);
    assert_eq!(figures(&reputation(&app).await), [1, 0, 0]);
    let audit = app.items("audit").await;
    assert_eq!(audit.iter().filter(|entry| text(entry, "action") == "marketing_resumed").count(), 1);
}

fn main() -> ShopId {
    "main".parse().unwrap()
}

#[tokio::test]
async fn figures_are_of_thirty_days_and_one_read_unit() {
    let app = TestApp::calm().await;
    let functions = app.functions();
    let now = functions.clock.now();
    for day in 0..40 {
        let at = now.checked_sub(SignedDuration::from_hours(24 * day)).unwrap();
        functions.table.count_sent(&main(), at).await.unwrap();
    }
    functions.table.meter().take();
    let standing = functions.table.mail_standing(&main(), now).await.unwrap();
    assert_eq!(standing.figures, Reputation { sent: 30, bounced: 0, complained: 0 });
    assert!(functions.table.meter().take().read <= 1.0);
    functions.table.count_sent(&main(), now).await.unwrap();
    assert!(functions.table.meter().take().write <= 1.0);
    assert_eq!(functions.table.marketing_pause(&main()).await.unwrap(), None);
    assert!(functions.table.meter().take().read <= 1.0);
    let days = app.items("mails_of_day").await;
    let newest = days.iter().find(|item| text(item, "sk") == "2026-11-22").unwrap();
    assert_eq!((text(newest, "pk"), newest["sent"].as_n().unwrap().as_str()), ("main#H".to_owned(), "2"));
    let gone: i64 = newest["ttl"].as_n().unwrap().parse().unwrap();
    assert!(gone > now.as_second() + 59 * 24 * 3600 && gone <= now.as_second() + 60 * 24 * 3600);
}
