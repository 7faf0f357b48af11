//! The form that a path names.

use shared::App;
use shared::domain::{Form, FormId};
use shared::http::Problem;
use shared::telemetry::name_shop;

/// The form with this id, in whichever shop, unless it has been deleted.
///
/// # Errors
/// A problem where there is none.
pub async fn open_form(app: &App, id: &FormId) -> Result<Form, Problem> {
    let shop = app.table.form_shop_by_id(id).await?.ok_or_else(Problem::not_found)?;
    name_shop(&shop);
    let form = app.table.form_lately(&shop, id).await?;
    form.filter(|form| form.deleted_at.is_none()).ok_or_else(Problem::not_found)
}
