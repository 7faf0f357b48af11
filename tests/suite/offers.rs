//! What customers are offered: in which currency and categories, by which words it is found, and what
//! reading it costs.

use std::collections::BTreeSet;

use http::Method;
use serde_json::json;
use shared::domain::{Product, ProductId};
use shared::table::{Directory, Transaction};

use crate::app::TestApp;
use crate::ask::{Ask, OWNER, SELLER};

/// What is offered in a currency: each category's key and name, and about how many products.
async fn directory(app: &TestApp, currency: &str) -> (Vec<(String, String)>, u64) {
    let shop = "main".parse().unwrap();
    let Directory { categories, offers } =
        app.functions().table.directory(&shop, currency.parse().unwrap()).await.unwrap();
    (categories, offers)
}

fn named(categories: &[(&str, &str)], offers: u64) -> (Vec<(String, String)>, u64) {
    (categories.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect(), offers)
}

async fn product(app: &TestApp, name: &str, category: Option<&str>, currencies: &[&str]) -> String {
    let prices: serde_json::Map<_, _> =
        currencies.iter().map(|currency| ((*currency).to_owned(), json!(500))).collect();
    let body = json!({ "name": { "fr": name }, "prices": prices, "category": category });
    app.create_product(SELLER, &body).await.expect(201).id()
}

async fn change(app: &TestApp, product: &str, body: serde_json::Value) {
    app.change_product(SELLER, product, &body).await.expect(200);
}

async fn delete(app: &TestApp, product: &str) {
    let ask = Ask::new(Method::DELETE, format!("/v1/products/{product}")).by(SELLER).header("if-match", "*");
    app.send(ask).await.expect(204);
}

/// The path of a link of Zoé's, who pays in `currency`.
async fn zoe(app: &TestApp, currency: &str) -> String {
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.change_customer(OWNER, &zoe, "*", &json!({ "currency": currency })).await.expect(200);
    app.order_path(OWNER, &zoe).await
}

async fn html(app: &TestApp, path: &str) -> String {
    app.send(Ask::get(path)).await.expect(200).text()
}

fn products(html: &str) -> Vec<&str> {
    html.split("name=\"q-").skip(1).map(|rest| &rest[..26]).collect()
}

#[tokio::test]
async fn categories_and_offers_are_tallied_in_each_currency() {
    let app = TestApp::start().await;
    let tea = product(&app, "Verveine", Some("tisanes"), &["EUR", "USD"]).await;
    let honey = product(&app, "Miel", Some("Miels"), &["EUR"]).await;
    let gift = product(&app, "Coffret", None, &["USD"]).await;
    app.settle().await;
    let teas = ("tisanes", "tisanes");
    assert_eq!(directory(&app, "EUR").await, named(&[("miels", "Miels"), teas], 2));
    assert_eq!(directory(&app, "USD").await, named(&[teas], 2));
    assert_eq!(directory(&app, "GBP").await, named(&[], 0));
    // A correction of the spelling is what the category is called, and moves nothing.
    change(&app, &tea, json!({ "category": "Tisanés" })).await;
    let teas = ("tisanes", "Tisanés");
    assert_eq!(directory(&app, "EUR").await, named(&[("miels", "Miels"), teas], 2));
    // Another currency, another category, none, not for sale, and gone.
    change(&app, &honey, json!({ "prices": { "EUR": null, "USD": 500 } })).await;
    assert_eq!(directory(&app, "EUR").await, named(&[teas], 1));
    assert_eq!(directory(&app, "USD").await, named(&[("miels", "Miels"), teas], 3));
    change(&app, &gift, json!({ "category": "Cadeaux" })).await;
    change(&app, &honey, json!({ "category": null })).await;
    assert_eq!(directory(&app, "USD").await, named(&[("cadeaux", "Cadeaux"), teas], 3));
    change(&app, &tea, json!({ "visible": false })).await;
    delete(&app, &gift).await;
    assert_eq!(directory(&app, "EUR").await, named(&[], 0));
    assert_eq!(directory(&app, "USD").await, named(&[], 1));
    change(&app, &tea, json!({ "visible": true })).await;
    assert_eq!(directory(&app, "EUR").await, named(&[teas], 1));
}

#[tokio::test]
async fn a_category_without_a_price_for_the_customer_is_no_button() {
    let app = TestApp::start().await;
    for (name, category, currencies) in
        [("Miel", "Miels", ["EUR", "USD"]), ("Cire", "Cires", ["EUR", "EUR"]), ("Thé", "Thés", ["EUR", "USD"])]
    {
        product(&app, name, Some(category), &currencies).await;
    }
    let path = zoe(&app, "USD").await;
    let page = html(&app, &path).await;
    assert!(page.contains("?category=miels") && page.contains("?category=thes"), "{page}");
    assert!(!page.contains("Cire"), "{page}");
    // Where nothing is in the customer's currency, all of it is in the shop's.
    let ana = app.customer(OWNER, "Ana Lima").await;
    app.change_customer(OWNER, &ana, "*", &json!({ "currency": "GBP" })).await.expect(200);
    let page = html(&app, &app.order_path(OWNER, &ana).await).await;
    assert!(page.contains("?category=cires") && products(&page).len() == 3, "{page}");
}

#[tokio::test]
async fn a_category_leads_to_its_products_in_any_script() {
    let app = TestApp::start().await;
    let long = "ﷺ".repeat(60);
    product(&app, "Autre", Some("Autres"), &["EUR"]).await;
    let path = zoe(&app, "EUR").await;
    for category in ["한국 차", "＃１ Thés", "Cœurs & Æ", "#", &long] {
        let there = product(&app, "Produit", Some(category), &["EUR"]).await;
        let page = html(&app, &path).await;
        let name = category.replace('&', "&amp;");
        let button =
            page.split("<button").find(|button| button.contains(&format!(">{name}</button>"))).expect(category);
        let at = button.split("value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        assert_eq!(products(&html(&app, &format!("{path}{at}")).await), [&*there], "{category}: {at}");
        delete(&app, &there).await;
    }
}

#[tokio::test]
async fn products_are_found_by_numbers_and_by_single_letters() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for name in ["Savon 0.75 l", "Réf 0012", "Vitamine C", "緑茶", "Miel"] {
        ids.push(product(&app, name, None, &["EUR"]).await);
    }
    let path = zoe(&app, "EUR").await;
    for (search, found) in [
        ("0.75", &ids[..1]),
        ("0%2C75", &ids[..1]),
        ("0012", &ids[1..2]),
        ("c", &ids[2..3]),
        ("%E8%8C%B6", &ids[3..4]),
        ("+33", &[]),
        ("%21%3F", &[]),
    ] {
        let page = html(&app, &format!("{path}?q={search}")).await;
        assert_eq!(products(&page), found.iter().map(String::as_str).collect::<Vec<_>>(), "{search}");
    }
}

/// Adds `count` products to a shop, each in a transaction, with the id of its number.
async fn furnish(app: &TestApp, count: u128, edit: impl Fn(Product) -> Product) -> Vec<ProductId> {
    let functions = app.functions();
    let (shop, now) = ("main".parse().unwrap(), functions.clock.now());
    let mut ids = Vec::new();
    for number in 0..count {
        let name = serde_json::from_value(json!({ "fr": format!("Miel de châtaignier n° {number}") })).unwrap();
        let prices = serde_json::from_value(json!({ "EUR": 500, "USD": 600 })).unwrap();
        let said = json!({ "fr": "Récolté à la main. ".repeat(50), "en": "Harvested by hand. ".repeat(50) });
        let product = Product {
            description: Some(serde_json::from_value(said).unwrap()),
            category: format!("Récolte {}", number % 10).parse().ok(),
            ..Product::new(ProductId::new(ulid::Ulid::from_parts(1, number)), name, prices, now)
        };
        let product = edit(product);
        let mut transaction = Transaction::new();
        transaction.create_product(&shop, &product, product.counted.then_some(90)).unwrap();
        functions.table.commit(transaction).await.unwrap().unwrap();
        ids.push(product.id);
    }
    ids
}

#[tokio::test]
async fn what_is_counted_costs_what_is_looked_at() {
    let app = TestApp::calm().await;
    let ids = furnish(&app, 600, |product| Product { counted: true, ..product }).await;
    let (shop, table) = ("main".parse().unwrap(), app.functions().table);
    let sixty = |step: usize| ids.iter().copied().step_by(step).take(60).collect::<BTreeSet<_>>();
    // Beside one another, three apart, ten apart, and one of them.
    for (wanted, most) in [(sixty(1), 0.5), (sixty(3), 1.5), (sixty(10), 4.5), (sixty(600), 0.5)] {
        table.meter().take();
        let stocks = table.stocks(&shop, &wanted).await.unwrap();
        assert_eq!(stocks.keys().copied().collect::<BTreeSet<_>>(), wanted);
        let read = table.meter().take().read;
        println!("{} stocks: {read}", wanted.len());
        assert!(read <= most, "{read} of {most}");
    }
    // What nobody counts is not found, between others and behind them.
    let nobody = [ulid::Ulid::from_parts(0, 0), ulid::Ulid::from_parts(2, 0)].map(ProductId::new);
    let wanted: BTreeSet<_> = sixty(10).into_iter().chain(nobody).collect();
    assert_eq!(table.stocks(&shop, &wanted).await.unwrap().len(), 60);
    assert!(table.stocks(&shop, &BTreeSet::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn stocks_far_apart_are_asked_for_one_by_one() {
    let app = TestApp::calm().await;
    let ids = furnish(&app, 600, |product| Product { counted: true, ..product }).await;
    let (shop, table) = ("main".parse().unwrap(), app.functions().table);
    let six: BTreeSet<_> = ids.into_iter().step_by(100).collect();
    table.meter().take();
    assert_eq!(table.stocks(&shop, &six).await.unwrap().len(), 6);
    let read = table.meter().take().read;
    assert!(read <= 3.0, "{read}");
}

#[tokio::test]
async fn a_selection_costs_no_more_than_its_products_nor_than_the_shop() {
    let app = TestApp::calm().await;
    let ids = furnish(&app, 200, |product| product).await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    // Ten of them are asked for one by one; of a hundred, the whole shop is cheaper.
    for (selected, most) in [(10, 9.0), (100, 12.0)] {
        let products: Vec<_> = ids.iter().step_by(200 / selected).map(ToString::to_string).collect();
        let body = json!({ "products": products });
        let made = app.send(Ask::post(format!("/v1/customers/{zoe}/order-links")).by(OWNER).once().json(&body)).await;
        let url = made.expect(201).json()["url"].as_str().unwrap().to_owned();
        let path = url.strip_prefix(app.stack.base_url()).unwrap().to_owned();
        app.functions().table.meter().take();
        let page = html(&app, &path).await;
        let read = app.functions().table.meter().take().read;
        println!("a selection of {selected}: {read}");
        assert_eq!(products.len(), selected);
        assert_eq!(self::products(&page).len(), selected.min(60));
        assert!(read <= most, "{selected}: {read} of {most}");
    }
}

#[tokio::test]
async fn a_link_and_a_network_are_posted_to_so_often_a_minute() {
    let app = TestApp::still().await;
    let honey = product(&app, "Miel", None, &["EUR"]).await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let mut paths = Vec::new();
    for _ in 0..3 {
        paths.push(app.order_path(OWNER, &zoe).await);
    }
    let (field, go) = (format!("q-{honey}"), ("go", "keep"));
    let post = |path: &str, quantity: &str| Ask::post(path).form(&[go, ("at", "?"), (&field, quantity)]);
    for _ in 0..100 {
        app.send(post(&paths[0], "2")).await.expect(303);
    }
    let (before, elsewhere) = (app.table().await, "198.51.100.1".parse().unwrap());
    // Another network changes nothing of what the link takes.
    let page = app.send(post(&paths[0], "3").from(elsewhere)).await.expect(429);
    assert_eq!(page.header("retry-after"), "1");
    assert!(page.text().contains("Revenez à la page précédente"), "{}", page.text());
    assert_eq!(app.table().await, before);
    // Pages are looked at all the same, and the other links are open, until the network has sent enough.
    assert!(html(&app, &paths[0]).await.contains("2 articles"));
    for path in &paths[1..] {
        for _ in 0..50 {
            app.send(post(path, "1")).await.expect(303);
        }
    }
    app.send(post(&paths[1], "2")).await.expect(429);
    app.send(post(&paths[1], "2").from(elsewhere)).await.expect(303);
    app.change_customer(OWNER, &zoe, "*", &json!({ "language": "en" })).await.expect(200);
    let page = app.send(post(&paths[1], "2")).await.expect(429).text();
    assert!(page.contains("go back to the previous page"), "{page}");
    app.pass(jiff::SignedDuration::from_mins(1)).await;
    app.send(post(&paths[0], "3")).await.expect(303);
}
