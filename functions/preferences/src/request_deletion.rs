//! `POST /p/{token}/deletion`: the customer's data go, and the shop is mailed (D01, E04).
//!
//! One transaction makes everybody read as if they were gone, and closes the link. What is left in
//! their partition is thrown away within minutes by `automations`, which does that for every erasure:
//! so this public function needs no way to list it.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{Actor, AuditAction, Invalid, Message, MessageId, Notice, NoticeId, Occurrence, Text};
use shared::http::schema::Described;
use shared::http::{Call, Operation, PathToken, Problem, closed_link};
use shared::jobs::Erasing;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::deletion_page::{self, COMMENT};
use crate::holder::{ATTEMPTS, Holder};
use crate::posted::Posted;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let posted = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What the customer says to the shop, if anything."))
        .property("comment", <Text<COMMENT> as Described>::schema())
        .build();
    operation
        .summary("Have one's data deleted")
        .body("application/x-www-form-urlencoded", Schema::Object(posted))
        .answers_page(StatusCode::OK)
        .answers_page(StatusCode::CONFLICT)
        .answers_page(StatusCode::UNPROCESSABLE_ENTITY)
        .answers_page(StatusCode::TOO_MANY_REQUESTS)
        .shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Some(holder) = Holder::of(&app, &token).await? else {
        return told_again(&app, &call, &token).await;
    };
    let posted = Posted::read(body)?;
    let comment = match comment(posted.get("comment")) {
        Ok(comment) => comment,
        Err(wrong) => return Ok(deletion_page::ask(&holder, posted.get("comment"), Some(wrong))),
    };
    if let Some(wait) = holder.too_fast(&app, &call).await? {
        return Ok(wait);
    }
    for _ in 0..ATTEMPTS {
        let Some(holder) = Holder::of(&app, &token).await? else {
            return told_again(&app, &call, &token).await;
        };
        if app.table.job_on(&holder.customer.shop, holder.customer.id).await?.is_some() {
            // Perhaps it is the deletion itself, that the same button has begun just now.
            return match holder.again(&app).await? {
                Some(holder) => Ok(deletion_page::busy(&holder)),
                None => told_again(&app, &call, &token).await,
            };
        }
        if delete(&app, &call, &holder, comment.clone()).await? {
            return Ok(deletion_page::done(&holder.settings, holder.locale()));
        }
    }
    Err(shared::Error::Contended.into())
}

/// What was typed; nothing where nothing was.
fn comment(typed: &str) -> Result<Option<Text<COMMENT>>, Invalid> {
    if typed.is_empty() { Ok(None) } else { typed.parse().map(Some) }
}

/// Writes the first step of the erasure and what the shop is to be told. `false` if the record
/// changed meanwhile.
async fn delete(app: &App, call: &Call, holder: &Holder, comment: Option<Text<COMMENT>>) -> Result<bool, Problem> {
    let (customer, settings) = (&holder.customer, &holder.settings);
    let shop = &customer.shop;
    let erasing = Erasing::begin(app, settings, customer, &Actor::Preferences, call.now).await?;
    let mut transaction = erasing.transaction;
    let name = customer.name.expose().parse().map_err(|_| Problem::internal("a name is a line already"))?;
    let notice = Notice::Deletion { name, email: customer.email.clone(), comment };
    let id = NoticeId::new(app.entropy.ulid(call.now));
    transaction.create_notice(shop, id, &notice, call.now)?;
    let message_id = MessageId::new(app.entropy.ulid(call.now));
    let message = Message::to_merchant(shop.clone(), message_id, Occurrence::Notice { notice: id }, call.now);
    transaction.tell_merchant(&message)?;
    transaction.note_forgotten(&holder.token.hash(), shop, holder.locale(), call.now)?;
    let records = vec![customer.id.to_string()];
    let entry = call.audit(&app.entropy, Actor::Preferences, AuditAction::CustomerErased, records);
    transaction.audit(shop, &entry, Some(customer.id))?;
    Ok(app.table.commit(transaction).await?.is_ok())
}

/// The first answer, once more, to whoever pressed the button twice or never heard of it.
async fn told_again(app: &App, call: &Call, token: &PathToken) -> Result<Response, Problem> {
    let Some(token) = &token.0 else {
        return Ok(closed_link(call));
    };
    let Some(forgotten) = app.table.forgotten_by_token(&token.hash(), call.now).await? else {
        return Ok(closed_link(call));
    };
    let settings = app.table.settings(&forgotten.shop).await?;
    Ok(settings.map_or_else(|| closed_link(call), |settings| deletion_page::done(&settings, forgotten.locale)))
}
