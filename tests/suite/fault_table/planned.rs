//! Flows that nobody asks for: a day comes.

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use local::mailbox::Reports;
use serde_json::json;

use super::flow::{Due, End, Flow};
use super::stage::Stage;
use crate::app::text;
use crate::ask::SELLER;

fn zone() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}

/// The shop's day, so many months and days from now.
pub fn day_in(stage: &Stage, months: i64, days: i64) -> Date {
    stage.app.stack.clock().now().to_zoned(zone()).date().checked_add(months.months().days(days)).unwrap()
}

/// Half past the hour before what is due on `day`.
pub fn before_due(day: Date) -> Timestamp {
    day.to_datetime(time(8, 30, 0, 0)).to_zoned(zone()).unwrap().timestamp()
}

/// When what is due on `day` goes.
pub fn due_at(day: Date) -> Timestamp {
    day.to_datetime(time(9, 0, 0, 0)).to_zoned(zone()).unwrap().timestamp()
}

/// A customer's day comes: what is planned, three times at once, and then sent, likewise.
async fn day_comes(stage: &Stage, day: Date) {
    stage.move_clock(before_due(day));
    stage.tick("automations-worker", "plan").await;
    stage.move_clock(due_at(day));
    stage.tick("mailer", "sweep").await;
}

/// The day after tomorrow is somebody's birthday.
pub struct Birthday {
    pub customer: String,
    pub email: String,
    pub day: Date,
}

impl Flow for Birthday {
    const NAME: &'static str = "birthday";

    async fn prepare(stage: &Stage) -> Self {
        let day = day_in(stage, 0, 2);
        let birthday = format!("--{:02}-{:02}", day.month(), day.day());
        let (customer, email) = stage.customer("@example.com", &json!({ "birthday": birthday })).await;
        Self { customer, email, day }
    }

    async fn act(&self, stage: &Stage) {
        day_comes(stage, self.day).await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("birthday", &self.email)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let partition = format!("main#C#{}", self.customer);
        let dates = stage.app.items("due").await.into_iter().filter(|due| text(due, "pk") == partition);
        let next: Vec<Date> = dates.map(|due| text(&due, "day").parse().unwrap()).collect();
        assert_eq!(next.iter().map(|next| next.year()).collect::<Vec<_>>(), [self.day.year() + 1]);
    }
}

/// A year passes without an order.
pub struct Reactivation {
    customer: String,
    email: String,
    day: Date,
}

impl Flow for Reactivation {
    const NAME: &'static str = "reactivation";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        let day = day_in(stage, 12, 0);
        stage.app.sale(SELLER, &customer, 500).await;
        Self { customer, email, day }
    }

    async fn act(&self, stage: &Stage) {
        day_comes(stage, self.day).await;
    }

    fn due(&self) -> Vec<Due> {
        // Nothing is planned meanwhile: it is too late to ask how the first order was.
        let satisfaction = Due::sent("satisfaction", &self.email).ending(End::Skipped("missed"));
        vec![Due::sent("reactivation", &self.email), satisfaction]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let partition = format!("main#C#{}", self.customer);
        let due = stage.app.items("due").await;
        assert!(due.iter().all(|due| text(due, "pk") != partition), "once per spell");
    }
}

/// Somebody has ordered for the first time, two weeks ago.
pub struct Satisfaction {
    email: String,
    day: Date,
}

impl Flow for Satisfaction {
    const NAME: &'static str = "satisfaction";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        let day = day_in(stage, 0, 14);
        stage.app.sale(SELLER, &customer, 500).await;
        Self { email, day }
    }

    async fn act(&self, stage: &Stage) {
        day_comes(stage, self.day).await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("satisfaction", &self.email)]
    }
}

/// Somebody has chosen products and gone no further.
pub struct AbandonedOrder {
    email: String,
    path: String,
    day: Date,
}

impl Flow for AbandonedOrder {
    const NAME: &'static str = "abandoned order";

    async fn prepare(stage: &Stage) -> Self {
        let (customer, email) = stage.customer("@example.com", &json!({})).await;
        let path = stage.app.order_path(SELLER, &customer).await;
        stage.app.choose(&path, &[(&format!("q-{}", stage.product), "1")]).await.expect(303);
        // The first nine o'clock at which it lies there, and a day on.
        let today = day_in(stage, 0, 0);
        let lies_today = stage.app.stack.clock().now() <= due_at(today);
        Self { email, path, day: day_in(stage, 0, if lies_today { 1 } else { 2 }) }
    }

    async fn act(&self, stage: &Stage) {
        day_comes(stage, self.day).await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("abandoned_order", &self.email)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let page = stage.app.send(crate::ask::Ask::get(format!("{}?review=1", self.path))).await.expect(200);
        assert!(page.text().contains("Miel"), "what was chosen is still there");
    }
}
