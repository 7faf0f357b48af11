//! `GET /v1/forms/{id}`: a form, with what a page needs to have it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{Form, FormId};
use shared::http::{Operation, PathId, Problem, Staff};

use crate::form_view::WholeFormView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show a form").answers::<WholeFormView>(StatusCode::OK).versioned()
}

pub async fn handle(State(app): State<App>, staff: Staff, PathId(id): PathId<FormId>) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    Ok(WholeFormView::answer(&app, &settings, &standing_form(&app, &staff, &id).await?))
}

/// The form, unless it has been deleted.
pub async fn standing_form(app: &App, staff: &Staff, id: &FormId) -> Result<Form, Problem> {
    let form = app.table.form(&staff.shop, id).await?;
    form.filter(|form| form.deleted_at.is_none()).ok_or_else(Problem::not_found)
}
