//! What will be due in the days to come, of every kind, in the order of time (pattern 6).

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::keys::{self, Index};
use super::{Page, Position, Table};
use crate::Result;
use crate::domain::{DueDate, DueKind, Settings};

/// From when to when to look.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// What was due earlier is left out, of an automation that is off: of the others, the next run deals with
    /// it.
    pub from: Timestamp,
    /// What is due later is left out.
    pub to: Timestamp,
}

/// A place in the list: how far each kind has been shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UpcomingPosition(BTreeMap<DueKind, Position>);

/// Somebody who will be due, and when.
#[derive(Debug, Clone)]
pub struct Upcoming {
    /// Who, and why.
    pub due: DueDate,
    /// When, by the settings of now.
    pub at: Timestamp,
}

impl Table {
    /// Pattern 6: who will be due within `span`, for every kind, the soonest first. Half a read unit per
    /// 4 KB of due dates of each kind, however big the shop.
    pub async fn upcoming(
        &self,
        settings: &Settings,
        span: Span,
        limit: u32,
        after: &UpcomingPosition,
    ) -> Result<Page<Upcoming, UpcomingPosition>> {
        let [one, two, three, four] = DueKind::ALL;
        let of = |kind| self.upcoming_of(settings, kind, span, limit, after.0.get(&kind).cloned());
        let (one, two, three, four) = tokio::try_join!(of(one), of(two), of(three), of(four))?;
        let mut items: Vec<Upcoming> = [one, two, three, four].into_iter().flatten().collect();
        items.sort_by_key(|upcoming| (upcoming.at, upcoming.due.kind()));
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let mut next = after.clone();
        next.0.extend(items.iter().map(|upcoming| (upcoming.due.kind(), place(settings, &upcoming.due))));
        Ok(Page { items, next: more.then_some(next) })
    }

    /// The next of one kind: one more than `limit`, if there are as many.
    async fn upcoming_of(
        &self,
        settings: &Settings,
        kind: DueKind,
        span: Span,
        limit: u32,
        mut after: Option<Position>,
    ) -> Result<Vec<Upcoming>> {
        let [from, last] = [span.from, span.to].map(|at| settings.latest_occasion(kind, settings.zone.day(at)));
        let on = settings.automations.switch(kind).on;
        // Months of other lengths and leap days: what is due on a day had its occasion some days earlier.
        let first = if on { Date::MIN } else { from.saturating_sub(5.days()) };
        let mut found = Vec::new();
        loop {
            let page = self.due_dates(&settings.shop, kind, first, last, limit + 1, after).await?;
            let upcoming = page.items.into_iter().map(|due| Upcoming { at: settings.due_at(&due), due });
            found.extend(upcoming.filter(|upcoming| upcoming.at <= span.to && (on || upcoming.at >= span.from)));
            after = page.next;
            if after.is_none() || found.len() > limit as usize {
                found.truncate(limit as usize + 1);
                return Ok(found);
            }
        }
    }
}

fn place(settings: &Settings, due: &DueDate) -> Position {
    let shop = &settings.shop;
    let sort = keys::due_list_sort(due.day, due.customer);
    Position::in_index(keys::due_date(shop, due), Index::Due, keys::due_list(shop, due.kind()), sort)
}
