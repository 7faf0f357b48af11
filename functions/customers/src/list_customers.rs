//! `GET /v1/customers`: the list, by name or by first contact, and the search.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId, CustomerStatus, Line, query_words};
use shared::http::schema::{AnySchema, Described, choices};
use shared::http::{Call, Cursor, Operation, Problem, Query, Staff, choice, text};
use shared::table::{Position, SHARDS, Scope, SearchPosition};

use crate::customer_view;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sort {
    /// By name.
    #[default]
    Name,
    /// Newest first contact first.
    FirstContact,
}

impl Described for Sort {
    fn schema() -> AnySchema {
        choices::<Self>().into()
    }
}

/// What chooses and orders the customers.
struct Filter {
    q: Option<Line<200>>,
    status: Option<CustomerStatus>,
    sort: Sort,
}

impl Filter {
    fn read(query: &mut Query) -> Self {
        Self {
            q: query.0.optional("q", text),
            status: query.0.optional("status", choice),
            sort: query.0.optional("sort", choice).unwrap_or_default(),
        }
    }
}

/// Where each kind of list goes on.
#[derive(Debug, Serialize, Deserialize)]
enum Place {
    ByName { status: CustomerStatus, after: Option<Position> },
    ByFirstContact { before: CustomerId },
    Search(SearchPosition),
}

struct Listing {
    q: Option<Line<200>>,
    status: Option<CustomerStatus>,
    sort: Sort,
    limit: u32,
    from: Option<Place>,
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List or search customers").asks(Filter::read).paged().lists_objects("Customers.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let Filter { q, status, sort } = Filter::read(&mut query);
    let limit = query.limit();
    let status_name = status.map_or("", CustomerStatus::name);
    let sort_name = if sort == Sort::Name { "name" } else { "first_contact" };
    let key = ["customers", q.as_ref().map_or("", Line::expose), status_name, sort_name];
    let cursors = Cursor::new(&app.keyring, &staff.shop, &key);
    let from = query.cursor(&cursors);
    query.0.finish()?;

    let listing = Listing { q, status, sort, limit, from };
    let (items, next) = match (&listing.q, listing.sort) {
        (Some(_), _) => search(&app, &staff, listing).await?,
        (None, Sort::Name) => by_name(&app, &staff, listing).await?,
        (None, Sort::FirstContact) => by_first_contact(&app, &staff, listing).await?,
    };
    let ids = items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect();
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomersListed, ids);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    Ok(Json(json!({ "items": items, "next": next.map(|place| cursors.seal(&place)) })))
}

type Listed = (Vec<Value>, Option<Place>);

/// Current customers first, potential ones below (L01), or one of the two.
async fn by_name(app: &App, staff: &Staff, listing: Listing) -> Result<Listed, Problem> {
    let sections = CustomerStatus::ALL.into_iter().filter(|status| listing.status.is_none_or(|only| only == *status));
    let (begin, mut after) = match listing.from {
        Some(Place::ByName { status, after }) => (Some(status), after),
        _ => (None, None),
    };
    let mut sections = sections.skip_while(|status| begin.is_some_and(|begin| begin != *status)).peekable();
    let mut items = Vec::new();
    while let Some(status) = sections.next() {
        let left = listing.limit - u32::try_from(items.len()).unwrap_or(listing.limit);
        let page = app.table.customers_by_name(&staff.shop, status, left, after.take()).await?;
        items.extend(page.items.iter().map(|card| customer_view::card(card, staff)));
        if page.next.is_some() {
            return Ok((items, Some(Place::ByName { status, after: page.next })));
        }
        if items.len() >= listing.limit as usize {
            let next = sections.next().map(|status| Place::ByName { status, after: None });
            return Ok((items, next));
        }
    }
    Ok((items, None))
}

/// Newest first, merged from the shards of the index.
async fn by_first_contact(app: &App, staff: &Staff, listing: Listing) -> Result<Listed, Problem> {
    let before = match listing.from {
        Some(Place::ByFirstContact { before }) => Some(before),
        _ => None,
    };
    let shards = (0..SHARDS).map(|shard| app.table.newest_customers(&staff.shop, shard, listing.limit + 1, before));
    let mut hits: Vec<_> = futures::future::try_join_all(shards).await?.into_iter().flatten().collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.id));
    let more = hits.len() > listing.limit as usize;
    hits.truncate(listing.limit as usize);
    let next = hits.last().filter(|_| more).map(|hit| Place::ByFirstContact { before: hit.id });
    let wanted = hits.iter().filter(|hit| listing.status.is_none_or(|only| only == hit.status));
    Ok((wanted.map(|hit| customer_view::hit(hit, staff)).collect(), next))
}

async fn search(app: &App, staff: &Staff, listing: Listing) -> Result<Listed, Problem> {
    let from = match listing.from {
        Some(Place::Search(position)) => Some(position),
        _ => None,
    };
    let words = query_words(listing.q.as_ref().map_or("", Line::expose));
    let scope = if staff.sees_contact_data() { Scope::Everything } else { Scope::Names };
    let page = app.table.search(&staff.shop, &words, scope, listing.limit, from).await?;
    let wanted = page.items.iter().filter(|found| listing.status.is_none_or(|only| only == found.hit.status));
    let items = wanted.map(|found| customer_view::search_hit(found, staff)).collect();
    Ok((items, page.next.map(Place::Search)))
}
