//! The magic link's page, with script off throughout.

use serde_json::{Value, json};

use super::shop::Desk;
use super::{Chromium, Shop, Tab};

/// A customer of 10 % less, and the address of the page.
async fn zoe(desk: &Desk, language: &str, discount_bp: u32) -> (Value, String) {
    let body = json!({
        "name": "Zoé Dupont", "email": "zoe@example.com",
        "language": language, "currency": "EUR", "discount_bp": discount_bp,
    });
    let customer = desk.post("/v1/customers", &body).await;
    let link = desk.order_link(&customer).await;
    (customer, link)
}

async fn honey(desk: &Desk) -> Value {
    desk.post("/v1/products", &json!({ "name": { "fr": "Miel", "en": "Honey" }, "prices": { "EUR": 1999 } })).await
}

async fn without_script(chromium: &Chromium) -> Tab {
    let tab = chromium.tab().await;
    tab.scripts(false).await;
    tab
}

async fn orders(desk: &Desk) -> Vec<Value> {
    desk.get("/v1/orders").await["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_once_without_script() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    honey(&desk).await;
    let (_, link) = zoe(&desk, "fr", 1000).await;
    let tab = without_script(&chromium).await;
    tab.open(&link).await;
    tab.says("19,99").await;
    tab.says("17,99").await;
    tab.shoot("order-1-fr").await;

    tab.type_into("input[type=number]", "3").await;
    tab.follow(tab.click("button")).await;
    let placed = tab.address().await;
    assert!(placed.starts_with(&format!("{link}?order=")), "the address bar holds a page that can be reloaded");
    tab.says("53,97").await;
    tab.shoot("order-placed-fr").await;

    tab.reload().await;
    tab.says("53,97").await;
    assert_eq!(orders(&desk).await.len(), 1);

    tab.back().await;
    tab.follow(tab.click("button")).await;
    assert_eq!(tab.address().await, placed, "posted again, it is the same order");
    assert_eq!(orders(&desk).await.len(), 1);
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_tampered_with_keeps_the_price() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    honey(&desk).await;
    let (_, link) = zoe(&desk, "en", 1000).await;
    let tab = without_script(&chromium).await;
    tab.open(&link).await;
    let page = tab.html().await;
    let tampered = page
        .replace("17.99", "0.01")
        .replace("<textarea", r#"<input name="price" value="1"><input name="discount_bp" value="9999"><textarea"#);
    assert_ne!(tampered, page);
    tab.rewrite(&tampered).await;
    tab.says("0.01").await;
    tab.type_into("input[type=number]", "2").await;
    tab.follow(tab.click("button")).await;
    tab.says("35.98").await;
    assert_eq!(orders(&desk).await[0]["total"]["minor"], 3598);
    tab.shoot("order-placed-en").await;
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_can_not_be_ordered_from_keeps_what_was_typed() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    honey(&desk).await;
    let (customer, link) = zoe(&desk, "fr", 0).await;
    let tab = without_script(&chromium).await;
    tab.open(&link).await;
    tab.shoot("order-without-discount-fr").await;
    tab.follow(tab.click("button")).await;
    tab.says("au moins un produit").await;
    tab.shoot("order-empty-fr").await;

    // The price changes while the page is open.
    tab.type_into("input[type=number]", "7").await;
    tab.type_into("textarea", "Sans emballage").await;
    let path = format!("/v1/customers/{}", customer["id"].as_str().unwrap());
    desk.patch(&path, &json!({ "discount_bp": 500 })).await;
    tab.follow(tab.click("button")).await;
    tab.says(r#"value="7""#).await;
    tab.says("Sans emballage").await;
    assert_eq!(orders(&desk).await.len(), 0);
    tab.shoot("order-changed-fr").await;
    tab.follow(tab.click("button")).await;
    tab.says("Merci").await;
    assert_eq!(orders(&desk).await.len(), 1);
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_products_of_long_names_fit_a_telephone() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    for number in 1..=30 {
        let name = format!("Miel de châtaignier des Cévennes, récolte d’automne, extrait à froid, pot n° {number}");
        let name = if number == 30 { "Anticonstitutionnellement".repeat(4) } else { name };
        let price = 10_i64.pow(2 + number % 5) + i64::from(number);
        desk.post("/v1/products", &json!({ "name": { "fr": name }, "prices": { "EUR": price } })).await;
    }
    let (_, link) = zoe(&desk, "en", 1250).await;
    let tab = without_script(&chromium).await;
    tab.open(&link).await;
    assert_eq!(tab.all("input[type=number]").await.len(), 30);
    tab.shoot("order-30-en").await;
    tab.has_targets_of(48.0).await;
    let weight = desk.weight(&link).await;
    assert!(weight <= 10 * 1024, "{weight} bytes over the wire");

    for product in ["li:first-child", "li:last-child"] {
        tab.type_into(&format!("{product} input"), "999").await;
    }
    tab.type_into("textarea", &"Merci de sonner deux fois. ".repeat(15)).await;
    tab.follow(tab.click("button")).await;
    tab.says("Thank you").await;
    tab.shoot("order-placed-long-names-en").await;
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_opens_nothing_says_so() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let tab = without_script(&chromium).await;
    for (language, said) in [("fr", "n’est plus valable"), ("en", "ask the shop")] {
        tab.speak(language).await;
        tab.open(&shop.at("/o/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await;
        tab.says(said).await;
        tab.shoot(&format!("link-closed-{language}")).await;
    }
    shop.assert_quiet(&tab);
    chromium.stop().await;
}
