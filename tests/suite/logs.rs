//! What a log says, and never says: a line per request with its shop, route and outcome, figures that
//! CloudWatch takes in, and nothing that anybody typed, whether it was taken or refused.

use std::collections::BTreeSet;

use http::Method;
use local::faults::{Fault, Operation};
use serde_json::{Value, json};

use crate::app::{TestApp, text};
use crate::ask::{Ask, MANAGER, OWNER, VIEWER};
use crate::log::{Log, NAMESPACE};

/// Words that stand nowhere else, handed out one by one.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    /// One more, in lower case, since addresses may be folded.
    fn one(&mut self) -> String {
        self.keep(format!("kanari{:03}x", self.0.len()))
    }

    /// Something that somebody else made up, and that is secret all the same.
    fn keep(&mut self, secret: impl Into<String>) -> String {
        self.0.push(secret.into());
        self.0[self.0.len() - 1].clone()
    }

    /// A telephone number that nobody else has.
    fn phone(&mut self) -> String {
        let digits = format!("6123{:05}", 40_000 + self.0.len());
        format!("+33{}", self.keep(digits))
    }

    fn address(&mut self) -> Value {
        json!({ "street": self.one(), "extra": self.one(), "postcode": "29200", "city": self.one(), "country": "FR" })
    }

    fn contact(&mut self) -> Vec<(&'static str, String)> {
        let email = format!("{}@{}.example", self.one(), self.one());
        let named = [("name", self.one()), ("message", self.one()), ("favourite", self.one()), ("email", email)];
        [named.to_vec(), vec![("phone", self.phone()), ("marketing_email", "on".to_owned())]].concat()
    }

    fn customer(&mut self) -> Value {
        json!({
            "given_name": self.one(), "family_name": self.one(), "company": self.one(), "phone": self.phone(),
            "email": format!("{}@{}.example", self.one(), self.one()), "contact_person": self.one(),
            "delivery_address": self.address(), "billing_address": self.address(),
        })
    }
}

/// What is taken: by forms, from staff, through links.
async fn taken(app: &TestApp, canaries: &mut Canaries) {
    for _ in 0..6 {
        let fields = canaries.contact();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.submit_form("contact", &fields).await.expect(303);
    }
    let product = app.honey(OWNER).await;
    for _ in 0..6 {
        let id = app.create_customer(OWNER, &canaries.customer()).await.expect(201).id();
        app.create_note(OWNER, &id, &json!({ "text": canaries.one() })).await.expect(201);
        let visit = json!({ "kind": "visit", "at": "2026-11-21T16:30:00+01:00", "text": canaries.one() });
        app.record_interaction(OWNER, &id, &visit).await.expect(201);
        let path = canaries.keep(app.order_path(OWNER, &id).await);
        app.place_order(&path, &[(&format!("q-{product}"), "1"), ("note", &canaries.one())]).await.expect(303);
        canaries.keep(app.preferences_token(&id).await);
        app.post_preferences(&id, "/language", &[("language", "en")]).await;
        app.post_preferences(&id, "/unsubscribe", &[]).await.expect(200);
        app.list_customers(MANAGER, &format!("q={}", canaries.one())).await.expect(200);
        app.block(OWNER, &id, &canaries.one()).await;
    }
    let export = json!({ "what": "customers", "format": "csv", "purpose": canaries.one() });
    app.export(OWNER, &export).await;
    app.create_group(OWNER, &json!({ "name": canaries.one(), "rate_bp": -500 })).await.expect(201);
}

/// What is refused, by the gateway's function, the fields, or the store.
async fn refused(app: &TestApp, canaries: &mut Canaries) {
    let customer = text(&app.items("customer").await[0], "id");
    let mut statuses = BTreeSet::new();
    for path in ["/v1/customers", "/v1/products", "/v1/orders", "/v1/forms", "/v1/groups", "/v1/exports"] {
        let word = canaries.one();
        let post = || Ask::post(path).by(OWNER);
        for ask in [
            post().body("application/json", format!("{{\"{word}\": \"{}", canaries.one())),
            post().json(&json!({ word.clone(): canaries.one() })),
            post().body(&format!("text/{word}"), canaries.one()),
            post().header("idempotency-key", canaries.one()).json(&json!({ "name": 7, "email": canaries.one() })),
            Ask::get(format!("{path}/{}", canaries.one())).by(OWNER),
            Ask::get(format!("{path}?{}={}", canaries.one(), canaries.one())).by(OWNER),
            Ask::get(format!("{path}?cursor={}", canaries.one())).by(VIEWER),
            Ask::get(path).header("authorization", format!("Bearer {}", canaries.one())),
        ] {
            statuses.insert(app.send(ask).await.status);
        }
    }
    for ask in [
        Ask::get(format!("/o/{}", canaries.one())),
        Ask::get(format!("/p/{}", canaries.one())),
        Ask::get(format!("/f/{}/thanks", canaries.one())),
        Ask::post(format!("/f/{}", canaries.one())).form(&[("email", &canaries.one())]),
        Ask::new(Method::PUT, format!("/{}", canaries.one())),
        Ask::patch(format!("/v1/customers/{customer}")).by(OWNER).header("if-match", canaries.one()),
    ] {
        statuses.insert(app.send(ask).await.status);
    }
    for fault in [Fault::Throttled, Fault::Refused, Fault::Unreachable] {
        app.stack.faults().next_call(fault, Operation::TransactWrite);
        let create = Ask::post("/v1/customers").by(OWNER).once().json(&canaries.customer());
        statuses.insert(app.send_once(&create).await.status);
    }
    assert!(statuses.is_superset(&[400, 401, 404, 415, 422, 503].into()), "{statuses:?}");
}

#[tokio::test]
async fn no_line_holds_what_anybody_typed() {
    let (app, log, mut canaries) = (TestApp::calm().await, Log::default(), Canaries::default());
    app.open_wide("contact").await;
    let guard = log.keep();
    taken(&app, &mut canaries).await;
    refused(&app, &mut canaries).await;
    app.drain().await;
    drop(guard);
    assert!(canaries.0.len() > 200, "{}", canaries.0.len());
    assert!(app.mails().len() >= 12);
    let said = log.text().to_lowercase();
    let found: Vec<&String> = canaries.0.iter().filter(|canary| said.contains(canary.as_str())).collect();
    assert!(found.is_empty(), "{found:?} in {said}");
}

#[tokio::test]
async fn a_request_is_told_with_its_shop_route_and_outcome() {
    let (app, log) = (TestApp::still().await, Log::default());
    let guard = log.keep();
    let id = app.create_customer(OWNER, &json!({ "name": "Zoé", "email": "zoe@example.com" })).await.expect(201).id();
    app.submit_contact().await.expect(303);
    app.create_customer(OWNER, &json!({ "name": "Zoé", "email": "zoe@example.com" })).await.expect(409);
    app.get_customer(OWNER, &id).await.expect(200);
    app.send(Ask::get("/v1/nothing").by(OWNER)).await.expect(404);
    drop(guard);
    let requests = log.lines().into_iter().filter(|line| line["fields"]["message"] == "request");
    let told: Vec<Value> = requests
        .map(|line| {
            assert!(!line["span"]["request_id"].as_str().unwrap().is_empty());
            json!([line["span"]["method"], line["span"]["route"], line["span"]["shop"], line["fields"]["status"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["POST", "/v1/customers", "main", 201]),
            json!(["POST", "/f/{form}", "main", 303]),
            json!(["POST", "/v1/customers", "main", 409]),
            json!(["GET", "/v1/customers/{id}", "main", 200]),
        ]
    );
}

/// The figures of a line, as CloudWatch reads them: name, unit, value, dimension.
fn figures(line: &Value) -> Vec<(String, String, f64, Option<String>)> {
    let directives = line["_aws"]["CloudWatchMetrics"].as_array().unwrap();
    assert!(line["_aws"]["Timestamp"].as_u64().unwrap() > 1_700_000_000_000);
    let figure = |directive: &Value| {
        assert_eq!(directive["Namespace"], NAMESPACE);
        let (metric, dimensions) = (&directive["Metrics"][0], directive["Dimensions"][0].as_array().unwrap());
        let name = metric["Name"].as_str().unwrap().to_owned();
        let dimension = dimensions.first().map(|of| line[of.as_str().unwrap()].as_str().unwrap().to_owned());
        (name.clone(), metric["Unit"].as_str().unwrap().to_owned(), line[&name].as_f64().unwrap(), dimension)
    };
    directives.iter().map(figure).collect()
}

#[tokio::test]
async fn requests_messages_and_exported_rows_are_counted() {
    let (app, log) = (TestApp::calm().await, Log::default());
    let guard = log.keep();
    app.submit_contact().await.expect(303);
    app.create_customer(OWNER, &json!({ "name": "Zoé", "email": "zoe@example.com" })).await.expect(409);
    app.export(OWNER, &json!({ "what": "customers", "format": "csv", "purpose": "Bilan" })).await;
    drop(guard);
    let lines = log.lines().into_iter().filter(|line| line.get("_aws").is_some());
    let counted: Vec<_> = lines.flat_map(|line| figures(&line)).collect();
    let sum = |name: &str, dimension: Option<&str>| -> f64 {
        let own = counted.iter().filter(|(own, _, _, of)| own == name && of.as_deref() == dimension);
        own.map(|(_, _, value, _)| value).sum()
    };
    assert_eq!([sum("Requests", None), sum("Conflicts", None), sum("ExportRows", None)], [4.0, 1.0, 1.0]);
    assert_eq!(sum("Messages", Some("sent")), app.mails().len() as f64);
    let latencies = counted.iter().filter(|(name, ..)| name == "Latency");
    assert!(latencies.clone().count() == 4 && latencies.clone().all(|(_, unit, ..)| unit == "Milliseconds"));
    assert!(latencies.clone().all(|(_, _, value, _)| (0.0..60_000.0).contains(value)));
}
