//! `POST /v1/products`: something the shop sells.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{AuditAction, Currency, Language, Outcome, Prices, Product, ProductId, Translations};
use shared::http::{
    Call, Fields, Input, Operation, Problem, Staff, created, first_outcome, integer_value, pairs, text,
};
use shared::table::Transaction;
use utoipa::ToSchema;

struct NewProduct {
    name: Translations,
    prices: Prices,
}

impl NewProduct {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let name = fields.required("name", pairs::<Language, _, Translations>(text));
        let prices = fields.required("prices", pairs::<Currency, _, Prices>(integer_value));
        fields.finish()?;
        let new = name.zip(prices).map(|(name, prices)| Self { name, prices });
        new.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
    }
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Add a product").takes(NewProduct::read).answers::<ProductView>(StatusCode::CREATED)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, &outcome).await;
    }
    let new = NewProduct::read(input.fields)?;
    let id = ProductId::new(app.entropy.ulid(call.now));
    let product = Product { id, name: new.name, prices: new.prices, created_at: call.now };

    let mut transaction = Transaction::new();
    transaction.create_product(&staff.shop, &product)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::ProductCreated, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    let outcome = Outcome { status: 201, id: id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(product)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &staff, &outcome).await,
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

async fn again(app: &App, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let product = app.table.product(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(product))
}

fn answer(product: Product) -> Response {
    // A product is shown with the others.
    created("/v1/products".to_owned(), 1, &ProductView::from(product))
}

/// A product.
#[derive(Serialize, ToSchema)]
pub struct ProductView {
    id: ProductId,
    /// What it is called.
    name: Translations,
    /// What it costs, before anybody's discount.
    prices: Prices,
    created_at: Timestamp,
}

impl From<Product> for ProductView {
    fn from(product: Product) -> Self {
        Self { id: product.id, name: product.name, prices: product.prices, created_at: product.created_at }
    }
}
