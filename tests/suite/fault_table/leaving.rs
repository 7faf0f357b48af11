//! Flows in which somebody leaves while a mail to them waits.

use local::mailbox::Reports;
use serde_json::json;

use super::flow::{Due, End, Flow};
use super::planned::{Birthday, before_due, due_at};
use super::stage::Stage;
use crate::app::text;
use crate::ask::{Ask, OWNER, SELLER};

/// A birthday whose message is in the outbox.
async fn planned(stage: &Stage) -> Birthday {
    let birthday = Birthday::prepare(stage).await;
    stage.move_clock(before_due(birthday.day));
    stage.tick("automations-worker", "plan").await;
    birthday
}

/// Its hour comes.
async fn sent(stage: &Stage, birthday: &Birthday) {
    stage.move_clock(due_at(birthday.day));
    stage.tick("mailer", "sweep").await;
}

/// A customer unsubscribes in the last half hour.
pub struct Unsubscribed {
    birthday: Birthday,
    ask: Ask,
}

impl Flow for Unsubscribed {
    const NAME: &'static str = "unsubscription";

    async fn prepare(stage: &Stage) -> Self {
        let birthday = planned(stage).await;
        let path = format!("/p/{}/unsubscribe", stage.app.preferences_token(&birthday.customer).await);
        Self { birthday, ask: Ask::post(path).form(&[("List-Unsubscribe", "One-Click")]) }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send(self.ask.clone()).await.expect(200);
        sent(stage, &self.birthday).await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("birthday", &self.birthday.email).ending(End::Skipped("unsubscribed"))]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        assert!(stage.app.subjects(&self.birthday.email).is_empty());
    }
}

/// A customer is erased in the last half hour.
pub struct Erased {
    birthday: Birthday,
    name: String,
}

impl Flow for Erased {
    const NAME: &'static str = "erasure";

    async fn prepare(stage: &Stage) -> Self {
        let birthday = planned(stage).await;
        let record = stage.app.get_customer(OWNER, &birthday.customer).await.expect(200).json();
        Self { birthday, name: record["name"].as_str().unwrap().to_owned() }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.erase(OWNER, &self.birthday.customer, &self.name).await.expect(202);
        sent(stage, &self.birthday).await;
        stage.tick("automations-worker", "resume").await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("birthday", &self.birthday.email).ending(End::Gone)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let app = &stage.app;
        assert!(app.subjects(&self.birthday.email).is_empty());
        app.get_customer(OWNER, &self.birthday.customer).await.expect(404);
        let said: Vec<_> =
            app.table().await.into_iter().filter(|(_, item)| format!("{item:?}").contains(&self.name)).collect();
        assert!(said.is_empty(), "{said:?}");
    }
}

/// Two records of one person are merged while news of an order waits for the one that goes.
pub struct Merged {
    survivor: String,
    other: String,
    order: String,
    email: String,
}

impl Flow for Merged {
    const NAME: &'static str = "merge";

    async fn prepare(stage: &Stage) -> Self {
        let (survivor, email) = stage.customer("@example.com", &json!({})).await;
        let (other, _) = stage.customer("@example.com", &json!({})).await;
        let order = stage.order(&other).await;
        stage.app.move_order(SELLER, &order, &json!({ "state": "confirmed" })).await.expect(200);
        Self { survivor, other, order, email }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.merge(OWNER, &self.survivor, &self.other).await.expect(202);
        stage.settle().await;
        stage.tick("automations-worker", "resume").await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("order_state", &self.email)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let app = &stage.app;
        app.get_customer(OWNER, &self.other).await.expect(308);
        let record = app.get_customer(OWNER, &self.survivor).await.expect(200).json();
        assert_eq!(record["figures"]["orders"], 1);
        assert_eq!(app.get_order(OWNER, &self.order).await.expect(200).json()["customer"], *self.survivor);
        let items = app.table().await.into_values();
        let left: Vec<_> = items.filter(|item| text(item, "pk") == format!("main#C#{}", self.other)).collect();
        assert!(left.iter().all(|item| text(item, "t") != "message"), "{left:?}");
    }
}
