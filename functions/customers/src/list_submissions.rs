//! `GET /v1/submissions`: what a form sent, or what of it is suspected, the latest first. A form that
//! has been deleted shows what it sent.

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::{AuditAction, FormId, SubmissionState};
use shared::http::{Call, Cursor, List, Operation, Problem, Query, Staff, choice, text};
use shared::table::SubmissionCard;

use crate::forgotten::Forgotten;
use crate::submission_view::SubmissionCardView;

/// What a request asks for.
fn asked(query: &mut Query) -> (Option<FormId>, SubmissionState) {
    (query.0.required("form", text), query.0.optional("state", choice).unwrap_or(SubmissionState::Received))
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List what a form sent").asks(asked).paged().lists::<SubmissionCardView>()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<List<SubmissionCardView>>, Problem> {
    let (form, state) = asked(&mut query);
    let named = form.as_ref().map(FormId::as_str).unwrap_or_default();
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["submissions", named, state.name()]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    let form = form.as_ref().ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
    let mut page = app.table.submissions(&staff.shop, form, state, limit, after).await?;
    if page.items.is_empty() {
        app.table.form(&staff.shop, form).await?.ok_or_else(Problem::not_found)?;
    }
    // What follows something that has expired is older.
    let expired = |card: &SubmissionCard| card.expires_at.is_some_and(|expires_at| expires_at <= call.now);
    let next = page.next.filter(|_| !page.items.iter().any(expired));
    let forgotten = Forgotten::lately(&app, &staff.shop).await?;
    page.items.retain(|card| !expired(card) && !forgotten.sent(card.customer, &card.email, card.at));
    let records = page.items.iter().map(|card| card.id.to_string()).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::SubmissionsListed, records);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    let items = page.items.into_iter().map(SubmissionCardView::from).collect();
    Ok(Json(List { items, next: next.map(|position| cursors.seal(&position)) }))
}
