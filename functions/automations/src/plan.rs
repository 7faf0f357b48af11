//! Every hour: who is due becomes a message in the outbox.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::Timestamp;
use shared::domain::{Cause, CustomerId, DueDate, DueKind, Message, MessageId, MessageState, Settings, SkipReason};
use shared::table::{Position, Transaction};
use shared::telemetry::chain;
use shared::{App, Error, Result};

/// How many due dates are read at once.
const PAGE: u32 = 500;

/// How many are planned at once: each is a transaction of its own items.
const AT_ONCE: usize = 16;

/// How long a run goes on: well within the life of the function. What is left is planned by the next.
const BUDGET: Duration = Duration::from_secs(40);

/// What is due in a shop for one kind, from a place on.
struct Stretch {
    settings: Arc<Settings>,
    kind: DueKind,
    after: Option<Position>,
}

/// Plans what is due by the next run, the newest occasions first and a page of each shop and kind in turn:
/// what an outage or an automation that was off has left behind keeps nobody's mails of today waiting.
/// What fails does not keep the others from going.
pub async fn plan(app: &App, now: Timestamp) -> Result<()> {
    let deadline = Instant::now() + BUDGET;
    let (mut stretches, mut failed) = stretches(app).await?;
    while !stretches.is_empty() {
        let mut unfinished = Vec::new();
        for stretch in stretches {
            if Instant::now() > deadline {
                tracing::warn!(shop = %stretch.settings.shop, "more is due than one run plans");
                return failed.map_or(Ok(()), Err);
            }
            match plan_page(app, stretch, now).await {
                Ok(rest) => unfinished.extend(rest),
                Err(error) => failed = Some(error),
            }
        }
        stretches = unfinished;
    }
    failed.map_or(Ok(()), Err)
}

/// Every kind that goes out, of every shop.
async fn stretches(app: &App) -> Result<(Vec<Stretch>, Option<Error>)> {
    let (mut stretches, mut failed) = (Vec::new(), None);
    for shop in app.table.shops().await? {
        let settings = match app.table.settings(&shop).await {
            Ok(Some(settings)) => Arc::new(settings),
            Ok(None) => continue,
            Err(error) => {
                tracing::error!(%shop, cause = chain(&error), "planning failed");
                failed = Some(error);
                continue;
            }
        };
        let kinds = DueKind::ALL.into_iter().filter(|kind| settings.automations.switch(*kind).on);
        stretches.extend(kinds.map(|kind| Stretch { settings: Arc::clone(&settings), kind, after: None }));
    }
    Ok((stretches, failed))
}

/// Plans a page of a stretch; what is left of it.
async fn plan_page(app: &App, stretch: Stretch, now: Timestamp) -> Result<Option<Stretch>> {
    let Stretch { settings, kind, after } = stretch;
    let latest = settings.latest_occasion(kind, settings.zone.day(DueDate::horizon(now)));
    let page = app.table.due_dates_backwards(&settings.shop, kind, latest, PAGE, after).await?;
    plan_all(app, &settings, page.items, now).await?;
    let after = page.next;
    Ok(after.is_some().then_some(Stretch { settings, kind, after }))
}

/// Plans those that are due. What fails comes again with the next run.
async fn plan_all(app: &App, settings: &Settings, mut dates: Vec<DueDate>, now: Timestamp) -> Result<()> {
    dates.retain(|due| settings.plans(due, now));
    let planned = dates.into_iter().map(|due| async move {
        let planned = plan_one(app, settings, &due, now).await;
        planned.map_err(|error| (due, error))
    });
    let mut planned = pin!(futures::stream::iter(planned).buffer_unordered(AT_ONCE));
    let mut failed = None;
    while let Some(planned) = planned.next().await {
        if let Err((due, error)) = planned {
            let (shop, kind, cause) = (&settings.shop, due.kind().name(), chain(&error));
            tracing::error!(%shop, kind, customer = %due.customer, cause, "a due date can't be planned");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn plan_one(app: &App, settings: &Settings, due: &DueDate, now: Timestamp) -> Result<()> {
    let (shop, at) = (&settings.shop, settings.due_at(due));
    let today = settings.zone.day(now);
    let settled = || {
        let mut transaction = Transaction::new();
        transaction.settle_due_date(shop, due, today).map(|_| transaction)
    };
    let Some((customer, open)) = addressee(app, due, now).await? else {
        return app.table.commit(settled()?).await.map(drop);
    };
    let id = MessageId::new(app.entropy.ulid(now));
    let occurrence = due.occurrence(settings.zone.day(at));
    let mut message = Message::new(shop.clone(), id, customer, occurrence, now, at);
    message.not_after = at.checked_add(DueDate::CATCH_UP).ok();
    let gone = (!open).then_some(SkipReason::SubjectGone);
    if let Some(reason) = settings.too_late(due, now).or(gone) {
        message.state = MessageState::Skipped { reason, at: now };
    }
    let mut transaction = settled()?;
    let steps = transaction.create_message(&message)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(()),
        // Written before, for this occasion: only the due date is left to move on.
        Err(refusal) if steps.exists(&refusal) => app.table.commit(settled()?).await.map(drop),
        // Moved on by another run, or by a change of the record.
        Err(_) => Ok(()),
    }
}

/// Who is due, and whether the way there is open: of an order that was left, whoever has the link now.
pub async fn addressee(app: &App, due: &DueDate, now: Timestamp) -> Result<Option<(CustomerId, bool)>> {
    let Cause::AbandonedOrder { link, .. } = &due.cause else {
        return Ok(Some((due.customer, true)));
    };
    let link = app.table.order_link_by_token(link).await?;
    Ok(link.map(|link| (link.customer, link.is_open(now))))
}
