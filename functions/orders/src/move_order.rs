//! `PUT /v1/orders/{id}/state`: an order goes a step further, or is cancelled (K05). Cancelled, it
//! counts no more: the customer's figures are those of the other orders. The customer is mailed of it
//! where the shop wants that.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{
    AuditAction, Customer, Line, Message, MessageId, Move, Occurrence, Order, OrderId, OrderNews, OrderState, Settings,
};
use shared::http::{Call, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff, choice, etag, text};
use shared::table::{CustomerWrites, Transaction};

use crate::buyer::buyer_at_rest;
use crate::order_view::view_with_alerts;
use crate::stock::move_stock;

struct NewState {
    state: OrderState,
    reason: Option<Line<200>>,
}

impl NewState {
    /// Reads where the order goes. Whoever cancels says why.
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let state = fields.required("state", choice);
        let reason = match state {
            Some(OrderState::Cancelled) => fields.required("reason", text),
            _ => fields.optional("reason", text),
        };
        fields.finish()?;
        let state = state.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
        Ok(Self { state, reason })
    }
}

/// How often a move waits for its turn when the order or the customer's record changes under it.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Move an order to its next state, or cancel it")
        .takes(NewState::read)
        .answers_object(StatusCode::OK, "The order.")
        .versioned()
        .refuses(ProblemKind::JobRunning)
        .refuses(ProblemKind::OrderState)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<OrderId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let new = NewState::read(input.fields)?;
    for _ in 0..ATTEMPTS {
        let before = app.table.order(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        // It is there already: by an earlier try whose answer was lost, or by a colleague.
        if before.state == new.state {
            let customer = app.table.customer_or_survivor(&staff.shop, before.customer).await?;
            return Ok(answer(&before, customer.as_ref(), &call, &staff, &settings));
        }
        let step = Move { state: new.state, reason: new.reason.clone(), at: call.now, by: staff.subject.clone() };
        let after = before.moved(step).map_err(|_| Problem::new(ProblemKind::OrderState))?;
        let mut transaction = Transaction::new();
        let customer = write(&app, &call, &staff, &settings, &after, &mut transaction).await?;
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(answer(&after, customer.as_ref(), &call, &staff, &settings));
        }
    }
    Err(shared::Error::Contended.into())
}

/// What a move changes: the order; where it is cancelled, the customer's figures; the mail, the audit.
/// Gives the customer, if there is anybody.
async fn write(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    order: &Order,
    transaction: &mut Transaction,
) -> Result<Option<Customer>, Problem> {
    let shop = &staff.shop;
    transaction.replace_order(order)?;
    let customer = if order.stands() {
        app.table.customer_or_survivor(shop, order.customer).await?
    } else {
        move_stock(app, shop, order, false, transaction).await?;
        let buyer = buyer_at_rest(app, shop, order).await?;
        match &buyer {
            Some(customer) => drop_from_figures(app, call, staff, settings, (customer, order), transaction).await?,
            None => transaction.require_nobody(shop, order.customer),
        }
        buyer
    };
    if let Some(customer) = &customer {
        tell(app, call, settings, (customer, order), transaction)?;
    }
    let id = customer.as_ref().map_or(order.customer, |customer| customer.id);
    let entry = staff.audit(call, &app.entropy, AuditAction::OrderMoved, vec![id.to_string(), order.id.to_string()]);
    transaction.audit(shop, &entry, Some(id))?;
    Ok(customer)
}

/// Mails the customer what the order came to, where the shop wants that told.
fn tell(
    app: &App,
    call: &Call,
    settings: &Settings,
    (customer, order): (&Customer, &Order),
    transaction: &mut Transaction,
) -> Result<(), Problem> {
    let Some(news) = OrderNews::of(order.state).filter(|news| settings.order_state_mails.contains(news)) else {
        return Ok(());
    };
    // A cancellation writes the record; else nothing would keep the mail from coming to who is erased.
    if order.stands() {
        transaction.require_customer(&order.shop, customer.id);
    }
    let id = MessageId::new(app.entropy.ulid(call.now));
    let occurrence = Occurrence::OrderState { order: order.id, news };
    let message = Message::new(order.shop.clone(), id, customer.id, occurrence, call.now, call.now);
    transaction.create_message(&message)?;
    Ok(())
}

/// Orders that come meanwhile change the record's version, so that this is done again with them.
async fn drop_from_figures(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    (customer, cancelled): (&Customer, &Order),
    transaction: &mut Transaction,
) -> Result<(), Problem> {
    let mut orders = app.table.all_orders_of_customer(&staff.shop, customer.id).await?;
    for order in orders.iter_mut().filter(|order| order.id == cancelled.id) {
        order.clone_from(cancelled);
    }
    let after = customer.without_cancelled(&orders, settings, &staff.actor(), call.now);
    let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
    transaction.replace_customer(writes, customer, &after)?;
    Ok(())
}

fn answer(order: &Order, customer: Option<&Customer>, call: &Call, staff: &Staff, settings: &Settings) -> Response {
    let view = view_with_alerts(order, staff, customer, settings.zone.day(call.now));
    ([etag(order.version)], Json(view)).into_response()
}
