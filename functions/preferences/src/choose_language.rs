//! `POST /p/{token}/language`: what the customer reads from now on, of what the shop writes in.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{Actor, AuditAction, Language};
use shared::http::schema::Described;
use shared::http::{Call, Operation, PathToken, Problem, ProblemKind, closed_link, redirect};
use shared::table::Transaction;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::holder::{ATTEMPTS, Holder};
use crate::posted::Posted;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let posted = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("One of the languages that the page offers."))
        .property("language", <Language as Described>::schema())
        .required("language")
        .build();
    operation
        .summary("Choose the language of mails and pages")
        .body("application/x-www-form-urlencoded", Schema::Object(posted))
        .answers_nothing(StatusCode::SEE_OTHER)
        .refuses(ProblemKind::Malformed)
        .answers_page(StatusCode::TOO_MANY_REQUESTS)
        .shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Some(mut holder) = Holder::of(&app, &token).await? else {
        return Ok(closed_link(&call));
    };
    let chosen: Option<Language> = Posted::read(body)?.get("language").parse().ok();
    let offered = chosen.filter(|language| holder.settings.languages.contains(language));
    let language = offered.ok_or_else(|| Problem::new(ProblemKind::Malformed))?;
    if let Some(wait) = holder.too_fast(&app, &call).await? {
        return Ok(wait);
    }
    for _ in 0..ATTEMPTS {
        if holder.customer.language == language || change(&app, &call, &holder, &language).await? {
            return Ok(redirect(&holder.path("?saved=true")));
        }
        match holder.again(&app).await? {
            Some(fresh) => holder = fresh,
            None => return Ok(closed_link(&call)),
        }
    }
    Err(shared::Error::Contended.into())
}

/// Writes the language. `false` if the record changed meanwhile.
async fn change(app: &App, call: &Call, holder: &Holder, language: &Language) -> Result<bool, Problem> {
    let (before, actor) = (&holder.customer, Actor::Preferences);
    let after = before.changed_by(&actor, call.now, |after| after.language = language.clone());
    let mut transaction = Transaction::new();
    transaction.replace_customer(holder.writes(app, call.now), before, &after)?;
    let entry = call.audit(&app.entropy, actor, AuditAction::CustomerChanged, vec![before.id.to_string()]);
    transaction.audit(&before.shop, &entry, Some(before.id))?;
    Ok(app.table.commit(transaction).await?.is_ok())
}
