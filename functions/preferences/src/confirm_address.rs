//! `POST /p/{token}/address`: a code that was typed. The right one proves the address, once; a wrong
//! one costs a try, which is written before it is answered, so that many at once cost as many.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{Actor, AddressCode, AuditAction, EmailStatus};
use shared::http::schema::Described;
use shared::http::{Call, Operation, PathToken, Problem, closed_link, redirect};
use shared::table::Transaction;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::address_page::{self, Standing};
use crate::holder::{ATTEMPTS, Holder};
use crate::posted::Posted;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let posted = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("The code as it was mailed; spaces and hyphens don't count."))
        .property("code", <String as Described>::schema())
        .required("code")
        .build();
    operation
        .summary("Prove the address with the code of a mail")
        .body("application/x-www-form-urlencoded", Schema::Object(posted))
        .answers_nothing(StatusCode::SEE_OTHER)
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
        return Ok(closed_link(&call));
    };
    let typed = digits(Posted::read(body)?.get("code"));
    if let Some(wait) = holder.too_fast(&app, &call).await? {
        return Ok(wait);
    }
    for _ in 0..ATTEMPTS {
        let Some(holder) = Holder::of(&app, &token).await? else {
            return Ok(closed_link(&call));
        };
        if holder.customer.email_status == EmailStatus::Confirmed {
            return Ok(redirect(&holder.path("/address")));
        }
        let Some(code) = good_code(&app, &call, &holder).await? else {
            return ended(&app, &call, &holder).await;
        };
        let Some(typed) = &typed else {
            return Ok(address_page::show(&holder, Standing::NoCode));
        };
        if app.keyring.is_address_code(code.id.ulid(), typed) {
            if confirm(&app, &call, &holder, &code).await? {
                return Ok(redirect(&holder.path("/address")));
            }
        } else if cost_a_try(&app, &holder, &code).await? {
            let left = code.tries_left - 1;
            let standing = if left == 0 { Standing::Spent } else { Standing::Wrong { left } };
            return Ok(address_page::show(&holder, standing));
        }
    }
    Err(shared::Error::Contended.into())
}

/// The code that was last mailed, while it is good: young enough, not mistyped too often, and of the
/// address that the customer has now.
pub async fn good_code(app: &App, call: &Call, holder: &Holder) -> Result<Option<AddressCode>, Problem> {
    let code = app.table.address_code(&holder.customer.shop, holder.customer.id).await?;
    let address = holder.address(app);
    Ok(code.filter(|code| call.now < code.expires_at && code.tries_left > 0 && code.address == address))
}

/// Where there is no good code: perhaps another request has just proved the address with it.
async fn ended(app: &App, call: &Call, holder: &Holder) -> Result<Response, Problem> {
    Ok(match holder.again(app).await? {
        Some(now) if now.customer.email_status == EmailStatus::Confirmed => redirect(&now.path("/address")),
        Some(now) => address_page::show(&now, Standing::Spent),
        None => closed_link(call),
    })
}

/// What was typed, if it can be a code: pasted, it may have spaces and hyphens.
fn digits(typed: &str) -> Option<String> {
    let between = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–');
    let digits: String = typed.chars().filter(|c| !between(*c)).collect();
    (digits.len() == AddressCode::DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Writes that the address is proved, and ends the code. `false` if the record or the code changed
/// meanwhile.
async fn confirm(app: &App, call: &Call, holder: &Holder, code: &AddressCode) -> Result<bool, Problem> {
    let (before, actor) = (&holder.customer, Actor::Preferences);
    let after = before.changed_by(&actor, call.now, |after| {
        after.email_status = EmailStatus::Confirmed;
        after.last_contact_at = after.last_contact_at.max(call.now);
    });
    let mut transaction = Transaction::new();
    transaction.end_address_code(&before.shop, before.id, code);
    transaction.replace_customer(holder.writes(app, call.now), before, &after)?;
    let entry = call.audit(&app.entropy, actor, AuditAction::AddressConfirmed, vec![before.id.to_string()]);
    transaction.audit(&before.shop, &entry, Some(before.id))?;
    Ok(app.table.commit(transaction).await?.is_ok())
}

/// Writes that a try was lost. `false` if another was quicker.
async fn cost_a_try(app: &App, holder: &Holder, code: &AddressCode) -> Result<bool, Problem> {
    let (shop, customer) = (&holder.customer.shop, holder.customer.id);
    let less = AddressCode { tries_left: code.tries_left - 1, version: code.version + 1, ..code.clone() };
    let mut transaction = Transaction::new();
    transaction.require_customer(shop, customer);
    transaction.write_address_code(shop, customer, Some(code), &less)?;
    Ok(app.table.commit(transaction).await?.is_ok())
}
