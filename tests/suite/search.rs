//! Search by the beginning of words (L03): against a naive model, in every script, page by page.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use shared::domain::fold;

use crate::app::TestApp;
use crate::ask::{OWNER, SELLER, VIEWER};

/// A word of a name in one of six scripts: Latin with accents, Greek, Cyrillic, Arabic, Han and
/// Kana, Thai. Few letters, so that many words begin alike.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[aàéœz][eéñb]{1,4}",
        "[αάΔσ][εέρ]{1,4}",
        "[жйИ][ёеш]{1,4}",
        "[بتم][حيد]{1,4}",
        "[山田太花][郎子ガの]{1,4}",
        "[กขค][นมร]{1,4}",
    ]
}

fn unspaced(c: char) -> bool {
    matches!(c, 'ก'..='๛' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

/// Whether `name` is found by `query`: each of its words begins one of the name's, or, where a
/// script has no spaces, each pair of its characters stands in the name.
fn found(name: &str, query: &str) -> bool {
    let name = fold(name);
    let in_name = |part: &str| match part.chars().all(unspaced) {
        true => name.contains(part),
        false => name.split_whitespace().any(|word| word.starts_with(part)),
    };
    fold(query).split_whitespace().all(|word| match word.chars().all(unspaced) {
        true => word.chars().collect::<Vec<_>>().windows(2).all(|pair| in_name(&pair.iter().collect::<String>())),
        false => in_name(word),
    })
}

/// The ids met by following a search to its end, in pages of `limit`.
async fn walked(app: &TestApp, query: &str, limit: usize) -> Vec<String> {
    let asked: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish();
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    for _ in 0..1000 {
        let page = app.list_customers(OWNER, &format!("{asked}&limit={limit}{cursor}")).await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
    panic!("a search for {query} has no end");
}

/// Asserts that `query` finds each of `expected` once.
async fn finds(app: &TestApp, query: &str, limit: usize, expected: &BTreeSet<&str>) {
    let ids = walked(app, query, limit).await;
    let met: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(&met, expected, "{query:?}, {limit} a page");
    assert_eq!(ids.len(), met.len(), "{query:?}, {limit} a page: somebody twice");
}

#[tokio::test]
async fn a_search_finds_whom_a_naive_one_finds_each_once() {
    let app = TestApp::start().await;
    let config = Config { rng_algorithm: RngAlgorithm::ChaCha, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut drawn = |strategy: BoxedStrategy<String>| strategy.new_tree(&mut runner).unwrap().current();
    let name = || (word(), word(), word()).prop_map(|(a, b, c)| format!("{a} {b} {c}")).boxed();
    let mut people: Vec<(String, String)> = Vec::new();
    for number in 0..70 {
        let name = drawn(name());
        let body = json!({ "name": name, "email": format!("x{number}@example.com") });
        people.push((name, app.create_customer(OWNER, &body).await.expect(201).id()));
    }
    let beginning = |word: &str, length: usize| word.chars().take(length).collect::<String>();
    for round in 0..60 {
        let (one, other) = (drawn(word().boxed()), drawn(word().boxed()));
        let query = match round % 3 {
            0 => beginning(&one, 2),
            1 => beginning(&one, 3),
            _ => format!("{} {}", beginning(&one, 2), beginning(&other, 2)),
        };
        let expected = people.iter().filter(|(name, _)| found(name, &query)).map(|(_, id)| id.as_str()).collect();
        finds(&app, &query, [1, 3, 25][round % 3], &expected).await;
    }
}

#[tokio::test]
async fn a_customer_with_a_word_in_many_notes_comes_once() {
    let app = TestApp::start().await;
    let mut expected = BTreeSet::new();
    let ids = [
        app.customer(OWNER, "Ana Un").await,
        app.customer(OWNER, "Bob Deux").await,
        app.customer(OWNER, "Rappel Trois").await,
    ];
    for id in &ids {
        for text in ["Rappeler lundi", "Un rappel, puis rappeler", "Rappelons-le", "Rappeler encore"] {
            app.create_note(OWNER, id, &json!({ "text": text })).await.expect(201);
        }
        expected.insert(id.as_str());
    }
    for number in 0..12 {
        app.create_note(OWNER, &ids[0], &json!({ "text": format!("rappeler {number}") })).await.expect(201);
    }
    for limit in [1, 2, 25] {
        finds(&app, "rappel", limit, &expected).await;
        finds(&app, "rappel encore", limit, &expected).await;
    }
    finds(&app, "rappel ana", 25, &BTreeSet::from([ids[0].as_str()])).await;
}

#[tokio::test]
async fn a_note_is_found_by_the_next_request_and_what_is_gone_is_not() {
    let app = TestApp::start().await;
    let ana = app.customer(OWNER, "Ana Martin").await;
    let search = async |query: &str| app.list_customers(OWNER, &format!("q={query}")).await.expect(200).json();
    let note = app.create_note(OWNER, &ana, &json!({ "text": "Veut des coffrets de nougat" })).await.expect(201);
    let found = search("nouga").await;
    assert_eq!(
        found["items"][0]["matched"],
        json!({ "fields": ["note"], "extract": "…des coffrets de nougat" }),
        "{found}"
    );
    let both = search("ana+nougat").await;
    let matched = &both["items"][0]["matched"];
    assert_eq!(matched["extract"], "…des coffrets de nougat");
    let fields: BTreeSet<&str> =
        matched["fields"].as_array().unwrap().iter().map(|field| field.as_str().unwrap()).collect();
    assert_eq!(fields, BTreeSet::from(["name", "email", "note"]));

    let (id, none) = (note.id(), json!([]));
    app.change_note(OWNER, &ana, &id, note.header("etag"), &json!({ "text": "Veut du miel" })).await.expect(200);
    assert_eq!(search("nouga").await["items"], none);
    assert_eq!(search("miel").await["items"][0]["id"], ana.as_str());
    app.change_customer(OWNER, &ana, "*", &json!({ "name": "Ana Durand" })).await.expect(200);
    assert_eq!(search("durand").await["items"][0]["id"], ana.as_str());
    app.change_customer(OWNER, &ana, "*", &json!({ "name": "Ana Petit" })).await.expect(200);
    assert_eq!(search("durand").await["items"], none);
    app.delete_note(OWNER, &ana, &id, "*").await.expect(204);
    assert_eq!(search("miel").await["items"], none);
}

#[tokio::test]
async fn notes_are_found_by_those_who_read_them_and_never_those_on_health() {
    let app = TestApp::start().await;
    let ana = app.customer(OWNER, "Ana Martin").await;
    app.create_note(OWNER, &ana, &json!({ "text": "Cherche du pollen" })).await.expect(201);
    let ids = async |member, query: &str| {
        let answer: Value = app.list_customers(member, query).await.expect(200).json();
        answer["items"].as_array().unwrap().len()
    };
    assert_eq!(ids(SELLER, "q=pollen").await, 1);
    assert_eq!((ids(VIEWER, "q=pollen").await, ids(VIEWER, "q=example").await, ids(VIEWER, "q=ana").await), (0, 0, 1));
    assert_eq!((ids(VIEWER, "q=ana+mart").await, ids(VIEWER, "q=ana+pollen").await), (1, 0));
}

#[tokio::test]
async fn a_search_that_ends_before_its_end_says_so() {
    let app = TestApp::calm().await;
    // Each word alone has one customer, but stands in more entries than are examined for two.
    for (name, word) in [("Ana", "zeste"), ("Bob", "pomme")] {
        let id = app.customer(OWNER, name).await;
        for note in 0..34 {
            let words: Vec<String> = (0..60).map(|number| format!("{word}{}", note * 60 + number)).collect();
            app.create_note(OWNER, &id, &json!({ "text": words.join(" ") })).await.expect(201);
        }
    }
    let mut cursor = String::new();
    let last = loop {
        let query = format!("q=zeste+pomme{cursor}");
        let page = app.list_customers(OWNER, &query).await.expect(200).json();
        assert_eq!(page["items"], json!([]));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break page,
        }
    };
    assert_eq!(last["more"], true);
    let counted = app.list_customers(OWNER, "q=zeste+pomme&count=true").await.expect(200).json();
    assert_eq!((&counted["count"], &counted["count_complete"]), (&json!(0), &json!(false)));
    let one = app.list_customers(OWNER, "q=zeste&count=true").await.expect(200).json();
    assert_eq!((one["items"].as_array().unwrap().len(), &one["more"]), (1, &Value::Null));
    assert_eq!((&one["count"], &one["count_complete"]), (&json!(1), &json!(true)));
}
