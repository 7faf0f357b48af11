//! Golden events: what each trigger sends in the cloud, one file a case. Ids and secrets that
//! differ from run to run stand in them as `{{customer}}`, within encoded bodies too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use insta::assert_snapshot;
use serde_json::Value;
use shared::domain::{Asking, ConsentPurpose};

use crate::app::{Item, TestApp, text};
use crate::ask::{Answer, OWNER};
use crate::pictures::png;

/// What the placeholders stand for.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<&'static str, String>);

impl Values {
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name, value.into());
    }

    fn fill(&self, text: &str) -> String {
        let fill = |text: String, (name, value): (&&str, &String)| text.replace(&format!("{{{{{name}}}}}"), value);
        self.0.iter().fold(text.to_owned(), fill)
    }
}

/// An event, and the function that gets it.
pub struct Golden {
    pub function: String,
    pub event: Value,
}

impl Golden {
    /// The event of `events/<name>.json`.
    #[track_caller]
    pub fn read(name: &str, values: &Values) -> Self {
        let file = std::fs::read_to_string(root().join("events").join(format!("{name}.json"))).expect(name);
        let mut event: Value = serde_json::from_str(&values.fill(&file)).expect(name);
        if event["isBase64Encoded"] == true {
            let body = BASE64.decode(event["body"].as_str().unwrap().as_bytes()).expect(name);
            event["body"] = BASE64.encode(values.fill(std::str::from_utf8(&body).unwrap()).as_bytes()).into();
        }
        assert!(!event.to_string().contains("{{"), "{name} has a placeholder that has no value");
        let folder = name.split('/').next().unwrap();
        // The workers are functions of their own, built from the same crates.
        let worker = ["exports", "automations"].contains(&folder) && event.get("routeKey").is_none();
        Self { function: if worker { format!("{folder}-worker") } else { folder.to_owned() }, event }
    }
}

impl TestApp {
    /// The answer to a golden HTTP event.
    pub async fn golden(&self, name: &str, values: &Values) -> Answer {
        let golden = Golden::read(name, values);
        Answer::of_function(&self.call(&golden.function, &golden.event).await)
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn folders(of: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(of)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Every event, as `<function>/<case>`.
fn names() -> Vec<String> {
    let files = |function: String| {
        let cases = folders(&format!("events/{function}")).into_iter();
        cases.map(move |file| format!("{function}/{}", file.strip_suffix(".json").expect("events are JSON")))
    };
    folders("events").into_iter().flat_map(files).collect()
}

/// A shop with something of everything that the events name.
async fn furnished(app: &TestApp) -> Values {
    app.submit_contact().await.expect(303);
    app.drain().await;
    let mut values = Values::default();
    let mail = app.mails().pop().expect("a welcome");
    let customer = mail.tags["customer"].clone();
    values.set("message", mail.tags["message"].clone());
    let (product, path) = (app.honey(OWNER).await, app.order_path(OWNER, &customer).await);
    let placed = app.place_order(&path, &[(&format!("q-{product}"), "2")]).await.expect(303);
    values.set("order", placed.header("location").strip_prefix("?order=").unwrap());
    let page = app.review(&path, &[(&format!("q-{product}"), "1")]).await;
    values.set("draft", page.draft);
    values.set("stamp", page.stamp);
    values.set("order_token", path.strip_prefix("/o/").unwrap());
    values.set("preferences_token", app.preferences_token(&customer).await);
    for (name, text) in [("note", "Rappeler"), ("other_note", "Fermé le lundi")] {
        values
            .set(name, app.create_note(OWNER, &customer, &serde_json::json!({ "text": text })).await.expect(201).id());
    }
    values.set("group", app.create_group(OWNER, &serde_json::json!({ "name": "Pro" })).await.expect(201).id());
    let forgotten = app.customer(OWNER, "Ana Lima").await;
    values.set("job", app.erase(OWNER, &forgotten, "Ana Lima").await.expect(202).id());
    let (merged, other) = (app.customer(OWNER, "Ana Dupont").await, app.customer(OWNER, "Ana Durand").await);
    values.set("merge_job", app.merge(OWNER, &merged, &other).await.expect(202).id());
    values.set("other", merged);
    values.set("link", app.create_order_link(OWNER, &customer).await.expect(201).id());
    values.set("other_link", app.create_order_link(OWNER, &customer).await.expect(201).id());
    let reachable = app.customer(OWNER, "Max Roche").await;
    values.set("sent_link", app.create_order_link(OWNER, &reachable).await.expect(201).id());
    values.set("reachable", reachable);
    values.set("leaving_token", app.preferences_token(&app.customer(OWNER, "Léa Roux").await).await);
    let asked = app.consent_path(&customer, ConsentPurpose::Geolocation, Asking::Preferences).await;
    values.set("consent_token", asked.split('/').nth(2).unwrap());
    values.set("other_product", app.honey(OWNER).await);
    values.set("upload", app.upload_image(&product, &png(640, 480)).await);
    values.set("image", app.product_with_image().await);
    values.set("product", product);
    values.set("customer", customer);
    app.settle_consent_texts().await;
    for name in ["form", "other_form"] {
        values.set(name, app.create_form(OWNER, &serde_json::json!({ "name": "Salon" })).await.expect(201).id());
    }
    for name in ["submission", "other_submission"] {
        values.set(name, app.submit_junk("contact", "ana@example.com").await);
    }
    values.set("export", app.request_export(OWNER).await.expect(202).id());
    values
}

async fn version_of_customer(app: &TestApp) -> String {
    app.items("customer").await[0]["version"].as_n().unwrap().clone()
}

#[tokio::test]
async fn every_event_is_answered_without_a_function_error() {
    let app = TestApp::start().await;
    let mut values = furnished(&app).await;
    let mut answers = String::new();
    for name in names() {
        values.set("version", version_of_customer(&app).await);
        let golden = Golden::read(&name, &values);
        let answer = app.call(&golden.function, &golden.event).await;
        let said = match answer.get("statusCode") {
            Some(status) => status.to_string(),
            None => answer.to_string(),
        };
        answers.push_str(&format!("{name}: {said}\n"));
    }
    assert_snapshot!(answers);
}

#[tokio::test]
async fn every_function_and_every_route_has_its_events() {
    assert_eq!(folders("events"), folders("functions"));
    let app = TestApp::calm().await;
    let declared: BTreeSet<String> = app.stack.gateway().routes().iter().map(|route| route.key()).collect();
    let values = furnished(&app).await;
    let mut values = values.clone();
    values.set("version", "1");
    let of_route = |name: &String| Golden::read(name, &values).event["routeKey"].as_str().map(str::to_owned);
    let shown: BTreeSet<String> = names().iter().filter_map(of_route).collect();
    assert_eq!(shown, declared);
}

#[tokio::test]
async fn records_of_the_stream_are_what_the_table_holds() {
    let app = TestApp::calm().await;
    let mut values = furnished(&app).await;
    app.submit_form("contact", &[("email", "new@example.com")]).await.expect(303);
    app.request_export(OWNER).await.expect(202);
    values.set("version", "1");
    for (name, kind) in [("mailer/stream", "message"), ("exports/stream", "export")] {
        let golden = Golden::read(name, &values);
        let image = golden.event["Records"][0]["dynamodb"]["NewImage"].as_object().unwrap();
        let shown: BTreeSet<&str> = image.keys().map(String::as_str).collect();
        let fresh = |item: &Item| text(item, "state") == "pending";
        let items = app.items(kind).await;
        let item = items.iter().find(|item| fresh(item)).expect("one that nobody has worked on");
        assert_eq!(shown, item.keys().map(String::as_str).collect());
    }
}
