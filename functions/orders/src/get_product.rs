//! `GET /v1/products/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use shared::App;
use shared::domain::ProductId;
use shared::http::{Operation, PathId, Problem, Staff};

use crate::product_view::ProductView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show a product").answers::<ProductView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    staff: Staff,
    PathId(id): PathId<ProductId>,
) -> Result<ProductView, Problem> {
    ProductView::read(&app, &staff.shop, id).await
}
