//! What a client takes compressed is compressed by the function itself, and arrives as it was.

use std::io::Read;

use flate2::read::GzDecoder;
use http::Method;
use serde_json::json;

use crate::app::TestApp;
use crate::ask::{Answer, Ask, OWNER, VIEWER};
use crate::golden::Values;
use crate::pictures::png;

/// What was compressed.
fn unpacked(answer: &Answer) -> String {
    assert_eq!(answer.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(answer.body.as_ref()).read_to_string(&mut text).unwrap();
    text
}

fn is_plain(answer: &Answer) -> bool {
    !answer.headers.contains_key("content-encoding")
}

/// The path of Zoé's page of twenty products, each with all that a product may say and an image.
async fn page_of_twenty(app: &TestApp) -> String {
    let body = json!({ "name": "Zoé Dupont", "email": "zoe@example.com", "discount_bp": 1000 });
    let zoe = app.create_customer(OWNER, &body).await.expect(201).id();
    let flowers =
        ["lavande", "tilleul", "châtaignier", "acacia", "thym", "bruyère", "romarin", "sapin", "oranger", "garrigue"];
    for (number, flower) in flowers.iter().chain(&flowers).enumerate() {
        let (kind, category) = if number < 10 { ("Miel", "Miels de Provence") } else { ("Bougie", "Bougies et cires") };
        let body = json!({
            "name": { "fr": format!("{kind} de {flower}"), "en": format!("{flower} {kind}") },
            "description": { "fr": format!("Récolté à la main, au pied des ruches, quand fleurit : {flower}.") },
            "unit": format!("pot de {} g", 125 * (number + 1)), "prices": { "EUR": 799 + 37 * number },
            "category": category, "position": number, "min_quantity": 1 + number % 3, "stock": 40 + number,
        });
        let product = app.create_product(OWNER, &body).await.expect(201).id();
        let upload = app.upload_image(&product, &png(640, 480 + u32::try_from(number).unwrap())).await;
        app.attach_image(OWNER, &product, &upload).await.expect(200);
    }
    app.order_path(OWNER, &zoe).await
}

#[tokio::test]
async fn a_page_of_twenty_products_is_small() {
    let app = TestApp::calm().await;
    let path = page_of_twenty(&app).await;
    let plain = app.send(Ask::get(&path)).await.expect(200);
    let packed = app.send(Ask::get(&path).header("accept-encoding", "gzip")).await.expect(200);
    assert!(plain.text().matches("de garrigue").count() >= 2, "{}", plain.text());
    assert_eq!(unpacked(&packed).len(), plain.body.len());
    assert!(plain.body.len() <= 50 * 1024, "{} bytes", plain.body.len());
    assert!(packed.body.len() <= 10 * 1024, "{} bytes", packed.body.len());
}

#[tokio::test]
async fn a_function_answers_compressed_whom_it_may() {
    let app = TestApp::start().await;
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    app.honey(OWNER).await;
    let path = app.order_path(OWNER, &zoe).await;
    let mut values = Values::default();
    values.set("order_token", path.strip_prefix("/o/").unwrap());
    let page = app.golden("quick-order/show-page-compressed", &values).await.expect(200);
    assert_eq!((page.header("vary"), page.header("content-type")), ("accept-encoding", "text/html; charset=utf-8"));
    assert!(unpacked(&page).trim_end().ends_with("</html>"));
    let head = app.send(Ask::new(Method::HEAD, &path).header("accept-encoding", "gzip")).await.expect(200);
    assert_eq!((head.body.len(), head.header("content-encoding")), (0, "gzip"));
    for accepted in ["identity", "br", "gzip;q=0", ""] {
        let page = app.send(Ask::get(&path).header("accept-encoding", accepted)).await.expect(200);
        assert!(is_plain(&page) && page.text().contains("</html>"), "{accepted}");
        assert_eq!(page.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn what_is_compressed_arrives_as_it_was() {
    let app = TestApp::start().await;
    let plain = app.send(Ask::get("/v1/openapi.json").by(VIEWER)).await.expect(200);
    let packed = Ask::get("/v1/openapi.json").by(VIEWER).header("accept-encoding", "gzip");
    let packed = app.send(packed).await.expect(200);
    assert_eq!(unpacked(&packed), plain.text());
    assert!(packed.body.len() * 8 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
}

#[tokio::test]
async fn what_gains_nothing_stays_as_it_is() {
    let app = TestApp::start().await;
    let image = format!("/images/{}", app.product_with_image().await);
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let path = app.order_path(OWNER, &zoe).await;
    for (ask, status) in [
        (Ask::get(&image), 200),
        (Ask::get(&image).header("if-none-match", "\"x\", \"y\""), 200),
        (Ask::get("/v1/groups").by(VIEWER), 200),
        (Ask::get("/images/aaaaaaaaaaaaaaaaaaaaaaaaaa"), 404),
        (Ask::post(&path).form(&[("draft", "x")]), 400),
    ] {
        let answer = app.send(ask.header("accept-encoding", "gzip")).await.expect(status);
        assert!(is_plain(&answer), "{}", answer.text());
    }
}
