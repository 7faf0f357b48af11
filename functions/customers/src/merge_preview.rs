//! What a merge would make, without making it: the record, where its fields come from, what moves.

use serde_json::{Map, Value, json};
use shared::App;
use shared::domain::{Consolidated, Customer, Settings};
use shared::http::{Call, Problem, Staff};

use crate::customer_view::{self, Viewer};

/// The record that a merge of `other` would leave.
pub async fn preview(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    consolidated: &Consolidated,
    other: &Customer,
) -> Result<Value, Problem> {
    let Consolidated { customer, taken } = consolidated;
    let group = match customer.group {
        Some(group) => app.table.group(&staff.shop, group).await?,
        None => None,
    };
    let viewer = Viewer { staff, settings, now: call.now };
    let taken: Map<String, Value> = taken.iter().map(|field| (field.name().to_owned(), json!(other.id))).collect();
    Ok(json!({
        "record": customer_view::record(customer, group.as_ref(), &viewer),
        "taken_from_other": taken,
        "moves": app.table.count_belongings(&staff.shop, other.id).await?,
    }))
}
