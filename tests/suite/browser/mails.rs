//! Mails as people open them: every kind in every language, on a telephone and as wide as a mail gets,
//! light and dark, with a logo and without.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Html;
use axum::routing::get;
use serde_json::json;
use shared::domain::{Colour, Locale, MessageKind, Slots};
use shared::email::{Addressee, Content, Link, Look, OrderLine, render, sample, samples};

use super::Chromium;
use super::website::Website;
use crate::pictures::png;

/// The narrowest telephone, and as wide as a mail gets.
const WIDTHS: [i64; 2] = [320, 600];

const LOGO: &str = "/logo.png";

/// The text that can't be read well enough, with its contrast (WCAG 2.2, 1.4.3).
const PALE: &str = r#"() => {
  const rgb = css => css.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, other] = [light(rgb(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) pale.push([texts.currentNode.data.trim(), contrast]);
  }
  return pale;
}"#;

/// Everything that is mailed in a language, by its name.
fn contents(language: Locale) -> Vec<(&'static str, Content<'static>)> {
    const WORD: &str = "Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement";
    const LINES: &[OrderLine] = &[OrderLine {
        name: WORD,
        quantity: "1,000",
        unit_price: "€999,999,999.99",
        discount: Some("−12.5%"),
        total: "€999,999,999,990.00",
    }];
    let long = Content::OrderConfirmation {
        addressee: Addressee::Confirmed { name: Some(WORD) },
        number: "260512-7KQ2M8",
        placed_on: "12 May 2026",
        lines: LINES,
        total: "€999,999,999,990.00",
        note: Some(WORD),
        order: None,
    };
    let without = sample(MessageKind::Birthday, language).offering(None);
    let mut contents = samples(language);
    contents.extend([("order_confirmation_long", long), ("birthday_without_offer", without)]);
    contents
}

/// Where mails are read: `/fr/birthday`. The French shop has a logo, the English one has not.
async fn mailbox() -> Website {
    let logo = async || ([(CONTENT_TYPE, "image/png")], png(160, 48));
    let nothing = async || StatusCode::NO_CONTENT;
    let pages = Router::new().route("/{language}/{name}", get(mail)).route(LOGO, get(logo));
    Website::serve(pages.route("/favicon.ico", get(nothing))).await
}

async fn mail(Path((language, name)): Path<(Locale, String)>, headers: HeaderMap) -> Html<String> {
    let address = format!("http://{}{LOGO}", headers["host"].to_str().unwrap());
    let (logo, colour) = match language {
        Locale::Fr => (Some(Link::new(&address).unwrap()), "#c8811a".parse().unwrap()),
        Locale::En => (None, Colour::DEFAULT),
    };
    let look = Look::new("La Ruche d’Or", logo, colour, Some("12 rue des Abeilles, 26000 Valence, France"));
    let (_, content) = contents(language).into_iter().find(|(known, _)| *known == name).unwrap();
    Html(render(&look, language, &content, &Slots::new()).unwrap().html)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_can_be_read_anywhere() {
    let Some(chromium) = Chromium::start().await else { return };
    let mailbox = mailbox().await;
    let tab = chromium.tab().await;
    let mut pages = BTreeSet::from([LOGO.to_owned(), "/favicon.ico".to_owned()]);
    for (language, (name, _)) in Locale::ALL.into_iter().flat_map(|of| contents(of).into_iter().map(move |c| (of, c))) {
        let path = format!("/{}/{name}", language.tag());
        tab.open(&format!("{}{path}", mailbox.origin())).await;
        pages.insert(path.clone());
        assert_eq!(tab.run("() => document.documentElement.lang").await, language.tag(), "{path}");
        tab.shoot_at(WIDTHS, &format!("mail-{name}-{}", language.tag())).await;
        tab.in_each_look_at(WIDTHS, async |width, scheme| {
            assert_eq!(tab.run(PALE).await, json!([]), "{path}, {width} wide, {scheme}");
        })
        .await;
    }
    // A mail fetches its logo and nothing else, from nobody else.
    let fetched = tab.watch.asked_for().into_iter().filter(|path| !pages.contains(path));
    assert_eq!(fetched.collect::<Vec<_>>(), Vec::<String>::new());
    tab.watch.assert_quiet(&[&mailbox.origin()]);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_can_not_be_read_is_found() {
    let Some(chromium) = Chromium::start().await else { return };
    let page = async || Html("<body style='background:#fff'><p style='color:#999'>pale</p><p>ink</p>");
    let website = Website::serve(Router::new().route("/", get(page))).await;
    let tab = chromium.tab().await;
    tab.open(&website.origin()).await;
    assert_eq!(tab.run(PALE).await[0][0], "pale");
    chromium.stop().await;
}
