//! Magic links by mail: made where they are sent, in the customer's language, and never more than a
//! mailbox bears (K01).

use futures::future::join_all;
use http::Method;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::{EmailAddress, ShopId, Suppression, SuppressionCause};
use shared::table::STAFF_MAILS_A_DAY;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, MANAGER, OWNER, SELLER, STRANGER, VIEWER};

const ZOE: &str = "zoe.dupont@example.com";
const NOBODY: &str = "01JDGZZZZZZZZZZZZZZZZZZZZZ";

/// Zoé, her link's id and the path of its page.
async fn zoe(app: &TestApp) -> (String, String, String) {
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let made = app.create_order_link(SELLER, &zoe).await.expect(201);
    let url = made.json()["url"].as_str().unwrap().to_owned();
    (zoe, made.id(), url.strip_prefix(app.stack.base_url()).unwrap().to_owned())
}

/// A request without a key, which is another one each time.
async fn send_anew(app: &TestApp, customer: &str, link: &str) -> Answer {
    let path = format!("/v1/customers/{customer}/order-links/{link}/send");
    app.send(Ask::post(path).by(SELLER).json(&json!({}))).await
}

async fn revoke(app: &TestApp, customer: &str, link: &str) {
    let path = format!("/v1/customers/{customer}/order-links/{link}");
    app.send(Ask::new(Method::DELETE, path).by(SELLER)).await.expect(204);
}

/// Zoé's address stops taking mail.
async fn bounce(app: &TestApp) {
    let (shop, address): (ShopId, EmailAddress) = ("main".parse().unwrap(), ZOE.parse().unwrap());
    let digest = app.functions().keyring.address_digest(&shop, &address);
    let suppression = Suppression { cause: SuppressionCause::Bounced, at: app.stack.clock().now() };
    app.write(|transaction| transaction.suppress(&shop, &digest, &suppression).unwrap()).await;
}

fn problem(answer: &Answer) -> String {
    answer.json()["type"].as_str().unwrap().strip_prefix("urn:clientele:problem:").unwrap().to_owned()
}

#[tokio::test]
async fn a_link_is_mailed_and_opens_and_its_token_stands_nowhere() {
    let app = TestApp::start().await;
    let (zoe, link, path) = zoe(&app).await;
    let sent = app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    assert_eq!((sent.id(), &sent.json()["state"]), (link, &json!("open")));
    assert_eq!(sent.header("location"), format!("/v1/customers/{zoe}/order-links"));
    assert_eq!(app.messages().await, ["order_link pending"]);
    let token = path.strip_prefix("/o/").unwrap();
    assert!(!format!("{}{:?}", sent.text(), app.table().await).contains(token));
    app.drain().await;
    let [mail] = &app.mails()[..] else { panic!("one mail") };
    assert_eq!((&mail.to[..], &*mail.subject), (&[ZOE.to_owned()][..], "Votre page de commande chez La Ruche d’Or"));
    for part in [mail.text.as_ref().unwrap(), mail.html.as_ref().unwrap()] {
        assert!(part.contains(&format!("{}{path}", app.stack.base_url())) && part.contains("20 février 2027"));
    }
    assert!(!mail.headers.contains_key("List-Unsubscribe"));
    // To the end of the day that it names: it is ten in Paris.
    app.pass(SignedDuration::from_hours(24 * 90 + 13)).await;
    assert_eq!(app.send(Ask::get(&*path)).await.status, 200);
    app.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(app.send(Ask::get(path)).await.status, 404);
    let audit = app.items("audit").await;
    assert_eq!(audit.iter().filter(|entry| text(entry, "action") == "order_link_sent").count(), 1);
}

#[tokio::test]
async fn the_mail_speaks_the_customers_language() {
    let app = TestApp::start().await;
    let body = json!({ "name": "Ann Lee", "email": "ann@example.com", "language": "en-GB" });
    let ann = app.create_customer(OWNER, &body).await.expect(201).id();
    let link = app.create_order_link(SELLER, &ann).await.expect(201).id();
    app.send_order_link(MANAGER, &ann, &link).await.expect(202);
    app.drain().await;
    assert_eq!(app.subjects("ann@example.com"), ["Your order page at La Ruche d’Or"]);
}

#[tokio::test]
async fn each_request_is_a_mail_and_a_day_has_three() {
    let app = TestApp::start().await;
    let (zoe, link, _) = zoe(&app).await;
    let path = format!("/v1/customers/{zoe}/order-links/{link}/send");
    let keyed = Ask::post(path).by(SELLER).once().json(&json!({}));
    let first = app.send(keyed.clone()).await.expect(202);
    assert_eq!(app.send(keyed.clone()).await.expect(202).text(), first.text());
    // The bound is of the address, whichever link is sent.
    let other = app.create_order_link(SELLER, &zoe).await.expect(201).id();
    app.send_order_link(SELLER, &zoe, &other).await.expect(202);
    app.send_order_link(OWNER, &zoe, &link).await.expect(202);
    let enough = app.send_order_link(SELLER, &zoe, &other).await.expect(429);
    assert_eq!(problem(&enough), "enough-mails");
    // It is ten in Paris: the day (UTC) has fifteen hours left.
    let wait: u64 = enough.header("retry-after").parse().unwrap();
    assert!((53_000..=54_000).contains(&wait), "{wait}");
    app.send(keyed).await.expect(202);
    app.drain().await;
    assert_eq!(app.subjects(ZOE).len(), 3);
    app.pass(SignedDuration::from_hours(15)).await;
    app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    app.drain().await;
    assert_eq!(app.subjects(ZOE).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_at_once_three_are_mailed() {
    let app = TestApp::calm().await;
    let (zoe, link, _) = zoe(&app).await;
    let answers = join_all((0..8).map(|_| send_anew(&app, &zoe, &link))).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(202), count(429)), (STAFF_MAILS_A_DAY as usize, 5));
    app.drain().await;
    assert_eq!(app.subjects(ZOE).len(), STAFF_MAILS_A_DAY as usize);
}

#[tokio::test]
async fn what_would_not_arrive_or_not_open_is_refused() {
    let app = TestApp::start().await;
    let (zoe, link, _) = zoe(&app).await;
    let of = async |terms| {
        let ask = Ask::post(format!("/v1/customers/{zoe}/order-links")).by(SELLER).once().json(&terms);
        app.send(ask).await.expect(201)
    };
    let (revoked, short, once) =
        (of(json!({})).await, of(json!({ "days": 1 })).await, of(json!({ "orders": 1 })).await);
    revoke(&app, &zoe, &revoked.id()).await;
    let honey = app.honey(OWNER).await;
    let path = once.json()["url"].as_str().unwrap().strip_prefix(app.stack.base_url()).unwrap().to_owned();
    app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    // It is ten in Paris: the day after this one ends in 38 hours.
    app.pass(SignedDuration::from_hours(38)).await;
    let before = app.messages().await;
    for closed in [revoked.id(), short.id(), once.id()] {
        assert_eq!(problem(&app.send_order_link(SELLER, &zoe, &closed).await.expect(409)), "link-closed");
    }
    app.send_order_link(VIEWER, &zoe, &link).await.expect(403);
    app.send_order_link(STRANGER, &zoe, &link).await.expect(404);
    app.send_order_link(SELLER, &zoe, NOBODY).await.expect(404);
    let path = format!("/v1/customers/{zoe}/order-links/{link}/send");
    let foreign = app.send(Ask::post(path).by(SELLER).json(&json!({ "email": "ana@example.com" }))).await;
    assert_eq!(foreign.expect(422).pointers(), ["/email"]);
    app.block(SELLER, &zoe, "Impayés").await.expect(200);
    assert_eq!(problem(&app.send_order_link(SELLER, &zoe, &link).await.expect(409)), "customer-blocked");
    app.unblock(SELLER, &zoe).await.expect(204);
    bounce(&app).await;
    let refused = app.send_order_link(SELLER, &zoe, &link).await.expect(409);
    assert_eq!((problem(&refused), &refused.json()["reason"]), ("undeliverable".to_owned(), &json!("bounced")));
    let body = json!({ "name": "Zoë", "email": "zoë@example.com" });
    let zoe = app.create_customer(OWNER, &body).await.expect(201).id();
    let link = app.create_order_link(SELLER, &zoe).await.expect(201).id();
    let refused = app.send_order_link(SELLER, &zoe, &link).await.expect(409);
    assert_eq!(refused.json()["reason"], "undeliverable");
    assert_eq!(app.messages().await, before);
}

#[tokio::test]
async fn what_changed_before_it_left_keeps_it_from_leaving() {
    for (change, expected) in [
        ("revoked", &["order_link skipped subject_gone"][..]),
        ("rotated", &["order_link skipped subject_gone"]),
        ("blocked", &["order_link skipped blocked"]),
        ("bounced", &["order_link skipped bounced"]),
        ("erased", &[]),
    ] {
        let app = TestApp::start().await;
        let (zoe, link, _) = zoe(&app).await;
        app.send_order_link(SELLER, &zoe, &link).await.expect(202);
        match change {
            "revoked" => revoke(&app, &zoe, &link).await,
            "rotated" => {
                let path = format!("/v1/customers/{zoe}/order-links/{link}/rotate");
                app.send(Ask::post(path).by(SELLER).once().json(&json!({}))).await.expect(201);
            }
            "blocked" => drop(app.block(SELLER, &zoe, "Impayés").await.expect(200)),
            "bounced" => bounce(&app).await,
            _ => drop(app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202)),
        }
        app.drain().await;
        assert_eq!((app.messages().await, app.mails().len()), (expected.iter().map(|s| (*s).to_owned()).collect(), 0));
    }
}

#[tokio::test]
async fn a_link_that_expires_while_its_mail_waits_is_not_mailed() {
    let app = TestApp::calm().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let ask = Ask::post(format!("/v1/customers/{zoe}/order-links")).by(SELLER).once().json(&json!({ "days": 1 }));
    let link = app.send(ask).await.expect(201).id();
    for _ in 0..5 {
        app.stack.mailbox().fail_next(local::mailbox::SendFailure::Rejected);
    }
    app.pass(SignedDuration::from_mins(38 * 60 - 1)).await;
    app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    app.drain().await;
    app.pass(SignedDuration::from_hours(1)).await;
    assert_eq!((app.messages().await, app.mails().len()), (vec!["order_link skipped subject_gone".to_owned()], 0));
}

#[tokio::test]
async fn the_link_of_somebody_merged_meanwhile_goes_to_who_stands_for_them() {
    let app = TestApp::start().await;
    let (zoe, link, path) = zoe(&app).await;
    let ana = app.customer(OWNER, "Ana Lima").await;
    app.send_order_link(SELLER, &zoe, &link).await.expect(202);
    app.merge(OWNER, &ana, &zoe).await.expect(202);
    app.drain().await;
    let [mail] = &app.mails()[..] else { panic!("one mail") };
    assert_eq!(mail.to, ["ana.lima@example.com"]);
    assert!(mail.text.as_ref().unwrap().contains(&path));
    app.send_order_link(SELLER, &ana, &link).await.expect(202);
    app.send_order_link(SELLER, &zoe, &link).await.expect(308);
}
