//! What will go out, to whom, and who is left out and why: of the shop, and of one customer.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, Member, OWNER, STRANGER, VIEWER};

impl TestApp {
    /// Every page of what goes out within `days`, at `limit` a page.
    async fn upcoming(&self, by: Member, days: u32, limit: u32) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/automations/upcoming?days={days}&limit={limit}{cursor}");
            let page = self.send(Ask::get(path).by(by)).await.expect(200).json();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    async fn automations_of(&self, by: Member, id: &str) -> Vec<Value> {
        let answer = self.send(Ask::get(format!("/v1/customers/{id}/automations")).by(by)).await;
        answer.expect(200).json()["items"].as_array().unwrap().clone()
    }
}

/// Somebody for each thing that can stand in the way, and Zoé, in whose way nothing stands; all born on one of
/// the next days.
async fn everybody(app: &TestApp) {
    let born = async |id: &str, birthday: &str| {
        let etag = app.get_customer(OWNER, id).await.expect(200).header("etag").to_owned();
        app.change_customer(OWNER, id, &etag, &json!({ "birthday": birthday })).await.expect(200);
    };
    let zoe = app.agreed("Zoé Dupont").await;
    born(&zoe, "1990-11-25").await;
    born(&app.customer(OWNER, "Ana Lima").await, "--11-26").await;
    let blocked = app.agreed("Per Holm").await;
    born(&blocked, "--11-27").await;
    app.block(OWNER, &blocked, "Impayés").await.expect(200);
    let gone = app.agreed("Ida Berg").await;
    born(&gone, "--11-28").await;
    let token = app.preferences_token(&gone).await;
    app.send(Ask::post(format!("/p/{token}/unsubscribe"))).await.expect(200);
    born(&app.agreed("Noa Roth").await, "--12-23").await;
    app.sale(OWNER, &zoe, 500).await;
    app.settle().await;
}

fn told(items: &[Value]) -> Vec<String> {
    let told = |item: &Value| {
        let name = item["customer"]["name"].as_str().unwrap_or_default();
        let reason = item["reason"].as_str().unwrap_or("goes");
        format!("{} {} {name} {reason}", item["due_at"].as_str().unwrap_or("-"), item["automation"].as_str().unwrap())
    };
    items.iter().map(told).collect()
}

#[tokio::test]
async fn the_next_days_show_who_gets_what_and_who_is_left_out() {
    let app = TestApp::start().await;
    everybody(&app).await;
    let expected = [
        "2026-11-25T08:00:00Z birthday Zoé Dupont goes",
        "2026-11-26T08:00:00Z birthday Ana Lima no_consent",
        "2026-11-27T08:00:00Z birthday Per Holm blocked",
        "2026-11-28T08:00:00Z birthday Ida Berg unsubscribed",
        "2026-12-06T08:00:00Z satisfaction Zoé Dupont goes",
    ];
    assert_eq!(told(&app.upcoming(OWNER, 30, 25).await), expected);
    assert_eq!(told(&app.upcoming(OWNER, 30, 1).await), expected, "page by page");
    assert_eq!(told(&app.upcoming(OWNER, 30, 2).await), expected, "page by page");
    assert_eq!(told(&app.upcoming(OWNER, 4, 25).await), expected[..2]);
    let year = app.upcoming(OWNER, 366, 3).await;
    assert_eq!(year.len(), 7, "{:?}", told(&year));
    assert!(told(&year)[6].starts_with("2027-11-22T08:00:00Z reactivation Zoé Dupont"));
    assert!(app.upcoming(STRANGER, 366, 25).await.is_empty());
    app.send(Ask::get("/v1/automations/upcoming?days=367").by(OWNER)).await.expect(422);
}

#[tokio::test]
async fn each_says_by_which_rule_because_of_what_and_what_was_agreed_to() {
    let app = TestApp::start().await;
    everybody(&app).await;
    let items = app.upcoming(OWNER, 30, 25).await;
    assert_eq!(items[0]["goes"], true);
    let rule = json!({ "at": "09:00", "zone": "Europe/Paris", "days_before_birthday": 0, "leap_day": "02-28" });
    assert_eq!(items[0]["rule"], rule);
    assert_eq!(items[0]["data"], json!({ "birthday": "1990-11-25", "year": 2026 }));
    assert_eq!(
        (&items[0]["consent"]["state"], &items[0]["consent"]["version"]),
        (&json!("granted"), &json!("2026-11"))
    );
    assert!(items[1].get("consent").is_none());
    assert_eq!(items[1]["explanation"], "Marketing e-mails were not agreed to.");
    let french = Ask::get("/v1/automations/upcoming").by(OWNER).header("accept-language", "fr");
    let french = app.send(french).await.expect(200).json();
    assert_eq!(french["items"][2]["explanation"], "Le client est bloqué.");
    app.send(Ask::get("/v1/automations/upcoming").by(VIEWER)).await.expect(403);
    app.change_settings(OWNER, &json!({ "hidden_fields": ["birthday"] })).await.expect(200);
    assert_eq!(app.upcoming(OWNER, 30, 25).await[0]["data"], json!({}));
}

#[tokio::test]
async fn a_customer_s_record_gives_the_same_answers() {
    let app = TestApp::start().await;
    everybody(&app).await;
    let of_shop = app.upcoming(OWNER, 366, 100).await;
    for item in &of_shop {
        let id = item["customer"]["id"].as_str().unwrap();
        let of_customer = app.automations_of(OWNER, id).await;
        assert!(of_customer.contains(item), "{item} is not among {of_customer:?}");
    }
    let zoe = of_shop[0]["customer"]["id"].as_str().unwrap();
    let kinds = told(&app.automations_of(OWNER, zoe).await);
    assert_eq!(kinds[0], "- abandoned_order  no_occasion");
    assert_eq!(kinds.len(), 4);
}

#[tokio::test]
async fn who_has_had_it_already_is_told_so() {
    let app = TestApp::start().await;
    everybody(&app).await;
    app.move_clock("2026-11-25T12:00:00+01:00").await;
    let zoe =
        app.upcoming(OWNER, 366, 100).await.iter().find(|item| told(&[(*item).clone()])[0].contains("satisf")).unwrap()
            ["customer"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
    let etag = app.get_customer(OWNER, &zoe).await.expect(200).header("etag").to_owned();
    app.change_customer(OWNER, &zoe, &etag, &json!({ "birthday": "1990-12-01" })).await.expect(200);
    app.settle().await;
    let told = told(&app.upcoming(OWNER, 30, 100).await);
    assert!(told.contains(&"2026-12-01T08:00:00Z birthday Zoé Dupont already_written".to_owned()), "{told:?}");
    app.move_clock("2026-12-02T12:00:00+01:00").await;
    assert_eq!(app.messages().await.iter().filter(|message| *message == "birthday sent").count(), 1);
}

#[tokio::test]
async fn an_order_that_was_left_is_among_them() {
    let app = TestApp::start().await;
    let zoe = app.agreed("Zoé Dupont").await;
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &zoe).await);
    app.choose(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
    app.settle().await;
    let expected = "2026-11-24T08:00:00Z abandoned_order Zoé Dupont goes";
    assert_eq!(told(&app.upcoming(OWNER, 30, 25).await), [expected]);
    assert_eq!(told(&app.automations_of(OWNER, &zoe).await)[0], expected);
    app.automations_of(OWNER, &zoe).await;
    assert!(app.mails().is_empty(), "looking sends nothing");
}

#[tokio::test]
async fn what_is_said_beforehand_is_what_happens() {
    let app = TestApp::start().await;
    app.born("Zoé Dupont", "--11-23").await;
    let off = |on: bool| json!({ "automations": { "birthday": { "on": on } } });
    app.change_settings(OWNER, &off(false)).await.expect(200);
    app.settle().await;
    let reason = async || told(&app.upcoming(OWNER, 30, 25).await).pop().unwrap_or_default();
    assert!(reason().await.ends_with("Zoé Dupont automation_off"));
    app.move_clock("2026-11-23T10:30:00+01:00").await;
    app.change_settings(OWNER, &off(true)).await.expect(200);
    assert!(reason().await.ends_with("Zoé Dupont automation_off"), "it is on now, and was not at nine");
    app.drain().await;
    assert_eq!(app.messages().await, ["birthday skipped automation_off"]);
}

#[tokio::test]
async fn each_who_is_due_costs_the_same_and_the_shop_s_pause_is_read_once() {
    let app = TestApp::calm().await;
    for number in 0..11 {
        let id = app.agreed(&format!("Client {number}")).await;
        let etag = app.get_customer(OWNER, &id).await.expect(200).header("etag").to_owned();
        app.change_customer(OWNER, &id, &etag, &json!({ "birthday": "--11-25" })).await.expect(200);
    }
    let units = async |limit: u32| {
        let meter = app.functions().table;
        meter.meter().take();
        let path = format!("/v1/automations/upcoming?limit={limit}");
        let items = app.send(Ask::get(path).by(OWNER)).await.expect(200).json()["items"].as_array().unwrap().len();
        (items, meter.meter().take().read)
    };
    let (one, eleven) = (units(1).await, units(11).await);
    assert_eq!((one.0, eleven.0), (1, 11));
    // Of each: half a unit for the record, one for the address, half a one for each of four occurrence keys.
    assert!(eleven.1 - one.1 <= 10.0 * 3.5, "{one:?} {eleven:?}");
}
