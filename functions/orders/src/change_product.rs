//! `PATCH /v1/products/{id}`: a merge patch (RFC 7396). Prices that change have to be seen anew by
//! whoever is just ordering.

use axum::extract::State;
use axum::http::StatusCode;
use shared::App;
use shared::domain::{AuditAction, ProductId};
use shared::http::{Call, IfMatch, Input, Operation, Patch, PathId, Problem, ProblemKind, Staff, example};
use shared::table::Transaction;

use crate::product_fields::{ProductFields, require_groups};
use crate::product_view::ProductView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Change a product")
        .patches(|fields| ProductFields::read(fields, Some(&example::product())))
        .answers::<ProductView>(StatusCode::OK)
        .versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ProductId>,
    if_match: IfMatch,
    input: Input,
) -> Result<ProductView, Problem> {
    let shop = &staff.shop;
    let before = app.table.product(shop, id).await?.ok_or_else(Problem::not_found)?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let change = ProductFields::read(input.fields, Some(&before))?;
    require_groups(&app, &staff, &change, Some(&before)).await?;
    let counted = change.stock.clone();
    let after = change.applied_to(&before, call.now);
    let mut transaction = Transaction::new();
    transaction.replace_product(shop, &before, &after)?;
    match counted {
        Patch::Keep => {}
        Patch::Clear => transaction.forget_stock(shop, id),
        Patch::Set(left) => transaction.count_stock(shop, id, left)?,
    }
    let entry = staff.audit(&call, &app.entropy, AuditAction::ProductChanged, vec![id.to_string()]);
    transaction.audit(shop, &entry, None)?;
    match app.table.commit(transaction).await? {
        Ok(()) => ProductView::read(&app, shop, id).await,
        Err(_) => Err(Problem::new(ProblemKind::Stale)),
    }
}
