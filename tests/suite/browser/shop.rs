//! A stack in memory as its people see it: the shop's addresses, and what staff do there over HTTP.

use local::stack::{Options, Stack};
use serde_json::{Value, json};

use super::Tab;
use super::website::Website;
use crate::pictures::put;

/// A running stack with a website, and what staff need to be let in.
pub struct Shop {
    pub stack: Stack,
    pub website: Website,
}

/// Staff at work: requests of a tab on the stack's own origin.
pub struct Desk {
    tab: Tab,
    token: String,
}

impl Shop {
    /// On a fresh stack, alive as it is for a person.
    pub async fn open() -> Self {
        let options = Options {
            in_background: true,
            start: Some("2026-11-22T10:00:00+01:00".parse().unwrap()),
            ..Options::in_memory()
        };
        let stack = Stack::start(options, local::functions::deploy).await.unwrap();
        let website = Website::start(format!("{}/f/contact", stack.base_url())).await;
        Self { stack, website }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.stack.base_url())
    }

    /// Everything a page of this shop may load from.
    pub fn origins(&self) -> [String; 2] {
        [self.stack.base_url().to_owned(), self.website.origin()]
    }

    /// Signs an owner in.
    pub async fn desk(&self, tab: Tab) -> Desk {
        tab.open(&self.at("/")).await;
        let mut desk = Desk { tab, token: String::new() };
        let token = desk.post("/local/token", &json!({ "role": "owner" })).await;
        desk.token = token["token"].as_str().unwrap().to_owned();
        desk
    }

    /// Asserts that `tab` asked nobody but this shop for anything, and met no complaint.
    pub fn assert_quiet(&self, tab: &Tab) {
        let origins = self.origins();
        tab.watch.assert_quiet(&origins.each_ref().map(String::as_str));
    }
}

impl Desk {
    pub async fn get(&self, path: &str) -> Value {
        self.ask("GET", path, &Value::Null, "").await.0
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, body, "").await.0
    }

    /// Changes what is there, naming the version it has now.
    pub async fn patch(&self, path: &str, body: &Value) -> Value {
        let (_, version) = self.ask("GET", path, &Value::Null, "").await;
        self.ask("PATCH", path, body, &version).await.0
    }

    /// Gives a product an image.
    pub async fn picture(&self, product: &Value, file: &[u8]) {
        let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
        let said = json!({ "content_type": "image/png", "size": file.len() });
        let announced = self.post(&format!("{path}/image-uploads"), &said).await;
        assert_eq!(put(&announced, &[], file).await, 200);
        let upload = json!({ "upload": announced["upload"] });
        self.ask("PUT", &format!("{path}/image"), &upload, "*").await;
    }

    /// What the browser saves of `address`, and under which name.
    pub async fn download(&self, address: &str) -> (String, String) {
        self.tab.download(address).await
    }

    /// The one customer whose record `q` finds.
    pub async fn customer(&self, q: &str) -> Value {
        let found = self.get(&format!("/v1/customers?q={q}")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
        let id = found["items"][0]["id"].as_str().unwrap();
        self.get(&format!("/v1/customers/{id}")).await
    }

    /// The address of a new magic link for a customer.
    pub async fn order_link(&self, customer: &Value) -> String {
        let id = customer["id"].as_str().unwrap();
        let link = self.post(&format!("/v1/customers/{id}/order-links"), &json!({})).await;
        link["url"].as_str().unwrap().to_owned()
    }

    /// How many bytes a page takes on the wire, compressed.
    pub async fn weight(&self, page: &str) -> u64 {
        let weigh = format!(
            r#"async () => {{
              const page = await fetch("{page}");
              const wire = page.body.pipeThrough(new CompressionStream("gzip"));
              return (await new Response(wire).arrayBuffer()).byteLength;
            }}"#
        );
        self.tab.run(&weigh).await.as_u64().unwrap()
    }

    pub async fn move_clock(&self, now: &str) {
        self.post("/local/clock", &json!({ "now": now })).await;
    }

    /// Waits until everything that is due now is done.
    pub async fn drain(&self) {
        self.post("/local/drain", &json!({})).await;
    }

    /// Every mail to an address so far, the newest last.
    pub async fn mails_to(&self, address: &str) -> Vec<Value> {
        self.drain().await;
        let mut mails = self.get("/local/mailbox.json").await.as_array().unwrap().clone();
        mails.retain(|mail| mail["to"][0].as_str().unwrap().contains(address));
        mails
    }

    /// The newest mail to an address.
    pub async fn mail_to(&self, address: &str) -> Value {
        self.mails_to(address).await.pop().expect("a mail")
    }

    async fn ask(&self, method: &str, path: &str, body: &Value, version: &str) -> (Value, String) {
        let body = if body.is_null() { Value::Null } else { body.to_string().into() };
        let (token, method, path, version) = (json!(self.token), json!(method), json!(path), json!(version));
        let answer = self
            .tab
            .run(&format!(
                r#"async () => {{
                  const headers = {{ "content-type": "application/json" }};
                  if ({token}) headers.authorization = "Bearer " + {token};
                  if ({version}) headers["if-match"] = {version};
                  const answer = await fetch({path}, {{ method: {method}, headers, body: {body} }});
                  return [answer.ok, await answer.json(), answer.headers.get("etag") ?? ""];
                }}"#
            ))
            .await;
        assert_eq!(answer[0], true, "{method} {path}: {}", answer[1]);
        (answer[1].clone(), answer[2].as_str().unwrap().to_owned())
    }
}
