//! `GET /v1/customers/{id}/data`: everything about one person, nothing about another (GDPR Article
//! 20), for programs as JSON, and for the person as a page where the caller accepts one. Notes on
//! health come out for those who see them; for the others, how many there are.

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Suppression};
use shared::http::{Call, Cursor, Operation, PathId, Problem, ProblemKind, Query, Staff};
use shared::table::{Data, Position};

use crate::customer_view::{self, Viewer};
use crate::data_page;

/// The most items of one answer.
const MOST_ITEMS: usize = 1000;

/// The most bytes of items in one answer: it has to fit an answer of Lambda's, six megabytes.
const MOST_BYTES: usize = 1024 * 1024;

/// How many items are read at once.
const PAGE: u32 = 50;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Take out everything about a customer")
        .continued()
        .answers_object(StatusCode::OK, "Everything that is kept about one person.")
        .answers_page(StatusCode::OK)
        .refuses(ProblemKind::JobRunning)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    headers: HeaderMap,
    mut query: Query,
) -> Result<Response, Problem> {
    let text = id.to_string();
    let health = if staff.sees_health() { "all-data" } else { "data" };
    let cursors = Cursor::new(&app.keyring, &staff.shop, &[health, &text]);
    let after: Option<Position> = query.cursor(&cursors);
    query.0.finish()?;
    let (customer, settings) = tokio::try_join!(app.table.customer(&staff.shop, id), app.table.settings(&staff.shop))?;
    let (customer, settings) = customer.zip(settings).ok_or_else(Problem::not_found)?;
    // While a merge brings things here, this would not be everything.
    if app.table.job_on(&staff.shop, id).await?.is_some() {
        return Err(Problem::new(ProblemKind::JobRunning));
    }
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerDataExported, vec![text.clone()]);
    app.table.record_consultation(&staff.shop, &entry, Some(id)).await?;

    let begins = after.is_none();
    let items = Items::read(&app, &call, &staff, id, after).await?;
    let mut body = json!({
        "exported_at": call.now,
        "items": items.items,
        "withheld": { "health_notes": items.health },
        "next": items.next.map(|position| cursors.seal(&position)),
    });
    if begins {
        let viewer = Viewer { staff: &staff, settings: &settings, now: call.now };
        body["record"] = without_staff(customer_view::whole(&customer, None, &viewer));
        body["order_links"] = json!(links(&app, &customer).await?);
        body["suppressions"] = json!(suppressions(&app, &customer).await?);
    }
    if wants_page(&headers) { Ok(data_page::page(&settings, call.now, &body)) } else { Ok(Json(body).into_response()) }
}

/// Whether the caller asks for a page by name: whatever takes anything gets JSON.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// The record without who in the shop did what, and without the group, which its members never see.
fn without_staff(mut record: Value) -> Value {
    let leave_out = |value: &mut Value, names: &[&str]| {
        if let Value::Object(object) = value {
            object.retain(|name, _| !names.contains(&name.as_str()));
        }
    };
    leave_out(&mut record, &["group"]);
    leave_out(&mut record["provenance"], &["group"]);
    leave_out(&mut record["blocked"], &["by"]);
    record["provenance"].as_object_mut().into_iter().flatten().for_each(|(_, of)| leave_out(of, &["actor"]));
    record["tags"].as_array_mut().into_iter().flatten().for_each(|tag| leave_out(tag, &["by"]));
    record
}

#[derive(Default)]
struct Items {
    items: Vec<Value>,
    /// Notes on health that the caller does not see.
    health: u64,
    next: Option<Position>,
}

impl Items {
    async fn read(
        app: &App,
        call: &Call,
        staff: &Staff,
        id: CustomerId,
        after: Option<Position>,
    ) -> Result<Self, Problem> {
        let mut read = Self { next: after, ..Self::default() };
        let mut bytes = 0;
        loop {
            let page = app.table.customer_data(&staff.shop, id, call.now, PAGE, read.next.take()).await?;
            for Data { kind, value } in page.items {
                if kind == "note" && value["health"] == true && !staff.sees_health() {
                    read.health += 1;
                    continue;
                }
                let item = json!({ "kind": kind, "data": value });
                bytes += item.to_string().len();
                read.items.push(item);
            }
            read.next = page.next;
            if read.next.is_none() || read.items.len() + PAGE as usize > MOST_ITEMS || bytes > MOST_BYTES {
                return Ok(read);
            }
        }
    }
}

/// The magic links, without what opens them.
async fn links(app: &App, customer: &Customer) -> Result<Vec<Value>, Problem> {
    let links = app.table.order_links(&customer.shop, customer.id, 100, None).await?.items;
    let view =
        links.iter().map(|link| json!({ "id": link.id, "created_at": link.created_at, "expires_at": link.expires_at }));
    Ok(view.collect())
}

/// Why the address gets no mail, if it doesn't.
async fn suppressions(app: &App, customer: &Customer) -> Result<Vec<Suppression>, Problem> {
    let address = app.keyring.address_digest(&customer.shop, &customer.email);
    Ok(app.table.suppressions(&customer.shop, &address).await?)
}
