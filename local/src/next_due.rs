//! The next instant at which anything is due in the table: what a moved clock must not skip.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use shared::domain::{DueDate, DueKind, ShopId, Zone};
use shared::table::Table;

/// The first instant later than `after` at which a message of any shop is to be looked at or a due
/// date falls.
///
/// # Errors
/// When the table can't be read.
pub async fn next_due(table: &Table, after: Timestamp) -> shared::Result<Option<Timestamp>> {
    let mut next: Option<Timestamp> = None;
    for shop in table.shops().await? {
        let Some(settings) = table.settings(&shop).await? else { continue };
        let awake = table.next_awake(&shop).await?.filter(|at| *at > after);
        next = earlier(next, awake);
        for kind in DueKind::ALL {
            next = earlier(next, next_due_date(table, &shop, kind, &settings.zone, after).await?);
        }
    }
    Ok(next)
}

async fn next_due_date(
    table: &Table,
    shop: &ShopId,
    kind: DueKind,
    zone: &Zone,
    after: Timestamp,
) -> shared::Result<Option<Timestamp>> {
    let today = zone.day(after);
    let first_day = if after < zone.instant(today, DueDate::TIME) { today } else { today.saturating_add(1.day()) };
    let page = table.due_dates(shop, kind, first_day, Date::MAX, 1, None).await?;
    Ok(page.items.first().map(|due| zone.instant(due.day, DueDate::TIME)))
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}
