//! `GET /v1/customers/{id}/timeline`: everything that happened with a customer, in one order, the
//! latest first.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Order, Submission};
use shared::http::{Call, Cursor, Operation, PathId, Problem, Query, Staff, message_view};
use shared::keyring::Keyring;
use shared::table::{Happening, TimelinePosition};

use crate::{consent_view, record_interaction};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show everything that happened with a customer").paged().lists_objects("What happened.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let text = id.to_string();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["timeline", &text]);
    let limit = query.limit();
    let after: Option<TimelinePosition> = query.cursor(&cursors);
    query.0.finish()?;
    let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let page = app.table.timeline(&staff.shop, id, limit, after.as_ref()).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::TimelineViewed, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;
    let items: Vec<Value> = page.items.iter().map(|happening| view(happening, &customer, &app.keyring)).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}

/// Something that happened, with what it is and when.
fn view(happening: &Happening, customer: &Customer, keyring: &Keyring) -> Value {
    let (kind, mut view) = match happening {
        Happening::Interaction(interaction) => ("interaction", record_interaction::view(interaction)),
        Happening::Order(order) => ("order", order_view(order)),
        Happening::Submission(submission) => ("submission", submission_view(submission)),
        Happening::Message(message) => ("message", message_view(message, customer, keyring)),
        Happening::Consent(evidence) => ("consent", consent_view::evidence(evidence)),
    };
    view["type"] = kind.into();
    view
}

fn order_view(order: &Order) -> Value {
    json!({
        "id": order.id,
        "at": order.placed_at,
        "number": order.number().to_string(),
        "state": order.state,
        "channel": order.channel,
        "items": order.lines.iter().map(|line| line.quantity.get()).sum::<u32>(),
        "total": order.total,
        "net": order.net(),
    })
}

fn submission_view(submission: &Submission) -> Value {
    json!({
        "id": submission.id,
        "at": submission.at,
        "form": submission.form,
        "page": submission.page,
        "fields": submission.fields,
    })
}
