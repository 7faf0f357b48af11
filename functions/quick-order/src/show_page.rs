//! `GET /o/{token}`: products to choose from, what was chosen, or an order that was placed. Nothing
//! changes: mail scanners open links.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{LinkState, Order, OrderId};
use shared::http::{Call, Operation, PathToken, Problem, Query, closed_link, redirect};

use crate::catalogue::Catalogue;
use crate::choose::draft_of;
use crate::open_link::OpenLink;
use crate::pages::{self, Again};
use crate::review::Review;
use crate::view::{Shelf, View};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Show a customer's own shop, or an order placed in it")
        .asks(View::read)
        .answers_page(StatusCode::OK)
        .shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    mut query: Query,
) -> Result<Response, Problem> {
    let Some(open) = OpenLink::of(&app, &call, &token).await? else {
        return Ok(closed_link(&call));
    };
    show(&app, &call, &open, &View::read(&mut query), None).await
}

/// Shows a page; `again`, where what it posted was refused.
pub async fn show(
    app: &App,
    call: &Call,
    open: &OpenLink,
    view: &View,
    again: Option<&Again<'_>>,
) -> Result<Response, Problem> {
    if let View::Placed(id) = view
        && let Some(order) = placed(app, open, *id).await?
    {
        return Ok(pages::placed(open, &order));
    }
    // One that has taken its orders shows those, and nothing to order from.
    if open.link.state(call.now) != LinkState::Open {
        return Ok(closed_link(call));
    }
    let catalogue = Catalogue::of(app, open).await?;
    let draft = draft_of(app, call, open).await?;
    match view {
        View::Review if draft.lines.is_empty() => return Ok(redirect(&View::Shelf(Shelf::default()).query())),
        View::Review => {
            let review = Review::of(&catalogue, &draft).await?;
            return Ok(pages::review(open, &review, &draft, again));
        }
        View::Product(product) => {
            if let Some((offer, said)) = catalogue.described(*product).await? {
                return Ok(pages::product(open, &offer, said.as_deref(), &draft, again));
            }
        }
        View::Shelf(_) | View::Placed(_) => {}
    }
    let all = Shelf::default();
    let shelf = if let View::Shelf(shelf) = view { shelf } else { &all };
    let offers = catalogue.shelf(shelf).await?;
    Ok(pages::shelf(open, &catalogue, shelf, &offers, &draft, again))
}

/// The order with this id, if it came through this link.
async fn placed(app: &App, open: &OpenLink, id: OrderId) -> Result<Option<Order>, Problem> {
    let order = app.table.order_of_customer(&open.link.shop, open.customer.id, id).await?;
    Ok(order.filter(|order| order.link == Some(open.link.id)))
}
