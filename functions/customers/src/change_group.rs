//! `PATCH /v1/groups/{id}`: another name, another rate.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, Group, GroupId, Line, Rate};
use shared::http::{Call, Fields, IfMatch, Input, Operation, PathId, Problem, ProblemKind, Staff, etag, integer, text};
use shared::table::Transaction;

use crate::create_group::GroupView;

struct GroupPatch {
    name: Option<Line<100>>,
    rate_bp: Option<Rate>,
}

impl GroupPatch {
    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let patch = Self { name: fields.replace("name", text), rate_bp: fields.replace("rate_bp", integer) };
        fields.finish()?;
        Ok(patch)
    }
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Change a group")
        .patches(GroupPatch::read)
        .answers::<GroupView>(StatusCode::OK)
        .versioned()
        .refuses(ProblemKind::DuplicateGroup)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<GroupId>,
    if_match: IfMatch,
    input: Input,
) -> Result<Response, Problem> {
    let before = app.table.group(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let GroupPatch { name, rate_bp } = GroupPatch::read(input.fields)?;
    let after = Group {
        version: before.version + 1,
        name: name.unwrap_or_else(|| before.name.clone()),
        rate_bp: rate_bp.unwrap_or(before.rate_bp),
        updated_at: call.now,
        ..before.clone()
    };

    let mut transaction = Transaction::new();
    let steps = transaction.replace_group(&staff.shop, &before, &after)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::GroupChanged, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, None)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(([etag(after.version)], Json(GroupView::from(&after))).into_response()),
        Err(refusal) if steps.name_taken(&refusal) && !steps.lost_race(&refusal) => {
            Err(Problem::new(ProblemKind::DuplicateGroup))
        }
        Err(_) => Err(Problem::new(ProblemKind::Stale)),
    }
}
