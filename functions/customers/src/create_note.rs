//! `POST /v1/customers/{id}/notes` (N01, N02).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{AuditAction, CustomerId, Line, Note, NoteId, Outcome, Priority, Text};
use shared::http::{
    Call, Fields, Input, Operation, PathId, Problem, ProblemKind, Staff, boolean, choice, created, first_outcome, text,
};
use shared::table::{CustomerWrites, Transaction};
use utoipa::ToSchema;

struct NewNote {
    text: Text<10_000>,
    priority: Priority,
    health: bool,
}

impl NewNote {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let text = fields.required("text", text);
        let priority = fields.optional("priority", choice).unwrap_or_default();
        let health = fields.optional("health", boolean).unwrap_or_default();
        fields.finish()?;
        let text = text.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
        Ok(Self { text, priority, health })
    }
}

/// How often a note waits for its turn when a customer's record changes under it.
const ATTEMPTS: u32 = 10;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Add a note").takes(NewNote::read).answers::<NoteView>(StatusCode::CREATED)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let new = NewNote::read(input.fields)?;
    if new.health && !staff.sees_health() {
        return Err(Problem::new(ProblemKind::Forbidden));
    }
    let note = NoteId::new(app.entropy.ulid(call.now));
    let note = Note {
        priority: new.priority,
        health: new.health,
        ..Note::new(note, id, new.text, staff.subject.clone(), call.now)
    };
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, &note, &outcome).await;
    }
    for _ in 0..ATTEMPTS {
        let before = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        let after = before.changed_by(&staff.actor(), call.now, |after| {
            after.last_note = note.preview().or_else(|| after.last_note.take());
        });
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
        let mut transaction = Transaction::new();
        transaction.replace_customer(writes, &before, &after)?;
        let written = transaction.create_note(&staff.shop, &note)?.note;
        let entry = staff.audit(&call, &app.entropy, AuditAction::NoteCreated, vec![id.to_string()]);
        transaction.audit(&staff.shop, &entry, Some(id))?;
        let outcome = Outcome { status: 201, id: note.id.to_string(), version: 1 };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&note));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &staff, &note, &outcome).await;
        }
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if refusal.failed(written) {
            return Ok(answer(&note));
        }
    }
    Err(shared::Error::Contended.into())
}

fn answer(note: &Note) -> Response {
    created(format!("/v1/customers/{}/notes/{}", note.customer, note.id), note.version, &NoteView::from(note))
}

/// The first answer to the same request, for those who may see what the note has become.
async fn again(app: &App, staff: &Staff, same: &Note, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let note = app.table.note(&staff.shop, same.customer, id).await?;
    let note = note.filter(|note| staff.sees_health() || !note.health);
    Ok(answer(&note.ok_or_else(Problem::not_found)?))
}

/// A note.
#[derive(Serialize, ToSchema)]
pub struct NoteView {
    id: NoteId,
    text: Text<10_000>,
    priority: Priority,
    /// Whether it is about health: seen by those alone who may.
    health: bool,
    version: u64,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    /// Who wrote it.
    author: Line<128>,
}

impl From<&Note> for NoteView {
    fn from(note: &Note) -> Self {
        Self {
            id: note.id,
            text: note.text.clone(),
            priority: note.priority,
            health: note.health,
            version: note.version,
            created_at: note.created_at,
            updated_at: note.updated_at,
            author: note.author.clone(),
        }
    }
}
