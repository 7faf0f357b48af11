//! `POST /p/{token}/agree`: agrees to the words of a link, once (double opt-in, E05). Where staff
//! handed the link over and the words are about mail, a mail asks once more.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::App;
use shared::domain::{
    Actor, Asking, AuditAction, ConsentAnswer, ConsentEvidence, ConsentId, ConsentMethod, ConsentRequest,
    ConsentRequestId, ConsentState, Message, MessageId, Occurrence,
};
use shared::http::{Call, Operation, PathToken, Problem, closed_link, redirect};
use shared::table::{CustomerWrites, Statement, Transaction};

use crate::asked::{Asked, Link};
use crate::holder::ATTEMPTS;
use crate::request_page;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Agree to the words of a link that asks for consent")
        .answers_nothing(StatusCode::SEE_OTHER)
        .answers_page(StatusCode::TOO_MANY_REQUESTS)
        .shows_closed_links()
}

/// What became of one try.
enum Tried {
    Done,
    /// The record changed meanwhile, or somebody was quicker.
    Overtaken,
    /// The address has had enough mails today.
    EnoughMails,
}

pub async fn handle(State(app): State<App>, call: Call, token: PathToken) -> Result<Response, Problem> {
    for attempt in 0..ATTEMPTS {
        let asked = match Link::of(&app, &call, &token).await? {
            Some(Link::Open(asked)) => asked,
            // A second press, or one that was quicker: the page says that it is done.
            Some(Link::Answered(_)) => return Ok(redirect("agree")),
            None => return Ok(closed_link(&call)),
        };
        if attempt == 0
            && let Some(wait) = asked.too_fast(&app, &call).await?
        {
            return Ok(wait);
        }
        let tried = match asked.needs_mail() {
            true => ask_by_mail(&app, &call, &asked).await?,
            false => agree(&app, &call, &asked).await?,
        };
        match tried {
            Tried::Done => return Ok(redirect("agree")),
            Tried::EnoughMails => return Ok(request_page::enough_mails(&asked)),
            Tried::Overtaken => {}
        }
    }
    Err(shared::Error::Contended.into())
}

/// Writes the evidence, what follows from it, and that the link is used.
async fn agree(app: &App, call: &Call, asked: &Asked) -> Result<Tried, Problem> {
    let (before, settings) = (&asked.customer, &asked.settings);
    let evidence = evidence(app, call, asked);
    let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
    let unsubscribed = app.table.unsubscription(writes, before).await?;
    let (actor, unsubscribed) = (Actor::Preferences, unsubscribed.as_ref());
    let mut transaction = Transaction::new();
    transaction.end_consent_request(&asked.request, &answer(call, asked, Some(evidence.id)))?;
    let said = Statement { before, evidence: &evidence, actor: &actor, now: call.now, unsubscribed };
    transaction.state_consent(writes, said)?;
    let records = vec![before.id.to_string(), evidence.id.to_string()];
    let entry = call.audit(&app.entropy, actor, AuditAction::ConsentGranted, records);
    transaction.audit(&before.shop, &entry, Some(before.id))?;
    Ok(if app.table.commit(transaction).await?.is_ok() { Tried::Done } else { Tried::Overtaken })
}

/// What was agreed to, in the words of the request.
fn evidence(app: &App, call: &Call, asked: &Asked) -> ConsentEvidence {
    let Asked { request, customer, .. } = asked;
    let (method, page, recorded_by) = match &request.asking {
        Asking::Form { page, .. } => (ConsentMethod::DoubleOptIn, page.clone(), None),
        Asking::Preferences => (ConsentMethod::DoubleOptIn, None, None),
        Asking::Staff { subject } => (ConsentMethod::ConsentLink, None, Some(subject.clone())),
    };
    let standing = customer.consents.get(request.purpose);
    ConsentEvidence {
        id: ConsentId::new(app.entropy.ulid(call.now)),
        customer: customer.id,
        purpose: request.purpose,
        state: ConsentState::Granted,
        at: standing.map_or(call.now, |consent| consent.at.max(call.now)),
        text: Some(request.text.clone()),
        version: Some(request.version.clone()),
        language: Some(request.language.clone()),
        page,
        source_ip: call.source_ip.clone(),
        method,
        recorded_by,
    }
}

/// Asks the same by a mail to the address, which then proves it.
async fn ask_by_mail(app: &App, call: &Call, asked: &Asked) -> Result<Tried, Problem> {
    let (shop, customer) = (&asked.customer.shop, asked.customer.id);
    let id = ConsentRequestId::new(app.entropy.ulid(call.now));
    let request = ConsentRequest {
        id,
        customer,
        asking: Asking::Preferences,
        hash: ConsentRequest::token(&app.keyring, id).hash(),
        created_at: call.now,
        expires_at: call.now.checked_add(ConsentRequest::LIFE).unwrap_or(Timestamp::MAX),
        ..asked.request.clone()
    };
    let message_id = MessageId::new(app.entropy.ulid(call.now));
    let occurrence = Occurrence::ConfirmConsent { request: id };
    let message = Message::new(shop.clone(), message_id, customer, occurrence, call.now, call.now);
    let mut transaction = Transaction::new();
    transaction.require_customer(shop, customer);
    transaction.end_consent_request(&asked.request, &answer(call, asked, None))?;
    transaction.create_consent_request(&request)?;
    transaction.create_message(&message)?;
    let day = call.now.to_zoned(TimeZone::UTC).date();
    let counted = transaction.count_mails(shop, &request.address, day, 1, call.now);
    let records = vec![customer.to_string()];
    let entry = call.audit(&app.entropy, Actor::Preferences, AuditAction::ConsentAsked, records);
    transaction.audit(shop, &entry, Some(customer))?;
    Ok(match app.table.commit(transaction).await? {
        Ok(()) => Tried::Done,
        Err(refusal) if refusal.failed(counted) => Tried::EnoughMails,
        Err(_) => Tried::Overtaken,
    })
}

fn answer(call: &Call, asked: &Asked, evidence: Option<ConsentId>) -> ConsentAnswer {
    ConsentAnswer {
        shop: asked.customer.shop.clone(),
        customer: asked.customer.id,
        purpose: asked.request.purpose,
        language: asked.request.language.clone(),
        evidence,
        at: call.now,
        expires_at: asked.request.expires_at,
    }
}
