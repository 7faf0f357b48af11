//! The pages of a magic link, as axe-core finds them.

use serde_json::{Value, json};

use super::order_page::{ORDER, REVIEW};
use super::shop::Desk;
use super::{Axe, Chromium, Shop};
use crate::pictures::png;

/// A customer who reads `language`, and the address of the page: products in two categories, one of
/// them sold out, one with an image and much to say of it, all at less than for others.
async fn furnished(desk: &Desk, language: &str) -> (String, Value) {
    let mut products = Vec::new();
    for (name, category, stock) in [
        ("Miel de lavande", json!("Miels"), Value::Null),
        ("Miel de tilleul", json!("Miels"), json!(0)),
        ("Bougie", Value::Null, json!(3)),
    ] {
        let body = json!({
            "name": { "fr": name, "en": format!("{name} (en)") }, "unit": "pot de 500 g", "prices": { "EUR": 1999 },
            "category": category, "stock": stock, "description": { language: "Récolté à la main." },
        });
        products.push(desk.post("/v1/products", &body).await);
    }
    desk.picture(&products[0], &png(640, 480)).await;
    let body = json!({
        "name": "Zoé Dupont", "email": format!("zoe.{language}@example.com"), "language": language,
        "currency": "EUR", "discount_bp": 1000,
    });
    let customer = desk.post("/v1/customers", &body).await;
    (desk.order_link(&customer).await, products[0]["id"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_kept_out_of_a_magic_links_pages() {
    let (Some(axe), Some(chromium)) = (Axe::found(), Chromium::start().await) else { return };
    for language in ["fr", "en"] {
        let shop = Shop::open().await;
        let desk = shop.desk(chromium.tab().await).await;
        let (link, honey) = furnished(&desk, language).await;
        let honey = format!("?product={}", honey.as_str().unwrap());
        let tab = chromium.tab().await;
        tab.speak(language).await;
        tab.open(&link).await;
        axe.finds_nothing(&tab, "the first page").await;
        tab.follow(tab.click(REVIEW)).await;
        tab.says(r#"role="alert""#).await;
        axe.finds_nothing(&tab, "the page with what was wrong").await;
        for (query, page) in [("?q=miel", "a search"), ("?q=xyz", "a search that finds nothing"), (&honey, "a product")]
        {
            tab.open(&format!("{link}{query}")).await;
            axe.finds_nothing(&tab, page).await;
        }
        tab.open(&link).await;
        tab.type_into(r#"input[max="3"]"#, "2").await;
        tab.follow(tab.click(REVIEW)).await;
        axe.finds_nothing(&tab, "what was chosen").await;
        tab.follow(tab.click(ORDER)).await;
        assert!(tab.address().await.contains("?order="));
        axe.finds_nothing(&tab, "the order that was placed").await;
        tab.open(&link).await;
        axe.finds_nothing(&tab, "the first page, with the last order").await;
        tab.open(&shop.at("/o/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).await;
        axe.finds_nothing(&tab, "a link that opens nothing").await;
        shop.assert_quiet(&tab);
    }
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_people_out_is_found() {
    let (Some(axe), Some(chromium)) = (Axe::found(), Chromium::start().await) else { return };
    let shop = Shop::open().await;
    let tab = chromium.tab().await;
    tab.open(&shop.at("/o/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).await;
    let page = tab.html().await.replace(" lang=", " data-lang=");
    tab.rewrite(&page.replace("</main>", "<img src=\"data:,\"><input></main>")).await;
    let found = axe.found_on(&tab).await;
    let rules: Vec<&str> = found.as_array().unwrap().iter().map(|rule| rule[0].as_str().unwrap()).collect();
    assert_eq!(rules, ["html-has-lang", "image-alt", "label"]);
    chromium.stop().await;
}
