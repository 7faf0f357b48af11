//! Bad input of staff: one clear 4xx that names everything wrong, and nothing half-written.

use http::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::ask::{Answer, Ask, OWNER};

/// Sends each request as the owner, expects its status as a problem, and nothing changed.
pub async fn refused(app: &TestApp, asks: Vec<(Ask, u16)>) -> Vec<Answer> {
    let before = app.table().await;
    let mut answers = Vec::new();
    for (ask, status) in asks {
        let what = format!("{} {:.200}", ask.method, ask.path);
        let answer = app.send(ask.by(OWNER)).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        assert_eq!(answer.json()["status"], status);
        answers.push(answer);
    }
    assert_eq!(app.table().await, before);
    answers
}

/// Every staff route that takes a body, with a customer who exists.
fn with_bodies(app: &TestApp, customer: &str) -> Vec<Ask> {
    let routes = app.stack.gateway().routes().iter();
    let writing =
        routes.filter(|route| route.for_staff && matches!(route.method, Method::POST | Method::PATCH | Method::PUT));
    let ask = |route: &local::gateway::Route| {
        let fill = |path: String, name: &str| path.replace(name, customer);
        let path = route.path.replace("forms/{id}", "forms/contact").replace("{tag}", "vip");
        let path = path.replace("{kind}", "birthday").replace("{language}", "fr");
        let path = ["{id}", "{note}", "{link}", "{message}"].into_iter().fold(path, fill);
        Ask::new(route.method.clone(), path).header("if-match", "*")
    };
    writing.map(ask).collect()
}

#[tokio::test]
async fn a_body_of_the_wrong_form_is_refused_on_every_route() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let deep = format!("{{\"name\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    let large = format!("{{\"name\":\"{}\"}}", "a".repeat(257 * 1024));
    let json_type = "application/json";
    let bodies: [(&str, &[u8], u16); 12] = [
        (json_type, b"", 400),
        (json_type, b"{", 400),
        (json_type, b"{\"name\":\"\\ud800\"}", 400),
        (json_type, b"{\"name\":\"\xff\"}", 400),
        (json_type, b"{} {}", 400),
        (json_type, deep.as_bytes(), 400),
        (json_type, b"[]", 422),
        (json_type, b"null", 422),
        (json_type, large.as_bytes(), 413),
        ("application/x-www-form-urlencoded", b"name=a", 415),
        ("text/json", b"{}", 415),
        ("", b"{}", 415),
    ];
    for (content_type, body, status) in bodies {
        let asks = with_bodies(&app, &customer).into_iter();
        refused(&app, asks.map(|ask| (ask.body(content_type, body.to_vec()), status)).collect()).await;
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let app = TestApp::start().await;
    let create = json!({
        "name": 1, "email": [], "company": {}, "country": "XX", "phone": "12", "language": "französisch",
        "currency": "EURO", "discount_bp": 10_001, "birthday": "--02-30", "status": "gone", "temperature": true,
        "pk": "main#C#1", "shop": "other", "version": 9, "role": "owner", "figures": { "orders": 9 }, "a/b~c": 1,
    });
    let answers = refused(&app, vec![(Ask::post("/v1/customers").json(&create), 422)]).await;
    let expected = [
        "/a~1b~0c",
        "/birthday",
        "/company",
        "/country",
        "/currency",
        "/discount_bp",
        "/email",
        "/figures",
        "/language",
        "/name",
        "/phone",
        "/pk",
        "/role",
        "/shop",
        "/status",
        "/temperature",
        "/version",
    ];
    assert_eq!(answers[0].pointers(), expected);
    let french = Ask::post("/v1/customers").header("accept-language", "fr").json(&json!({ "name": "A" }));
    let answer = refused(&app, vec![(french, 422)]).await.remove(0).json();
    assert_eq!(answer["type"], "urn:clientele:problem:invalid");
    assert_eq!(answer["errors"][0]["pointer"], "/email");
    assert_eq!(answer["errors"][0]["code"], "empty");
    assert_ne!(answer["errors"][0]["detail"], answers[0].json()["errors"][0]["detail"]);
}

#[tokio::test]
async fn other_records_name_their_wrong_fields_too() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let path = format!("/v1/customers/{customer}");
    let cases: [(Ask, Value, &[&str]); 7] = [
        (Ask::post("/v1/products"), json!({ "name": "Miel", "prices": { "EUR": "19.99" } }), &["/name", "/prices"]),
        (
            Ask::post("/v1/products"),
            json!({ "name": {}, "prices": { "EUR": -1 }, "sk": 1 }),
            &["/name", "/prices", "/sk"],
        ),
        (Ask::post("/v1/products"), json!({ "name": { "fr": "M" }, "prices": { "EUR": 1.5 } }), &["/prices"]),
        (
            Ask::post("/v1/exports"),
            json!({ "what": "everything", "format": 1, "shop": "other" }),
            &["/format", "/purpose", "/shop", "/what"],
        ),
        (Ask::post(format!("{path}/notes")), json!({ "priority": "urgent", "pk": 1 }), &["/pk", "/priority", "/text"]),
        (Ask::post(format!("{path}/order-links")), json!({ "token": "mine" }), &["/token"]),
        (
            Ask::patch(&path).header("if-match", "\"1\""),
            json!({ "name": null, "email": "zoe", "version": 7, "id": "x", "consents": {} }),
            &["/consents", "/email", "/id", "/name", "/version"],
        ),
    ];
    let before = app.table().await;
    for (ask, body, pointers) in cases {
        let answer = app.send(ask.json(&body).by(OWNER)).await.expect(422);
        assert_eq!(answer.pointers(), pointers, "{body}");
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn control_characters_and_endless_text_are_refused() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let marks = format!("e{}", "\u{301}".repeat(10_001));
    let note = |text: &str| Ask::post(format!("/v1/customers/{customer}/notes")).json(&json!({ "text": text }));
    let create = |name: &str| Ask::post("/v1/customers").json(&json!({ "name": name, "email": "ana@example.com" }));
    let product =
        |name: &str| Ask::post("/v1/products").json(&json!({ "name": { "fr": name }, "prices": { "EUR": 1 } }));
    let address = |email: &str| Ask::post("/v1/customers").json(&json!({ "name": "Ana", "email": email }));
    let mut asks = Vec::new();
    for bad in ["a\0b", "a\u{7}b", " ", "", &marks, &"a".repeat(10_001)] {
        asks.extend([(note(bad), 422), (create(bad), 422), (product(bad), 422), (address(bad), 422)]);
    }
    asks.extend(
        ["a\0@example.com", "a b@example.com", "@", "a@", "a@@b.fr", "a@b\r\nbcc:c@d.fr"]
            .map(|bad| (address(bad), 422)),
    );
    refused(&app, asks).await;
}

#[tokio::test]
async fn ten_thousand_combining_marks_are_a_note_like_any_other() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let marks = "\u{323}".repeat(10_000);
    let note = app.create_note(OWNER, &customer, &json!({ "text": marks })).await.expect(201);
    assert_eq!(note.json()["text"], marks);
    let listed = app.send(Ask::get(format!("/v1/customers/{customer}/notes")).by(OWNER)).await.expect(200);
    assert_eq!(listed.json()["items"][0]["text"], marks);
}

#[tokio::test]
async fn as_many_words_as_fit_are_taken_and_changed() {
    let app = TestApp::start().await;
    let words = |first: char, n: u8| -> String {
        (0..n).map(|i| format!("{first}{}", char::from(b'a' + i % 26)) + if i < 26 { "" } else { "x" } + " ").collect()
    };
    let body = |first: char| {
        let address = words(first, 20).trim().replace(' ', ".");
        json!({ "name": words(first, 50).trim(), "company": words(first.to_ascii_uppercase(), 50).trim(),
            "email": format!("{address}@example.com"), "phone": "+33612345678" })
    };
    let created = app.create_customer(OWNER, &body('a')).await.expect(201);
    let changed = app.change_customer(OWNER, &created.id(), created.header("etag"), &body('b')).await.expect(200);
    assert_eq!(changed.json()["id"], created.id());
    let found = app.list_customers(OWNER, "q=bb").await.expect(200).json();
    assert_eq!(found["items"][0]["id"], created.id());
    assert_eq!(app.list_customers(OWNER, "q=ab").await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn versions_and_keys_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let customer = app.customer(OWNER, "Zoé Dupont").await;
    let change = || Ask::patch(format!("/v1/customers/{customer}")).json(&json!({ "temperature": "hot" }));
    let mut asks = vec![(change(), 428)];
    asks.extend(
        ["\"0\"", "\"2\"", "1", "\"x\"", "W/\"1\"", "\"-1\""].map(|tag| (change().header("if-match", tag), 412)),
    );
    let product = json!({ "name": { "fr": "Miel" }, "prices": { "EUR": 1 } });
    let with_key = |key: &str| Ask::post("/v1/products").header("idempotency-key", key).json(&product);
    asks.extend([(with_key(""), 400), (with_key(&"k".repeat(1000)), 400)]);
    let taken = json!({ "name": "Ana", "email": "ZOE.Dupont@EXAMPLE.com." });
    asks.push((Ask::post("/v1/customers").json(&taken), 409));
    refused(&app, asks).await;
}
