//! `POST /o/{token}`: every button of the pages. What was typed is kept first, in the draft of the link;
//! then another page is shown, or what was chosen is ordered.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{DraftId, Order, OrderDraft, OrderError};
use shared::http::{Call, Operation, PathToken, Problem, ProblemKind, closed_link, redirect};
use utoipa::openapi::schema::Schema;

use crate::choose::{Kept, keep};
use crate::open_link::OpenLink;
use crate::pace::pressed_too_often;
use crate::pages::Again;
use crate::place_order::{Placed, place};
use crate::posted::{Posted, Pressed};
use crate::refused::Refused;
use crate::show_page::{show, show_draft};
use crate::view::View;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Choose in a customer's own shop, or order what was chosen")
        .body("application/x-www-form-urlencoded", Schema::Object(Posted::schema()))
        .answers_nothing(StatusCode::SEE_OTHER)
        .answers_page(StatusCode::TOO_MANY_REQUESTS)
        .shows_problems_as_page()
        .shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Some(mut open) = OpenLink::of(&app, &call, &token).await? else {
        return Ok(closed_link(&call));
    };
    if let Some(page) = pressed_too_often(&app, &call, &open).await? {
        return Ok(page);
    }
    let body = body.map_err(|_| Problem::new(ProblemKind::TooLarge))?;
    let posted = Posted::read(&body)?;
    if let Pressed::Order(draft) = posted.pressed {
        return order(&app, &call, &token, &mut open, &posted, draft).await;
    }
    let last = match posted.pressed {
        Pressed::Again => last_order(&app, &open).await?,
        Pressed::Show(_) | Pressed::Order(_) => None,
    };
    let kept = keep(&app, &call, &token, &mut open, &posted.typed, last.as_ref()).await?;
    let refused = match kept {
        Kept::Draft(draft) => match next(&posted, &draft) {
            Ok(view) => return Ok(redirect(&view.query())),
            Err(refused) => refused,
        },
        Kept::Refused(refused) => refused,
        Kept::Closed => return Ok(closed_link(&call)),
    };
    show(&app, &call, &open, &posted.at, Some(&Again { refused: &refused, typed: &posted.typed })).await
}

/// The page to go to.
fn next(posted: &Posted, draft: &OrderDraft) -> Result<View, Refused> {
    match &posted.pressed {
        Pressed::Again if draft.lines.is_empty() => Err(Refused::NothingAgain),
        Pressed::Again => Ok(View::Review),
        Pressed::Show(View::Review) if draft.lines.is_empty() => Err(Refused::Lines(OrderError::Empty)),
        Pressed::Show(view) => Ok(view.clone()),
        Pressed::Order(_) => Ok(posted.at.clone()),
    }
}

/// What the customer ordered last, cancelled orders aside.
async fn last_order(app: &App, open: &OpenLink) -> Result<Option<Order>, Problem> {
    match open.customer.figures.last_order {
        Some(id) => Ok(app.table.order_of_customer(&open.link.shop, open.customer.id, id).await?),
        None => Ok(None),
    }
}

async fn order(
    app: &App,
    call: &Call,
    token: &PathToken,
    open: &mut OpenLink,
    posted: &Posted,
    id: DraftId,
) -> Result<Response, Problem> {
    match place(app, call, token, open, posted, id).await? {
        // A GET of the order, so that a reload posts nothing again.
        Placed::Order(order) => Ok(redirect(&View::Placed { order, changed: false }.query())),
        Placed::Earlier(order) => Ok(redirect(&View::Placed { order, changed: true }.query())),
        Placed::Refused(refused, draft) => {
            let again = Again { refused: &refused, typed: &posted.typed };
            show_draft(app, open, &View::Review, &draft, Some(&again)).await
        }
        Placed::Closed => Ok(closed_link(call)),
    }
}
