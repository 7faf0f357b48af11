//! A stack on which flows are played one after the other, each with a customer of its own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use local::faults::Trial;
use local::function::InvokeError;
use local::mailbox::Reports;
use local::stack::Delivered;
use serde_json::{Value, json};
use shared::domain::DueKind;

use super::calls::Row;
use super::flow::Due;
use super::planned::day_in;
use crate::app::{Item, TestApp, text};
use crate::ask::OWNER;
use crate::furnishing::consent_text;

/// How often time is let pass before what still waits is taken to wait for ever.
const ROUNDS: usize = 60;

/// The form that asks for a consent by mail, welcomes and tells the shop.
pub const FORM: &str = "table";
/// Whom the shop wants told of what is sent.
pub const TEAM: &str = "equipe@ruche.example";

/// A stack, what the shop offers, and how many customers it has had.
pub struct Stage {
    pub app: TestApp,
    pub product: String,
    customers: Cell<usize>,
    trial: RefCell<Trial>,
}

/// What there was before a flow began.
pub struct Before {
    /// The messages that had ended.
    pub messages: BTreeSet<String>,
    pub mails: usize,
    delivered: Delivered,
}

impl Stage {
    /// Always the same one for the same name and number.
    pub async fn start(name: &str, number: usize) -> Self {
        let mut seed = DefaultHasher::new();
        (name, number).hash(&mut seed);
        let app = TestApp::repeatable(seed.finish()).await;
        app.change_settings(OWNER, &json!({ "order_state_mails": ["confirmed", "shipped"] })).await.expect(200);
        app.new_form(FORM, |form| {
            form.marketing_consent = Some(consent_text("2026-11"));
            form.notify = TEAM.parse().ok();
        })
        .await;
        app.open_wide(FORM).await;
        let product = app.honey(OWNER).await;
        app.drain().await;
        app.stack.stream().deliver_twice();
        Self { app, product, customers: Cell::new(0), trial: RefCell::default() }
    }

    /// The number of a customer who has not been here yet.
    pub fn next_customer(&self) -> usize {
        self.customers.set(self.customers.get() + 1);
        self.customers.get()
    }

    /// The calls of the flow that was disturbed last.
    pub fn last_trial(&self) -> Trial {
        self.trial.borrow().clone()
    }

    /// What is prepared goes well.
    pub async fn calm(&self) {
        self.app.stack.mailbox().report(Reports::TwiceReversed);
    }

    pub async fn before(&self) -> Before {
        let items = self.app.items("message").await;
        let ended = items.iter().filter(|message| !message.contains_key("due_pk"));
        let messages = ended.map(|message| text(message, "id")).collect();
        Before { messages, mails: self.app.mails().len(), delivered: self.app.stack.delivered().await }
    }

    /// Plays `act` with what goes wrong in it. A held answer of SES comes when its report has come.
    pub async fn disturb(&self, row: &Row, act: impl Future<Output = ()>) {
        let (stack, faults) = (&self.app.stack, self.app.stack.faults());
        stack.mailbox().report(row.reports);
        faults.begin(row.trial.clone());
        let postman = async {
            loop {
                faults.held().await;
                // A report that gets lost, too, is delivered again when all settles.
                let _ = stack.report().await;
                faults.release();
            }
        };
        tokio::select! {
            biased;
            () = pin!(act) => {}
            () = pin!(postman) => {}
        }
        *self.trial.borrow_mut() = faults.end().unwrap();
    }

    /// Delivers the stream and what SES reports; what was lost on the way is delivered again.
    pub async fn settle(&self) {
        for _ in 0..3 {
            if self.app.stack.settle().await.is_ok() {
                return;
            }
        }
    }

    /// SES reports late of what has left, twice and until it is heard; what leaves from now on it reports as
    /// ever.
    pub async fn what_is_late_is_reported(&self) {
        let mailbox = self.app.stack.mailbox();
        let reports = mailbox.reports();
        mailbox.report(Reports::TwiceReversed);
        for _ in 0..3 {
            if self.app.stack.report().await.is_ok() {
                break;
            }
        }
        mailbox.report(reports);
    }

    /// The planned runs of one tick, three at once: any of them may be lost.
    pub async fn tick(&self, function: &str, run: &str) {
        let event = json!({ "run": run, "scheduled_time": self.app.stack.clock().now() });
        let call = || async {
            let ended = self.app.stack.call(function, event.clone()).await;
            assert!(!matches!(ended, Err(InvokeError::Event { .. } | InvokeError::Panicked { .. })), "{ended:?}");
        };
        tokio::join!(call(), call(), call());
        self.settle().await;
    }

    /// Moves the clock and runs nothing: what was due meanwhile is late.
    pub fn move_clock(&self, instant: Timestamp) {
        self.app.stack.clock().move_to(instant).unwrap();
    }

    /// Lets time pass, a minute and then more at a time, until every message has ended and no job is
    /// left.
    pub async fn come_to_rest(&self, due: &[Due]) {
        for round in 0..ROUNDS {
            if self.is_at_rest(due).await {
                return;
            }
            let minutes = if round < 5 { 1 } else { 10 };
            self.app.pass(SignedDuration::from_mins(minutes)).await;
        }
        panic!("{:?} and {due:?}: something waits for ever", self.app.messages().await);
    }

    /// Whether no message waits, no job is left, and nothing has fallen due that is not planned.
    async fn is_at_rest(&self, due: &[Due]) -> bool {
        let (table, shop) = (self.app.functions().table, "main".parse().unwrap());
        if table.next_awake(&shop, Timestamp::MIN).await.unwrap().is_some()
            || table.next_job(&shop, Timestamp::MIN).await.unwrap().is_some()
        {
            return false;
        }
        for kind in DueKind::ALL.into_iter().filter(|kind| due.iter().any(|due| due.kind == kind.name())) {
            let today = day_in(self, 0, 0);
            let overdue = table.due_dates(&shop, kind, Date::MIN, today, 1, None).await.unwrap();
            if !overdue.items.is_empty() {
                return false;
            }
        }
        true
    }

    /// What was delivered since `before` comes once more, and what follows from it.
    pub async fn deliver_again(&self, before: &Before) {
        self.app.stack.deliver_again(&before.delivered).await.unwrap();
    }

    /// A customer with an address in `domain` who agreed to marketing.
    pub async fn customer(&self, domain: &str, more: &Value) -> (String, String) {
        let number = self.next_customer();
        let email = format!("zoe{number}-{domain}");
        let mut body = json!({ "name": format!("Zoé Dupont {number}"), "email": email });
        for (field, value) in more.as_object().into_iter().flatten() {
            body[field] = value.clone();
        }
        let id = self.app.create_customer(OWNER, &body).await.expect(201).id();
        let granted = json!({ "purpose": "marketing_email", "state": "granted", "text": "Oui aux offres" });
        self.app.record_consent(OWNER, &id, &granted).await.expect(201);
        (id, email)
    }

    /// An order of customer `id` whose confirmation has been sent.
    pub async fn order(&self, id: &str) -> String {
        let path = self.app.order_path(OWNER, id).await;
        let placed = self.app.place_order(&path, &[(&format!("q-{}", self.product), "1")]).await.expect(303);
        self.app.settle().await;
        placed.header("location").rsplit('=').next().unwrap().to_owned()
    }

    /// What was written to customer `id`, or will be.
    pub async fn messages_to(&self, id: &str) -> Vec<Item> {
        let partition = format!("main#C#{id}");
        self.app.items("message").await.into_iter().filter(|message| text(message, "pk") == partition).collect()
    }
}
