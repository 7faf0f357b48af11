//! `GET /v1/orders`: the shop's orders, newest first: of a day, of a number, in a state, of a channel, of
//! a customer, or all, each with who ordered what (K05). But for those of a customer, from an index: the
//! newest may be some seconds late. The names are read with the records, half a read unit for each
//! customer on the page: an order that kept its customer's name would have to be written again with
//! every change of it.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId};
use shared::http::{Call, Cursor, Operation, Problem, Query, Staff, choice, day, text};
use shared::table::{OrderCard, WantedOrders};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List orders").asks(read).paged().lists_objects("An order.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let mut wanted = read(&mut query);
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["orders", &format!("{wanted:?}")]);
    let limit = query.limit();
    let after = query.cursor(&cursors);
    query.0.finish()?;
    if let Some(customer) = wanted.customer {
        wanted.customer = app.table.survivor(&staff.shop, customer).await?.or(Some(customer));
    }
    let page = app.table.orders(&staff.shop, &wanted, limit, after).await?;
    let customers: BTreeSet<CustomerId> = page.items.iter().map(|card| card.customer).collect();
    let customers = app.table.customers_or_survivors(&staff.shop, &Vec::from_iter(customers)).await?;
    let named = customers.values().map(|customer| customer.id).collect::<BTreeSet<CustomerId>>();
    let named = named.iter().map(ToString::to_string);
    let records = named.chain(page.items.iter().map(|card| card.id.to_string())).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::OrdersListed, records);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    let items: Vec<Value> = page.items.iter().map(|card| listed(card, customers.get(&card.customer))).collect();
    Ok(Json(json!({ "items": items, "next": page.next.map(|position| cursors.seal(&position)) })))
}

/// A card, with what its customer is called; with nothing where there is nobody any more.
fn listed(card: &OrderCard, customer: Option<&Customer>) -> Value {
    let mut item = json!(card);
    item["customer_name"] = json!(customer.map(|customer| customer.name.expose()));
    item
}

fn read(query: &mut Query) -> WantedOrders {
    WantedOrders {
        day: query.0.optional("day", day),
        number: query.0.optional("number", text),
        state: query.0.optional("state", choice),
        channel: query.0.optional("channel", choice),
        customer: query.0.optional("customer", text),
    }
}
