//! `POST /v1/orders/{id}/refunds`: money given back. The order and the customer's figures move
//! together; the order alone where the customer was erased.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{
    AuditAction, Customer, Invalid, Line, Money, Order, OrderId, Outcome, Refund, RefundError, RefundId, Settings,
};
use shared::http::{
    Call, FieldError, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff, created, first_outcome,
    integer_value, text,
};
use shared::table::{CustomerWrites, Transaction};

use crate::buyer::buyer;
use crate::order_view;

struct NewRefund {
    minor: i64,
    reason: Option<Line<200>>,
}

impl NewRefund {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let minor = fields.required("amount_minor", integer_value);
        let reason = fields.optional("reason", text);
        fields.finish()?;
        let minor = minor.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
        Ok(Self { minor, reason })
    }

    /// The refund of `order`, if so much is left of it.
    fn of(&self, order: &Order, id: RefundId, call: &Call, staff: &Staff) -> Result<(Order, Refund), Problem> {
        let too_much = |left: Money| Invalid::OutOfRange { min: 1, max: left.minor() };
        let wrong = |invalid| Problem::invalid(vec![FieldError::new("/amount_minor", invalid)]);
        let amount = Money::new(self.minor, order.total.currency()).map_err(|_| wrong(too_much(order.net())))?;
        let (reason, by) = (self.reason.clone(), staff.subject.clone());
        let refund = Refund { id, amount, reason, at: call.now, by };
        match order.refunded(refund.clone()) {
            Ok(after) => Ok((after, refund)),
            Err(RefundError::OutOfRange { left }) => Err(wrong(too_much(left))),
            Err(RefundError::Cancelled) => Err(Problem::new(ProblemKind::OrderState)),
            Err(RefundError::TooMany) => Err(wrong(Invalid::TooMany { max: Order::MAX_REFUNDS })),
        }
    }
}

/// How often a refund waits for its turn when the order or the customer's record changes under it.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Record a refund")
        .takes(NewRefund::read)
        .answers_object(StatusCode::CREATED, "The refund.")
        .refuses(ProblemKind::JobRunning)
        .refuses(ProblemKind::OrderState)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(order): PathId<OrderId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, order, &outcome).await;
    }
    let new = NewRefund::read(input.fields)?;
    let id = RefundId::new(app.entropy.ulid(call.now));
    for _ in 0..ATTEMPTS {
        let before = app.table.order(&staff.shop, order).await?.ok_or_else(Problem::not_found)?;
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if let Some(refund) = before.refunds.iter().find(|refund| refund.id == id) {
            return Ok(answer(order, refund, &staff, before.version));
        }
        let (after, refund) = new.of(&before, id, &call, &staff)?;
        let customer = buyer(&app, &staff.shop, &before).await?;
        let mut transaction = Transaction::new();
        write(&app, &call, &staff, &settings, (customer.as_ref(), &after, &refund), &mut transaction)?;
        let outcome = Outcome { status: 201, id: id.to_string(), version: after.version };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(order, &refund, &staff, after.version));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &staff, order, &outcome).await;
        }
    }
    Err(shared::Error::Contended.into())
}

/// What a refund changes: the order, the customer's figures if there is anybody, the audit.
fn write(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    (customer, order, refund): (Option<&Customer>, &Order, &Refund),
    transaction: &mut Transaction,
) -> Result<(), Problem> {
    transaction.replace_order(order)?;
    if let Some(customer) = customer {
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
        let after = customer.refunded(refund, settings, &staff.actor(), call.now);
        transaction.replace_customer(writes, customer, &after)?;
    } else {
        transaction.require_nobody(&staff.shop, order.customer);
    }
    let customer = customer.map_or(order.customer, |customer| customer.id);
    let records = vec![customer.to_string(), order.id.to_string(), refund.id.to_string()];
    let entry = staff.audit(call, &app.entropy, AuditAction::OrderRefunded, records);
    transaction.audit(&staff.shop, &entry, Some(customer))?;
    Ok(())
}

/// The first answer, once more.
async fn again(app: &App, staff: &Staff, order: OrderId, outcome: &Outcome) -> Result<Response, Problem> {
    let order = app.table.order(&staff.shop, order).await?.ok_or_else(Problem::not_found)?;
    let refund = order.refunds.iter().find(|refund| refund.id.to_string() == outcome.id);
    Ok(answer(order.id, refund.ok_or_else(Problem::not_found)?, staff, outcome.version))
}

fn answer(order: OrderId, refund: &Refund, staff: &Staff, version: u64) -> Response {
    // A refund is shown with its order.
    created(format!("/v1/orders/{order}"), version, &order_view::refund(refund, staff))
}
