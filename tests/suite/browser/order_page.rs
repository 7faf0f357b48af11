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

/// The buttons to what was chosen, and to order it.
pub const REVIEW: &str = r#".bar [value^="?review"]"#;
pub const ORDER: &str = "[value=order]";

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
    tab.follow(tab.click(REVIEW)).await;
    tab.says("53,97").await;
    tab.shoot("order-review-fr").await;
    tab.follow(tab.click(ORDER)).await;
    let placed = tab.address().await;
    assert!(placed.starts_with(&format!("{link}?order=")), "the address bar holds a page that can be reloaded");
    tab.says("53,97").await;
    tab.shoot("order-placed-fr").await;

    tab.reload().await;
    tab.says("53,97").await;
    assert_eq!(orders(&desk).await.len(), 1);

    tab.back().await;
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
        .replace("<ul", r#"<input name="price" value="1"><input name="discount_bp" value="9999"><ul"#);
    assert_ne!(tampered, page);
    tab.rewrite(&tampered).await;
    tab.says("0.01").await;
    tab.type_into("input[type=number]", "2").await;
    tab.follow(tab.click(REVIEW)).await;
    tab.follow(tab.click(ORDER)).await;
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
    tab.follow(tab.click(REVIEW)).await;
    tab.says("au moins un produit").await;
    tab.shoot("order-empty-fr").await;

    // The price changes while the page is open.
    tab.type_into("input[type=number]", "7").await;
    tab.follow(tab.click(REVIEW)).await;
    tab.type_into("textarea", "Sans emballage").await;
    let path = format!("/v1/customers/{}", customer["id"].as_str().unwrap());
    desk.patch(&path, &json!({ "discount_bp": 500 })).await;
    tab.follow(tab.click(ORDER)).await;
    tab.says(r#"value="7""#).await;
    tab.says("Sans emballage").await;
    assert_eq!(orders(&desk).await.len(), 0);
    tab.shoot("order-changed-fr").await;
    tab.follow(tab.click(ORDER)).await;
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
    tab.follow(tab.click(REVIEW)).await;
    tab.type_into("textarea", &"Merci de sonner deux fois. ".repeat(15)).await;
    tab.shoot("order-review-long-names-en").await;
    tab.has_targets_of(48.0).await;
    tab.follow(tab.click(ORDER)).await;
    tab.says("Thank you").await;
    tab.shoot("order-placed-long-names-en").await;
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_shop_is_searched_and_turned_over_without_losing_what_was_chosen() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let categories = ["Miels", "Confitures", "Thés et tisanes", "Bougies", "Coffrets", "Épicerie fine"];
    for number in 0..70 {
        let category = categories[number % categories.len()];
        let name = format!("{category} n° {number}");
        let mut product = json!({ "name": { "fr": name }, "unit": "pot de 500 g", "category": category });
        product["prices"] = json!({ "EUR": 500 + number * 10 });
        product["description"] = json!({ "fr": "Récolté à la main,\nmis en pot le jour même." });
        desk.post("/v1/products", &product).await;
    }
    let (_, link) = zoe(&desk, "fr", 1000).await;
    let tab = without_script(&chromium).await;
    tab.open(&link).await;
    assert_eq!(tab.all("input[type=number]").await.len(), 60);
    tab.shoot("order-large-fr").await;
    tab.type_into("#n1", "2").await;
    tab.follow(tab.click("[value*=after]")).await;
    assert_eq!(tab.all("input[type=number]").await.len(), 10);
    tab.says("2 articles").await;
    tab.shoot("order-large-last-page-fr").await;
    tab.type_into("#q", "coff 34").await;
    tab.follow(tab.click(".search button")).await;
    tab.says("Coffrets n° 34").await;
    tab.shoot("order-search-fr").await;
    tab.type_into("#n1", "1").await;
    tab.follow(tab.click("li button.link")).await;
    tab.says("Récolté à la main").await;
    tab.shoot("order-product-fr").await;
    tab.follow(tab.click(REVIEW)).await;
    assert_eq!(tab.all("input[type=number]").await.len(), 2);
    tab.shoot("order-two-chosen-fr").await;
    tab.follow(tab.click(ORDER)).await;
    tab.says("Merci").await;
    // The same again, in one tap.
    tab.follow(tab.click(".next a")).await;
    tab.shoot("order-again-fr").await;
    tab.follow(tab.click(".again")).await;
    assert_eq!(tab.all("input[type=number]").await.len(), 2);
    tab.follow(tab.click(ORDER)).await;
    assert_eq!(orders(&desk).await.len(), 2);
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
