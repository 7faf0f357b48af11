//! The forms of `docs/forms.md`, as a visitor meets them on a website of another origin, whose
//! Content Security Policy is the document's.

use axum::Router;
use axum::extract::Path;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use serde_json::Value;

use super::website::{HEAD, Website};
use super::{Chromium, Shop, Tab};
use crate::form_docs::snippets;
use crate::requests::{WIDE, set_form};

/// Where the document's addresses begin.
const DOCUMENTED: &str = "https://api.example.com";

/// A website with a page for each snippet.
async fn website(shop: &Shop) -> Website {
    let here = |texts: Vec<String>| -> Vec<String> {
        texts.into_iter().map(|text| text.replace(DOCUMENTED, shop.stack.base_url())).collect()
    };
    let (pages, scripts) = (here(snippets("html")), here(snippets("js")));
    let document = crate::form_docs::document();
    let policy = document.lines().find(|line| line.starts_with("form-action")).unwrap();
    let policy = policy.replace(DOCUMENTED, shop.stack.base_url());
    let form = async move |Path(number): Path<usize>| {
        ([("content-security-policy", policy.clone())], Html(format!("{HEAD}{}", pages[number]))).into_response()
    };
    let script = async move |Path(number): Path<usize>| {
        let fields = r#"<form><input name="email" value="ana@example.com"><input name="name" value="Ana"></form>"#;
        let says = "document.body.append(JSON.stringify({ receipt, errors }));";
        Html(format!("{HEAD}{fields}<script type=\"module\">{}{says}</script>", scripts[number]))
    };
    let thanks = async || Html(format!("{HEAD}<p>Merci de votre message"));
    let pages = Router::new().route("/form/{number}", get(form)).route("/script/{number}", get(script));
    Website::serve(pages.route("/thank-you", get(thanks))).await
}

async fn value(tab: &Tab, name: &str) -> Value {
    tab.run(&format!("() => document.querySelector('[name={name}]').value")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_forms_are_sent_without_script() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    set_form(&shop.stack.services().app(), "contact", |form| form.limits = WIDE).await;
    let desk = shop.desk(chromium.tab().await).await;
    let website = website(&shop).await;
    let tab = chromium.tab().await;
    tab.scripts(false).await;
    for number in 0..snippets("html").len() {
        tab.open(&format!("{}/form/{number}", website.origin())).await;
        tab.type_into("input[type=email]", &format!("visitor{number}@example.com")).await;
        let goes_on = !tab.all("[name=_next]").await.is_empty();
        tab.follow(tab.click("button, input[type=submit]")).await;
        let thanks =
            if goes_on { format!("{}/thank-you?success=1", website.origin()) } else { shop.at("/f/contact/thanks") };
        assert!(tab.address().await.starts_with(&thanks), "{number}: {}", tab.address().await);
        assert_eq!(desk.customer(&format!("visitor{number}@example.com")).await["status"], "potential");
    }
    tab.watch.assert_quiet(&[shop.stack.base_url(), &website.origin()]);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_adds_what_tells_a_person_from_a_program() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let website = website(&shop).await;
    let number = snippets("html").iter().position(|html| html.contains("script.js")).unwrap();
    let tab = chromium.tab().await;
    tab.open(&format!("{}/form/{number}", website.origin())).await;
    let opened = (value(&tab, "_stamp").await, value(&tab, "_idempotency_key").await);
    assert!(opened.0.as_str().is_some_and(|stamp| stamp.len() > 20), "{opened:?}");
    tab.type_into("input[type=email]", "zoe@example.com").await;
    assert_eq!(value(&tab, "_stamp").await, opened.0);
    assert_ne!(value(&tab, "_idempotency_key").await, opened.1, "other words are another message");
    assert_eq!(value(&tab, "_gotcha").await, "");
    let box_of_trap = "() => document.querySelector('[name=_gotcha]').getBoundingClientRect().right < 0";
    assert_eq!(tab.run(box_of_trap).await, true, "people don't see it");
    // Nobody types that fast.
    desk.move_clock("2026-11-22T10:05:00+01:00").await;
    tab.follow(tab.click("button")).await;
    assert!(tab.address().await.starts_with(&shop.at("/f/contact/thanks")));
    assert_eq!(desk.customer("zoe@example.com").await["source"]["form"], "contact");
    tab.watch.assert_quiet(&[shop.stack.base_url(), &website.origin()]);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_scripts_read_their_receipts() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let website = website(&shop).await;
    let tab = chromium.tab().await;
    for (number, email) in ["zoe@example.com", "ana@example.com"].into_iter().enumerate() {
        tab.open(&format!("{}/script/{number}", website.origin())).await;
        tab.says("{\"receipt\":\"0").await;
        assert_eq!(desk.customer(email).await["status"], "potential");
    }
    assert_eq!(snippets("js").len(), 2);
    tab.watch.assert_quiet(&[shop.stack.base_url(), &website.origin()]);
    chromium.stop().await;
}
