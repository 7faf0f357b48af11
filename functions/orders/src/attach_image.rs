//! `PUT /v1/products/{id}/image`: the file that was announced and sent becomes the product's image, if
//! it is what was announced.

use axum::extract::State;
use axum::http::StatusCode;
use shared::domain::{AuditAction, ImageId, Invalid, Product, ProductId, ProductImage};
use shared::http::{Call, FieldError, Fields, IfMatch, Input, Operation, PathId, Problem, ProblemKind, Staff, text};
use shared::{App, Images};

use crate::change_image::ImageChange;
use crate::product_view::ProductView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Attach an image to a product").takes(read).answers::<ProductView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    State(images): State<Images>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ProductId>,
    if_match: IfMatch,
    input: Input,
) -> Result<ProductView, Problem> {
    let product = app.table.product(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let upload = read(input.fields)?;
    // It is there already, by an earlier try whose answer was lost.
    if product.image.as_ref().is_some_and(|image| image.id == upload) {
        return ProductView::read(&app, &staff.shop, id).await;
    }
    if !if_match.matches(product.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let image = copy(&app, &images, &call, &staff, &product, upload).await?;
    let change = ImageChange { app: &app, images: &images, call: &call, staff: &staff };
    change.make(&product, Some(image), AuditAction::ImageAttached).await
}

fn read(mut fields: Fields) -> Result<ImageId, Problem> {
    let upload = fields.required("upload", text);
    fields.finish()?;
    upload.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}

/// Looks at what was sent, and writes what is to be seen of it to where pages find it: before any
/// product says that it is there.
async fn copy(
    app: &App,
    images: &Images,
    call: &Call,
    staff: &Staff,
    product: &Product,
    upload: ImageId,
) -> Result<ProductImage, Problem> {
    let refused = |invalid| Problem::invalid(vec![FieldError::new("/upload", invalid)]);
    let loose = app.table.loose_image(&staff.shop, upload).await?;
    let announced = loose.as_ref().and_then(|loose| loose.awaited_by(product.id, call.now));
    let announced = announced.ok_or_else(|| refused(Invalid::Upload))?;
    let bytes = images.pending(&staff.shop, upload).await?.ok_or_else(|| refused(Invalid::Upload))?;
    let (image, shown) = announced.check(upload, &bytes).map_err(refused)?;
    images.put(upload, announced.format, shown).await?;
    Ok(image)
}
