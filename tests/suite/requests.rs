//! A method per request, each sent so that it may be repeated.

use http::Method;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{Customer, Form, FormLimits};
use shared::table::Transaction;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, Member, OWNER};

/// `POST /f/{form}` as the shop's own page sends it, without a body yet.
pub fn posted(form: &str) -> Ask {
    let page = "https://www.ruche.example/contact";
    let ask = Ask::post(format!("/f/{form}")).header("referer", page);
    ask.header("accept-language", "fr-FR,fr;q=0.9")
}

/// As much as a form can take.
pub const WIDE: FormLimits =
    FormLimits { per_address_per_minute: FormLimits::MAX, per_form_per_minute: FormLimits::MAX };

/// Changes a form of whichever shop.
pub async fn set_form(app: &App, form: &str, change: impl Fn(&mut Form)) {
    let (table, id) = (&app.table, form.parse().unwrap());
    loop {
        let shop = table.form_shop_by_id(&id).await.unwrap().expect(form);
        let mut form = table.form(&shop, &id).await.unwrap().expect(form);
        form.version += 1;
        change(&mut form);
        let mut transaction = Transaction::new();
        transaction.replace_form(&form).unwrap();
        if table.commit(transaction).await.unwrap().is_ok() {
            return;
        }
    }
}

impl TestApp {
    /// `POST /f/{form}`, urlencoded as a page without script sends it, by somebody new each time.
    pub async fn submit_form(&self, form: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(posted(form).form(fields).from(self.somebody())).await
    }

    /// Changes a form behind the API, whatever it lets staff do.
    pub async fn set_form(&self, form: &str, change: impl Fn(&mut Form)) {
        set_form(&self.functions(), form, change).await;
    }

    /// Lets a form take as much as a test sends.
    pub async fn open_wide(&self, form: &str) {
        self.set_form(form, |form| form.limits = WIDE).await;
    }

    /// The contact that the story begins with.
    pub async fn submit_contact(&self) -> Answer {
        let fields = [
            ("name", "Zoé Dupont"),
            ("email", "zoe@example.com"),
            ("phone", "06 12 34 56 78"),
            ("message", "Bonjour"),
            ("marketing_email", "on"),
        ];
        self.submit_form("contact", &fields).await
    }

    /// `GET /v1/customers` with `query` as it stands behind the question mark.
    pub async fn list_customers(&self, by: Member, query: &str) -> Answer {
        self.send(Ask::get(format!("/v1/customers?{query}")).by(by)).await
    }

    pub async fn create_customer(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::post("/v1/customers").by(by).once().json(body)).await
    }

    pub async fn get_customer(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::get(format!("/v1/customers/{id}")).by(by)).await
    }

    /// `PATCH /v1/customers/{id}` of the version `etag`.
    pub async fn change_customer(&self, by: Member, id: &str, etag: &str, body: &Value) -> Answer {
        let ask = Ask::patch(format!("/v1/customers/{id}")).by(by).header("if-match", etag);
        self.send(ask.json(body)).await
    }

    /// `DELETE /v1/customers/{id}` of whatever version stands, confirmed by `name`.
    pub async fn erase(&self, by: Member, id: &str, name: &str) -> Answer {
        let ask = Ask::new(Method::DELETE, format!("/v1/customers/{id}")).by(by).once().header("if-match", "*");
        self.send(ask.json(&json!({ "name": name }))).await
    }

    pub async fn merge(&self, by: Member, survivor: &str, other: &str) -> Answer {
        let ask = Ask::post(format!("/v1/customers/{survivor}/merge"));
        self.send(ask.by(by).once().json(&json!({ "other": other }))).await
    }

    pub async fn undo(&self, by: Member, job: &str) -> Answer {
        self.send(Ask::post(format!("/v1/jobs/{job}/undo")).by(by).once().json(&json!({}))).await
    }

    /// `DELETE /v1/groups/{id}` of whatever version stands, confirmed by `name`.
    pub async fn delete_group(&self, by: Member, id: &str, name: &str) -> Answer {
        let ask = Ask::new(Method::DELETE, format!("/v1/groups/{id}")).by(by).once().header("if-match", "*");
        self.send(ask.json(&json!({ "name": name }))).await
    }

    pub async fn get_job(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::get(format!("/v1/jobs/{id}")).by(by)).await
    }

    pub async fn create_note(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::post(format!("/v1/customers/{id}/notes")).by(by).once().json(body)).await
    }

    pub async fn change_note(&self, by: Member, id: &str, note: &str, etag: &str, body: &Value) -> Answer {
        let ask = Ask::patch(format!("/v1/customers/{id}/notes/{note}")).by(by).header("if-match", etag);
        self.send(ask.json(body)).await
    }

    pub async fn delete_note(&self, by: Member, id: &str, note: &str, etag: &str) -> Answer {
        let ask = Ask::new(Method::DELETE, format!("/v1/customers/{id}/notes/{note}"));
        self.send(ask.by(by).header("if-match", etag)).await
    }

    pub async fn list_notes(&self, by: Member, id: &str, query: &str) -> Answer {
        self.send(Ask::get(format!("/v1/customers/{id}/notes?{query}")).by(by)).await
    }

    /// `tag` as it stands in a path.
    pub async fn put_tag(&self, by: Member, id: &str, tag: &str, body: &Value) -> Answer {
        self.send(Ask::new(Method::PUT, format!("/v1/customers/{id}/tags/{tag}")).by(by).json(body)).await
    }

    pub async fn take_tag_off(&self, by: Member, id: &str, tag: &str) -> Answer {
        self.send(Ask::new(Method::DELETE, format!("/v1/customers/{id}/tags/{tag}")).by(by)).await
    }

    pub async fn create_group(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::post("/v1/groups").by(by).once().json(body)).await
    }

    pub async fn join_group(&self, by: Member, id: &str, group: &str) -> Answer {
        let ask = Ask::new(Method::PUT, format!("/v1/customers/{id}/group"));
        self.send(ask.by(by).json(&json!({ "group": group }))).await
    }

    pub async fn block(&self, by: Member, id: &str, reason: &str) -> Answer {
        let ask = Ask::new(Method::PUT, format!("/v1/customers/{id}/block"));
        self.send(ask.by(by).json(&json!({ "reason": reason }))).await
    }

    pub async fn unblock(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::new(Method::DELETE, format!("/v1/customers/{id}/block")).by(by)).await
    }

    pub async fn create_form(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::post("/v1/forms").by(by).once().json(body)).await
    }

    pub async fn get_form(&self, by: Member, form: &str) -> Answer {
        self.send(Ask::get(format!("/v1/forms/{form}")).by(by)).await
    }

    /// `PATCH /v1/forms/{id}` of whatever version stands.
    pub async fn change_form(&self, by: Member, form: &str, body: &Value) -> Answer {
        self.send(Ask::patch(format!("/v1/forms/{form}")).by(by).header("if-match", "*").json(body)).await
    }

    /// `DELETE /v1/forms/{id}` of whatever version stands.
    pub async fn delete_form(&self, by: Member, form: &str) -> Answer {
        let ask = Ask::new(Method::DELETE, format!("/v1/forms/{form}"));
        self.send(ask.by(by).header("if-match", "*")).await
    }

    /// What a form of the shop gets that is suspected, from `address`; its receipt.
    pub async fn submit_junk(&self, form: &str, address: &str) -> String {
        let fields = [("email", address), ("name", "Ana Lima"), ("message", "Bonjour"), ("_gotcha", "x")];
        let ask = Ask::post(format!("/f/{form}")).form(&fields).header("accept", "application/json");
        let ask = ask.once().from(self.somebody());
        self.send(ask).await.expect(200).json()["receipt"].as_str().unwrap().to_owned()
    }

    /// `GET /v1/submissions` with `query` as it stands behind the question mark.
    pub async fn list_submissions(&self, by: Member, query: &str) -> Answer {
        self.send(Ask::get(format!("/v1/submissions?{query}")).by(by)).await
    }

    pub async fn get_submission(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::get(format!("/v1/submissions/{id}")).by(by)).await
    }

    pub async fn restore_submission(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::post(format!("/v1/submissions/{id}/restore")).by(by).json(&json!({}))).await
    }

    pub async fn delete_submission(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::new(Method::DELETE, format!("/v1/submissions/{id}")).by(by)).await
    }

    /// The words by which customers of the shop agree to marketing.
    pub async fn settle_consent_texts(&self) {
        let texts = json!({ "fr": "Oui aux offres par e-mail.", "en": "Yes to offers by e-mail." });
        let words = json!({ "marketing_email": { "version": "2026-12", "texts": texts } });
        self.change_settings(OWNER, &json!({ "consent_texts": words })).await.expect(200);
    }

    pub async fn create_consent_link(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::post(format!("/v1/customers/{id}/consent-links")).by(by).once().json(body)).await
    }

    /// `PATCH /v1/settings` of whatever version stands.
    pub async fn change_settings(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::patch("/v1/settings").by(by).header("if-match", "*").json(body)).await
    }

    pub async fn create_product(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::post("/v1/products").by(by).once().json(body)).await
    }

    /// `PATCH /v1/products/{id}` of whatever version stands.
    pub async fn change_product(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::patch(format!("/v1/products/{id}")).by(by).header("if-match", "*").json(body)).await
    }

    pub async fn create_order_link(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::post(format!("/v1/customers/{id}/order-links")).by(by).once().json(&json!({}))).await
    }

    pub async fn send_order_link(&self, by: Member, customer: &str, link: &str) -> Answer {
        let path = format!("/v1/customers/{customer}/order-links/{link}/send");
        self.send(Ask::post(path).by(by).once().json(&json!({}))).await
    }

    pub async fn list_messages(&self, by: Member, customer: &str) -> Answer {
        self.send(Ask::get(format!("/v1/customers/{customer}/messages")).by(by)).await
    }

    pub async fn resend_message(&self, by: Member, customer: &str, message: &str) -> Answer {
        let path = format!("/v1/customers/{customer}/messages/{message}/resend");
        self.send(Ask::post(path).by(by).once().json(&json!({}))).await
    }

    pub async fn reputation(&self, by: Member) -> Answer {
        self.send(Ask::get("/v1/automations/reputation").by(by)).await
    }

    pub async fn resume_marketing(&self, by: Member) -> Answer {
        self.send(Ask::new(Method::DELETE, "/v1/automations/pause").by(by)).await
    }

    pub async fn list_orders(&self, by: Member) -> Answer {
        self.send(Ask::get("/v1/orders").by(by)).await
    }

    pub async fn get_order(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::get(format!("/v1/orders/{id}")).by(by)).await
    }

    pub async fn create_order(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::post("/v1/orders").by(by).once().json(body)).await
    }

    /// `PUT /v1/orders/{id}/state`.
    pub async fn move_order(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::new(Method::PUT, format!("/v1/orders/{id}/state")).by(by).json(body)).await
    }

    pub async fn create_refund(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::post(format!("/v1/orders/{id}/refunds")).by(by).once().json(body)).await
    }

    /// `GET /v1/customers/{id}/orders` with `query` as it stands behind the question mark.
    pub async fn orders_of(&self, by: Member, id: &str, query: &str) -> Answer {
        self.send(Ask::get(format!("/v1/customers/{id}/orders?{query}")).by(by)).await
    }

    /// A sale of so many minor units to customer `id`, in the shop.
    pub async fn sale(&self, by: Member, id: &str, minor: i64) -> String {
        let line = json!({ "name": "Bougie", "quantity": 1, "unit_price_minor": minor });
        let body = json!({ "customer_id": id, "channel": "store", "payment_method": "card", "lines": [line] });
        self.create_order(by, &body).await.expect(201).id()
    }

    pub async fn record_interaction(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::post(format!("/v1/customers/{id}/interactions")).by(by).once().json(body)).await
    }

    pub async fn record_consent(&self, by: Member, id: &str, body: &Value) -> Answer {
        self.send(Ask::post(format!("/v1/customers/{id}/consents")).by(by).once().json(body)).await
    }

    /// `GET /v1/customers/{id}/{list}`: what belongs to a customer, page by page to its end, at
    /// `limit` a page.
    pub async fn all_of(&self, by: Member, id: &str, list: &str, limit: u32) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/customers/{id}/{list}?limit={limit}{cursor}");
            let page = self.send(Ask::get(path).by(by)).await.expect(200).json();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// `GET /v1/automations/templates/{kind}/{language}`, of `birthday/fr` as it stands in the path.
    pub async fn get_template(&self, by: Member, of: &str) -> Answer {
        self.send(Ask::get(format!("/v1/automations/templates/{of}")).by(by)).await
    }

    /// `PUT /v1/automations/templates/{kind}/{language}` of the version `etag`.
    pub async fn change_template(&self, by: Member, of: &str, etag: &str, body: &Value) -> Answer {
        let ask = Ask::new(Method::PUT, format!("/v1/automations/templates/{of}")).header("if-match", etag);
        self.send(ask.by(by).json(body)).await
    }

    /// `POST /v1/automations/templates/{kind}/{language}/preview`.
    pub async fn preview_template(&self, by: Member, of: &str, body: &Value) -> Answer {
        self.send(Ask::post(format!("/v1/automations/templates/{of}/preview")).by(by).json(body)).await
    }

    pub async fn request_export(&self, by: Member) -> Answer {
        self.request_export_of(by, &json!({ "what": "customers", "format": "csv", "purpose": "Bilan" })).await
    }

    pub async fn request_export_of(&self, by: Member, body: &Value) -> Answer {
        self.send(Ask::post("/v1/exports").by(by).once().json(body)).await
    }

    pub async fn list_exports(&self, by: Member, query: &str) -> Answer {
        self.send(Ask::get(format!("/v1/exports{query}")).by(by)).await
    }

    pub async fn cancel_export(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::post(format!("/v1/exports/{id}/cancel")).by(by).json(&json!({}))).await
    }

    pub async fn get_export(&self, by: Member, id: &str) -> Answer {
        self.send(Ask::get(format!("/v1/exports/{id}")).by(by)).await
    }

    /// A customer `name` with an address of their own.
    pub async fn customer(&self, by: Member, name: &str) -> String {
        let email = format!("{}@example.com", shared::domain::fold(name).replace(' ', "."));
        self.create_customer(by, &json!({ "name": name, "email": email })).await.expect(201).id()
    }

    /// The product of the story, at 19.99 €.
    pub async fn honey(&self, by: Member) -> String {
        let body = json!({ "name": { "fr": "Miel", "en": "Honey" }, "prices": { "EUR": 1999 } });
        self.create_product(by, &body).await.expect(201).id()
    }

    /// The path of a fresh magic link of customer `id`.
    pub async fn order_path(&self, by: Member, id: &str) -> String {
        let url = self.create_order_link(by, id).await.expect(201).json()["url"].as_str().unwrap().to_owned();
        url.strip_prefix(self.stack.base_url()).unwrap().to_owned()
    }

    /// Posts quantities, and perhaps a note, to the order page at `path`, on the way to what was chosen.
    pub async fn choose(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Ask::post(path).form(&[&[("go", "?review=1"), ("at", "?")], fields].concat())).await
    }

    /// What was chosen on the order page at `path`, once `fields` are.
    pub async fn review(&self, path: &str, fields: &[(&str, &str)]) -> OrderPage {
        assert_eq!(self.choose(path, fields).await.expect(303).header("location"), "?review=1");
        OrderPage::read(path, &self.send(Ask::get(format!("{path}?review=1"))).await.expect(200).text())
    }

    /// Chooses and orders at `path`: the first answer that refuses it, or that it is placed.
    pub async fn place_order(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let chosen = self.choose(path, fields).await;
        if chosen.status != 303 {
            return chosen;
        }
        let page = self.send(Ask::get(format!("{path}?review=1"))).await.expect(200).text();
        self.send(OrderPage::read(path, &page).post(&[])).await
    }

    /// The token of the preferences of customer `id`, as mails carry it; of who has no record, the first.
    pub async fn preferences_token(&self, id: &str) -> String {
        let records = self.items("customer").await;
        let record = records.iter().find(|record| text(record, "id") == id);
        let generation = record.map_or(1, |record| record["preferences_generation"].as_n().unwrap().parse().unwrap());
        let keyring = self.functions().keyring;
        Customer::preferences_token_of(&keyring, id.parse().unwrap(), generation).expose().to_owned()
    }

    /// `POST /p/{token}{of}` with the preferences of customer `id`.
    pub async fn post_preferences(&self, id: &str, of: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Ask::post(format!("/p/{}{of}", self.preferences_token(id).await)).form(fields)).await
    }

    /// `GET /p/{token}{of}` with the preferences of customer `id`.
    pub async fn preferences_page(&self, id: &str, of: &str) -> Answer {
        self.send(Ask::get(format!("/p/{}{of}", self.preferences_token(id).await))).await
    }

    /// Where the newest marketing mail to `address` unsubscribes.
    pub fn unsubscribe_path(&self, address: &str) -> String {
        let mails = self.mails();
        let mail = mails.iter().rfind(|mail| mail.to == [address] && mail.headers.contains_key("List-Unsubscribe"));
        let header = &mail.expect("a marketing mail").headers["List-Unsubscribe"];
        let url = header.strip_prefix('<').and_then(|header| header.strip_suffix('>')).unwrap();
        url.strip_prefix(self.stack.base_url()).unwrap().to_owned()
    }
}

/// What a visitor's browser reads from the order page's form.
#[derive(Debug, Clone)]
pub struct OrderPage {
    pub path: String,
    pub draft: String,
    pub stamp: String,
    /// The quantities that stand in it.
    pub quantities: Vec<(String, String)>,
}

impl OrderPage {
    pub fn read(path: &str, html: &str) -> Self {
        let value = |name: &str| {
            let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
            rest.split('"').next().unwrap().to_owned()
        };
        let quantities = html.split("name=\"").filter(|field| field.starts_with("q-")).map(|field| {
            let (name, rest) = field.split_once('"').unwrap();
            let (_, rest) = rest.split_once("value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        });
        let quantities = quantities.collect();
        Self { path: path.to_owned(), draft: value("draft"), stamp: value("stamp"), quantities }
    }

    /// The same page, as the `number`th of others that were begun apart.
    pub fn another(&self, number: u32) -> Self {
        Self { draft: format!("01JDGZZZZZZZZZZZZZZZZZZZ{number:02}"), ..self.clone() }
    }

    /// The page posted as a browser does, with these fields beside, or instead of, its own.
    pub fn post(&self, fields: &[(&str, &str)]) -> Ask {
        let own = [("go", "order"), ("at", "?review=1"), ("draft", &*self.draft), ("stamp", &*self.stamp)];
        let quantities = self.quantities.iter().map(|(name, value)| (&**name, &**value));
        let untouched = quantities.filter(|(name, _)| fields.iter().all(|(typed, _)| typed != name));
        Ask::post(self.path.as_str()).form(&[&own[..], &untouched.collect::<Vec<_>>(), fields].concat())
    }
}
