//! The whole story, as the people in it see it: a visitor, the shop's staff, the customer on a
//! telephone without script, and time going by.

use serde_json::json;

use super::order_page::{ORDER, REVIEW};
use super::preferences_page::preferences_address;
use super::shop::Desk;
use super::{Chromium, Shop, Tab};

const EMAIL: &str = "zoe@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn form_record_magic_link_order_mails_and_csv() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;

    let visitor = chromium.tab().await;
    visitor.speak("fr").await;
    sends_the_form(&shop, &visitor).await;
    let link = makes_an_offer(&desk).await;

    let buyer = chromium.tab().await;
    buyer.scripts(false).await;
    orders(&buyer, &link).await;
    let customer = desk.customer("dup").await;
    assert_eq!(customer["status"], "current", "{customer}");
    assert_eq!(customer["figures"]["orders"], 1, "{customer}");
    assert_eq!(desk.mails_to(EMAIL).await.len(), 2, "the welcome, the confirmation");

    desk.move_clock("2027-05-12T09:00:00+02:00").await;
    reads_the_birthday_mail_and_unsubscribes(&shop, &desk, &chromium).await;
    desk.move_clock("2028-07-01T09:00:00+02:00").await;
    assert_eq!(desk.mails_to(EMAIL).await.len(), 4, "nothing more after an unsubscription");

    assert_eq!(exported(&desk).await.matches(EMAIL).count(), 1, "every customer once");
    for tab in [&visitor, &buyer] {
        shop.assert_quiet(tab);
    }
    chromium.stop().await;
}

async fn sends_the_form(shop: &Shop, visitor: &Tab) {
    visitor.open(&format!("{}/plain", shop.website.origin())).await;
    visitor.shoot("story-1-website").await;
    for (field, text) in [("name", "Zoé Dupont"), ("email", EMAIL), ("phone", "06 12 34 56 78"), ("message", "Bonjour")]
    {
        visitor.type_into(&format!("[name={field}]"), text).await;
    }
    visitor.click("[name=marketing_email]").await;
    visitor.follow(visitor.click("button")).await;
    visitor.says("Merci").await;
    visitor.shoot("story-2-thanks").await;
}

/// Staff complete the record, add a product and make a magic link.
async fn makes_an_offer(desk: &Desk) -> String {
    let customer = desk.customer("dup").await;
    assert_eq!(customer["status"], "potential", "{customer}");
    let path = format!("/v1/customers/{}", customer["id"].as_str().unwrap());
    let change = json!({
        "discount_bp": 1000, "language": "fr", "currency": "EUR", "birthday": "--05-12", "temperature": "hot",
    });
    desk.patch(&path, &change).await;
    desk.post(&format!("{path}/notes"), &json!({ "text": "Rappeler lundi", "priority": "high" })).await;
    desk.post("/v1/products", &json!({ "name": { "fr": "Miel", "en": "Honey" }, "prices": { "EUR": 1999 } })).await;
    desk.order_link(&customer).await
}

async fn orders(buyer: &Tab, link: &str) {
    buyer.open(link).await;
    buyer.says("19,99").await;
    buyer.says("17,99").await;
    buyer.type_into("input[type=number]", "2").await;
    buyer.shoot("story-3-order").await;
    buyer.follow(buyer.click(REVIEW)).await;
    buyer.shoot("story-3-review").await;
    buyer.follow(buyer.click(ORDER)).await;
    buyer.says("35,98").await;
    buyer.shoot("story-4-placed").await;
}

/// In the mailbox, through the link that the mail shows.
async fn reads_the_birthday_mail_and_unsubscribes(shop: &Shop, desk: &Desk, chromium: &Chromium) {
    let mail = desk.mail_to(EMAIL).await;
    assert!(mail["headers"]["List-Unsubscribe"].is_string(), "the birthday mail is marketing: {}", mail["subject"]);
    let reader = chromium.tab().await;
    reader.open(&shop.at(&format!("/local/mailbox/{}", mail["id"].as_str().unwrap()))).await;
    reader.shoot("story-5-birthday").await;
    let opened = reader.click_in_frame(&preferences_address(&mail)).await;
    let preferences = chromium.opened_at(&opened).await;
    preferences.follow(preferences.click("[action$=unsubscribe] button")).await;
    preferences.says("C’est fait").await;
    preferences.shoot("story-6-unsubscribed").await;
    shop.assert_quiet(&reader);
}

/// The customers' file, as staff download it.
async fn exported(desk: &Desk) -> String {
    let job = desk.post("/v1/exports", &json!({ "what": "customers", "format": "csv", "purpose": "Bilan" })).await;
    desk.drain().await;
    let job = desk.get(&format!("/v1/exports/{}", job["id"].as_str().unwrap())).await;
    assert_eq!(job["state"], "done", "{job}");
    let (name, file) = desk.download(job["url"].as_str().unwrap()).await;
    assert!(name.starts_with("customers-2") && name.ends_with("Z.csv"), "{name}");
    file
}
