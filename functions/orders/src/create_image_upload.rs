//! `POST /v1/products/{id}/image-uploads`: where a file goes that is to be a product's image, for a few
//! minutes. The file itself never passes a function on its way: one request of ours takes 256 KiB.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use shared::domain::{Announced, AuditAction, ImageId, LooseImage, Outcome, Product, ProductId};
use shared::http::{
    Call, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff, choice, created, example, first_outcome,
    integer,
};
use shared::table::Transaction;
use shared::{App, Images};
use utoipa::ToSchema;

use crate::change_image::tidy_up;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Announce a file that is to be a product's image")
        .takes(|fields| read(fields, example::product().id))
        .answers::<ImageUploadView>(StatusCode::CREATED)
        .refuses(ProblemKind::UploadOver)
}

pub async fn handle(
    State(app): State<App>,
    State(images): State<Images>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ProductId>,
    input: Input,
) -> Result<Response, Problem> {
    let shop = &staff.shop;
    let earlier = app.table.earlier_request(shop, input.key.as_ref(), call.now).await?;
    let product = app.table.product(shop, id).await?.ok_or_else(Problem::not_found)?;
    let first = first_outcome(earlier)?;
    let announced = read(input.fields, id)?;
    if let Some(outcome) = first {
        return again(&app, &images, &call, &staff, &product, &outcome).await;
    }
    tidy_up(&app, &images, shop, call.now).await;
    let mut random = [0; 16];
    app.entropy.fill(&mut random);
    let image = LooseImage { id: ImageId::new(random), since: call.now, announced: Some(announced.clone()) };

    let mut transaction = Transaction::new();
    transaction.create_loose_image(shop, &image)?;
    let records = vec![id.to_string(), image.id.to_string()];
    let entry = staff.audit(&call, &app.entropy, AuditAction::ImageAnnounced, records);
    transaction.audit(shop, &entry, None)?;
    let outcome = Outcome { status: 201, id: image.id.to_string(), version: product.version };
    let request = transaction.record_request(shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => answer(&images, &staff, &product, &announced, image.id).await,
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &images, &call, &staff, &product, &outcome).await,
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

fn read(mut fields: Fields, product: ProductId) -> Result<Announced, Problem> {
    let (format, size) = (fields.required("content_type", choice), fields.required("size", integer));
    fields.finish()?;
    let said = format.zip(size).map(|(format, size)| Announced { product, format, size });
    said.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}

/// The first answer once more, with a link signed anew; refused where what it announced is attached, or
/// can't be any more.
async fn again(
    app: &App,
    images: &Images,
    call: &Call,
    staff: &Staff,
    product: &Product,
    outcome: &Outcome,
) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let loose = app.table.loose_image(&staff.shop, id).await?;
    let announced = loose.as_ref().and_then(|loose| loose.awaited_by(product.id, call.now));
    let announced = announced.ok_or_else(|| Problem::new(ProblemKind::UploadOver))?;
    answer(images, staff, product, announced, id).await
}

/// The product is where to look, and its version the one to attach the image to.
async fn answer(
    images: &Images,
    staff: &Staff,
    product: &Product,
    announced: &Announced,
    id: ImageId,
) -> Result<Response, Problem> {
    let link = images.upload_link(&staff.shop, id, announced).await?;
    let headers = link.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let view = ImageUploadView {
        upload: id,
        method: link.method().to_owned(),
        url: link.uri().to_owned(),
        headers: headers.collect(),
        expires_in: LooseImage::LINK_LIFE.as_secs(),
    };
    Ok(created(format!("/v1/products/{}", product.id), product.version, &view))
}

/// Where an announced file goes.
#[derive(Serialize, ToSchema)]
pub struct ImageUploadView {
    /// What names it when it is attached, within an hour.
    upload: ImageId,
    /// The request that sends it: its method,
    method: String,
    /// its address,
    url: String,
    /// and its headers, which are signed: a file of another type or size is refused.
    headers: BTreeMap<String, String>,
    /// For how many seconds the address takes it.
    expires_in: i64,
}
