//! The magic link's pages: what is chosen stays chosen, from page to page and tab to tab, until it is
//! ordered; and nothing but that is ever stored.

use insta::assert_snapshot;
use serde_json::{Value, json};
use shared::domain::{ImageId, Product, ProductId, ProductImage};
use shared::table::Transaction;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, OWNER, SELLER};
use crate::path::markup;
use crate::redaction::redacted;
use crate::requests::OrderPage;

/// A shop of `count` products in three categories, and Zoé's link to it.
async fn shop_of(app: &TestApp, count: usize) -> (Vec<String>, String) {
    let mut ids = Vec::new();
    for number in 0..count {
        let category = ["Miels", "Cires", "Thés #1"][number % 3];
        let product = json!({
            "name": { "fr": format!("Produit {number:03}"), "en": format!("Product {number:03}") },
            "prices": { "EUR": 100 + number }, "category": category, "position": number,
        });
        ids.push(app.create_product(SELLER, &product).await.expect(201).id());
    }
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    (ids, app.order_path(OWNER, &zoe).await)
}

async fn html(app: &TestApp, path: &str) -> String {
    app.send(Ask::get(path)).await.expect(200).text()
}

fn products(html: &str) -> Vec<&str> {
    html.split("name=\"q-").skip(1).map(|rest| &rest[..26]).collect()
}

/// The value of the button of which the value holds `part`.
fn button(html: &str, part: &str) -> String {
    let values = html.split("name=\"go\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    values.into_iter().find(|value| value.contains(part)).expect(part).replace("&amp;", "&")
}

/// Presses the button `go` of the page `at`.
async fn press(app: &TestApp, path: &str, at: &str, go: &str, fields: &[(&str, &str)]) -> Answer {
    app.send(Ask::post(path).form(&[&[("at", at), ("go", go)], fields].concat())).await
}

/// The address that a button leads to.
async fn followed(app: &TestApp, path: &str, at: &str, go: &str, fields: &[(&str, &str)]) -> String {
    let answer = press(app, path, at, go, fields).await.expect(303);
    format!("{path}{}", answer.header("location"))
}

#[tokio::test]
async fn sixty_products_are_a_page_and_all_of_them_come_once() {
    let app = TestApp::start().await;
    let (mut ids, path) = shop_of(&app, 130).await;
    let (mut seen, mut at, mut pages) = (Vec::new(), "?".to_owned(), 0);
    loop {
        let page = html(&app, &format!("{path}{at}")).await;
        seen.extend(products(&page).into_iter().map(str::to_owned));
        pages += 1;
        if !page.contains("Page suivante") {
            break;
        }
        assert_eq!(products(&page).len(), 60);
        at = button(&page, "after=");
        assert!(at.len() < 600, "{at}");
    }
    assert_eq!((pages, seen.len()), (3, 130));
    seen.sort();
    ids.sort();
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn what_is_chosen_stays_from_page_to_page() {
    let app = TestApp::start().await;
    let (_, path) = shop_of(&app, 70).await;
    let first = html(&app, &path).await;
    let (here, next) = (products(&first)[0].to_owned(), button(&first, "after="));
    let second = followed(&app, &path, "?", &next, &[(&format!("q-{here}"), "2")]).await;
    let second = html(&app, &second).await;
    let there = products(&second)[0].to_owned();
    assert!(second.contains("2 articles"), "{second}");
    followed(&app, &path, &next, "keep", &[(&format!("q-{there}"), "1")]).await;
    let page = app.review(&path, &[]).await;
    let placed = app.send(page.post(&[])).await.expect(303);
    let order = app.get_order(OWNER, placed.header("location").strip_prefix("?order=").unwrap()).await;
    let lines = order.expect(200).json()["lines"].clone();
    let ordered: Vec<_> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["product"].as_str().unwrap(), line["quantity"].as_u64().unwrap()))
        .collect();
    assert_eq!(ordered, [(&*here, 2), (&*there, 1)]);
    // What was ordered is chosen no longer.
    assert!(app.items("order_draft").await.is_empty());
    assert!(!html(&app, &path).await.contains("articles"));
}

#[tokio::test]
async fn a_category_and_a_search_show_what_they_say() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 20).await;
    let page = html(&app, &path).await;
    let tea = button(&page, "category=th");
    let teas = html(&app, &format!("{path}{tea}")).await;
    assert_eq!(products(&teas).len(), 6, "{tea}");
    assert_eq!(products(&html(&app, &format!("{path}?q=PRODUIT+013")).await), [&*ids[13]]);
    assert_eq!(products(&html(&app, &format!("{path}?q=cire+prod")).await).len(), 7, "words of the category too");
    assert!(html(&app, &format!("{path}?q=rien")).await.contains("Aucun produit"));
    // The search field is a button's: another search begins at the beginning, the same stays.
    let field = [("q", "miel")];
    assert_eq!(followed(&app, &path, "?category=cires", "keep", &field).await, format!("{path}?q=miel"));
    assert_eq!(followed(&app, &path, "?q=miel&after=x", "keep", &field).await, format!("{path}?q=miel&after=x"));
    // What is no place in the list is its beginning.
    assert_eq!(products(&html(&app, &format!("{path}?after=x")).await).len(), 20);
    // A category of which nothing is left is none.
    for id in ids.iter().skip(2).step_by(3) {
        app.change_product(SELLER, id, &json!({ "visible": false })).await.expect(200);
    }
    assert!(!html(&app, &path).await.contains("Thés"));
}

#[tokio::test]
async fn the_last_order_is_chosen_again_in_one_tap() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 3).await;
    assert!(!html(&app, &path).await.contains("Reprendre la commande"));
    let fields = [(format!("q-{}", ids[0]), "2"), (format!("q-{}", ids[1]), "3")];
    let fields = fields.each_ref().map(|(name, value)| (&**name, *value));
    app.place_order(&path, &fields).await.expect(303);
    assert!(html(&app, &path).await.contains("Reprendre la commande du 22 novembre 2026"));
    // One of them costs more since, the other is sold no longer.
    app.change_product(SELLER, &ids[0], &json!({ "prices": { "EUR": 250 } })).await.expect(200);
    app.change_product(SELLER, &ids[1], &json!({ "visible": false })).await.expect(200);
    assert_eq!(followed(&app, &path, "?", "again", &[]).await, format!("{path}?review=1"));
    let review = html(&app, &format!("{path}?review=1")).await;
    assert!(review.contains("Plus disponible") && review.contains("Produit 001"), "{review}");
    assert!(review.contains("c’était 1,00") && review.contains("5,00"), "{review}");
    app.send(OrderPage::read(&path, &review).post(&[])).await.expect(303);
    assert_eq!(app.items("order").await.len(), 2);
}

#[tokio::test]
async fn the_last_order_is_the_last_that_stands_with_all_that_was_in_it() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 2).await;
    let zoe = text(&app.items("customer").await[0], "id");
    let line =
        |quantity: u32, price: u32| json!({ "product": ids[0], "quantity": quantity, "unit_price_minor": price });
    let sale = json!({ "customer_id": zoe, "channel": "store", "lines": [line(2, 100), line(3, 90)] });
    app.create_order(SELLER, &sale).await.expect(201);
    let placed = app.place_order(&path, &[(&format!("q-{}", ids[1]), "1")]).await.expect(303);
    let cancelled = placed.header("location").strip_prefix("?order=").unwrap().to_owned();
    app.move_order(SELLER, &cancelled, &json!({ "state": "cancelled", "reason": "Doublon" })).await.expect(200);
    followed(&app, &path, "?", "again", &[]).await;
    let review = html(&app, &format!("{path}?review=1")).await;
    assert_eq!(products(&review), [&*ids[0]]);
    assert!(review.contains("5 × "), "{review}");
    // What was bought of no catalogue can't be ordered again.
    let free = json!({ "name": "Panier", "quantity": 1, "unit_price_minor": 900 });
    let lea = app.customer(OWNER, "Léa Roux").await;
    app.create_order(SELLER, &json!({ "customer_id": lea, "channel": "store", "lines": [free] })).await.expect(201);
    let path = app.order_path(OWNER, &lea).await;
    let refused = press(&app, &path, "?", "again", &[]).await.expect(422).text();
    assert!(refused.contains("plus rien de votre dernière commande"), "{refused}");
}

#[tokio::test]
async fn as_many_products_as_an_order_holds_can_be_changed_at_once() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 81).await;
    let fields = |quantity: &'static str| -> Vec<(String, &str)> {
        ids.iter().map(|id| (format!("q-{id}"), quantity)).collect()
    };
    let post = async |fields: &[(String, &str)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, *value)).collect();
        press(&app, &path, "?", "keep", &fields).await
    };
    post(&fields("1")[..80]).await.expect(303);
    post(&fields("2")[..80]).await.expect(303);
    post(&fields("2")).await.expect(422);
}

#[tokio::test]
async fn nothing_is_ordered_that_the_page_did_not_show() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 2).await;
    let (one, other) = (format!("q-{}", ids[0]), format!("q-{}", ids[1]));
    let page = app.review(&path, &[(&one, "2"), (&other, "1")]).await;
    // Something taken out: the new total is shown first, and it is gone for good.
    let shown = app.send(page.post(&[(&other, ""), ("note", "Sonner")])).await.expect(409).text();
    assert!(shown.contains("nouveau total") && shown.contains("Sonner") && shown.contains("2,00"), "{shown}");
    assert!(!shown.contains("Produit 001"), "{shown}");
    let page = OrderPage::read(&path, &shown);
    // Another quantity, another product.
    let shown = app.send(page.post(&[(&one, "3")])).await.expect(409).text();
    assert!(shown.contains("role=\"alert\"") && shown.contains("3,00"), "{shown}");
    app.send(OrderPage::read(&path, &shown).post(&[("note", "Sonner")])).await.expect(303);
    app.settle().await;
    let order = app.list_orders(OWNER).await.expect(200).json()["items"][0].clone();
    assert_eq!((&order["total"]["minor"], &order["items"]), (&json!(300), &json!(3)));
}

#[tokio::test]
async fn what_came_between_is_said_before_anything_is_ordered() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 1).await;
    let field = format!("q-{}", ids[0]);
    let page = app.review(&path, &[(&field, "4")]).await;
    let before = app.items("order_draft").await;
    let change = async |patch: Value| drop(app.change_product(SELLER, &ids[0], &patch).await.expect(200));
    change(json!({ "stock": 3 })).await;
    let review = html(&app, &format!("{path}?review=1")).await;
    assert!(review.contains("plus que 3 en stock") && review.contains("aria-describedby=\"e1\""), "{review}");
    assert!(app.send(page.post(&[])).await.expect(409).text().contains("href=\"#n1\""));
    // Fewer than the least order are none.
    change(json!({ "min_quantity": 6 })).await;
    assert!(app.send(page.post(&[])).await.expect(409).text().contains("Plus disponible"));
    change(json!({ "stock": null })).await;
    assert!(app.send(page.post(&[])).await.expect(422).text().contains("de 6 à 999"));
    change(json!({ "min_quantity": 1, "prices": { "EUR": 200 } })).await;
    let shown = app.send(page.post(&[])).await.expect(409).text();
    assert!(shown.contains("Le prix a changé") && shown.contains("8,00"), "{shown}");
    // The running total is today's, everywhere.
    assert!(html(&app, &path).await.contains("<b>8,00"));
    assert!(html(&app, &format!("{path}?q=rien")).await.contains("<b>8,00"));
    // Where nothing is left, there is the catalogue, and what is gone.
    change(json!({ "visible": false })).await;
    let shown = app.send(page.post(&[])).await.expect(409).text();
    assert!(shown.contains("Produit 000") && !shown.contains("value=\"order\""), "{shown}");
    assert!(html(&app, &format!("{path}?review=1")).await.contains("Plus disponible"));
    assert_eq!((app.items("order").await.len(), app.items("order_draft").await), (0, before));
}

#[tokio::test]
async fn a_second_tab_is_told_what_became_of_the_order() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 1).await;
    let field = format!("q-{}", ids[0]);
    let page = app.review(&path, &[(&field, "1")]).await;
    let placed = app.send(page.post(&[])).await.expect(303).header("location").to_owned();
    assert_eq!(app.send(page.post(&[])).await.expect(303).header("location"), placed);
    let other = app.send(page.post(&[(&field, "9"), ("note", "Livrer mardi")])).await.expect(303);
    assert_eq!(other.header("location"), format!("{placed}&changed=1"));
    let told = html(&app, &format!("{path}{}", other.header("location"))).await;
    assert!(told.contains("était déjà passée") && told.contains("1 ×"), "{told}");
    assert_eq!(app.items("order").await.len(), 1);
}

#[tokio::test]
async fn what_was_typed_is_shown_again_with_what_is_wrong_with_it() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 20).await;
    app.change_product(SELLER, &ids[4], &json!({ "min_quantity": 6 })).await.expect(200);
    let [eggs, butter] = [4, 1].map(|number: usize| format!("q-{}", ids[number]));
    // Searching from a page keeps the page until what is on it is right.
    let fields = [(&*eggs, "3"), (&*butter, "2,5"), ("q", "miel")];
    let shown = press(&app, &path, "?category=cires", "keep", &fields).await.expect(422).text();
    assert!(shown.contains("value=\"3\"") && shown.contains("value=\"2,5\""), "{shown}");
    assert_eq!(shown.matches("aria-invalid").count(), 2 + 1, "both fields, and the style");
    assert!(shown.contains("de 6 à 999") && shown.contains("un nombre entier") && shown.contains("href=\"#n2\""));
    assert!(app.items("order_draft").await.is_empty());
}

#[tokio::test]
async fn a_link_that_took_its_last_order_shows_it_and_offers_no_other() {
    let app = TestApp::start().await;
    let honey = app.honey(OWNER).await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let ask = Ask::post(format!("/v1/customers/{zoe}/order-links")).by(SELLER).json(&json!({ "orders": 1 }));
    let url = app.send(ask).await.expect(201).json()["url"].as_str().unwrap().to_owned();
    let path = format!("/o/{}", url.rsplit('/').next().unwrap());
    let placed = app.place_order(&path, &[(&format!("q-{honey}"), "1")]).await.expect(303);
    let shown = format!("{path}{}", placed.header("location"));
    assert!(!html(&app, &shown).await.contains("Commander autre chose"));
    let order = placed.header("location").strip_prefix("?order=").unwrap();
    app.move_order(SELLER, order, &json!({ "state": "confirmed" })).await.expect(200);
    let confirmed = html(&app, &shown).await;
    assert!(confirmed.contains("<b>Confirmée</b>") && !confirmed.contains("Merci"), "{confirmed}");
    app.move_order(SELLER, order, &json!({ "state": "cancelled", "reason": "Doublon" })).await.expect(200);
    let cancelled = html(&app, &shown).await;
    assert!(cancelled.contains("Commande annulée") && !cancelled.contains("Merci"), "{cancelled}");
    assert!(!cancelled.contains("confirmation"), "{cancelled}");
}

#[tokio::test]
async fn a_draft_ends_with_its_link_its_customer_or_its_time() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 1).await;
    let field = format!("q-{}", ids[0]);
    followed(&app, &path, "?", "keep", &[(&field, "2")]).await;
    app.pass(jiff::SignedDuration::from_hours(30 * 24 - 1)).await;
    assert!(html(&app, &path).await.contains("2 articles"));
    app.pass(jiff::SignedDuration::from_hours(1)).await;
    assert!(!html(&app, &path).await.contains("2 articles"));
    // One that has expired stands in nobody's way.
    followed(&app, &path, "?", "keep", &[(&field, "3")]).await;
    assert!(html(&app, &path).await.contains("3 articles"));
    let zoe = text(&app.items("customer").await[0], "id");
    app.erase(OWNER, &zoe, "Zoé Dupont").await.expect(202);
    app.settle().await;
    assert!(app.items("order_draft").await.is_empty());
    press(&app, &path, "?", "keep", &[(&field, "1")]).await.expect(404);
    assert!(app.items("order_draft").await.is_empty());
}

#[tokio::test]
async fn what_did_not_change_writes_nothing() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 1).await;
    let field = format!("q-{}", ids[0]);
    followed(&app, &path, "?", "keep", &[(&field, "2")]).await;
    let before = app.table().await;
    followed(&app, &path, "?", "keep", &[(&field, "2")]).await;
    followed(&app, &path, "?", "?category=miels", &[(&field, "2")]).await;
    assert_eq!(app.table().await, before);
    followed(&app, &path, "?", "keep", &[(&field, "")]).await;
    assert!(!html(&app, &path).await.contains("articles"));
}

#[tokio::test]
async fn a_products_own_page_says_everything_of_it() {
    let app = TestApp::start().await;
    let body = json!({
        "name": { "fr": "Miel", "en": "Honey" }, "description": { "fr": "Récolté\nà la main", "en": "Hand-picked" },
        "prices": { "EUR": 1999 }, "category": "Miels",
    });
    let honey = app.create_product(SELLER, &body).await.expect(201).id();
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let path = app.order_path(OWNER, &zoe).await;
    let own = button(&html(&app, &path).await, "product=");
    let page = html(&app, &format!("{path}{own}")).await;
    assert!(page.contains("Récolté\nà la main") && page.contains("19,99") && products(&page) == [&*honey], "{page}");
    assert_eq!(button(&page, "category="), "?category=miels");
    app.change_customer(OWNER, &zoe, "*", &json!({ "language": "en" })).await.expect(200);
    assert!(html(&app, &format!("{path}{own}")).await.contains("Hand-picked"));
    app.change_product(SELLER, &honey, &json!({ "visible": false })).await.expect(200);
    assert!(!html(&app, &format!("{path}{own}")).await.contains("Hand-picked"));
}

#[tokio::test]
async fn a_page_shows_where_it_goes_and_never_lets_it_be_changed() {
    let app = TestApp::start().await;
    let (ids, path) = shop_of(&app, 1).await;
    let field = format!("q-{}", ids[0]);
    app.review(&path, &[(&field, "1")]).await;
    assert!(html(&app, &format!("{path}?review=1")).await.contains("n’a pas encore votre adresse"));
    let zoe = text(&app.items("customer").await[0], "id");
    let address = json!({ "street": "3 rue Basse", "postcode": "33000", "city": "Bordeaux", "country": "FR" });
    app.change_customer(OWNER, &zoe, "*", &json!({ "delivery_address": address })).await.expect(200);
    let review = html(&app, &format!("{path}?review=1")).await;
    assert!(review.contains("3 rue Basse") && review.contains("33000"), "{review}");
    let page = OrderPage::read(&path, &review);
    app.send(page.post(&[("delivery_address", "Ailleurs"), ("street", "Ailleurs")])).await.expect(303);
    let record = app.get_customer(OWNER, &zoe).await.expect(200).json();
    assert_eq!(record["delivery_address"]["street"], Value::from("3 rue Basse"));
}

/// Adds so many products as they are at most in practice: counted, in two languages and currencies.
async fn stocked(app: &TestApp, count: usize) {
    let functions = app.functions();
    let (shop, now) = ("main".parse().unwrap(), functions.clock.now());
    for number in 0..count {
        let name =
            json!({ "fr": format!("Miel de châtaignier n° {number}"), "en": format!("Chestnut honey {number}") });
        let [name, prices] = [name, json!({ "EUR": 500 + number, "USD": 600 + number })];
        let (name, prices) = (serde_json::from_value(name).unwrap(), serde_json::from_value(prices).unwrap());
        let id = ProductId::new(functions.entropy.ulid(now));
        let product = Product {
            unit: Some("pot de 500 g".parse().unwrap()),
            category: Some(format!("Récolte {}", number % 10).parse().unwrap()),
            image: Some(ProductImage { id: ImageId::new([7; 16]), width: 600, height: 600 }),
            counted: true,
            ..Product::new(id, name, prices, now)
        };
        let mut transaction = Transaction::new();
        transaction.create_product(&shop, &product, Some(90)).unwrap();
        functions.table.commit(transaction).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_page_costs_what_is_on_it() {
    let app = TestApp::calm().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let group = app.create_group(OWNER, &json!({ "name": "Pros", "rate_bp": -500 })).await.expect(201).id();
    app.join_group(OWNER, &zoe, &group).await.expect(200);
    let path = app.order_path(OWNER, &zoe).await;
    stocked(&app, 200).await;
    let page = html(&app, &path).await;
    let chosen = products(&page).into_iter().take(5).map(|product| (format!("q-{product}"), "2"));
    let chosen: Vec<_> = chosen.collect();
    let fields: Vec<_> = chosen.iter().map(|(name, value)| (&**name, *value)).collect();
    followed(&app, &path, "?", "keep", &fields).await;
    let meter = app.functions().table.meter().clone();
    let mut spent = Vec::new();
    for at in ["?", "?category=recolte+3", "?q=miel", "?review=1"] {
        meter.take();
        assert!(html(&app, &format!("{path}{at}")).await.len() <= 50 * 1024);
        spent.push(meter.take());
    }
    assert!(spent.iter().all(|units| units.write == 0.0));
    let read: Vec<f64> = spent.iter().map(|units| units.read).collect();
    assert!(read[0] <= 12.0 && read[1] <= 12.0 && read[2] <= 18.0 && read[3] <= 16.0, "{read:?}");
    // What is kept costs one small transaction and two tokens, and no more in a larger shop.
    let first = fields[0].0;
    meter.take();
    followed(&app, &path, "?", "keep", &[(first, "3")]).await;
    let units = meter.take();
    assert!(units.write <= 8.0 + 4.0 && units.read <= 12.0, "{units:?}");
}

#[tokio::test]
async fn every_page_is_written_in_both_languages() {
    let app = TestApp::start().await;
    let product = |fr: &str, en: &str| {
        json!({
            "name": { "fr": fr, "en": en }, "prices": { "EUR": 1999 }, "category": "Miels", "unit": "500 g",
            "description": { "fr": "Récolté à la main.", "en": "Hand-picked." },
        })
    };
    let honey = app.create_product(SELLER, &product("Miel", "Honey")).await.expect(201).id();
    let mut sold_out = product("Cire", "Wax");
    sold_out["stock"] = json!(0);
    app.create_product(SELLER, &sold_out).await.expect(201);
    let _redacted = redacted().bind_to_scope();
    for language in ["fr", "en"] {
        let body = json!({ "name": "Zoé Dupont", "email": format!("{language}@example.com"), "language": language, "discount_bp": 1050 });
        let zoe = app.create_customer(OWNER, &body).await.expect(201).id();
        let path = app.order_path(OWNER, &zoe).await;
        let field = format!("q-{honey}");
        let shoot = |page: &str, html: &str| assert_snapshot!(format!("{page}_{language}"), markup(html));
        shoot("products", &html(&app, &path).await);
        shoot("a_product", &html(&app, &format!("{path}?product={honey}")).await);
        shoot("refused", &app.choose(&path, &[(&field, "1000")]).await.expect(422).text());
        let page = app.review(&path, &[(&field, "2")]).await;
        shoot("what_was_chosen", &html(&app, &format!("{path}?review=1")).await);
        let placed = app.send(page.post(&[])).await.expect(303);
        shoot("placed", &html(&app, &format!("{path}{}", placed.header("location"))).await);
        let closed = Ask::get(format!("/o/{}", "a".repeat(32))).header("accept-language", language);
        shoot("closed", &app.send(closed).await.expect(404).text());
    }
}
