//! `GET /v1/products`: the catalogue, oldest first.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::Product;
use shared::http::List;
use shared::http::{Cursor, Operation, Problem, Query, Staff};

use crate::product_view::ProductView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the catalogue").paged().lists::<ProductView>()
}

pub async fn handle(
    State(app): State<App>,
    staff: Staff,
    mut query: Query,
) -> Result<Json<List<ProductView>>, Problem> {
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["products"]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.products(&staff.shop, limit, after).await?;
    let counted = page.items.iter().filter(|product| product.counted).map(|product| product.id).collect();
    let stocks = app.table.stocks_of(&staff.shop, &counted).await?;
    let view = |product: Product| {
        let stock = stocks.get(&product.id).copied();
        ProductView::of(&app, product, stock)
    };
    let items = page.items.into_iter().map(view).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
