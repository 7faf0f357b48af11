//! `PATCH /v1/forms/{id}`: a merge patch (RFC 7396) of the version that was read. What was sent
//! before stays as it was.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, FormId};
use shared::http::example;
use shared::http::{Call, IfMatch, Input, Operation, PathId, Problem, ProblemKind, Staff};
use shared::table::Transaction;

use crate::create_form::keep_tags;
use crate::form_fields::FormFields;
use crate::form_view::WholeFormView;
use crate::get_form::standing_form;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Change a form")
        .patches(|fields| FormFields::read(fields, Some(&example::form())))
        .answers::<WholeFormView>(StatusCode::OK)
        .versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<FormId>,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let before = standing_form(&app, &staff, &id).await?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let after = FormFields::read(input.fields, Some(&before))?.applied_to(&before, call.now);
    let mut transaction = Transaction::new();
    transaction.replace_form(&after)?;
    keep_tags(&app, &staff, &after, &mut transaction).await?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::FormChanged, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(WholeFormView::answer(&app, &settings, &after)),
        Err(_) => Err(Problem::new(ProblemKind::Stale)),
    }
}
