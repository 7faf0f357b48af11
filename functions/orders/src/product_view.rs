//! A product as the API shows it.

use std::collections::BTreeMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{
    Descriptions, GroupId, ImageId, Line, Prices, Product, ProductId, ProductImage, ShopId, Translations,
};
use shared::http::{Problem, etag};
use utoipa::ToSchema;

/// A product.
#[derive(Serialize, ToSchema)]
pub struct ProductView {
    pub id: ProductId,
    #[serde(skip)]
    pub version: u64,
    /// What it is called.
    name: Translations,
    /// What there is to say of it.
    description: Option<Descriptions>,
    /// What one of it is.
    unit: Option<Line<40>>,
    /// What one costs, before anybody's discount.
    prices: Prices,
    /// What one costs in a group, where that is not what the group's rate makes of it.
    group_prices: BTreeMap<GroupId, Prices>,
    /// What it looks like.
    image: Option<ProductImageView>,
    /// What it is among.
    category: Option<Line<60>>,
    /// Where it stands in its category.
    position: u32,
    /// Whether customers see it.
    visible: bool,
    /// The least that may be ordered at once.
    min_quantity: u32,
    /// The most.
    max_quantity: u32,
    /// What it goes up by.
    quantity_step: u32,
    /// How many there are; null where nobody counts.
    stock: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// The image of a product.
#[derive(Serialize, ToSchema)]
struct ProductImageView {
    id: ImageId,
    /// Where everybody may load it from.
    url: String,
    /// Pixels from left to right.
    width: u16,
    /// Pixels from top to bottom.
    height: u16,
}

impl ProductImageView {
    fn of(app: &App, ProductImage { id, width, height }: ProductImage) -> Self {
        Self { id, url: app.public_url.image(id), width, height }
    }
}

impl ProductView {
    /// The product, of which there are so many.
    pub fn of(app: &App, product: Product, stock: Option<i64>) -> Self {
        let quantity = product.quantity;
        Self {
            id: product.id,
            version: product.version,
            name: product.name,
            description: product.description,
            unit: product.unit,
            prices: product.prices,
            group_prices: product.group_prices,
            image: product.image.map(|image| ProductImageView::of(app, image)),
            category: product.category,
            position: product.position,
            visible: product.visible,
            min_quantity: quantity.min().get(),
            max_quantity: quantity.max().get(),
            quantity_step: quantity.step().get(),
            stock,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }

    /// The product with this id, read now.
    ///
    /// # Errors
    /// A problem where there is none.
    pub async fn read(app: &App, shop: &ShopId, id: ProductId) -> Result<Self, Problem> {
        let (product, stock) = tokio::try_join!(app.table.product(shop, id), app.table.stock(shop, id))?;
        Ok(Self::of(app, product.ok_or_else(Problem::not_found)?, stock))
    }
}

impl IntoResponse for ProductView {
    fn into_response(self) -> Response {
        ([etag(self.version)], Json(self)).into_response()
    }
}
