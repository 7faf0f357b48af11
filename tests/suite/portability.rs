//! Portability: everything about one person as JSON, nothing about another.

use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, MANAGER, Member, OWNER, SELLER, STRANGER, VIEWER};

const HEALTH: Member = Member { role: "owner health", shop: "main" };

/// Zoé, with something of everything, beside Ana.
async fn zoe(app: &TestApp) -> String {
    app.submit_contact().await.expect(303);
    let id = text(&app.items("customer").await[0], "id");
    let ana = app.customer(OWNER, "Ana Lima").await;
    for (id, text) in [(&id, "Rappeler Zoé"), (&ana, "Rappeler Ana")] {
        app.create_note(SELLER, id, &json!({ "text": text })).await.expect(201);
    }
    app.create_note(HEALTH, &id, &json!({ "text": "Allergie", "health": true })).await.expect(201);
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &id).await);
    app.place_order(&path, &[(&format!("q-{product}"), "2"), ("note", "Sonner")]).await.expect(303);
    let preferences = app.preferences_token(&id).await;
    app.send(Ask::post(format!("/p/{preferences}/unsubscribe"))).await.expect(200);
    app.drain().await;
    id
}

async fn data(app: &TestApp, by: Member, id: &str) -> Answer {
    app.send(Ask::get(format!("/v1/customers/{id}/data")).by(by)).await
}

fn of_kind<'a>(data: &'a Value, kind: &str) -> Vec<&'a Value> {
    let items = data["items"].as_array().unwrap().iter();
    items.filter(|item| item["kind"] == kind).map(|item| &item["data"]).collect()
}

#[tokio::test]
async fn everything_about_one_person_comes_out() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let data = data(&app, MANAGER, &id).await.expect(200).json();
    assert_eq!((&data["record"]["email"], &data["record"]["id"]), (&json!("zoe@example.com"), &json!(id)));
    assert_eq!(of_kind(&data, "submission")[0]["fields"]["message"], json!(["Bonjour"]));
    assert_eq!(of_kind(&data, "note")[0]["text"], "Rappeler Zoé");
    assert_eq!((of_kind(&data, "note").len(), &data["withheld"]["health_notes"]), (1, &json!(1)));
    let order = of_kind(&data, "order")[0];
    assert_eq!((&order["note"], &order["lines"][0]["name"]), (&json!("Sonner"), &json!("Miel")));
    let said: Vec<&Value> = of_kind(&data, "consent").iter().map(|consent| &consent["state"]).collect();
    assert_eq!(said, [&json!("granted"), &json!("withdrawn")]);
    assert_eq!(of_kind(&data, "consent")[0]["purpose"], "marketing_email");
    let mut mailed: Vec<&Value> = of_kind(&data, "message").iter().map(|mail| &mail["occurrence"]["kind"]).collect();
    mailed.sort_by_key(|kind| kind.to_string());
    assert_eq!(mailed, [&json!("order_confirmation"), &json!("welcome")]);
    assert_eq!(data["suppressions"][0]["cause"], "unsubscribed");
    assert_eq!((data["order_links"].as_array().unwrap().len(), &data["next"]), (1, &Value::Null));
    let with_health = self::data(&app, HEALTH, &id).await.expect(200).json();
    assert_eq!((of_kind(&with_health, "note").len(), &with_health["withheld"]["health_notes"]), (2, &json!(0)));
}

#[tokio::test]
async fn an_order_in_the_making_comes_out_while_it_is_kept() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let product = text(&app.items("product").await[0], "id");
    // A draft of each of her links, and one of Ana's.
    for (id, quantity) in [(&id, "3"), (&id, "4"), (&ana(&app, &id).await, "5")] {
        let path = app.order_path(OWNER, id).await;
        app.choose(&path, &[(&format!("q-{product}"), quantity), ("note", "Sonner")]).await.expect(303);
    }
    let out = data(&app, MANAGER, &id).await.expect(200).json();
    let drafts = of_kind(&out, "order_draft");
    let mut quantities: Vec<_> = drafts.iter().map(|draft| &draft["lines"][&product]["quantity"]).collect();
    quantities.sort_by_key(|quantity| quantity.as_u64());
    assert_eq!(quantities, [&json!(3), &json!(4)]);
    assert_eq!((&drafts[0]["lines"][&product]["name"], &drafts[0]["note"]), (&json!("Miel"), &json!("Sonner")));
    for ours in ["pk", "sk", "t", "ttl", "hash", "shop", "customer"] {
        assert!(drafts.iter().all(|draft| draft.get(ours).is_none()), "{ours}");
    }
    app.pass(jiff::SignedDuration::from_hours(30 * 24)).await;
    let out = data(&app, MANAGER, &id).await.expect(200).json();
    assert!(of_kind(&out, "order_draft").is_empty());
}

/// What stands in a value and below: no names of fields, no yes and no, which are told in words.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(self::values).collect(),
        Value::Object(fields) => fields.values().flat_map(self::values).collect(),
    }
}

#[tokio::test]
async fn the_person_gets_it_as_a_page_that_leaves_nothing_out() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    app.put_tag(SELLER, &id, "vip", &json!({ "reason": "<b>Fidèle</b> & fidèle" })).await.expect(200);
    let data = data(&app, MANAGER, &id).await.expect(200).json();
    let ask = Ask::get(format!("/v1/customers/{id}/data")).header("accept", "text/html,*/*;q=0.8").by(MANAGER);
    let page = app.send(ask).await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"data-2026-11-22.html\"");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let page = page.text();
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let kinds = data["items"].as_array().unwrap().iter().map(|item| &item["data"]);
    for value in kinds.chain([&data["record"], &data["order_links"], &data["suppressions"]]).flat_map(values) {
        assert!(page.contains(&escaped(&value)), "{value}");
    }
    for words in ["<html lang=\"fr\">", "<h2>Commandes</h2>", "<h2>Accords</h2>", "Premier contact", "39,98\u{a0}€"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script") && !page.contains("Allergie") && page.contains("Notes de santé"));
}

/// The customer beside `zoe`.
async fn ana(app: &TestApp, zoe: &str) -> String {
    let ids = app.items("customer").await.into_iter().map(|customer| text(&customer, "id"));
    ids.into_iter().find(|id| id != zoe).unwrap()
}

#[tokio::test]
async fn nothing_about_another_nor_what_opens_a_door_comes_out() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let answer = data(&app, OWNER, &id).await.expect(200).text();
    let (link, preferences) = (text(&app.items("order_link").await[0], "hash"), app.preferences_token(&id).await);
    for secret in ["Ana", "Allergie", &link, &preferences, "main#", "\"pk\"", "card"] {
        assert!(!answer.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn taking_data_out_is_for_managers_and_is_recorded() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    for (member, status) in [(SELLER, 403), (VIEWER, 403), (STRANGER, 404)] {
        data(&app, member, &id).await.expect(status);
    }
    let recorded = async || {
        let entries = app.items("audit").await;
        entries.iter().filter(|entry| text(entry, "action") == "customer_data_exported").count()
    };
    assert_eq!(recorded().await, 0);
    data(&app, MANAGER, &id).await.expect(200);
    assert_eq!(recorded().await, 1);
}

#[tokio::test]
async fn more_than_a_thousand_items_come_in_pages() {
    let app = TestApp::calm().await;
    let id = app.customer(OWNER, "Zoé Dupont").await;
    let numbers: Vec<usize> = (0..1010).collect();
    // Written at once: a note by its request takes its turn at the record.
    for some in numbers.chunks(90) {
        let mut transaction = shared::table::Transaction::new();
        for number in some {
            let functions = app.functions();
            let now = functions.clock.now();
            let note = shared::domain::NoteId::new(functions.entropy.ulid(now));
            let text = format!("{number}").parse().unwrap();
            let note = shared::domain::Note::new(note, id.parse().unwrap(), text, "staff".parse().unwrap(), now);
            let note = shared::domain::Note { health: true, ..note };
            transaction.create_note(&"main".parse().unwrap(), &note).unwrap();
        }
        app.functions().table.commit(transaction).await.unwrap().unwrap();
    }
    let mut seen = std::collections::BTreeSet::new();
    let (mut query, mut pages) = (String::new(), 0);
    loop {
        let ask = Ask::get(format!("/v1/customers/{id}/data{query}")).by(HEALTH);
        let page = app.send(ask).await.expect(200).json();
        pages += 1;
        assert_eq!(page.get("record").is_some(), pages == 1);
        assert!(page["items"].as_array().unwrap().len() <= 1000);
        seen.extend(of_kind(&page, "note").iter().map(|note| note["text"].to_string()));
        match page["next"].as_str() {
            Some(next) => query = format!("?cursor={next}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (1010, 2));
    let other = Ask::get(format!("/v1/customers/{id}/data{query}")).by(OWNER);
    app.send(other).await.expect(422);
}

#[tokio::test]
async fn who_in_the_shop_did_what_and_the_group_stay_in_the_shop() {
    let app = TestApp::start().await;
    let id = zoe(&app).await;
    let group = app.create_group(OWNER, &json!({ "name": "Restaurateurs" })).await.expect(201).id();
    app.join_group(SELLER, &id, &group).await.expect(200);
    app.put_tag(SELLER, &id, "vip", &json!({})).await.expect(200);
    app.block(SELLER, &id, "Impayés").await.expect(200);
    let consent = json!({ "purpose": "geolocation", "state": "granted", "method": "in_person", "text": "D’accord." });
    app.record_consent(SELLER, &id, &consent).await.expect(201);
    let record = app.get_customer(OWNER, &id).await.expect(200).json();
    let subject = record["blocked"]["by"].as_str().unwrap().to_owned();
    let data = data(&app, MANAGER, &id).await.expect(200).text();
    assert!(data.contains("Impayés") && data.contains("vip"));
    for kept in [group.as_str(), "Restaurateurs", "\"group\"", &subject] {
        assert!(!data.contains(kept), "{kept}");
    }
}
