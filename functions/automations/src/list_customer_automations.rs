//! `GET /v1/customers/{id}/automations`: which automated mails a customer will get and which not, with why:
//! the same as the list of the next days says.

use axum::Json;
use axum::extract::State;
use futures::future::try_join_all;
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, DueDate, DueKind, Settings};
use shared::http::{Call, List, Operation, PathId, Problem, Staff};
use shared::table::Upcoming;

use crate::forecast::{Forecast, ForecastView};

/// How many of the newest magic links are looked at for orders that were left.
const LINKS: u32 = 25;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Tell which automated mails a customer will get, and why or why not").lists::<ForecastView>()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
) -> Result<Json<List<ForecastView>>, Problem> {
    let (settings, customer) = tokio::try_join!(app.table.settings(&staff.shop), app.table.customer(&staff.shop, id))?;
    let (settings, customer) = settings.zip(customer).ok_or_else(Problem::not_found)?;
    let mut due = app.table.due_dates_of_customer(&staff.shop, id).await?;
    due.extend(left_orders(&app, &call, &settings, &customer).await?);
    let upcoming = due.into_iter().map(|due| Upcoming { at: settings.due_at(&due), due }).collect();
    let forecasts = Forecast::of(&app, &settings, upcoming, call.now).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerViewed, vec![id.to_string()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let mut items = Vec::new();
    for kind in DueKind::ALL {
        let mut of_kind = forecasts.iter().filter(|forecast| forecast.kind() == kind).peekable();
        if of_kind.peek().is_none() {
            items.push(ForecastView::without_occasion(&settings, kind, call.locale));
        }
        items.extend(of_kind.map(|forecast| forecast.view(&settings, call.locale)));
    }
    Ok(Json(List { items, next: None }))
}

/// What the customer has chosen through open links and not ordered.
async fn left_orders(
    app: &App,
    call: &Call,
    settings: &Settings,
    customer: &Customer,
) -> Result<Vec<DueDate>, Problem> {
    let address = app.keyring.address_digest(&customer.shop, &customer.email);
    let links = app.table.order_links(&customer.shop, customer.id, LINKS, None).await?.items;
    let open = links.iter().filter(|link| link.is_open(call.now));
    let drafts = open.map(|link| async move {
        let draft = app.table.order_draft(&link.hash, call.now).await?;
        Ok::<_, shared::Error>(draft.map(|draft| (link, draft)))
    });
    let left = try_join_all(drafts).await?.into_iter().flatten();
    Ok(left.filter_map(|(link, draft)| DueDate::of_draft(&draft, link, &address, &settings.zone)).collect())
}
