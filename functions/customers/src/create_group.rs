//! `POST /v1/groups`: a group with prices of its own (S04, S06).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{AuditAction, Group, GroupId, Line, Outcome, Rate};
use shared::http::{
    Call, Fields, Input, Operation, Problem, ProblemKind, Staff, created, first_outcome, integer, text,
};
use shared::table::Transaction;
use utoipa::ToSchema;

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

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Create a group")
        .takes(NewGroup::read)
        .answers::<GroupView>(StatusCode::CREATED)
        .refuses(ProblemKind::DuplicateGroup)
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
    created(format!("/v1/groups/{}", group.id), group.version, &GroupView::from(group))
}

/// A group of customers with prices of their own.
#[derive(Serialize, ToSchema)]
pub struct GroupView {
    id: GroupId,
    version: u64,
    name: Line<100>,
    rate_bp: Rate,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<&Group> for GroupView {
    fn from(group: &Group) -> Self {
        let Group { id, version, name, rate_bp, created_at, updated_at } = group.clone();
        Self { id, version, name, rate_bp, created_at, updated_at }
    }
}
