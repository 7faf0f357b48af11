//! The catalogue: what staff say of a product is what customers see, and what they may order.

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Ask, OWNER, SELLER, STRANGER, VIEWER};

/// Zoé's order page, of a shop with these products.
async fn page_of(app: &TestApp, products: &[Value]) -> (Vec<String>, String) {
    let mut ids = Vec::new();
    for product in products {
        ids.push(app.create_product(SELLER, product).await.expect(201).id());
    }
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    (ids, app.order_path(OWNER, &zoe).await)
}

async fn html(app: &TestApp, path: &str) -> String {
    app.send(Ask::get(path)).await.expect(200).text()
}

async fn order(app: &TestApp, path: &str, product: &str, quantity: &str) -> crate::ask::Answer {
    app.place_order(path, &[(&format!("q-{product}"), quantity)]).await
}

async fn stock(app: &TestApp, product: &str) -> Value {
    app.send(Ask::get(format!("/v1/products/{product}")).by(VIEWER)).await.expect(200).json()["stock"].clone()
}

#[tokio::test]
async fn a_product_says_all_that_staff_say_of_it() {
    let app = TestApp::start().await;
    let group = app.create_group(OWNER, &json!({ "name": "Pros" })).await.expect(201).id();
    let body = json!({
        "name": { "fr": "Miel", "en": "Honey" }, "description": { "fr": "De lavande,\nrécolté à la main" },
        "unit": "pot de 500 g", "prices": { "EUR": 1999 }, "group_prices": { &group: { "EUR": 1500 } },
        "category": "Miels", "position": 7, "visible": false, "min_quantity": 6, "max_quantity": 24,
        "quantity_step": 6, "stock": 40,
    });
    let made = app.create_product(SELLER, &body).await.expect(201);
    let path = made.header("location").to_owned();
    let seen = app.send(Ask::get(&path).by(VIEWER)).await.expect(200);
    assert_eq!((seen.json(), seen.header("etag")), (made.json(), "\"1\""));
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&seen.json()[field], value, "{field}");
    }
    let patch = json!({
        "description": null, "unit": null, "group_prices": null, "category": null, "stock": null, "visible": true,
        "max_quantity": 12,
    });
    let changed = app.change_product(SELLER, &made.id(), &patch).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    for field in ["description", "unit", "category", "stock"] {
        assert_eq!(changed.json()[field], Value::Null, "{field}");
    }
    assert_eq!((&changed.json()["group_prices"], &changed.json()["max_quantity"]), (&json!({}), &json!(12)));
    let stale = Ask::patch(&*path).by(SELLER).header("if-match", "\"1\"").json(&json!({ "position": 1 }));
    app.send(stale).await.expect(412);
    let listed = app.send(Ask::get("/v1/products").by(VIEWER)).await.expect(200).json();
    assert_eq!(listed["items"], json!([changed.json()]));
    app.send(Ask::new(Method::DELETE, &*path).by(SELLER).header("if-match", "\"2\"")).await.expect(204);
    app.send(Ask::get(&path).by(SELLER)).await.expect(404);
    for kind in ["product", "offer", "stock"] {
        assert_eq!(app.items(kind).await.len(), 0, "{kind}");
    }
}

#[tokio::test]
async fn a_change_says_what_changes_and_the_rest_stays() {
    let app = TestApp::start().await;
    let group = app.create_group(OWNER, &json!({ "name": "Pros" })).await.expect(201).id();
    let other = app.create_group(OWNER, &json!({ "name": "Amis" })).await.expect(201).id();
    let body = json!({
        "name": { "fr": "Miel", "en": "Honey" }, "description": { "fr": "De lavande" }, "prices": { "EUR": 1999 },
        "group_prices": { &group: { "EUR": 1500, "USD": 1700 }, &other: { "EUR": 1800 } },
    });
    let id = app.create_product(SELLER, &body).await.expect(201).id();
    for (patch, field, becomes) in [
        (json!({ "prices": { "USD": 2300 } }), "prices", json!({ "EUR": 1999, "USD": 2300 })),
        (json!({ "prices": {} }), "prices", json!({ "EUR": 1999, "USD": 2300 })),
        (json!({ "name": { "en": null, "de": "Honig" } }), "name", json!({ "fr": "Miel", "de": "Honig" })),
        (
            json!({ "group_prices": { &group: { "EUR": null, "CHF": 1600 } } }),
            "group_prices",
            json!({ &group: { "CHF": 1600, "USD": 1700 }, &other: { "EUR": 1800 } }),
        ),
        (json!({ "group_prices": { &group: null } }), "group_prices", json!({ &other: { "EUR": 1800 } })),
        (
            json!({ "description": { "en": "Of lavender" } }),
            "description",
            json!({ "fr": "De lavande", "en": "Of lavender" }),
        ),
        (json!({ "description": { "en": null, "fr": null } }), "description", Value::Null),
    ] {
        let changed = app.change_product(SELLER, &id, &patch).await.expect(200).json();
        assert_eq!(changed[field], becomes, "{patch}");
    }
    let before = app.table().await;
    let many = |number: u8| format!("a{}", char::from(b'a' + number));
    let names: serde_json::Map<String, Value> = (0..9).map(|number| (many(number), json!("Miel"))).collect();
    for (patch, pointer) in [
        (json!({ "prices": { "EUR": null, "USD": null } }), "/prices".to_owned()),
        (json!({ "prices": null }), "/prices".to_owned()),
        (json!({ "name": { "fr": null, "de": null } }), "/name".to_owned()),
        // Nine more than the two that there are.
        (json!({ "name": names }), "/name".to_owned()),
        (json!({ "group_prices": { &other: { "EUR": null } } }), format!("/group_prices/{other}")),
    ] {
        assert_eq!(app.change_product(SELLER, &id, &patch).await.expect(422).pointers(), [pointer], "{patch}");
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn customers_see_what_is_visible_by_category_and_position() {
    let app = TestApp::start().await;
    let product = |name: &str, category: Value, position: u32| json!({ "name": { "fr": name }, "prices": { "EUR": 500 }, "category": category, "position": position });
    let products = [
        product("Tilleul", json!("Miels"), 2),
        product("Bougie", json!("Cires"), 0),
        product("Acacia", json!("Miels"), 1),
        product("Panier", Value::Null, 9),
        json!({ "name": { "fr": "Secret" }, "prices": { "EUR": 500 }, "visible": false, "category": "Miels" }),
        json!({ "name": { "fr": "Dollar" }, "prices": { "USD": 500 } }),
    ];
    let (ids, path) = page_of(&app, &products).await;
    let page = html(&app, &path).await;
    let place = |text: &str| page.find(text);
    let order: Vec<_> =
        ["Panier", "<h2>Cires", "Bougie", "<h2>Miels", "Acacia", "Tilleul"].into_iter().map(place).collect();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{order:?}");
    assert_eq!((place("Secret"), place("Dollar")), (None, None));
    // What moves leaves nothing where it was.
    app.change_product(SELLER, &ids[0], &json!({ "category": "Cires", "position": 1 })).await.expect(200);
    app.change_product(SELLER, &ids[2], &json!({ "visible": false })).await.expect(200);
    app.change_product(SELLER, &ids[4], &json!({ "visible": true, "unit": "500 g" })).await.expect(200);
    let page = html(&app, &path).await;
    assert_eq!(page.matches("Tilleul").count(), 1);
    assert!(page.find("Tilleul") < page.find("<h2>Miels") && !page.contains("Acacia"));
    assert!(page.contains("Secret") && page.contains("500 g"));
    assert_eq!(app.items("offer").await.len(), 5);
}

#[tokio::test]
async fn a_group_may_have_a_price_of_its_own() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let group = app.create_group(OWNER, &json!({ "name": "Pros", "rate_bp": -5000 })).await.expect(201).id();
    let body =
        json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 1999 }, "group_prices": { &group: { "EUR": 1500 } } });
    app.create_product(SELLER, &body).await.expect(201);
    let path = app.order_path(OWNER, &zoe).await;
    assert!(html(&app, &path).await.contains("19,99"));
    app.join_group(OWNER, &zoe, &group).await.expect(200);
    assert!(html(&app, &path).await.contains("15,00"));
    app.change_customer(OWNER, &zoe, "*", &json!({ "discount_bp": 1000 })).await.expect(200);
    assert!(html(&app, &path).await.contains("13,50"));
}

#[tokio::test]
async fn only_so_many_are_ordered_as_the_product_says() {
    let app = TestApp::start().await;
    let body = json!({
        "name": { "fr": "Œufs" }, "prices": { "EUR": 30 }, "min_quantity": 6, "max_quantity": 24, "quantity_step": 6,
    });
    let (ids, path) = page_of(&app, &[body]).await;
    for refused in ["5", "7", "30"] {
        let page = order(&app, &path, &ids[0], refused).await.expect(422).text();
        assert!(page.contains("de 6 à 24, par 6") && page.contains(&format!("value=\"{refused}\"")), "{page}");
    }
    assert_eq!(app.items("order").await.len(), 0);
    order(&app, &path, &ids[0], "12").await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_counted_is_never_sold_twice() {
    let app = TestApp::start().await;
    let body = json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 500 }, "stock": 5 });
    let (ids, path) = page_of(&app, &[body]).await;
    let (honey, field) = (&ids[0], format!("q-{}", ids[0]));
    let page = app.review(&path, &[(&field, "1")]).await;
    let answers = join_all((0..8).map(|number| app.send(page.another(number).post(&[(&field, "1")])))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 303, 303, 303, 303, 409, 409, 409]);
    assert_eq!(stock(&app, honey).await, 0);
    assert!(html(&app, &path).await.contains("Épuisé"));
    // What is cancelled is there again; the till sells what it has at hand.
    let placed = answers.iter().find(|answer| answer.status == 303).unwrap();
    let placed = placed.header("location").strip_prefix("?order=").unwrap();
    app.move_order(SELLER, placed, &json!({ "state": "cancelled", "reason": "Doublon" })).await.expect(200);
    assert_eq!(stock(&app, honey).await, 1);
    let short = order(&app, &path, honey, "2").await.expect(409).text();
    assert!(short.contains("plus que 1 en stock"), "{short}");
    let zoe = crate::app::text(&app.items("customer").await[0], "id");
    let line = json!({ "product": honey, "quantity": 3 });
    let sale = json!({ "customer_id": zoe, "channel": "store", "lines": [line] });
    app.create_order(SELLER, &sale).await.expect(201);
    assert_eq!(stock(&app, honey).await, -2);
    app.change_product(SELLER, honey, &json!({ "stock": 12 })).await.expect(200);
    order(&app, &path, honey, "2").await.expect(303);
    assert_eq!(stock(&app, honey).await, 10);
}

#[tokio::test]
async fn an_order_of_much_that_is_counted_is_refused_and_never_fails() {
    let app = TestApp::start().await;
    let products: Vec<Value> = (0..41)
        .map(|number| json!({ "name": { "fr": format!("Pot {number}") }, "prices": { "EUR": 5 }, "stock": 9 }))
        .collect();
    let (ids, path) = page_of(&app, &products).await;
    let fields: Vec<(String, &str)> = ids.iter().map(|id| (format!("q-{id}"), "1")).collect();
    let post = |count: usize| fields[..count].iter().map(|(name, value)| (&**name, *value)).collect::<Vec<_>>();
    app.place_order(&path, &post(41)).await.expect(422);
    let sale = |count: usize| {
        let lines: Vec<Value> = ids[..count].iter().map(|id| json!({ "product": id, "quantity": 1 })).collect();
        let ana = json!({ "name": "Ana Maria Lima Dos Santos de Oliveira", "email": "ana.maria@santos.example" });
        json!({ "customer": ana, "channel": "store", "lines": lines })
    };
    assert_eq!(app.create_order(SELLER, &sale(41)).await.expect(422).pointers(), ["/lines"]);
    app.create_order(SELLER, &sale(40)).await.expect(201);
    app.choose(&path, &[(&*fields[40].0, "0")]).await.expect(303);
    let placed = app.place_order(&path, &post(40)).await.expect(303);
    let placed = placed.header("location").strip_prefix("?order=").unwrap();
    app.move_order(SELLER, placed, &json!({ "state": "cancelled", "reason": "Trop" })).await.expect(200);
    assert_eq!(stock(&app, &ids[39]).await, 8);
}

#[tokio::test]
async fn what_is_no_product_is_refused_field_by_field() {
    let app = TestApp::start().await;
    let honey = app.honey(OWNER).await;
    let theirs = app.create_group(STRANGER, &json!({ "name": "Leurs" })).await.expect(201).id();
    let before = app.table().await;
    let good = json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 5 } });
    for (patch, pointers) in [
        (
            json!({ "category": "", "position": 1_000_000, "visible": "yes" }),
            &["/category", "/position", "/visible"][..],
        ),
        (
            json!({ "min_quantity": 0, "max_quantity": 1000, "quantity_step": 1.5 }),
            &["/max_quantity", "/min_quantity", "/quantity_step"],
        ),
        (json!({ "min_quantity": 7, "max_quantity": 6 }), &["/max_quantity"]),
        (json!({ "stock": -1 }), &["/stock"]),
        (json!({ "stock": 1_000_001, "version": 7 }), &["/stock", "/version"]),
        (json!({ "group_prices": { &theirs: { "EUR": 5 } } }), &[&*format!("/group_prices/{theirs}")]),
    ] {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        let mut named = app.create_product(SELLER, &body).await.expect(422).pointers();
        named.sort();
        assert_eq!(named, pointers, "{patch}");
        let mut named = app.change_product(SELLER, &honey, &patch).await.expect(422).pointers();
        named.sort();
        assert_eq!(named, pointers, "{patch}");
    }
    // What a new product has is wrong as a whole; of what changes, the part.
    let new = json!({
        "name": {}, "prices": { "EURO": 5 }, "description": { "fr": "x".repeat(1001) },
        "group_prices": { "pros": { "EUR": 5 } },
    });
    let refused = app.create_product(SELLER, &new).await.expect(422);
    assert_eq!(refused.pointers(), ["/description", "/group_prices", "/name", "/prices"]);
    let patch = json!({
        "name": null, "prices": { "EURO": 5, "USD": -1 }, "description": { "fr": "x".repeat(1001) },
        "group_prices": { "pros": { "EUR": 5 }, &theirs: { "EUR": "5" } },
    });
    let refused = app.change_product(SELLER, &honey, &patch).await.expect(422);
    let wrong = [
        "/description/fr".to_owned(),
        format!("/group_prices/{theirs}/EUR"),
        "/group_prices/pros".to_owned(),
        "/name".to_owned(),
        "/prices/EURO".to_owned(),
        "/prices/USD".to_owned(),
    ];
    assert_eq!(refused.pointers(), wrong);
    app.change_product(STRANGER, &honey, &json!({ "position": 1 })).await.expect(404);
    app.change_product(VIEWER, &honey, &json!({ "position": 1 })).await.expect(403);
    assert_eq!(app.table().await, before);
}
