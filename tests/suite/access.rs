//! Who may do what: every route called as nobody, in every role, and from another shop.

use std::collections::BTreeMap;

use http::Method;
use insta::assert_snapshot;
use serde_json::json;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, MANAGER, Member, OWNER, SELLER, STRANGER, VIEWER};

const NOBODY: &str = "01JDGZZZZZZZZZZZZZZZZZZZZZ";

/// The ids that paths are filled with.
struct Ids(BTreeMap<&'static str, String>);

impl Ids {
    /// Of records that the shop `main` has.
    async fn of_records(app: &TestApp) -> Self {
        app.submit_contact().await.expect(303);
        let customer = text(&app.items("customer").await[0], "id");
        let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &customer).await);
        let placed = app.place_order(&path, &[(&format!("q-{product}"), "1")]).await.expect(303);
        let export = app.request_export(OWNER).await.expect(202).id();
        let note = app.create_note(OWNER, &customer, &json!({ "text": "Rappeler" })).await.expect(201).id();
        let group = app.create_group(OWNER, &json!({ "name": "Pro", "rate_bp": -1000 })).await.expect(201).id();
        app.settle_consent_texts().await;
        let form = app.create_form(OWNER, &json!({ "name": "Salon" })).await.expect(201).id();
        let submission = app.submit_junk("contact", "junk@example.com").await;
        let forgotten = app.customer(OWNER, "Ana Lima").await;
        let job = app.erase(OWNER, &forgotten, "Ana Lima").await.expect(202).id();
        app.drain().await;
        let order = placed.header("location").strip_prefix("?order=").unwrap().to_owned();
        let welcome = app.mails()[0].tags["message"].clone();
        let (link, preferences) = (path[3..].to_owned(), app.preferences_token(&customer).await);
        let other = app.create_product(OWNER, &json!({ "name": { "fr": "Cire" }, "prices": { "EUR": 500 } })).await;
        let other = other.expect(201).id();
        let link_id = app.create_order_link(OWNER, &customer).await.expect(201).id();
        let ids = [
            ("customers", customer),
            ("notes", note),
            ("groups", group),
            ("forms", form),
            ("submissions", submission),
            ("orders", order),
            ("exports", export),
            ("jobs", job),
            ("messages", welcome),
            ("o", link),
            ("p", preferences),
            ("order-links", link_id),
            ("products", other),
            ("images", app.product_with_image().await),
        ];
        Self(ids.into())
    }

    /// Of nothing at all.
    fn of_nothing() -> Self {
        let kinds = [
            "customers",
            "notes",
            "groups",
            "forms",
            "submissions",
            "orders",
            "order-links",
            "products",
            "exports",
            "jobs",
            "messages",
        ];
        Self(kinds.map(|what| (what, if what == "forms" { "nobody" } else { NOBODY }.to_owned())).into())
    }

    /// `path` with its parameter, which the segment before it says the kind of.
    fn fill(&self, path: &str) -> String {
        let mut before = "";
        let filled = path.split('/').map(|segment| {
            let value = match segment {
                "{form}" => "contact",
                "{tag}" => "vip",
                "{kind}" => "birthday",
                "{language}" => "fr",
                "{token}" | "{id}" | "{note}" | "{link}" | "{image}" | "{message}" => {
                    self.0.get(before).map_or("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", String::as_str)
                }
                literal => literal,
            };
            before = segment;
            value
        });
        filled.collect::<Vec<_>>().join("/")
    }
}

/// A request of the route with a body that it takes, so that only who asks decides.
fn ask(key: &str, ids: &Ids) -> Ask {
    let (method, path) = key.split_once(' ').unwrap();
    let ask = Ask::new(method.parse().unwrap(), ids.fill(path));
    let unique = ulid::Ulid::generate().to_string().to_lowercase();
    match key {
        "POST /v1/customers" => ask.json(&json!({ "name": "Ana", "email": format!("{unique}@example.com") })),
        "PATCH /v1/customers/{id}" => ask.header("if-match", "*").json(&json!({ "temperature": "warm" })),
        "POST /v1/customers/{id}/merge" => ask.json(&json!({ "other": "01JDGZZZZZZZZZZZZZZZZZZZZY" })),
        "POST /v1/jobs/{id}/undo" => ask.json(&json!({})),
        // Of no version there ever was, so that the customer is there for whoever comes next.
        "DELETE /v1/customers/{id}" => ask.header("if-match", "\"0\"").json(&json!({ "name": "Zoé Dupont" })),
        "POST /v1/customers/{id}/notes" => ask.json(&json!({ "text": "Rappeler" })),
        "PATCH /v1/customers/{id}/notes/{note}" => ask.header("if-match", "*").json(&json!({ "priority": "high" })),
        // Of no version there ever was, so that the note is there for whoever comes next.
        "DELETE /v1/customers/{id}/notes/{note}" => ask.header("if-match", "\"0\""),
        "PUT /v1/customers/{id}/tags/{tag}" => ask.json(&json!({})),
        "PUT /v1/customers/{id}/group" => ask.json(&json!({ "group": ids.0["groups"] })),
        "PUT /v1/customers/{id}/block" => ask.json(&json!({ "reason": "Impayés" })),
        "DELETE /v1/groups/{id}" => ask.header("if-match", "\"0\"").json(&json!({ "name": "Pro" })),
        "POST /v1/groups" => ask.json(&json!({ "name": unique })),
        "PATCH /v1/groups/{id}" => ask.header("if-match", "*").json(&json!({ "rate_bp": 0 })),
        "POST /v1/forms" => ask.json(&json!({ "name": unique })),
        "PATCH /v1/forms/{id}" => ask.header("if-match", "*").json(&json!({ "welcome": false })),
        // Of no version there ever was, so that the form is there for whoever comes next.
        "DELETE /v1/forms/{id}" => ask.header("if-match", "\"0\""),
        "GET /v1/submissions" => Ask { path: format!("{}?form=contact", ask.path), ..ask },
        // Of nothing, so that the submission is there for whoever comes next.
        "DELETE /v1/submissions/{id}" => Ask { path: format!("/v1/submissions/{NOBODY}"), ..ask },
        "POST /v1/submissions/{id}/restore" => ask.json(&json!({})),
        "POST /v1/customers/{id}/consent-links" => ask.json(&json!({})),
        "PUT /v1/settings" => ask.json(&json!({ "name": "Ruche", "sender": "a@ruche.example", "zone": "Europe/Paris",
            "currency": "EUR", "country": "FR", "languages": ["fr"] })),
        "PATCH /v1/settings" => ask.header("if-match", "*").json(&json!({ "birthday_offer": "−10 %" })),
        "PATCH /v1/products/{id}" => ask.header("if-match", "*").json(&json!({ "category": "Cires" })),
        // Of no version there ever was, so that the product is there for whoever comes next.
        "DELETE /v1/products/{id}" => ask.header("if-match", "\"0\""),
        "POST /v1/products/{id}/image-uploads" => ask.json(&json!({ "content_type": "image/png", "size": 1 })),
        // Of no version there ever was: nothing has been sent.
        "PUT /v1/products/{id}/image" => ask.header("if-match", "\"0\"").json(&json!({ "upload": "a".repeat(26) })),
        "DELETE /v1/products/{id}/image" => ask.header("if-match", "*"),
        "POST /v1/products" => ask.json(&json!({ "name": { "fr": "Cire" }, "prices": { "EUR": 500 } })),
        "POST /v1/customers/{id}/order-links"
        | "POST /v1/customers/{id}/order-links/{link}/send"
        | "POST /v1/customers/{id}/order-links/{link}/rotate"
        | "POST /v1/customers/{id}/messages/{message}/resend"
        | "POST /v1/exports/{id}/cancel" => ask.json(&json!({})),
        "POST /v1/orders" => ask.json(&json!({
            "customer": { "name": "Ana", "email": format!("{unique}@example.com") }, "channel": "store",
            "lines": [{ "name": "Bougie", "quantity": 1, "unit_price_minor": 950 }],
        })),
        "PUT /v1/orders/{id}/state" => ask.json(&json!({ "state": "confirmed" })),
        "POST /v1/orders/{id}/refunds" => ask.json(&json!({ "amount_minor": 1 })),
        "POST /v1/customers/{id}/interactions" => ask.json(&json!({ "kind": "call" })),
        "POST /v1/customers/{id}/consents" => ask.json(&json!({ "purpose": "geolocation", "state": "withdrawn" })),
        "PUT /v1/automations/templates/{kind}/{language}" => {
            ask.header("if-match", "*").json(&json!({ "closing": "À bientôt" }))
        }
        "DELETE /v1/automations/templates/{kind}/{language}" => ask.header("if-match", "*"),
        "POST /v1/automations/templates/{kind}/{language}/preview" => ask.json(&json!({})),
        "POST /v1/exports" => ask.json(&json!({ "what": "customers", "format": "csv", "purpose": "Bilan" })),
        "POST /f/{form}" => ask.form(&[("email", "ana@example.com")]),
        "POST /p/{token}/consents" => ask.form(&[("purpose", "geolocation"), ("state", "withdrawn")]),
        "POST /p/{token}/language" => ask.form(&[("language", "fr")]),
        // Too long, so that the customer is there for whoever comes next.
        "POST /p/{token}/deletion" => ask.form(&[("comment", &"x".repeat(2001))]),
        "POST /o/{token}" => ask.form(&[("go", "order"), ("draft", NOBODY)]),
        _ => {
            assert!(
                ask.method != Method::PATCH
                    && ask.method != Method::PUT
                    && !(ask.method == Method::POST && key.contains("/v1/")),
                "{key}"
            );
            ask
        }
    }
}

fn staff_routes(app: &TestApp) -> Vec<String> {
    app.stack.gateway().routes().iter().filter(|route| route.for_staff).map(|route| route.key()).collect()
}

#[tokio::test]
async fn every_route_lets_in_whom_it_says() {
    let app = TestApp::start().await;
    let ids = Ids::of_records(&app).await;
    let mut rows: Vec<String> = Vec::new();
    for route in app.stack.gateway().routes() {
        let mut row = format!("{:<55} ", route.key());
        for member in [None, Some(OWNER), Some(MANAGER), Some(SELLER), Some(VIEWER)] {
            let ask = Ask { member, ..ask(&route.key(), &ids) };
            let status = app.send(ask).await.status;
            let class = if status < 400 { format!("{}xx", status / 100) } else { status.to_string() };
            row.push_str(&format!("{class:<9}"));
        }
        rows.push(row.trim_end().to_owned());
        // The buttons behind one token may be pressed ten times a minute; staff may have three mails a day
        // sent to one address.
        let mails = route.key().ends_with("send");
        app.pass(jiff::SignedDuration::from_mins(if mails { 24 * 60 } else { 1 })).await;
    }
    rows.sort();
    let heading = format!("{:<44}none     owner    manager  seller   viewer", "");
    assert_snapshot!(format!("{heading}\n{}", rows.join("\n")));
}

/// An answer without what names the one request.
fn without_request_id(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let header =
        |(name, value): (&http::HeaderName, &http::HeaderValue)| (name.to_string(), value.to_str().unwrap().to_owned());
    let mut headers: BTreeMap<String, String> = answer.headers.iter().map(header).collect();
    headers.remove("apigw-requestid");
    (answer.status, headers, answer.text())
}

#[tokio::test]
async fn what_belongs_to_another_shop_answers_as_what_does_not_exist() {
    let app = TestApp::start().await;
    let (ids, nothing) = (Ids::of_records(&app).await, Ids::of_nothing());
    let routes = staff_routes(&app);
    let of_records: Vec<&String> = routes.iter().filter(|key| key.contains("{id}")).collect();
    assert!(of_records.len() >= 8);
    let before = app.table().await;
    for key in of_records {
        let theirs = app.send(ask(key, &ids).by(STRANGER)).await.expect(404);
        let nobodys = app.send(ask(key, &nothing).by(STRANGER)).await.expect(404);
        assert_eq!(without_request_id(&theirs), without_request_id(&nobodys), "{key}");
        app.send(ask(key, &nothing).by(OWNER)).await.expect(404);
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn lists_show_nothing_of_another_shop() {
    let app = TestApp::start().await;
    Ids::of_records(&app).await;
    for path in [
        "/v1/customers",
        "/v1/customers?q=zoe",
        "/v1/customers?sort=first_contact",
        "/v1/orders",
        "/v1/orders?day=2026-11-22",
        "/v1/products",
        "/v1/groups",
    ] {
        let owner = app.send(Ask::get(path).by(OWNER)).await.expect(200).json();
        assert!(!owner["items"].as_array().unwrap().is_empty(), "{path}");
        let stranger = app.send(Ask::get(path).by(STRANGER)).await.expect(200).json();
        assert_eq!(stranger, json!({ "items": [], "next": null }), "{path}");
    }
}

#[tokio::test]
async fn a_viewer_sees_contact_data_masked_and_finds_nobody_by_it() {
    let app = TestApp::start().await;
    let ids = Ids::of_records(&app).await;
    for path in ["/v1/customers".to_owned(), "/v1/customers?q=dupont".to_owned(), ids.fill("/v1/customers/{id}")] {
        let seen = app.send(Ask::get(&path).by(VIEWER)).await.expect(200).text();
        assert!(seen.contains("Dupont"), "{path}");
        for secret in ["zoe@example.com", "06 12 34 56 78", "+33612345678", "Rappeler"] {
            assert!(!seen.contains(secret), "{path} shows {secret}");
        }
    }
    for word in ["example.com", "0612", "rappeler", "dupont+0612", "dupont+example", "dupont+rappeler"] {
        let seen = app.list_customers(VIEWER, &format!("q={word}")).await.expect(200).json();
        assert_eq!(seen["items"], json!([]), "{word}");
    }
}

#[tokio::test]
async fn a_token_without_a_known_role_or_shop_is_refused() {
    let app = TestApp::start().await;
    let nobody = Member { role: "health", shop: "main" };
    for key in staff_routes(&app) {
        app.send(ask(&key, &Ids::of_nothing()).by(nobody)).await.expect(403);
        let forged = ask(&key, &Ids::of_nothing()).header("authorization", "Bearer e30.e30.e30");
        assert_eq!(app.send(forged).await.expect(401).header("www-authenticate"), "Bearer");
    }
    let nowhere = Member { role: "owner", shop: "nowhere" };
    assert_eq!(app.create_customer(nowhere, &json!({ "name": "A", "email": "a@example.com" })).await.status, 404);
}

/// Whether `answer` tells of something made; then it is where the answer says.
async fn leads_somewhere(app: &TestApp, key: &str, answer: Answer) -> bool {
    let made = [201, 202].contains(&answer.status);
    if made {
        let place = answer.header("location");
        assert_eq!(app.send(Ask::get(place).by(OWNER)).await.status, 200, "{key}: {place}");
    }
    made
}

#[tokio::test]
async fn what_was_made_is_where_the_answer_says() {
    let app = TestApp::start().await;
    let ids = Ids::of_records(&app).await;
    let mut made = Vec::new();
    for key in staff_routes(&app) {
        let answer = app.send(ask(&key, &ids).by(OWNER)).await;
        if leads_somewhere(&app, &key, answer).await {
            made.push(key);
        }
    }
    let expected = [
        "POST /v1/customers",
        "POST /v1/customers/{id}/consent-links",
        "POST /v1/customers/{id}/consents",
        "POST /v1/customers/{id}/interactions",
        "POST /v1/customers/{id}/messages/{message}/resend",
        "POST /v1/customers/{id}/notes",
        "POST /v1/customers/{id}/order-links",
        "POST /v1/customers/{id}/order-links/{link}/rotate",
        "POST /v1/customers/{id}/order-links/{link}/send",
        "POST /v1/exports",
        "POST /v1/forms",
        "POST /v1/groups",
        "POST /v1/orders",
        "POST /v1/orders/{id}/refunds",
        "POST /v1/products",
        "POST /v1/products/{id}/image-uploads",
    ];
    made.sort();
    assert_eq!(made, expected);
    // Jobs, of what the others needed.
    let bruno = app.customer(OWNER, "Bruno").await;
    let merge = app.merge(OWNER, &bruno, &ids.0["customers"]).await;
    let undo = app.undo(OWNER, &merge.id()).await;
    let erasure = app.erase(OWNER, &bruno, "Bruno").await;
    let deletion = app.delete_group(OWNER, &ids.0["groups"], "Pro").await;
    for (key, answer) in [("merge", merge), ("undo", undo), ("erasure", erasure), ("deletion", deletion)] {
        assert!(leads_somewhere(&app, key, answer).await, "{key}");
    }
    let settings = Ask { member: Some(Member { shop: "new", ..OWNER }), ..ask("PUT /v1/settings", &ids) };
    let settings = app.send(settings).await.expect(201);
    assert_eq!(settings.header("location"), "/v1/settings");
}
