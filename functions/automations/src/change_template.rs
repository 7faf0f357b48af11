//! `PUT /v1/automations/templates/{kind}/{language}`: the shop's own texts, all that it has; ours stand
//! where it has none.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, MailTemplate, Slots};
use shared::http::{Call, IfMatch, Input, Operation, PathTemplate, Problem, ProblemKind, Staff};
use shared::table::Transaction;

use crate::get_template::standing;
use crate::template_fields::{described, read_over};
use crate::template_view::TemplateView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let operation = operation.summary("Change the texts of a kind of e-mail").takes(described);
    operation.answers::<TemplateView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathTemplate(kind, language): PathTemplate,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let (settings, before) = standing(&app, &staff.shop, kind, language).await?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let after = before.with(read_over(Slots::new(), input.fields, kind)?);
    write(&app, &call, &staff, &after, AuditAction::MailTemplateChanged).await?;
    Ok(TemplateView::answer(&after, &settings))
}

/// Writes `after`, unless its kind was changed since the version before.
pub async fn write(
    app: &App,
    call: &Call,
    staff: &Staff,
    after: &MailTemplate,
    action: AuditAction,
) -> Result<(), Problem> {
    let mut transaction = Transaction::new();
    transaction.write_mail_template(after)?;
    let records = vec![after.kind.name().to_owned(), after.language.tag().to_owned()];
    let entry = staff.audit(call, &app.entropy, action, records);
    transaction.audit(&staff.shop, &entry, None)?;
    app.table.commit(transaction).await?.map_err(|_| Problem::new(ProblemKind::Stale))
}
