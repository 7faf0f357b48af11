//! Flows that somebody asks for: a visitor, a customer, a member of staff.

use local::mailbox::Reports;
use serde_json::json;

use super::flow::{Due, End, Flow};
use super::stage::{FORM, Stage, TEAM};
use crate::app::text;
use crate::ask::{Ask, OWNER, SELLER};
use crate::requests::{OrderPage, posted};

/// A form: the welcome, the consent to confirm, and the notice to the shop.
pub struct Submission {
    ask: Ask,
    email: String,
}

impl Flow for Submission {
    const NAME: &'static str = "submission";

    async fn prepare(stage: &Stage) -> Self {
        let number = stage.next_customer();
        let email = format!("zoe{number}@example.com");
        let name = format!("Zoé Dupont {number}");
        let fields = [("name", &*name), ("email", &*email), ("message", "Bonjour"), ("marketing_email", "on")];
        let ask = posted(FORM).form(&fields).once().from(stage.app.somebody());
        Self { ask, email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send(self.ask.clone()).await.expect(303);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        let own = ["welcome", "confirm_consent"].map(|kind| Due::sent(kind, &self.email));
        own.into_iter().chain([Due::sent("submission_notice", TEAM)]).collect()
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let customers = stage.app.items("customer").await;
        assert_eq!(customers.iter().filter(|customer| text(customer, "email") == self.email).count(), 1);
    }
}

/// An order through a magic link: its confirmation.
pub struct OrderPlaced {
    customer: String,
    page: OrderPage,
    email: String,
}

impl Flow for OrderPlaced {
    const NAME: &'static str = "order";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        let path = stage.app.order_path(OWNER, &customer).await;
        let page = stage.app.review(&path, &[(&format!("q-{}", stage.product), "2")]).await;
        Self { customer, page, email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send(self.page.post(&[])).await.expect(303);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("order_confirmation", &self.email)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let record = stage.app.get_customer(OWNER, &self.customer).await.expect(200).json();
        assert_eq!((&record["figures"]["orders"], &record["figures"]["totals"]["EUR"]), (&json!(1), &json!(3998)));
    }
}

/// An order that goes a step further: its customer is told.
pub struct OrderNews {
    order: String,
    email: String,
}

impl Flow for OrderNews {
    const NAME: &'static str = "order state";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        Self { order: stage.order(&customer).await, email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.move_order(SELLER, &self.order, &json!({ "state": "confirmed" })).await.expect(200);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("order_state", &self.email)]
    }
}

/// A magic link that staff send.
pub struct LinkMailed {
    customer: String,
    link: String,
    email: String,
}

impl Flow for LinkMailed {
    const NAME: &'static str = "order link";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        let link = stage.app.create_order_link(SELLER, &customer).await.expect(201).id();
        Self { customer, link, email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send_order_link(SELLER, &self.customer, &self.link).await.expect(202);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("order_link", &self.email)]
    }
}

/// A confirmation that staff have sent once more.
pub struct Resent {
    customer: String,
    first: String,
    ask: Ask,
    email: String,
}

impl Flow for Resent {
    const NAME: &'static str = "resending";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        stage.order(&customer).await;
        let first = text(&stage.messages_to(&customer).await[0], "id");
        let path = format!("/v1/customers/{customer}/messages/{first}/resend");
        Self { customer, first, ask: Ask::post(path).by(SELLER).once().json(&json!({})), email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send(self.ask.clone()).await.expect(202);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("order_confirmation", &self.email)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let messages = stage.messages_to(&self.customer).await;
        let again = messages.iter().filter(|message| text(message, "resent_of") == self.first).count();
        assert_eq!((messages.len(), again), (2, 1));
    }
}

/// A code that a customer asks for. It is good for ten minutes: a mail of which nobody knew for a quarter
/// of an hour whether it had left says nothing any more, and does not go.
pub struct AddressCode {
    ask: Ask,
    email: String,
}

impl Flow for AddressCode {
    const NAME: &'static str = "address code";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        let path = format!("/p/{}/address-code", stage.app.preferences_token(&customer).await);
        Self { ask: Ask::post(path).form(&[]), email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send(self.ask.clone()).await.expect(303);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("confirm_address", &self.email).ending(End::SentOrSkipped("subject_gone"))]
    }

    /// Only the newest code is good for anything: the one before is not mailed.
    fn asked_again(&self) -> Option<Due> {
        Some(Due::sent("confirm_address", &self.email).ending(End::Skipped("subject_gone")))
    }
}

/// A link goes to an address that does not exist; then there is news of an order.
pub struct Bounced {
    link: LinkMailed,
    news: OrderNews,
}

impl Flow for Bounced {
    const NAME: &'static str = "bounce";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, _) = stage.customer("@example.com", &json!({})).await;
        let order = stage.order(&customer).await;
        let email = format!("bounce+zoe{}@simulator.amazonses.com", stage.next_customer());
        stage.app.change_customer(OWNER, &customer, "*", &json!({ "email": email })).await.expect(200);
        let link = stage.app.create_order_link(SELLER, &customer).await.expect(201).id();
        Self { news: OrderNews { order, email: email.clone() }, link: LinkMailed { customer, link, email } }
    }

    async fn act(&self, stage: &Stage) {
        self.link.act(stage).await;
        self.news.act(stage).await;
    }

    fn due(&self) -> Vec<Due> {
        let due = self.link.due().into_iter().chain(self.news.due());
        due.map(|due| due.ending(End::SentOrSkipped("bounced"))).collect()
    }

    async fn holds(&self, stage: &Stage, reports: Reports) {
        let app = stage.app.functions();
        let (shop, address) = ("main".parse().unwrap(), self.link.email.parse().unwrap());
        let digest = app.keyring.address_digest(&shop, &address);
        let suppressed = app.table.suppressions(&shop, &digest).await.unwrap();
        assert_eq!(suppressed.len(), usize::from(reports != Reports::Withheld));
        assert!(!stage.app.subjects(&self.link.email).is_empty());
    }
}
