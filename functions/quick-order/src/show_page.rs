//! `GET /o/{token}`: products to choose from, what was chosen, or an order that was placed. Nothing
//! changes: mail scanners open links.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{LinkState, Order, OrderDraft, OrderId};
use shared::http::{Call, Operation, PathToken, Problem, Query, closed_link};

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
    if let View::Placed { order, changed } = view
        && let Some(order) = placed(app, open, *order).await?
    {
        return Ok(pages::placed(open, &order, *changed, open.link.state(call.now)));
    }
    // One that has taken its orders shows those, and nothing to order from.
    if open.link.state(call.now) != LinkState::Open {
        return Ok(closed_link(call));
    }
    let draft = draft_of(app, call, open).await?;
    show_draft(app, open, view, &draft, again).await
}

/// Shows a page with what was chosen. Where nothing of that is left to be ordered, there are products
/// to choose from instead.
pub async fn show_draft(
    app: &App,
    open: &OpenLink,
    view: &View,
    draft: &OrderDraft,
    again: Option<&Again<'_>>,
) -> Result<Response, Problem> {
    let catalogue = Catalogue::of(app, open).await?;
    match view {
        View::Review => {
            let review = Review::of(&catalogue, draft).await?;
            if !review.chosen.is_empty() {
                return Ok(pages::review(open, &review, draft, again));
            }
        }
        View::Product(product) => {
            if let Some((offer, said)) = catalogue.described(*product).await? {
                let basket = catalogue.basket(draft, std::slice::from_ref(&offer)).await?;
                return Ok(pages::product(open, &offer, said.as_deref(), (draft, &basket), again));
            }
        }
        View::Shelf(_) | View::Placed { .. } => {}
    }
    let all = Shelf::default();
    let shelf = if let View::Shelf(shelf) = view { shelf } else { &all };
    let offers = catalogue.shelf(shelf).await?;
    let basket = catalogue.basket(draft, &offers.offers).await?;
    Ok(pages::shelf(open, &catalogue, shelf, &offers, (draft, &basket), again))
}

/// The order with this id, if it came through this link.
async fn placed(app: &App, open: &OpenLink, id: OrderId) -> Result<Option<Order>, Problem> {
    let order = app.table.order_of_customer(&open.link.shop, open.customer.id, id).await?;
    Ok(order.filter(|order| order.link == Some(open.link.id)))
}
