//! `PATCH /v1/settings`: a merge patch (RFC 7396) of the version that was read.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::AuditAction;
use shared::http::example;
use shared::http::{Call, IfMatch, Input, Operation, Problem, ProblemKind, Staff};
use shared::table::Transaction;

use crate::get_settings::answer;
use crate::settings_fields::SettingsFields;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Change the shop's settings")
        .patches(|fields| SettingsFields::read(fields, Some(&example::settings())))
        .answers_object(StatusCode::OK, "The settings.")
        .versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let before = app.table.settings_now(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let after = SettingsFields::read(input.fields, Some(&before))?.applied_to(&before, call.now);
    let mut transaction = Transaction::new();
    transaction.replace_settings(&before, &after)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::SettingsChanged, Vec::new());
    transaction.audit(&staff.shop, &entry, None)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&after)),
        Err(_) => Err(Problem::new(ProblemKind::Stale)),
    }
}
