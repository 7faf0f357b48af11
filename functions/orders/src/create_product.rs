//! `POST /v1/products`: something the shop sells.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};
use shared::App;
use shared::domain::{AuditAction, Currency, Language, Outcome, Prices, Product, ProductId, Translations};
use shared::http::{Call, Fields, Input, Problem, Staff, created, first_outcome, integer_value, pairs, text};
use shared::table::Transaction;

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
        Ok(()) => Ok(answer(&product)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &staff, &outcome).await,
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

async fn again(app: &App, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let product = app.table.product(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(&product))
}

fn answer(product: &Product) -> Response {
    created(format!("/v1/products/{}", product.id), 1, &view(product))
}

/// A product as the API shows it.
pub fn view(product: &Product) -> Value {
    let names: Map<String, Value> =
        product.name.iter().map(|(language, name)| (language.as_str().to_owned(), name.into())).collect();
    let prices: Map<String, Value> =
        product.prices.iter().map(|(currency, minor)| (currency.code().to_owned(), minor.into())).collect();
    json!({ "id": product.id, "name": names, "prices": prices, "created_at": product.created_at })
}
