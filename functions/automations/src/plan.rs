//! Every hour: who is due becomes a message in the outbox.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use shared::domain::{Cause, CustomerId, DueDate, DueKind, Message, MessageId, MessageState, Settings, ShopId};
use shared::table::Transaction;
use shared::telemetry::chain;
use shared::{App, Result};

/// How many due dates are read at once: a megabyte holds some five thousand.
const PAGE: u32 = 1000;

/// How long a run goes on: well within the life of the function. What is left is planned by the next.
const BUDGET: Duration = Duration::from_secs(40);

/// Plans every shop. One that fails does not keep the others from going.
pub async fn plan(app: &App, now: Timestamp) -> Result<()> {
    let deadline = Instant::now() + BUDGET;
    let mut failed = None;
    for shop in app.table.shops().await? {
        if let Err(error) = plan_shop(app, &shop, now, deadline).await {
            tracing::error!(%shop, cause = chain(&error), "planning failed");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn plan_shop(app: &App, shop: &ShopId, now: Timestamp, deadline: Instant) -> Result<()> {
    let Some(settings) = app.table.settings(shop).await? else {
        return Ok(());
    };
    let mut failed = None;
    for kind in DueKind::ALL {
        if settings.automations.switch(kind).on {
            failed = plan_kind(app, &settings, kind, now, deadline).await.err().or(failed);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Plans everything of one kind that is due by the next run. The newest occasions come first: what an
/// outage or an automation that was off has left behind must not keep today's mails waiting.
async fn plan_kind(app: &App, settings: &Settings, kind: DueKind, now: Timestamp, deadline: Instant) -> Result<()> {
    let latest = settings.latest_occasion(kind, settings.zone.day(DueDate::horizon(now)));
    let (mut after, mut failed) = (None, None);
    loop {
        let page = app.table.due_dates_backwards(&settings.shop, kind, latest, PAGE, after).await?;
        for due in &page.items {
            if Instant::now() > deadline {
                tracing::warn!(shop = %settings.shop, kind = kind.name(), "more is due than one run plans");
                return failed.map_or(Ok(()), Err);
            }
            if !settings.plans(due, now) {
                continue;
            }
            // One that fails does not keep the others from going.
            if let Err(error) = plan_one(app, settings, due, now).await {
                let (shop, kind, cause) = (&settings.shop, kind.name(), chain(&error));
                tracing::error!(%shop, kind, customer = %due.customer, cause, "a due date can't be planned");
                failed = Some(error);
            }
        }
        after = page.next;
        if after.is_none() {
            return failed.map_or(Ok(()), Err);
        }
    }
}

async fn plan_one(app: &App, settings: &Settings, due: &DueDate, now: Timestamp) -> Result<()> {
    let (shop, at) = (&settings.shop, settings.due_at(due));
    let today = settings.zone.day(now);
    let settled = || {
        let mut transaction = Transaction::new();
        transaction.settle_due_date(shop, due, today).map(|_| transaction)
    };
    let Some(customer) = addressee(app, due, now).await? else {
        return app.table.commit(settled()?).await.map(drop);
    };
    let id = MessageId::new(app.entropy.ulid(now));
    let occurrence = due.occurrence(settings.due_day(due));
    let mut message = Message::new(shop.clone(), id, customer, occurrence, now, at);
    message.not_after = at.checked_add(DueDate::CATCH_UP).ok();
    if let Some(reason) = settings.too_late(due, now) {
        message.state = MessageState::Skipped { reason, at: now };
    }
    let mut transaction = settled()?;
    let steps = transaction.create_message(&message, &due.address)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(()),
        // Sent before, to this address and for this occasion: only the due date is left to move on.
        Err(refusal) if steps.exists(&refusal) => app.table.commit(settled()?).await.map(drop),
        // Moved on by another run, or by a change of the record.
        Err(_) => Ok(()),
    }
}

/// Who is due; of an order that was left, whoever has the link now, if it still opens.
async fn addressee(app: &App, due: &DueDate, now: Timestamp) -> Result<Option<CustomerId>> {
    let Cause::AbandonedOrder { link, .. } = &due.cause else {
        return Ok(Some(due.customer));
    };
    let link = app.table.order_link_by_token(link).await?;
    Ok(link.filter(|link| link.is_open(now)).map(|link| link.customer))
}
