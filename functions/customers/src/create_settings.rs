//! `PUT /v1/settings`: a shop begins. Its owner, whose token names it, says what it is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::AuditAction;
use shared::http::{Call, Input, Operation, Problem, ProblemKind, Staff, created};
use shared::table::Transaction;

use crate::settings_fields::SettingsFields;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Begin a shop")
        .takes(|fields| SettingsFields::read(fields, None))
        .answers_object(StatusCode::CREATED, "The settings.")
        .refuses(ProblemKind::SettingsExist)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    let read = SettingsFields::read(input.fields, None)?;
    let missing = || Problem::internal("a required field that is missing is an error");
    let settings = read.begin(staff.shop.clone(), call.now).ok_or_else(missing)?;
    let mut transaction = Transaction::new();
    transaction.create_settings(&settings)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::SettingsCreated, Vec::new());
    transaction.audit(&staff.shop, &entry, None)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(created("/v1/settings".to_owned(), settings.version, &settings)),
        Err(_) => Err(Problem::new(ProblemKind::SettingsExist)),
    }
}
