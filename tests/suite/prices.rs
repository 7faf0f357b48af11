//! What a customer pays: the group's prices first, then the customer's own discount; and no word of
//! the group to anybody but staff (S05, S06, A14.8).

use serde_json::json;

use crate::app::TestApp;
use crate::ask::{Ask, OWNER};

/// Zoé, who is in a group of which the rate is `rate_bp`, and the path of her page.
async fn in_group(app: &TestApp, rate_bp: i64) -> (String, String, String) {
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let group = app.create_group(OWNER, &json!({ "name": "Grossistes secrets", "rate_bp": rate_bp })).await;
    let group = group.expect(201).id();
    app.join_group(OWNER, &zoe, &group).await.expect(200);
    let path = app.order_path(OWNER, &zoe).await;
    (zoe, group, path)
}

/// What the honey of 19.99 € costs on the page at `path`.
async fn price(app: &TestApp, path: &str) -> String {
    let html = app.send(Ask::get(path).header("accept-language", "en")).await.expect(200).text();
    html.split_once("<b>").unwrap().1.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_group_sets_prices_and_a_customers_own_discount_stands_in_its_place() {
    let app = TestApp::start().await;
    app.honey(OWNER).await;
    let (zoe, group, path) = in_group(&app, -500).await;
    assert_eq!(price(&app, &path).await, "18,99\u{a0}€");
    app.change_customer(OWNER, &zoe, "*", &json!({ "discount_bp": 1000 })).await.expect(200);
    assert_eq!(price(&app, &path).await, "17,99\u{a0}€");
    app.change_settings(OWNER, &json!({ "stacked_discounts": true })).await.expect(200);
    assert_eq!(price(&app, &path).await, "17,09\u{a0}€");
    app.change_customer(OWNER, &zoe, "*", &json!({ "discount_bp": null })).await.expect(200);
    app.delete_group(OWNER, &group, "Grossistes secrets").await.expect(202);
    assert_eq!(price(&app, &path).await, "19,99\u{a0}€");
}

#[tokio::test]
async fn a_surcharge_is_the_price_and_the_group_is_nowhere() {
    let app = TestApp::start().await;
    let honey = app.honey(OWNER).await;
    let (_, group, path) = in_group(&app, 1000).await;
    assert_eq!(price(&app, &path).await, "21,99\u{a0}€");
    let page = app.send(Ask::get(&*path)).await.expect(200).text();
    let placed = app.place_order(&path, &[(&format!("q-{honey}"), "2")]).await.expect(303);
    let confirmation = app.send(Ask::get(format!("{path}{}", placed.header("location")))).await.expect(200).text();
    assert!(confirmation.contains("43,98"), "{confirmation}");
    app.drain().await;
    let mail = app.mails().iter().map(|mail| format!("{:?}{:?}", mail.html, mail.text)).collect::<String>();
    assert!(mail.contains("43,98"));
    for shown in [page, confirmation, mail] {
        assert!(!shown.contains("secrets") && !shown.contains(&group), "{shown}");
    }
}

#[tokio::test]
async fn a_percentage_is_written_as_its_reader_writes_it() {
    let app = TestApp::start().await;
    let honey = app.honey(OWNER).await;
    for (language, page, mail) in
        [("fr", "votre remise de 12,5\u{a0}%", "(−12,5\u{a0}%)"), ("en", "your 12.5% discount", "(−12.5%)")]
    {
        let email = format!("{language}@example.com");
        let body = json!({ "name": "Lou", "email": email, "language": language, "discount_bp": 1250 });
        let lou = app.create_customer(OWNER, &body).await.expect(201).id();
        let path = app.order_path(OWNER, &lou).await;
        let shown = app.send(Ask::get(&*path)).await.expect(200).text();
        assert!(shown.contains(page), "{shown}");
        app.place_order(&path, &[(&format!("q-{honey}"), "2")]).await.expect(303);
        app.drain().await;
        let sent = app.mails().into_iter().filter(|sent| sent.to == [email.as_str()]);
        let texts: Vec<String> = sent.filter_map(|sent| sent.text).collect();
        assert!(texts.iter().any(|text| text.contains(mail)), "{texts:?}");
    }
}
