//! Orders on paper: what a parcel and its invoice need, for those who see contact data, and the same
//! headers as on every page (K05).

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, MANAGER, OWNER, SELLER, STRANGER, VIEWER};
use crate::redaction::redacted;

const SHEETS: [&str; 2] = ["print", "packing-list"];

/// Zoé, who lives in Brussels, and her order of two honeys and a loaf through a link, with a word to the shop.
async fn placed(app: &TestApp) -> (String, String) {
    let body = json!({
        "name": "Zoé Dupont", "email": "zoe@example.com", "phone": "06 12 34 56 78", "company": "Café <Zoé>",
        "discount_bp": 1000,
        "delivery_address": { "street": "12 rue des Lilas", "postcode": "1000", "city": "Bruxelles", "country": "BE" },
        "billing_address": { "street": "1 place d’Armes", "postcode": "26000", "city": "Valence", "country": "FR" },
    });
    let zoe = app.create_customer(OWNER, &body).await.expect(201).id();
    let honey = json!({ "name": { "fr": "Miel" }, "unit": "pot de 500 g", "prices": { "EUR": 1999 } });
    let bread = json!({ "name": { "fr": "Pain d’épices" }, "prices": { "EUR": 850 } });
    let mut fields = Vec::new();
    for (product, quantity) in [(honey, "2"), (bread, "1")] {
        fields.push((format!("q-{}", app.create_product(OWNER, &product).await.expect(201).id()), quantity));
    }
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(field, quantity)| (&**field, *quantity)).collect();
    fields.push(("note", "Sonner deux fois,\n<merci>"));
    let path = app.order_path(OWNER, &zoe).await;
    let posted = app.place_order(&path, &fields).await.expect(303);
    (posted.header("location").rsplit('=').next().unwrap().to_owned(), zoe)
}

fn printed(order: &str, sheet: &str) -> Ask {
    Ask::get(format!("/v1/orders/{order}/{sheet}")).header("accept-language", "fr")
}

async fn show(app: &TestApp, order: &str, sheet: &str) -> Answer {
    app.send(printed(order, sheet).by(SELLER)).await.expect(200)
}

/// The sheet without its style.
fn content(answer: &Answer) -> String {
    let html = answer.text();
    let (head, rest) = html.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    format!("{head}{body}").replace('>', ">\n")
}

#[tokio::test]
async fn sheets_say_whose_the_order_is_where_it_goes_and_what_it_is_of() {
    let app = TestApp::start().await;
    let (order, _) = placed(&app).await;
    app.move_order(SELLER, &order, &json!({ "state": "confirmed" })).await.expect(200);
    app.create_refund(SELLER, &order, &json!({ "amount_minor": 850 })).await.expect(201);
    for sheet in SHEETS {
        for language in ["fr", "en"] {
            let ask = Ask::get(format!("/v1/orders/{order}/{sheet}")).by(MANAGER).header("accept-language", language);
            let shown = app.send(ask).await.expect(200);
            assert_eq!(shown.header("content-language"), language);
            redacted().bind(|| assert_snapshot!(format!("order_{sheet}_{language}"), content(&shown)));
        }
    }
}

#[tokio::test]
async fn the_sheets_of_a_cancelled_order_say_so_first() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let honey = app.honey(OWNER).await;
    let path = app.order_path(OWNER, &zoe).await;
    let posted = app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    let order = posted.header("location").rsplit('=').next().unwrap().to_owned();
    app.create_refund(SELLER, &order, &json!({ "amount_minor": 850 })).await.expect(201);
    app.move_order(SELLER, &order, &json!({ "state": "cancelled", "reason": "Rupture" })).await.expect(200);
    for sheet in SHEETS {
        for language in ["fr", "en"] {
            let ask = Ask::get(format!("/v1/orders/{order}/{sheet}")).by(MANAGER).header("accept-language", language);
            let shown = app.send(ask).await.expect(200);
            redacted().bind(|| assert_snapshot!(format!("cancelled_{sheet}_{language}"), content(&shown)));
        }
    }
}

#[tokio::test]
async fn a_packing_list_tells_no_price() {
    let app = TestApp::start().await;
    let (order, _) = placed(&app).await;
    let (list, whole) = (show(&app, &order, "packing-list").await.text(), show(&app, &order, "print").await.text());
    for price in ["17,99", "19,99", "€"] {
        assert!(!list.contains(price) && whole.contains(price), "{price}");
    }
    for sheet in [list, whole] {
        for said in ["Zoé Dupont", "Café &lt;Zoé&gt;", "BELGIUM", "06 12 34 56 78", "pot de 500 g", "&lt;merci&gt;"]
        {
            assert!(sheet.contains(said), "{said}");
        }
        assert!(!sheet.contains("zoe@example.com") && !sheet.contains("place d’Armes"));
    }
}

#[tokio::test]
async fn a_sheet_is_as_strict_as_a_page_and_recorded_as_seen() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    for sheet in SHEETS {
        let shown = show(&app, &order, sheet).await;
        assert_eq!(shown.header("content-type"), "text/html; charset=utf-8");
        assert!(
            shown
                .header("content-security-policy")
                .starts_with("default-src 'none'; img-src 'none'; style-src 'sha256-")
        );
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-robots-tag", "noindex, nofollow"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(shown.header(name), value, "{sheet}");
        }
        let html = shown.text();
        assert!(["src=", "href=", "url(", "style="].iter().all(|fetch| !html.contains(fetch)), "{sheet}");
    }
    let entries = app.items("audit").await;
    let seen: Vec<_> = entries.iter().filter(|entry| text(entry, "action") == "order_viewed").collect();
    assert_eq!(seen.len(), 2);
    let named = seen[0]["records"].as_l().unwrap();
    assert_eq!(named.iter().map(|id| id.as_s().unwrap().as_str()).collect::<Vec<_>>(), [&*zoe, &*order]);
}

#[tokio::test]
async fn sheets_are_for_those_who_see_contact_data() {
    let app = TestApp::start().await;
    let (order, _) = placed(&app).await;
    for sheet in SHEETS {
        app.send(printed(&order, sheet).by(VIEWER)).await.expect(403);
        app.send(printed(&order, sheet).by(STRANGER)).await.expect(404);
        app.send(printed(&order, sheet)).await.expect(401);
        app.send(printed("01JDGZZZZZZZZZZZZZZZZZZZZZ", sheet).by(OWNER)).await.expect(404);
    }
}

#[tokio::test]
async fn the_sheet_of_somebody_erased_names_nobody() {
    let app = TestApp::start().await;
    let (order, zoe) = placed(&app).await;
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    let shown = show(&app, &order, "print").await.text();
    assert!(shown.contains("Miel") && !shown.contains("Zoé") && !shown.contains("Lilas") && !shown.contains("merci"));
}

#[tokio::test]
async fn what_is_sold_keeps_its_unit() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let body = json!({ "name": { "fr": "Miel" }, "unit": "kg", "prices": { "EUR": 1999 } });
    let product = app.create_product(OWNER, &body).await.expect(201).id();
    let sale = json!({ "customer_id": zoe, "channel": "store", "lines": [
        { "product": product, "quantity": 1 }, { "name": "Bougie", "quantity": 1, "unit_price_minor": 950 },
    ] });
    let order = app.create_order(SELLER, &sale).await.expect(201).id();
    app.change_product(SELLER, &product, &json!({ "unit": "pot" })).await.expect(200);
    let lines = app.get_order(OWNER, &order).await.json()["lines"].clone();
    assert_eq!((&lines[0]["unit"], lines[1].get("unit")), (&json!("kg"), None::<&Value>));
}
