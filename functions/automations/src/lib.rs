//! Schedule: what is due becomes messages in the outbox. Staff API: what they say.
//!
//! Every hour it looks an hour ahead, so that a mail is due to the minute wherever the shop is:
//! zones of half and quarter hours have their nine o'clock between two runs. What an outage left
//! behind is caught up for three days; what is older is recorded as missed.
//!
//! Every five minutes it goes on with the jobs that a request left unfinished, and forgets again
//! whoever was erased and came back with older data.
//!
//! Planning twice makes one message: the occurrence is written with it, and the due date moves on
//! in the same transaction.

mod change_template;
mod get_template;
mod list_templates;
mod preview_template;
mod reset_template;
mod resume;
mod template_fields;
mod template_view;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use shared::domain::{DueDate, DueKind, Message, MessageId, MessageState, Settings, ShopId, SkipReason};
use shared::events::ScheduledRun;
use shared::http::{EDITORS, MANAGERS, Routes};
use shared::table::Transaction;
use shared::telemetry::chain;
use shared::{App, Error, Result};

/// How far ahead a run plans: until the next one.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// How many due dates are read at once.
const PAGE: u32 = 100;

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    const TEMPLATE: &str = "/v1/automations/templates/{kind}/{language}";
    const PREVIEW: &str = "/v1/automations/templates/{kind}/{language}/preview";
    Routes::new(app)
        .staff(Method::GET, "/v1/automations/templates", EDITORS, list_templates::handle)
        .described(list_templates::describe)
        .staff(Method::GET, TEMPLATE, EDITORS, get_template::handle)
        .described(get_template::describe)
        .staff(Method::PUT, TEMPLATE, MANAGERS, change_template::handle)
        .described(change_template::describe)
        .staff(Method::DELETE, TEMPLATE, MANAGERS, reset_template::handle)
        .described(reset_template::describe)
        .staff(Method::POST, PREVIEW, MANAGERS, preview_template::handle)
        .described(preview_template::describe)
}

/// Handles a planned run.
///
/// # Errors
/// [`Error`] when a shop could not be planned; the others are all the same, and running again
/// plans what is left.
pub async fn handle(app: &App, run: ScheduledRun) -> Result<()> {
    match run.run.as_str() {
        "plan" => plan(app, app.clock.now()).await,
        "resume" => resume::resume(app, app.clock.now()).await,
        _ => Err(Error::Impossible("a planned run that nobody planned")),
    }
}

async fn plan(app: &App, now: Timestamp) -> Result<()> {
    let mut failed = None;
    for shop in app.table.shops().await? {
        if let Err(error) = plan_shop(app, &shop, now).await {
            tracing::error!(%shop, cause = chain(&error), "planning failed");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn plan_shop(app: &App, shop: &ShopId, now: Timestamp) -> Result<()> {
    let Some(settings) = app.table.settings(shop).await? else {
        return Ok(());
    };
    let mut failed = None;
    for kind in DueKind::ALL {
        failed = plan_kind(app, &settings, kind, now).await.err().or(failed);
    }
    failed.map_or(Ok(()), Err)
}

/// Plans everything of one kind that is due by the next run, in the order of the days.
async fn plan_kind(app: &App, settings: &Settings, kind: DueKind, now: Timestamp) -> Result<()> {
    let horizon = now.checked_add(AHEAD).map_err(|_| Error::Impossible("the end of the calendar"))?;
    let last = settings.zone.day(horizon);
    let (mut after, mut failed) = (None, None);
    loop {
        let page = app.table.due_dates(&settings.shop, kind, jiff::civil::Date::MIN, last, PAGE, after).await?;
        for due in &page.items {
            if settings.zone.instant(due.day, DueDate::TIME) <= horizon {
                // One that fails does not keep the others from going.
                failed = plan_one(app, settings, due, now).await.err().or(failed);
            }
        }
        after = page.next;
        if after.is_none() {
            return failed.map_or(Ok(()), Err);
        }
    }
}

async fn plan_one(app: &App, settings: &Settings, due: &DueDate, now: Timestamp) -> Result<()> {
    let shop = &settings.shop;
    let at = settings.zone.instant(due.day, DueDate::TIME);
    let id = MessageId::new(app.entropy.ulid(now));
    let mut message = Message::new(shop.clone(), id, due.customer, due.occurrence(), now, at);
    if now.duration_since(at) > DueDate::CATCH_UP {
        message.state = MessageState::Skipped { reason: SkipReason::Missed, at: now };
    }
    let mut transaction = Transaction::new();
    transaction.settle_due_date(shop, due)?;
    let steps = transaction.create_message(&message, &due.address)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(()),
        // Sent before, to this address and for this occasion: only the due date is left to move on.
        Err(refusal) if steps.exists(&refusal) => {
            let mut transaction = Transaction::new();
            transaction.settle_due_date(shop, due)?;
            app.table.commit(transaction).await.map(drop)
        }
        // Moved on by another run, or by a change of the record.
        Err(_) => Ok(()),
    }
}
