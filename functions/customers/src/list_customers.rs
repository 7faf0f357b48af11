//! `GET /v1/customers`: the list, by name or by first contact, filtered, counted, and the search.
//!
//! By name it is read from the index of cards, which knows of no filter but the status; every
//! other filter reads the facets, whose order is that of first contact. A search leads, and its
//! hits are checked.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::App;
use shared::domain::{AuditAction, CustomerId, CustomerStatus, Filter, Invalid, Line, ShopDay, query_words};
use shared::http::schema::{AnySchema, Described, choices};
use shared::http::{
    Call, Cursor, Operation, Problem, ProblemKind, Query, Staff, boolean, choice, customer_filter, text,
};
use shared::table::{Count, Position, Scope, SearchPosition, Sought};

use crate::customer_view;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sort {
    /// By name.
    Name,
    /// Newest first contact first.
    FirstContact,
}

impl Described for Sort {
    fn schema() -> AnySchema {
        choices::<Self>().into()
    }
}

/// What chooses and orders the customers, and whether they are counted.
struct Asked {
    q: Option<Line<200>>,
    filter: Filter,
    by_name: bool,
    counted: bool,
}

impl Asked {
    fn read(query: &mut Query) -> Self {
        let q: Option<Line<200>> = query.0.optional("q", text);
        let filter = customer_filter(&mut query.0);
        let sort: Option<Sort> = query.0.optional("sort", choice);
        let by_name = sort.map_or(filter.is_status_only(), |sort| sort == Sort::Name);
        if q.is_none() && by_name && !filter.is_status_only() {
            // Cards are filed by status and name: no other filter can be read in that order.
            query.0.reject::<()>("sort", Invalid::Choice);
        }
        let counted = query.0.optional("count", boolean).unwrap_or(false);
        Self { q, filter, by_name, counted }
    }
}

/// Where each kind of list goes on.
#[derive(Debug, Serialize, Deserialize)]
enum Place {
    ByName { status: CustomerStatus, after: Option<Position> },
    ByFirstContact { before: CustomerId },
    Search(SearchPosition),
}

struct Listing<'a> {
    app: &'a App,
    staff: &'a Staff,
    filter: Filter,
    limit: u32,
    from: Option<Place>,
}

/// A page, where the next begins, and of a search whether it ended before its end.
struct Listed {
    items: Vec<Value>,
    next: Option<Place>,
    more: bool,
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List, filter, count or search customers").asks(Asked::read).paged().lists_objects("Customers.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let Asked { q, filter, by_name, counted } = Asked::read(&mut query);
    if filter.reveals_contact_data() && !staff.sees_contact_data() {
        return Err(Problem::new(ProblemKind::Forbidden));
    }
    let limit = query.limit();
    let asked = serde_json::to_string(&(&q, by_name, &filter, staff.sees_contact_data()));
    let asked = asked.map_err(|_| Problem::internal("a query that is no JSON"))?;
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["customers", &asked]);
    let from = query.cursor(&cursors);
    query.0.finish()?;

    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let words = q.as_ref().map(|q| query_words(q.expose()));
    let listing = Listing { app: &app, staff: &staff, filter, limit, from };
    let (mut listed, count) = match &words {
        None if by_name && !counted => (listing.by_name().await?, None),
        _ => {
            let on = ShopDay { today: settings.zone.day(call.now), settings: &settings };
            listing.on(words.as_deref(), by_name, counted, on).await?
        }
    };
    let ids = listed.items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect();
    listed.items.iter_mut().for_each(|item| customer_view::hide(item, &settings));
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomersListed, ids);
    app.table.record_consultation(&staff.shop, &entry, None).await?;
    Ok(Json(answer(&listed, count, &cursors)))
}

fn answer(listed: &Listed, count: Option<Count>, cursors: &Cursor<'_>) -> Value {
    let next = listed.next.as_ref().map(|place| cursors.seal(place));
    let mut answer = json!({ "items": listed.items, "next": next });
    if listed.more {
        answer["more"] = json!(true);
    }
    if let Some(count) = count {
        answer["count"] = json!(count.count);
        answer["count_complete"] = json!(count.complete);
    }
    answer
}

impl Listing<'_> {
    /// The page, and the count if it is wanted.
    async fn on(
        self,
        words: Option<&[String]>,
        by_name: bool,
        counted: bool,
        on: ShopDay<'_>,
    ) -> Result<(Listed, Option<Count>), Problem> {
        let (table, shop, filter) = (&self.app.table, &self.staff.shop, self.filter.clone());
        let scope = if self.staff.sees_contact_data() { Scope::Everything } else { Scope::Names };
        let sought = words.map(|words| Sought { words, scope, filter: Some((&filter, on)) });
        let count = async {
            match &sought {
                _ if !counted => Ok(None),
                Some(sought) => table.count_found(shop, sought).await.map(Some),
                None => table.count_by_filter(shop, &filter, on).await.map(Some),
            }
        };
        let page = async {
            match &sought {
                Some(sought) => self.search(sought).await,
                None if by_name => self.by_name().await,
                None => self.by_first_contact(on).await,
            }
        };
        let (page, count) = tokio::join!(page, count);
        Ok((page?, count?))
    }

    /// Current customers first, potential ones below (L01), or one of the two.
    async fn by_name(self) -> Result<Listed, Problem> {
        let Self { app, staff, filter, limit, from } = self;
        let sections =
            CustomerStatus::ALL.into_iter().filter(|status| filter.status.is_none_or(|only| only == *status));
        let (begin, mut after) = match from {
            Some(Place::ByName { status, after }) => (Some(status), after),
            _ => (None, None),
        };
        let mut sections = sections.skip_while(|status| begin.is_some_and(|begin| begin != *status)).peekable();
        let mut items = Vec::new();
        while let Some(status) = sections.next() {
            let left = limit - u32::try_from(items.len()).unwrap_or(limit);
            let page = app.table.customers_by_name(&staff.shop, status, left, after.take()).await?;
            items.extend(page.items.iter().map(|card| customer_view::card(card, staff)));
            if page.next.is_some() {
                let next = Some(Place::ByName { status, after: page.next });
                return Ok(Listed { items, next, more: false });
            }
            if items.len() >= limit as usize {
                let next = sections.next().map(|status| Place::ByName { status, after: None });
                return Ok(Listed { items, next, more: false });
            }
        }
        Ok(Listed { items, next: None, more: false })
    }

    /// Newest first, of those whom the filter wants.
    async fn by_first_contact(self, on: ShopDay<'_>) -> Result<Listed, Problem> {
        let Self { app, staff, filter, limit, from } = self;
        let before = match from {
            Some(Place::ByFirstContact { before }) => Some(before),
            _ => None,
        };
        let page = app.table.customers_by_filter(&staff.shop, &filter, on, limit, before).await?;
        let items = page.items.iter().map(|listed| customer_view::listed(listed, staff)).collect();
        let next = page.next.map(|before| Place::ByFirstContact { before });
        Ok(Listed { items, next, more: false })
    }

    async fn search(self, sought: &Sought<'_>) -> Result<Listed, Problem> {
        let Self { app, staff, limit, from, .. } = self;
        let from = match from {
            Some(Place::Search(position)) => Some(position),
            _ => None,
        };
        let page = app.table.search(&staff.shop, sought, limit, from).await?;
        let items = page.items.iter().map(|found| customer_view::search_hit(found, staff)).collect();
        Ok(Listed { items, next: page.next.map(Place::Search), more: page.more })
    }
}
