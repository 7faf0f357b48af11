//! Flows that end in a mail to the shop, or to one of its staff.

use jiff::SignedDuration;
use local::mailbox::Reports;
use serde_json::json;
use shared::domain::{ReportKind, Reputation};

use super::flow::{Due, Flow};
use super::stage::Stage;
use crate::app::text;
use crate::ask::{Ask, MANAGER, OWNER, SELLER};

/// Where the shop is told of itself.
const SHOP: &str = "bonjour@main.example";
/// Where a manager of it is told.
const ASKED: &str = "manager@main.example";

/// An export that staff ask for.
pub struct Exported {
    ask: Ask,
    before: usize,
}

impl Flow for Exported {
    const NAME: &'static str = "export";

    async fn prepare(stage: &Stage) -> Self {
        stage.customer("@example.com", &json!({})).await;
        let ask = Ask::post("/v1/exports").by(MANAGER).once();
        let ask = ask.json(&json!({ "what": "customers", "format": "csv", "purpose": "Bilan" }));
        Self { ask, before: stage.app.items("export").await.len() }
    }

    async fn act(&self, stage: &Stage) {
        stage.app.send(self.ask.clone()).await.expect(202);
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("export_ready", ASKED)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        let jobs = stage.app.items("export").await;
        assert_eq!(jobs.len(), self.before + 1, "asked for once");
        let newest = jobs.iter().map(|job| text(job, "id")).max().unwrap();
        let job = stage.app.get_export(MANAGER, &newest).await.expect(200).json();
        assert!(job["url"].is_string(), "{job}");
        let lines = String::from_utf8(stage.app.exported(&job).await).unwrap().lines().count();
        assert_eq!(json!(lines - 1), job["rows"], "as many rows as it says, under a header");
        assert_eq!(files(stage).await, jobs.len(), "no file that no job knows");
    }
}

/// How many files of exports there are.
async fn files(stage: &Stage) -> usize {
    let services = stage.app.stack.services();
    let listed = services.s3.list_objects_v2().bucket(&services.export_bucket).send().await.unwrap();
    listed.contents().len()
}

/// One bounce too many: the shop's marketing is paused, and the shop is told.
pub struct Paused {
    before: usize,
}

impl Flow for Paused {
    const NAME: &'static str = "marketing pause";

    /// A mail has left to where nobody is, of which SES has not yet reported; more like it were few enough.
    async fn prepare(stage: &Stage) -> Self {
        let app = &stage.app;
        let shop = "main".parse().unwrap();
        app.resume_marketing(OWNER).await.expect(204);
        app.pass(SignedDuration::from_mins(1)).await;
        let now = app.stack.clock().now();
        for _ in 1..Reputation::MIN_BOUNCES {
            app.write(|transaction| transaction.count_report(&shop, ReportKind::Bounced, now)).await;
        }
        let (customer, _) = stage.customer("@example.com", &json!({})).await;
        let email = format!("bounce+zoe{}@simulator.amazonses.com", stage.next_customer());
        app.change_customer(OWNER, &customer, "*", &json!({ "email": email })).await.expect(200);
        let link = app.create_order_link(SELLER, &customer).await.expect(201).id();
        app.stack.mailbox().report(Reports::Withheld);
        app.send_order_link(SELLER, &customer, &link).await.expect(202);
        app.settle().await;
        assert!(app.functions().table.marketing_pause(&shop).await.unwrap().is_none());
        Self { before: notices(stage).await }
    }

    async fn act(&self, stage: &Stage) {
        stage.what_is_late_is_reported().await;
        stage.settle().await;
    }

    fn due(&self) -> Vec<Due> {
        vec![Due::sent("notice", SHOP)]
    }

    async fn holds(&self, stage: &Stage, _: Reports) {
        assert_eq!(notices(stage).await, self.before + 1, "told once");
        let pause = stage.app.functions().table.marketing_pause(&"main".parse().unwrap()).await.unwrap();
        assert_eq!(pause.unwrap().figures.bounced, Reputation::MIN_BOUNCES);
    }
}

/// How often the shop was told something of itself.
async fn notices(stage: &Stage) -> usize {
    let of_notice = |message: &&String| message.starts_with("notice ");
    stage.app.messages().await.iter().filter(of_notice).count()
}
