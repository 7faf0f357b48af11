//! `DELETE /v1/products/{id}/image`: the product is shown without one, and the file is deleted.

use axum::extract::State;
use axum::http::StatusCode;
use shared::domain::{AuditAction, ProductId};
use shared::http::{Call, IfMatch, Operation, PathId, Problem, ProblemKind, Staff};
use shared::{App, Images};

use crate::change_image::ImageChange;
use crate::product_view::ProductView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take a product's image off it").answers::<ProductView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    State(images): State<Images>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ProductId>,
    if_match: IfMatch,
) -> Result<ProductView, Problem> {
    let product = app.table.product(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    // It has none: by an earlier try whose answer was lost, or by a colleague.
    if product.image.is_none() {
        return ProductView::read(&app, &staff.shop, id).await;
    }
    if !if_match.matches(product.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let change = ImageChange { app: &app, images: &images, call: &call, staff: &staff };
    change.make(&product, None, AuditAction::ImageRemoved).await
}
