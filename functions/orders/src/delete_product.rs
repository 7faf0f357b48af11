//! `DELETE /v1/products/{id}`: it is sold no more, and its image is deleted. Orders keep its name and
//! price.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::domain::{AuditAction, ProductId};
use shared::http::{Call, IfMatch, Operation, PathId, Problem, ProblemKind, Staff};
use shared::table::Transaction;
use shared::{App, Images};

use crate::change_image::{delete_file, take_off};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take a product out of the catalogue").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    State(images): State<Images>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ProductId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    let product = app.table.product(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    if !if_match.matches(product.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let mut transaction = Transaction::new();
    transaction.remove_product(&staff.shop, &product)?;
    take_off(&product, &staff.shop, call.now, &mut transaction)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::ProductDeleted, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    if app.table.commit(transaction).await?.is_err() {
        return Err(Problem::new(ProblemKind::Stale));
    }
    if let Some(image) = &product.image {
        delete_file(&app, &images, &staff.shop, image.id).await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
