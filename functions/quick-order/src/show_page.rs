//! `GET /o/{token}`: the catalogue, or, with `?order=`, the order that was placed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{DraftId, LinkState, OrderId};
use shared::http::{Call, Operation, PathToken, Problem, Query, closed_link, text};
use shared::table::Reading;

use crate::catalogue::Catalogue;
use crate::open_link::OpenLink;
use crate::order_page::{self, Typed};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Show a customer's own shop, or an order placed in it")
        .asks(read)
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
    // Whatever else a mail program or a messenger hung on the address is nobody's mistake here.
    let placed = read(&mut query);
    if let Some(id) = placed
        && let Some(order) = app.table.order_of_customer(&open.link.shop, open.customer.id, id).await?
        && order.link == Some(open.link.id)
    {
        return Ok(order_page::placed(&open, &order));
    }
    // One that has taken its orders shows those, and nothing to order from.
    if open.link.state(call.now) != LinkState::Open {
        return Ok(closed_link(&call));
    }
    let catalogue = Catalogue::of(&app, &open, Reading::Show).await?;
    let draft = DraftId::new(app.entropy.ulid(call.now));
    Ok(order_page::catalogue(StatusCode::OK, &open, &catalogue, draft, &Typed::default()))
}

fn read(query: &mut Query) -> Option<OrderId> {
    query.0.optional("order", text)
}
