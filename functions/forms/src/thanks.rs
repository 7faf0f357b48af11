//! `GET /f/{form}/thanks`: where a visitor lands.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use shared::App;
use shared::domain::{FormId, Language, Line, Locale};
use shared::http::{Call, Operation, Page, PathId, Problem, Query, page, text};
use shared::wording::say;

use crate::headers::locale_of;
use crate::open_form::open_form;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Thank a visitor").asks(read).answers_page(StatusCode::OK)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    PathId(id): PathId<FormId>,
    mut query: Query,
) -> Result<Response, Problem> {
    let (asked, mailed) = read(&mut query);
    let form = open_form(&app, &id).await?;
    let settings = app.table.settings(&form.shop).await?.ok_or_else(Problem::not_found)?;
    let locale = asked.as_ref().and_then(Locale::of).unwrap_or_else(|| locale_of(&call, &settings));
    let title = say(locale, "thanks-title", &[]);
    let content = html! {
        p.good { (say(locale, "thanks-text", &[])) }
        @if mailed { p { (say(locale, "thanks-mailed", &[])) } }
    };
    Ok(page(StatusCode::OK, Page { locale, title: &title, shop: Some(settings.name.expose()) }, content))
}

/// Whatever else hangs on the address is nobody's mistake here.
fn read(query: &mut Query) -> (Option<Language>, bool) {
    (query.0.optional("lang", text), query.0.optional("mailed", text::<Line<1>>).is_some())
}
