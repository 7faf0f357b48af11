//! `DELETE /v1/automations/templates/{kind}/{language}`: the shop takes its own texts back, and ours stand
//! again. The version goes on, so that it never stands for two.

use axum::extract::State;
use axum::http::StatusCode;
use shared::App;
use shared::domain::{AuditAction, Slots};
use shared::http::{Call, IfMatch, Operation, PathTemplate, Problem, ProblemKind, Staff};

use crate::change_template::write;
use crate::get_template::standing;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take the shop's own texts of a kind of e-mail back").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathTemplate(kind, language): PathTemplate,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let (_, before) = standing(&app, &staff.shop, kind, language).await?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    if !before.slots.is_empty() {
        write(&app, &call, &staff, &before.with(Slots::new()), AuditAction::MailTemplateReset).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
