//! Public pages posted as no page of ours would be: no wrong price, no wrong record, no 5xx.

use serde_json::json;

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, STRANGER};
use crate::requests::OrderPage;

/// An order page of Zoé, who has 10 % off, and the field of its product.
async fn order_page(app: &TestApp) -> (OrderPage, String) {
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com", "discount_bp": 1000 });
    let customer = app.create_customer(OWNER, &body).await.expect(201).id();
    let (product, path) = (format!("q-{}", app.honey(OWNER).await), app.order_path(OWNER, &customer).await);
    (app.review(&path, &[(&product, "1")]).await, product)
}

#[tokio::test]
async fn a_tampered_page_is_refused_and_orders_nothing() {
    let app = TestApp::start().await;
    let (page, product) = order_page(&app).await;
    let foreign = format!("q-{}", app.honey(STRANGER).await);
    let unknown = "q-01JDGZZZZZZZZZZZZZZZZZZZZZ".to_owned();
    let long = "a".repeat(501);
    let many = "1".repeat(400);
    let cases: [(&str, &str, u16); 17] = [
        (&product, "-1", 422),
        (&product, "1000", 422),
        (&product, "99999999999999999999", 422),
        (&product, &many, 422),
        (&product, "1.5", 422),
        (&product, "1,5", 422),
        (&product, "1e2", 422),
        (&product, "NaN", 422),
        (&product, "0x10", 422),
        (&product, "٣", 422),
        (&product, "1\0", 422),
        (&product, "0", 422),
        (&product, "", 422),
        ("price", "1", 422),
        ("q-x", "1", 422),
        (&foreign, "1", 409),
        (&unknown, "1", 409),
    ];
    let but_drafts = async || {
        let mut table = app.table().await;
        table.retain(|(_, sk), _| sk != "ORDER_DRAFT");
        table
    };
    let begun_apart = OrderPage { quantities: Vec::new(), ..page.another(0) };
    app.choose(&page.path, &[(&product, "0")]).await.expect(422);
    let before = but_drafts().await;
    for (field, value, status) in cases {
        let chosen = app.choose(&page.path, &[(field, value)]).await;
        for answer in [chosen, app.send(begun_apart.post(&[(field, value)])).await] {
            assert_eq!(answer.status, status, "{field}={value}");
            assert!(answer.header("content-type").starts_with("text/html"));
        }
    }
    app.send(page.post(&[(&product, "1"), ("note", &long)])).await.expect(422);
    app.send(page.post(&[(&product, "1"), ("note", "a\0b")])).await.expect(422);
    app.send(page.post(&[(&product, "1"), ("note", &"a".repeat(70_000))])).await.expect(413);
    let stale = OrderPage { stamp: "AAAA".to_owned(), ..page.clone() };
    app.send(stale.post(&[(&product, "1")])).await.expect(409);
    for draft in ["", "x", "01jdg", "'; DROP TABLE"] {
        let broken = OrderPage { draft: draft.to_owned(), ..page.clone() };
        app.send(broken.post(&[(&product, "1")])).await.expect(400);
    }
    app.send(Ask::post(page.path.as_str()).body("application/json", "{}")).await.expect(400);
    app.send(Ask::post(page.path.as_str()).body("application/octet-stream", &b"\xff\xfe\x00"[..])).await.expect(400);
    assert_eq!(but_drafts().await, before);
}

#[tokio::test]
async fn prices_and_customers_in_the_body_change_nothing() {
    let app = TestApp::start().await;
    let (page, product) = order_page(&app).await;
    let ana = app.customer(OWNER, "Ana Lima").await;
    let fields = [
        (product.as_str(), "3"),
        ("price", "1"),
        ("unit_price", "1"),
        ("total", "1"),
        ("discount", "10000"),
        ("discount_bp", "10000"),
        ("currency", "USD"),
        ("customer", &ana),
        ("shop", "other"),
        (&product, "1"),
    ];
    let page = app.review(&page.path, &fields).await;
    app.send(page.post(&fields)).await.expect(303);
    app.settle().await;
    let order = app.list_orders(OWNER).await.expect(200).json()["items"][0].clone();
    assert_eq!(order["total"], json!({ "minor": 3 * 1799, "currency": "EUR" }));
    let lines = app.get_order(OWNER, order["id"].as_str().unwrap()).await.expect(200).json()["lines"].clone();
    assert_eq!(lines[0]["unit_price"]["minor"], 1799);
    assert_eq!(lines.as_array().unwrap().len(), 1);
    assert_ne!(order["customer"], ana);
}

#[tokio::test]
async fn a_price_that_changed_since_the_page_was_shown_has_to_be_seen_first() {
    let app = TestApp::start().await;
    let (page, product) = order_page(&app).await;
    let customer = text(&app.items("customer").await[0], "id");
    app.change_customer(OWNER, &customer, "\"1\"", &json!({ "discount_bp": 0 })).await.expect(200);
    let shown = app.send(page.post(&[(&product, "1")])).await.expect(409).text();
    assert!(shown.contains("19,99"));
    app.send(OrderPage::read(&page.path, &shown).post(&[(&product, "1")])).await.expect(303);
    assert_eq!(app.items("order").await.len(), 1);
}

#[tokio::test]
async fn tokens_that_open_nothing_answer_alike() {
    let app = TestApp::start().await;
    let (page, _) = order_page(&app).await;
    let customer = text(&app.items("customer").await[0], "id");
    let token = page.path.strip_prefix("/o/").unwrap().to_owned();
    let preferences = app.preferences_token(&customer).await;
    let unknown = app.send(Ask::get(format!("/o/{}", "a".repeat(32)))).await.expect(404).text();
    let flipped = |token: &str| format!("{}{}", if token.starts_with('a') { 'b' } else { 'a' }, &token[1..]);
    let before = app.table().await;
    for bad in [
        flipped(&token),
        token.to_uppercase(),
        token[1..].to_owned(),
        format!("{token}a"),
        preferences.clone(),
        "x".repeat(3000),
    ] {
        let path = format!("/o/{bad}");
        assert_eq!(app.send(Ask::get(&path)).await.expect(404).text(), unknown, "{bad}");
        app.send(Ask::post(&path).form(&[("draft", &page.draft)])).await.expect(404);
    }
    app.send(Ask::get("/o/%00")).await.expect(404);
    for bad in [flipped(&preferences), token.clone(), preferences.to_uppercase()] {
        app.send(Ask::get(format!("/p/{bad}"))).await.expect(404);
        app.send(Ask::post(format!("/p/{bad}/unsubscribe"))).await.expect(404);
    }
    assert_eq!(app.table().await, before);
    app.pass(jiff::SignedDuration::from_hours(91 * 24)).await;
    assert_eq!(app.send(Ask::get(page.path.as_str())).await.expect(404).text(), unknown);
    app.send(page.post(&[])).await.expect(404);
}

#[tokio::test]
async fn looking_at_public_pages_changes_nothing() {
    let app = TestApp::start().await;
    let (page, product) = order_page(&app).await;
    let placed = app.send(page.post(&[])).await.expect(303).header("location").to_owned();
    app.choose(&page.path, &[(&product, "1")]).await.expect(303);
    let product = product.strip_prefix("q-").unwrap();
    let queries = ["?q=miel", "?review=1", "?category=x", "?after=x", &format!("?product={product}"), &placed];
    let order_pages = queries.map(|query| format!("{}{query}", page.path));
    let preferences = format!("/p/{}", app.preferences_token(&text(&app.items("customer").await[0], "id")).await);
    let before = app.table().await;
    let unsubscribe = format!("{preferences}/unsubscribe");
    for path in order_pages.iter().chain([&page.path]) {
        for method in [http::Method::GET, http::Method::HEAD] {
            app.send(Ask::new(method, path.as_str())).await.expect(200);
        }
    }
    for path in [&*preferences, &unsubscribe, "/f/contact/thanks"] {
        app.send(Ask::get(path)).await.expect(200);
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn bad_forms_are_refused_with_a_page_and_leave_nothing() {
    let app = TestApp::start().await;
    let before = app.table().await;
    let marks = format!("e{}", "\u{301}".repeat(10_000));
    let form = |fields: &[(&str, &str)]| Ask::post("/f/contact").form(fields);
    let body = |content_type: &str, body: &[u8]| Ask::post("/f/contact").body(content_type, body.to_vec());
    let cases = [
        (form(&[]), 400),
        (form(&[("_next", "/"), ("name", " ")]), 400),
        (form(&[("name", "Zoé")]), 422),
        (form(&[("email", "nobody")]), 422),
        (form(&[("email", "a\0@example.com")]), 422),
        (form(&[("email", "a@example.com"), ("name", "a\0b")]), 422),
        (form(&[("email", "a@example.com"), ("name", &"n".repeat(201))]), 422),
        (form(&[("email", "a@example.com"), ("name", &marks)]), 422),
        (form(&[("email", "a@example.com"), ("message", &"m".repeat(65_537))]), 413),
        (body("application/json", b"{"), 400),
        (body("application/json", b"{\"email\":\"\\ud800@example.com\"}"), 400),
        (body("application/json", b"{\"email\":{\"a\":1}}"), 422),
        (body("multipart/form-data", b"x"), 400),
        (body("multipart/form-data; boundary=x", b"--x\r\nbroken"), 400),
        (body("text/plain", b"email=a@example.com"), 415),
        (body("application/octet-stream", b"\xff"), 415),
        (Ask::post("/f/nowhere").form(&[("email", "a@example.com")]), 404),
    ];
    for (ask, status) in cases {
        let (path, answer) = (ask.path.clone(), app.send(ask).await);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn attributes_of_storage_in_a_form_are_kept_as_sent_and_change_nothing() {
    let app = TestApp::start().await;
    let fields = [
        ("email", "zoe@example.com"),
        ("pk", "other#C#1"),
        ("shop", "other"),
        ("status", "current"),
        ("discount_bp", "10000"),
        ("version", "99"),
        ("role", "owner"),
        ("t", "message"),
    ];
    app.submit_form("contact", &fields).await.expect(303);
    let customer = app.items("customer").await.remove(0);
    assert_eq!((text(&customer, "shop").as_str(), text(&customer, "status").as_str()), ("main", "potential"));
    assert_eq!(customer["version"].as_n().unwrap(), "1");
    assert!(!customer.contains_key("discount"));
    let sent = app.items("submission").await.remove(0);
    assert_eq!(sent["fields"].as_m().unwrap().len(), fields.len());
}

#[tokio::test]
async fn a_second_submission_overwrites_nothing() {
    let app = TestApp::start().await;
    app.submit_contact().await.expect(303);
    let fields =
        [("name", "Somebody Else"), ("email", "zoe@example.com"), ("phone", "+33700000000"), ("company", "Ruche")];
    app.submit_form("contact", &fields).await.expect(303);
    let customer = text(&app.items("customer").await[0], "id");
    let record = app.get_customer(OWNER, &customer).await.expect(200).json();
    assert_eq!(record["name"], "Zoé Dupont");
    assert_eq!(record["phone"], "06 12 34 56 78");
    assert_eq!(record["company"], "Ruche");
}
