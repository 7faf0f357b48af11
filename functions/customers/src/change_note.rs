//! `PATCH /v1/customers/{id}/notes/{note}`: another text, another priority (N01, N02).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Note, NoteId, NotePreview, Priority, Text};
use shared::http::{
    Call, Fields, IfMatch, Input, Operation, PathIds, Problem, ProblemKind, Staff, boolean, choice, etag, text,
};
use shared::jobs;
use shared::table::{CustomerWrites, Transaction};

use crate::create_note::NoteView;

struct NotePatch {
    text: Option<Text<10_000>>,
    priority: Option<Priority>,
    health: Option<bool>,
}

impl NotePatch {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let patch = Self {
            text: fields.replace("text", text),
            priority: fields.replace("priority", choice),
            health: fields.replace("health", boolean),
        };
        fields.finish()?;
        Ok(patch)
    }

    fn applied_to(self, before: &Note, call: &Call) -> Note {
        Note {
            text: self.text.unwrap_or_else(|| before.text.clone()),
            priority: self.priority.unwrap_or(before.priority),
            health: self.health.unwrap_or(before.health),
            version: before.version + 1,
            updated_at: Some(call.now),
            ..before.clone()
        }
    }
}

/// How often a change waits for its turn when the customer's record changes under it.
const ATTEMPTS: u32 = 10;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Change a note").patches(NotePatch::read).answers::<NoteView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(id, note): PathIds<CustomerId, NoteId>,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let before = seen_note(&app, &staff, id, note, &if_match).await?;
    let patch = NotePatch::read(input.fields)?;
    if patch.health.is_some() && !staff.sees_health() {
        return Err(Problem::new(ProblemKind::Forbidden));
    }
    let after = patch.applied_to(&before, &call);
    let entry = staff.audit(&call, &app.entropy, AuditAction::NoteChanged, vec![id.to_string()]);
    for _ in 0..ATTEMPTS {
        let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        let preview = preview_after(&app, &customer, &before, Some(&after)).await?;
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
        let mut transaction = Transaction::new();
        let moved = customer.changed_by(&staff.actor(), call.now, |customer| customer.last_note = preview);
        transaction.replace_customer(writes, &customer, &moved)?;
        transaction.audit(&staff.shop, &entry, Some(id))?;
        let steps = transaction.replace_note(&staff.shop, &before, &after)?;
        let job = match steps.words_left {
            true => Some(jobs::finish_note(&app, &mut transaction, &staff.shop, &after, &staff.actor(), call.now)?),
            false => None,
        };
        match app.table.commit(transaction).await? {
            Ok(()) => {
                if let Some(job) = job {
                    jobs::run(&app, job, jobs::IN_REQUEST).await;
                }
                return Ok(([etag(after.version)], Json(NoteView::from(&after))).into_response());
            }
            Err(refusal) if refusal.failed(steps.note) => return Err(Problem::new(ProblemKind::Stale)),
            Err(_) => {}
        }
    }
    Err(shared::Error::Contended.into())
}

/// The note that the caller read, and may see.
pub async fn seen_note(
    app: &App,
    staff: &Staff,
    customer: CustomerId,
    note: NoteId,
    if_match: &IfMatch,
) -> Result<Note, Problem> {
    let note = app.table.note(&staff.shop, customer, note).await?;
    let note = note.filter(|note| staff.sees_health() || !note.health).ok_or_else(Problem::not_found)?;
    if if_match.matches(note.version) { Ok(note) } else { Err(Problem::new(ProblemKind::Stale)) }
}

/// What a card shows once `before` is `after`, or gone: the newest note that may be shown.
pub async fn preview_after(
    app: &App,
    customer: &Customer,
    before: &Note,
    after: Option<&Note>,
) -> Result<Option<NotePreview>, Problem> {
    let shown = customer.last_note.as_ref();
    let own = after.and_then(Note::preview);
    // A note stands on the card unless a newer one does.
    match (shown, own) {
        (Some(shown), _) if shown.id > before.id => Ok(Some(shown.clone())),
        (_, Some(own)) => Ok(Some(own)),
        (None, None) => Ok(None),
        (Some(shown), None) if shown.id != before.id => Ok(Some(shown.clone())),
        (Some(_), None) => {
            let next = app.table.newest_note(&customer.shop, customer.id, before.id).await?;
            Ok(next.and_then(|note| note.preview()))
        }
    }
}
