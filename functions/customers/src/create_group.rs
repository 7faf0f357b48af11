//! `POST /v1/groups`: a group with prices of its own (S04, S06).

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Group, GroupId, Line, Outcome, Rate};
use shared::http::{Call, Fields, Input, Problem, ProblemKind, Staff, created, first_outcome, integer, text};
use shared::table::Transaction;

struct NewGroup {
    name: Line<100>,
    rate_bp: Rate,
}

impl NewGroup {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let name = fields.required("name", text);
        let rate_bp = fields.optional("rate_bp", integer).unwrap_or_default();
        fields.finish()?;
        let name = name.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
        Ok(Self { name, rate_bp })
    }
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, &outcome).await;
    }
    let new = NewGroup::read(input.fields)?;
    let id = GroupId::new(app.entropy.ulid(call.now));
    let NewGroup { name, rate_bp } = new;
    let group = Group { id, version: 1, name, rate_bp, created_at: call.now, updated_at: call.now };

    let mut transaction = Transaction::new();
    let steps = transaction.create_group(&staff.shop, &group)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::GroupCreated, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    let outcome = Outcome { status: 201, id: id.to_string(), version: 1 };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&group)),
        Err(refusal) => match first_outcome(request.overtaken(&refusal))? {
            Some(outcome) => again(&app, &staff, &outcome).await,
            None if steps.name_taken(&refusal) => Err(Problem::new(ProblemKind::DuplicateGroup)),
            None => Err(Problem::internal("a fresh id was taken")),
        },
    }
}

async fn again(app: &App, staff: &Staff, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    Ok(answer(&app.table.group(&staff.shop, id).await?.ok_or_else(Problem::not_found)?))
}

fn answer(group: &Group) -> Response {
    created(format!("/v1/groups/{}", group.id), group.version, &view(group))
}

/// A group as the API shows it.
pub fn view(group: &Group) -> Value {
    json!({
        "id": group.id,
        "version": group.version,
        "name": group.name,
        "rate_bp": group.rate_bp,
        "created_at": group.created_at,
        "updated_at": group.updated_at,
    })
}
