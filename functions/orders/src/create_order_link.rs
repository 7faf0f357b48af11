//! `POST /v1/customers/{id}/order-links`: a magic link, shown once (K01).

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use shared::App;
use shared::domain::{
    AuditAction, CustomerId, Invalid, LinkState, LinkTerms, OrderLink, OrderLinkId, Outcome, ProductId,
};
use shared::http::{
    Call, FieldError, Fields, Input, Operation, PathId, Problem, Staff, created, first_outcome, integer_value, text,
};
use shared::table::Transaction;
use utoipa::ToSchema;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Make a magic link").takes(terms).answers::<NewOrderLinkView>(StatusCode::CREATED)
}

/// Reads what the link lets its customer do.
fn terms(mut fields: Fields) -> Result<LinkTerms, Problem> {
    let within = |value: &Value, max: i64| match integer_value(value)? {
        number if (1..=max).contains(&number) => Ok(number),
        _ => Err(Invalid::OutOfRange { min: 1, max }),
    };
    let days = fields.optional("days", |value| within(value, OrderLink::MOST_DAYS.into()));
    let orders = fields.optional("orders", |value| within(value, OrderLink::MOST_ORDERS.into()));
    let products = fields.optional("products", products);
    fields.finish()?;
    let whole = LinkTerms::default();
    Ok(LinkTerms {
        days: days.and_then(|days| u16::try_from(days).ok()).unwrap_or(whole.days),
        orders: orders.and_then(|orders| u32::try_from(orders).ok()),
        products: products.map(BTreeSet::from_iter),
    })
}

fn products(value: &Value) -> Result<Vec<ProductId>, Invalid> {
    let items = value.as_array().ok_or(Invalid::WrongType)?;
    if items.is_empty() {
        return Err(Invalid::Empty);
    }
    if items.len() > OrderLink::MOST_PRODUCTS {
        return Err(Invalid::TooMany { max: OrderLink::MOST_PRODUCTS });
    }
    items.iter().map(text).collect()
}

/// Refuses a selection of what the shop does not sell.
async fn check_products(app: &App, staff: &Staff, terms: &LinkTerms) -> Result<(), Problem> {
    let Some(selected) = &terms.products else {
        return Ok(());
    };
    let known = app.table.products_by_id(&staff.shop, selected).await?;
    if known.len() == selected.len() {
        return Ok(());
    }
    Err(Problem::invalid(vec![FieldError::new("/products", Invalid::Id)]))
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &call, &staff, customer, &outcome).await;
    }
    let terms = terms(input.fields)?;
    let (found, settings) =
        tokio::try_join!(app.table.customer(&staff.shop, customer), app.table.settings(&staff.shop))?;
    let (_, settings) = found.zip(settings).ok_or_else(Problem::not_found)?;
    check_products(&app, &staff, &terms).await?;
    let id = OrderLinkId::new(app.entropy.ulid(call.now));
    let end = terms.end(&settings.zone, call.now);
    let link = OrderLink::new(&app.keyring, staff.shop.clone(), id, customer, terms, call.now, end);

    let mut transaction = Transaction::new();
    let there = transaction.require_customer(&staff.shop, customer);
    transaction.create_order_link(&link)?;
    let records = vec![customer.to_string(), id.to_string()];
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrderLinkCreated, records);
    transaction.audit(&staff.shop, &entry, Some(customer))?;
    let outcome = Outcome { status: 201, id: id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&app, &link, call.now)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &call, &staff, customer, &outcome).await,
            None if refusal.failed(there) => Err(Problem::not_found()),
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

/// The first answer once more: the token is made again, since nothing keeps it.
pub async fn again(
    app: &App,
    call: &Call,
    staff: &Staff,
    customer: CustomerId,
    outcome: &Outcome,
) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let link = app.table.order_link(&staff.shop, customer, id).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(app, &link, call.now))
}

/// A link, with its address.
pub fn answer(app: &App, link: &OrderLink, now: Timestamp) -> Response {
    let url = app.public_url.order_page(&link.token(&app.keyring));
    let view = NewOrderLinkView { link: OrderLinkView::of(link, now), url };
    // A link is shown with the others of its customer.
    created(format!("/v1/customers/{}/order-links", link.customer), 1, &view)
}

/// A magic link without its address, which is shown once.
#[derive(Serialize, ToSchema)]
pub struct OrderLinkView {
    id: OrderLinkId,
    /// `open`, `expired`, `revoked`, or `used_up`.
    #[schema(value_type = String)]
    state: LinkState,
    /// How many more orders it takes; null for any number.
    orders_left: Option<u32>,
    /// What it offers; null for the whole catalogue.
    products: Option<BTreeSet<ProductId>>,
    created_at: Timestamp,
    /// From when it opens no more: the end of a day where the shop is.
    expires_at: Timestamp,
}

/// A magic link just made.
#[derive(Serialize, ToSchema)]
pub struct NewOrderLinkView {
    #[serde(flatten)]
    link: OrderLinkView,
    /// The address for the customer.
    url: String,
}

impl OrderLinkView {
    /// The link as it is at `now`.
    pub fn of(link: &OrderLink, now: Timestamp) -> Self {
        Self {
            id: link.id,
            state: link.state(now),
            orders_left: link.orders_left,
            products: link.products.clone(),
            created_at: link.created_at,
            expires_at: link.expires_at,
        }
    }
}
