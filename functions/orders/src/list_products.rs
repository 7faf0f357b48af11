//! `GET /v1/products`: the catalogue, oldest first.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::Product;
use shared::http::List;
use shared::http::{Cursor, Operation, Problem, Query, Staff};

use shared::table::Reading;

use crate::product_view::ProductView;
use crate::stock::MOST_COUNTED;

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
    let (page, stocks) = tokio::try_join!(
        app.table.products(&staff.shop, limit, after),
        app.table.stocks(&staff.shop, MOST_COUNTED, Reading::Show)
    )?;
    let view = |product: Product| {
        let stock = stocks.get(&product.id).copied();
        ProductView::of(&app, product, stock)
    };
    let items = page.items.into_iter().map(view).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
