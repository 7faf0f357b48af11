//! The product's path, walked through golden events: form → record → magic link → order → mails →
//! CSV.

use insta::{assert_json_snapshot, assert_snapshot};
use local::mailbox::Mail;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::app::{TestApp, text};
use crate::golden::Values;
use crate::redaction::redacted;
use crate::requests::OrderPage;

const ZOE: &str = "zoe@example.com";

#[tokio::test]
async fn a_contact_becomes_a_customer_who_orders_is_mailed_and_exported() {
    let app = TestApp::start().await;
    let mut values = Values::default();
    let _redacted = redacted().bind_to_scope();
    let customer = contact(&app).await;
    values.set("customer", customer.as_str());
    record(&app, &mut values).await;
    order(&app, &mut values).await;
    mails(&app, &mut values).await;
    export(&app, &mut values).await;
}

/// Three encodings, one customer; answers their id.
async fn contact(app: &TestApp) -> String {
    let none = Values::default();
    let answer = app.golden("forms/submit-urlencoded", &none).await.expect(303);
    assert_eq!(answer.header("location"), "/f/contact/thanks?lang=fr");
    assert!(app.golden("forms/thanks", &none).await.expect(200).text().contains("<html lang=\"fr\""));
    app.golden("forms/submit-multipart", &none).await.expect(303);
    let receipt = app.golden("forms/submit-json", &none).await.expect(200).json();
    app.drain().await;

    let customers = app.items("customer").await;
    assert_eq!(customers.len(), 1);
    let submissions = app.items("submission").await;
    assert_eq!(submissions.len(), 3);
    assert!(submissions.iter().any(|submission| text(submission, "id") == receipt["receipt"]));
    let evidence = app.items("consent").await;
    assert_eq!(evidence.len(), 1);
    assert_eq!(text(&evidence[0], "page"), "https://www.ruche.example/contact");
    assert_eq!(text(&evidence[0], "text"), "J’accepte de recevoir des offres et des nouvelles par e-mail.");
    assert_eq!(app.subjects(ZOE).len(), 1, "one welcome, however often they write");
    assert_snapshot!("mail_welcome", shown(&app.mails()[0]));
    text(&customers[0], "id")
}

/// Staff find the record and complete it.
async fn record(app: &TestApp, values: &mut Values) {
    let found = app.golden("customers/search", values).await.expect(200).json();
    assert_json_snapshot!("customers_search", found);
    let listed = app.golden("customers/list-potential", values).await.expect(200).json();
    assert_eq!(listed["items"][0]["id"], found["items"][0]["id"]);
    let read = app.golden("customers/read", values).await.expect(200);
    assert_json_snapshot!("customer_after_the_form", read.json());
    values.set("version", read.header("etag").trim_matches('"'));
    assert_json_snapshot!("customer_changed", app.golden("customers/change", values).await.expect(200).json());
    app.golden("customers/change", values).await.expect(412);
    assert_json_snapshot!("note", app.golden("customers/add-note", values).await.expect(201).json());
}

/// A magic link, its page, one order however often it is posted.
async fn order(app: &TestApp, values: &mut Values) {
    let product = app.golden("orders/create-product", values).await.expect(201);
    assert_json_snapshot!("product", product.json());
    values.set("product", product.id());
    let link = app.golden("orders/create-order-link", values).await.expect(201);
    assert_json_snapshot!("order_link", link.json());
    let url = link.json()["url"].as_str().unwrap().to_owned();
    values.set("order_token", url.rsplit('/').next().unwrap());

    let page = app.golden("quick-order/show-page", values).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_snapshot!("order_page", markup(&page.text()));
    let chosen = app.golden("quick-order/choose-products", values).await.expect(303);
    assert_eq!(chosen.header("location"), "?review=1");
    let review = app.golden("quick-order/review-order", values).await.expect(200).text();
    assert_snapshot!("order_review", markup(&review));
    let form = OrderPage::read("", &review);
    values.set("draft", form.draft);
    values.set("stamp", form.stamp);
    let placed = app.golden("quick-order/place-order", values).await.expect(303);
    let again = app.golden("quick-order/place-order", values).await.expect(303);
    assert_eq!(placed.header("location"), again.header("location"));
    values.set("order", placed.header("location").strip_prefix("?order=").unwrap());
    app.drain().await;

    let orders = app.golden("orders/list-orders", values).await.expect(200).json();
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
    assert_json_snapshot!("order", app.golden("orders/read-order", values).await.expect(200).json());
    assert_json_snapshot!("customer_after_the_order", app.golden("customers/read", values).await.expect(200).json());
    assert_eq!(app.items("order").await.len(), 1);
    assert_eq!(app.subjects(ZOE).len(), 2);
    assert_snapshot!("mail_order_confirmation", shown(&app.mails()[1]));
}

/// A question two weeks after the first order, a birthday on the day, a reactivation a year after the order,
/// and nothing once it was refused.
async fn mails(app: &TestApp, values: &mut Values) {
    app.move_clock("2026-12-06T09:00:00+01:00").await;
    assert_eq!(app.mails().len(), 3);
    assert_snapshot!("mail_satisfaction", shown(&app.mails()[2]));
    app.move_clock("2027-05-12T08:59:00+02:00").await;
    assert_eq!(app.mails().len(), 3);
    app.move_clock("2027-05-12T09:00:00+02:00").await;
    assert_eq!(app.mails().len(), 4);
    assert_snapshot!("mail_birthday", shown(&app.mails()[3]));
    app.move_clock("2027-11-22T09:00:00+01:00").await;
    assert_eq!(app.mails().len(), 5);
    assert_snapshot!("mail_reactivation", shown(&app.mails()[4]));

    let unsubscribe = app.unsubscribe_path(ZOE);
    values.set("preferences_token", unsubscribe.split('/').nth(2).unwrap());
    app.golden("preferences/show-preferences", values).await.expect(200);
    app.golden("preferences/unsubscribe-one-click", values).await.expect(200);
    app.golden("preferences/unsubscribe", values).await.expect(200);
    app.move_clock("2028-05-12T10:00:00+02:00").await;
    assert_eq!(app.mails().len(), 5);
    let mut messages = app.messages().await;
    messages.sort();
    let expected = [
        "birthday sent",
        "birthday skipped unsubscribed",
        "order_confirmation sent",
        "reactivation sent",
        "satisfaction sent",
        "welcome sent",
    ];
    assert_eq!(messages, expected);
}

/// The file opens with every customer once.
async fn export(app: &TestApp, values: &mut Values) {
    app.golden("customers/create", values).await.expect(201);
    app.settle().await;
    let job = app.golden("exports/request", values).await.expect(202);
    assert_json_snapshot!("export_requested", job.json());
    values.set("export", job.id());
    app.drain().await;
    let done = app.golden("exports/read", values).await.expect(200).json();
    assert_eq!(done["state"], "done");
    let file = download(done["url"].as_str().unwrap()).await;
    let mut rows = csv::Reader::from_reader(file.as_bytes());
    let email = rows.headers().unwrap().iter().position(|name| name == "email").unwrap();
    let emails: Vec<String> = rows.records().map(|row| row.unwrap()[email].to_owned()).collect();
    assert_eq!(emails.len(), 2);
    assert!(emails.contains(&ZOE.to_owned()) && emails.contains(&"elodie@example.com".to_owned()));
    assert_eq!(done["rows"], 2);
    let mut lines: Vec<&str> = file.lines().collect();
    lines[1..].sort_by_key(|line| line.split(',').nth(email));
    assert_snapshot!("customers_csv", lines.join("\n"));
}

/// What stands at a presigned address, fetched as a browser would.
async fn download(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut socket = tokio::net::TcpStream::connect(&authority).await.unwrap();
    let target = &url[url::Position::BeforePath..];
    socket.write_all(format!("GET {target} HTTP/1.0\r\nhost: {authority}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.") && head.contains(" 200 "), "{head}");
    assert!(head.to_lowercase().contains("attachment; filename="), "{head}");
    body.to_owned()
}

/// A mail's text part under the headers that matter.
fn shown(mail: &Mail) -> String {
    let headers: Value = serde_json::to_value(&mail.headers).unwrap();
    let set = mail.configuration_set.as_deref().unwrap_or_default();
    assert!(mail.html.as_ref().is_some_and(|html| html.contains("<html")));
    let text = mail.text.as_deref().unwrap();
    format!(
        "From: {}\nTo: {}\nSubject: {}\nSet: {set}\n{headers}\n\n{text}",
        mail.from,
        mail.to.join(", "),
        mail.subject
    )
}

/// The page without its head, one element a line.
pub fn markup(html: &str) -> String {
    let (_, body) = html.split_once("<body").expect("a page");
    format!("<body{body}").replace("><", ">\n<")
}
