//! Who may be the same person: a telephone number suggests, it never merges.

use serde_json::{Value, json};
use shared::domain::{Customer, Field, query_words};
use shared::http::Staff;
use shared::table::{Scope, Sought};
use shared::telemetry::chain;
use shared::{App, Result};

/// How many are suggested at most.
const MOST: u32 = 5;

/// The other customers with the same telephone number, whoever typed it how.
///
/// The record stands by now: a search that fails suggests nobody, and fails nothing.
pub async fn possible_duplicates(app: &App, staff: &Staff, customer: &Customer) -> Value {
    search(app, staff, customer).await.unwrap_or_else(|error| {
        tracing::warn!(cause = chain(&error), "nobody suggested");
        json!([])
    })
}

async fn search(app: &App, staff: &Staff, customer: &Customer) -> Result<Value> {
    let Some(phone) = &customer.phone else {
        return Ok(json!([]));
    };
    let words = query_words(phone.e164());
    let sought = Sought::by_words(&words, Scope::Everything);
    let found = app.table.search(&staff.shop, &sought, MOST + 1, None).await?;
    let others = found.items.iter().filter(|found| found.hit.id != customer.id && found.fields.contains(&Field::Phone));
    let others = others.take(MOST as usize);
    Ok(others.map(|found| json!({ "id": found.hit.id, "name": found.hit.name, "matched": "phone" })).collect())
}
