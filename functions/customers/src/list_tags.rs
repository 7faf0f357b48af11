//! `GET /v1/tags`: what may be put on a customer: the eight built-in tags, then the shop's own.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::App;
use shared::domain::{Locale, OwnTag, TagId};
use shared::http::{Cursor, List, Operation, Problem, Query, Staff};
use shared::table::Position;
use utoipa::ToSchema;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the tags").paged().lists::<TagView>()
}

pub async fn handle(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Json<List<TagView>>, Problem> {
    let cursors = Cursor::new(&app.keyring, &staff.shop, &["tags"]);
    let limit = query.limit();
    let after: Option<Position> = query.cursor(&cursors);
    query.0.finish()?;
    let mut items: Vec<TagView> = if after.is_none() { TagId::built_in().map(built_in).collect() } else { Vec::new() };
    let page = app.table.own_tags(&staff.shop, limit, after).await?;
    items.extend(page.items.iter().map(own));
    Ok(Json(List { items, next: page.next.map(|position| cursors.seal(&position)) }))
}

/// A tag that may be put on a customer.
#[derive(Serialize, ToSchema)]
pub struct TagView {
    tag: TagId,
    labels: Labels,
    /// Whether every shop has it.
    built_in: bool,
}

/// What a tag is called in each language we write.
#[derive(Serialize, ToSchema)]
#[schema(as = TagLabels)]
struct Labels {
    fr: String,
    en: String,
}

fn built_in(tag: TagId) -> TagView {
    let label = |locale| tag.label(locale).unwrap_or_default().to_owned();
    TagView { labels: Labels { fr: label(Locale::Fr), en: label(Locale::En) }, tag, built_in: true }
}

fn own(tag: &OwnTag) -> TagView {
    let label = tag.label.expose().to_owned();
    TagView { tag: tag.id.clone(), labels: Labels { fr: label.clone(), en: label }, built_in: false }
}
