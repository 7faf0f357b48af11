//! `GET /v1/automations/upcoming`: what will go out in the next days, to whom, and who is left out and why.
//!
//! It shows what is to be planned; what was planned within the last hour is among the customer's messages
//! already.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shared::App;
use shared::domain::{AuditAction, Invalid};
use shared::http::{Call, Cursor, List, Operation, Problem, Query, Staff};
use shared::table::{Span, UpcomingPosition};

use crate::forecast::{Forecast, ForecastView};

/// How many days are looked ahead unless the caller says.
const DAYS: u32 = 30;

/// The most days that are looked ahead.
const MOST_DAYS: u32 = 366;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("List the automated mails of the next days, and who is left out and why")
        .asks(days)
        .paged()
        .lists::<ForecastView>()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<List<ForecastView>>, Problem> {
    let days = days(&mut query);
    let text = days.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["upcoming", &text]);
    let limit = query.limit();
    let after: UpcomingPosition = query.cursor(&cursors).unwrap_or_default();
    query.0.finish()?;
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.upcoming(&settings, span(call.now, days), limit, &after).await?;
    let forecasts = Forecast::of(&app, &settings, page.items, call.now).await?;
    let shown = forecasts.iter().filter_map(Forecast::customer).map(|id| id.to_string()).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomersListed, shown);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    let items = forecasts.iter().map(|forecast| forecast.view(&settings, call.locale)).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}

/// Reads `days`.
fn days(query: &mut Query) -> u32 {
    let read = |value: &Value| match value.as_str().map(str::parse::<u32>) {
        Some(Ok(days)) if (1..=MOST_DAYS).contains(&days) => Ok(days),
        _ => Err(Invalid::OutOfRange { min: 1, max: MOST_DAYS.into() }),
    };
    query.0.optional("days", read).unwrap_or(DAYS)
}

/// From now to the end of the last day.
fn span(now: Timestamp, days: u32) -> Span {
    let ahead = SignedDuration::from_hours(24 * i64::from(days));
    Span { from: now, to: now.saturating_add(ahead).unwrap_or(now) }
}
