//! `POST /p/{token}/address-code`: mails a code that proves the address (C03). The answer is the same
//! whether one more is sent or there were enough within the hour, or the day.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use shared::App;
use shared::domain::{Actor, AddressCode, AddressCodeId, AuditAction, EmailStatus, Message, MessageId, Occurrence};
use shared::http::{Call, Operation, PathToken, Problem, closed_link, redirect};
use shared::table::Transaction;

use crate::holder::{ATTEMPTS, Holder};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Mail a code that proves the address")
        .answers_nothing(StatusCode::SEE_OTHER)
        .answers_page(StatusCode::TOO_MANY_REQUESTS)
        .shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    let Some(mut holder) = Holder::of(&app, &token).await? else {
        return Ok(closed_link(&call));
    };
    if let Some(wait) = holder.too_fast(&app, &call).await? {
        return Ok(wait);
    }
    for _ in 0..ATTEMPTS {
        let confirmed = holder.customer.email_status == EmailStatus::Confirmed;
        if confirmed || send(&app, &call, &holder).await? {
            return Ok(redirect(&holder.path("/address")));
        }
        match holder.again(&app).await? {
            Some(fresh) => holder = fresh,
            None => return Ok(closed_link(&call)),
        }
    }
    Err(shared::Error::Contended.into())
}

/// Makes a code, its mail and the audit entry, unless enough were sent. `false` if another request
/// was quicker.
async fn send(app: &App, call: &Call, holder: &Holder) -> Result<bool, Problem> {
    let (shop, customer) = (&holder.customer.shop, holder.customer.id);
    let before = app.table.address_code(shop, customer).await?;
    let mut sent_at = before.as_ref().map(|code| lately(code, call.now)).unwrap_or_default();
    if sent_at.len() >= AddressCode::PER_HOUR {
        return Ok(true);
    }
    sent_at.push(call.now);
    let code = AddressCode {
        id: AddressCodeId::new(app.entropy.ulid(call.now)),
        address: holder.address(app),
        tries_left: AddressCode::TRIES,
        sent_at,
        expires_at: call.now.checked_add(AddressCode::LIFE).unwrap_or(Timestamp::MAX),
        version: before.as_ref().map_or(1, |before| before.version + 1),
    };
    let mut transaction = Transaction::new();
    transaction.require_customer(shop, customer);
    transaction.write_address_code(shop, customer, before.as_ref(), &code)?;
    let id = MessageId::new(app.entropy.ulid(call.now));
    let occurrence = Occurrence::ConfirmAddress { code: code.id };
    let message = Message::new(shop.clone(), id, customer, occurrence, call.now, call.now);
    transaction.create_message(&message)?;
    let records = vec![customer.to_string()];
    let entry = call.audit(&app.entropy, Actor::Preferences, AuditAction::AddressCodeSent, records);
    transaction.audit(shop, &entry, Some(customer))?;
    let counted = transaction.count_code(shop, &code.address, call.now);
    Ok(match app.table.commit(transaction).await? {
        Ok(()) => true,
        Err(refusal) => refusal.failed(counted),
    })
}

/// When codes were sent within the last hour.
fn lately(code: &AddressCode, now: Timestamp) -> Vec<Timestamp> {
    let hour = SignedDuration::from_hours(1);
    code.sent_at.iter().copied().filter(|at| now.duration_since(*at) < hour).collect()
}
