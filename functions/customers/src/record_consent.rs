//! `POST /v1/customers/{id}/consents`: what a customer told staff, kept for good (G01, G02). Giving
//! needs the exact words; taking back needs nothing but the purpose (GDPR Article 7(3)).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use shared::App;
use shared::domain::{
    AuditAction, ConsentEvidence, ConsentId, ConsentMethod, ConsentPurpose, ConsentState, CustomerId, Interaction,
    Invalid, Language, Line, Outcome, Text,
};
use shared::http::{
    Call, Fields, Input, Operation, PathId, Problem, Staff, choice, created, first_outcome, instant, text,
};
use shared::table::{CustomerWrites, Statement, Transaction};

use crate::consent_view;

struct NewStatement {
    purpose: ConsentPurpose,
    state: ConsentState,
    method: ConsentMethod,
    text: Option<Text<2000>>,
    version: Option<Line<40>>,
    language: Option<Language>,
    at: Timestamp,
}

impl NewStatement {
    fn read(mut fields: Fields, now: Timestamp) -> Result<Self, Problem> {
        let purpose = fields.required("purpose", choice);
        let state = fields.required("state", choice);
        let method = fields.optional("method", |value| match choice::<ConsentMethod>(value)? {
            method if method.for_staff() => Ok(method),
            _ => Err(Invalid::Choice),
        });
        let words = if state == Some(ConsentState::Granted) { Fields::required } else { Fields::optional };
        let text_shown = words(&mut fields, "text", text);
        let version = fields.optional("version", text);
        let language = fields.optional("language", text);
        // As far back as an interaction, but never ahead.
        let past = |at: Timestamp| if at <= now { Interaction::instant(at, now) } else { Err(Invalid::InstantRange) };
        let at = fields.optional("at", |value| past(instant(value)?)).unwrap_or(now);
        fields.finish()?;
        let (Some(purpose), Some(state)) = (purpose, state) else {
            return Err(Problem::internal("a required field that is missing is an error"));
        };
        let method = method.unwrap_or(ConsentMethod::Other);
        Ok(Self { purpose, state, method, text: text_shown, version, language, at })
    }

    /// The evidence of it. Its id is made of when it was said, so that evidence stays in the order
    /// of time.
    fn evidence(self, app: &App, staff: &Staff, customer: CustomerId) -> ConsentEvidence {
        ConsentEvidence {
            id: ConsentId::new(app.entropy.ulid(self.at)),
            customer,
            purpose: self.purpose,
            state: self.state,
            at: self.at,
            text: self.text,
            version: self.version,
            language: self.language,
            page: None,
            // The address is the shop's, and says nothing of the customer.
            source_ip: None,
            method: self.method,
            recorded_by: Some(staff.subject.clone()),
        }
    }
}

/// How often a statement waits for its turn when the customer's record changes under it.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Record what a customer agrees to, or takes back")
        .takes(|fields| NewStatement::read(fields, Timestamp::UNIX_EPOCH))
        .answers_object(StatusCode::CREATED, "The statement, as it is kept.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, id, &outcome).await;
    }
    let evidence = NewStatement::read(input.fields, call.now)?.evidence(&app, &staff, id);
    let action = match evidence.state {
        ConsentState::Granted => AuditAction::ConsentGranted,
        ConsentState::Withdrawn => AuditAction::ConsentWithdrawn,
    };
    let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
    let actor = staff.actor();
    for _ in 0..ATTEMPTS {
        let before = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        let unsubscribed = app.table.unsubscription(writes, &before).await?;
        let (before, unsubscribed) = (&before, unsubscribed.as_ref());
        let said = Statement { before, evidence: &evidence, actor: &actor, now: call.now, unsubscribed };
        let mut transaction = Transaction::new();
        let written = transaction.state_consent(writes, said)?.evidence;
        let entry = staff.audit(&call, &app.entropy, action, vec![id.to_string(), evidence.id.to_string()]);
        transaction.audit(&staff.shop, &entry, Some(id))?;
        let outcome = Outcome { status: 201, id: evidence.id.to_string(), version: 1 };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&evidence));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &staff, id, &outcome).await;
        }
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if refusal.failed(written) {
            return Ok(answer(&evidence));
        }
    }
    Err(shared::Error::Contended.into())
}

fn answer(evidence: &ConsentEvidence) -> Response {
    // A statement is shown with the others of its customer.
    let location = format!("/v1/customers/{}/consents", evidence.customer);
    created(location, 1, &consent_view::evidence(evidence))
}

/// The first answer, once more.
async fn again(app: &App, staff: &Staff, customer: CustomerId, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let evidence = app.table.consent(&staff.shop, customer, id).await?;
    Ok(answer(&evidence.ok_or_else(Problem::not_found)?))
}
