//! `POST /p/{token}/unsubscribe`: no marketing from here on, for mail already queued too.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{Actor, AuditAction, ConsentEvidence, ConsentId, ConsentMethod, ConsentPurpose, ConsentState};
use shared::http::{Call, Operation, PathToken, Problem, closed_link};
use shared::table::{CustomerWrites, Statement, Transaction};

use crate::preferences_page::Holder;

/// How often a withdrawal waits for its turn when the record changes under it.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Take back the consent to marketing").answers_page(StatusCode::OK).shows_closed_links()
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    let Some(mut holder) = Holder::of(&app, token).await? else {
        return Ok(closed_link(&call));
    };
    for _ in 0..ATTEMPTS {
        let consent = holder.customer.consents.get(ConsentPurpose::MarketingEmail);
        if consent.is_some_and(|consent| consent.state == ConsentState::Withdrawn) {
            return Ok(holder.page(true));
        }
        if withdraw(&app, &call, &mut holder).await? {
            return Ok(holder.page(true));
        }
        let fresh = app.table.customer(&holder.customer.shop, holder.customer.id).await?;
        match fresh {
            Some(customer) => holder.customer = customer,
            None => return Ok(closed_link(&call)),
        }
    }
    Err(shared::Error::Contended.into())
}

/// Writes the withdrawal and its audit entry. `false` if the record changed meanwhile.
async fn withdraw(app: &App, call: &Call, holder: &mut Holder) -> Result<bool, Problem> {
    let before = &holder.customer;
    let shop = &before.shop;
    let evidence = ConsentEvidence {
        id: ConsentId::new(app.entropy.ulid(call.now)),
        customer: before.id,
        purpose: ConsentPurpose::MarketingEmail,
        state: ConsentState::Withdrawn,
        // No statement stands that a withdrawal does not end.
        at: before.consents.get(ConsentPurpose::MarketingEmail).map_or(call.now, |consent| consent.at.max(call.now)),
        text: None,
        version: None,
        language: None,
        page: None,
        source_ip: call.source_ip.clone(),
        method: ConsentMethod::Unsubscribe,
        recorded_by: None,
    };
    let today = holder.settings.zone.day(call.now);
    let writes = CustomerWrites { keyring: &app.keyring, settings: &holder.settings, today };
    let mut transaction = Transaction::new();
    let actor = Actor::Preferences;
    let said = Statement { before, evidence: &evidence, actor: &actor, now: call.now, unsubscribed: None };
    let stated = transaction.state_consent(writes, said)?;
    let records = vec![before.id.to_string()];
    let entry = call.audit(&app.entropy, actor, AuditAction::ConsentWithdrawn, records);
    transaction.audit(shop, &entry, Some(before.id))?;
    let done = app.table.commit(transaction).await?.is_ok();
    if let Some(after) = stated.after.filter(|_| done) {
        holder.customer = after;
    }
    Ok(done)
}
