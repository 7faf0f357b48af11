//! `POST /v1/customers/{id}/interactions`: a reservation, visit, call or message (O02).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::App;
use shared::domain::{
    AuditAction, Customer, CustomerId, Interaction, InteractionId, InteractionKind, Outcome, Settings, Text,
};
use shared::http::{
    Call, Fields, Input, Operation, PathId, Problem, Staff, alerts, choice, created, first_outcome, instant, text,
};
use shared::table::{CustomerWrites, Transaction};

struct NewInteraction {
    kind: InteractionKind,
    at: Timestamp,
    text: Option<Text<2000>>,
}

impl NewInteraction {
    fn read(mut fields: Fields, now: Timestamp) -> Result<Self, Problem> {
        let kind = fields.required("kind", choice);
        let at = fields.optional("at", |value| Interaction::instant(instant(value)?, now)).unwrap_or(now);
        let text = fields.optional("text", text);
        fields.finish()?;
        let kind = kind.ok_or_else(|| Problem::internal("a required field that is missing is an error"))?;
        Ok(Self { kind, at, text })
    }
}

/// How often an interaction waits for its turn when the customer's record changes under it.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Record an interaction")
        .takes(|fields| NewInteraction::read(fields, Timestamp::UNIX_EPOCH))
        .answers_object(StatusCode::CREATED, "The interaction.")
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(customer): PathId<CustomerId>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &call, &staff, &settings, (customer, &outcome)).await;
    }
    let NewInteraction { kind, at, text } = NewInteraction::read(input.fields, call.now)?;
    let id = InteractionId::new(app.entropy.ulid(at));
    let interaction = Interaction { id, customer, kind, at, text, created_at: call.now, author: staff.subject.clone() };
    for _ in 0..ATTEMPTS {
        let before = app.table.customer(&staff.shop, customer).await?.ok_or_else(Problem::not_found)?;
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
        let mut transaction = Transaction::new();
        match before.met(&interaction, &settings, &staff.actor(), call.now) {
            Some(after) => drop(transaction.replace_customer(writes, &before, &after)?),
            None => drop(transaction.require_customer(&staff.shop, customer)),
        }
        let written = transaction.create_interaction(&staff.shop, &interaction)?;
        let records = vec![customer.to_string(), id.to_string()];
        let entry = staff.audit(&call, &app.entropy, AuditAction::InteractionRecorded, records);
        transaction.audit(&staff.shop, &entry, Some(customer))?;
        let outcome = Outcome { status: 201, id: id.to_string(), version: 1 };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&interaction, &before, (&settings, &staff), &call));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &call, &staff, &settings, (customer, &outcome)).await;
        }
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if refusal.failed(written) {
            return Ok(answer(&interaction, &before, (&settings, &staff), &call));
        }
    }
    Err(shared::Error::Contended.into())
}

fn answer(interaction: &Interaction, customer: &Customer, shop: (&Settings, &Staff), call: &Call) -> Response {
    let (settings, staff) = shop;
    let mut view = view(interaction);
    view["alerts"] = alerts(customer, staff, settings.zone.day(call.now));
    // An interaction is shown with the others of its customer.
    created(format!("/v1/customers/{}/interactions", customer.id), 1, &view)
}

/// The first answer, once more.
async fn again(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    (customer, outcome): (CustomerId, &Outcome),
) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let interaction = app.table.interaction(&staff.shop, customer, id);
    let (interaction, customer) = tokio::try_join!(interaction, app.table.customer(&staff.shop, customer))?;
    let (interaction, customer) = interaction.zip(customer).ok_or_else(Problem::not_found)?;
    Ok(answer(&interaction, &customer, (settings, staff), call))
}

/// An interaction as the API shows it.
pub fn view(interaction: &Interaction) -> Value {
    json!({
        "id": interaction.id,
        "kind": interaction.kind,
        "at": interaction.at,
        "text": interaction.text,
        "created_at": interaction.created_at,
        "author": interaction.author,
    })
}
