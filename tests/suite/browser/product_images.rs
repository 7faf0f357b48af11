//! Images of products on a magic link's pages: shown, from our own address and nowhere else.

use serde_json::{Value, json};

use super::{Chromium, Shop};
use crate::pictures::png;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_the_images_of_its_products() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    for (name, sides) in [("Miel", Some((640, 480))), ("Pollen", None), ("Bougie", Some((300, 900)))] {
        let description = json!({ "fr": "Récolté à la main, au pied des ruches." });
        let body = json!({ "name": { "fr": name }, "prices": { "EUR": 1999 }, "description": description });
        let product = desk.post("/v1/products", &body).await;
        if let Some((width, height)) = sides {
            desk.picture(&product, &png(width, height)).await;
        }
    }
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com", "language": "fr" });
    let link = desk.order_link(&desk.post("/v1/customers", &body).await).await;
    let tab = chromium.tab().await;
    tab.open(&link).await;
    let sides = "() => Promise.all([...document.images].map(async (image) => {
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
    }))";
    let shown: Value = tab.run(sides).await;
    assert_eq!(shown, json!([[640, 480], [300, 900]]));
    tab.shoot("order-images-fr").await;
    tab.follow(tab.click("li:first-child button")).await;
    let shown: Value = tab.run(sides).await;
    assert_eq!(shown, json!([[640, 480]]));
    tab.shoot("order-product-image-fr").await;
    shop.assert_quiet(&tab);
    chromium.stop().await;
}
