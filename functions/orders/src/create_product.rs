//! `POST /v1/products`: something the shop sells.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, Outcome, ProductId};
use shared::http::{Call, Input, Operation, Patch, Problem, Staff, created, first_outcome};
use shared::table::Transaction;

use crate::product_fields::{ProductFields, require_groups};
use crate::product_view::ProductView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Add a product")
        .takes(|fields| ProductFields::read(fields, None))
        .answers::<ProductView>(StatusCode::CREATED)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, &outcome).await;
    }
    let new = ProductFields::read(input.fields, None)?;
    require_groups(&app, &staff, &new, None).await?;
    let stock = match new.stock {
        Patch::Set(left) => Some(left),
        Patch::Keep | Patch::Clear => None,
    };
    let id = ProductId::new(app.entropy.ulid(call.now));
    let product = new.begin(id, call.now);
    let product = product.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;

    let mut transaction = Transaction::new();
    transaction.create_product(&staff.shop, &product, stock)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::ProductCreated, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    let outcome = Outcome { status: 201, id: id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&ProductView::of(&app, product, stock))),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &staff, &outcome).await,
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

async fn again(app: &App, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    Ok(answer(&ProductView::read(app, &staff.shop, id).await?))
}

fn answer(view: &ProductView) -> Response {
    created(format!("/v1/products/{}", view.id), view.version, view)
}
