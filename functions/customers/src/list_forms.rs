//! `GET /v1/forms`: the shop's forms, in the order of their ids.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::http::{Cursor, List, Operation, Problem, Query, Staff};

use crate::form_view::FormView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the forms").paged().lists::<FormView>()
}

pub async fn handle(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Json<List<FormView>>, Problem> {
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["forms"]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let page = app.table.forms(&staff.shop, limit, after).await?;
    let items = page.items.iter().map(|form| FormView::of(&app, form)).collect();
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}
