//! `POST /v1/customers`: a customer entered by staff (P01). A name and an address are enough.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Note, NoteId, Outcome, Settings, Source, Text};
use shared::http::example;
use shared::http::{
    Call, Fields, Input, Operation, Problem, ProblemKind, Query, Staff, boolean, created, first_outcome, text,
};
use shared::jobs;
use shared::table::{CustomerWrites, Transaction};

use crate::customer_fields::CustomerFields;
use crate::customer_view::{self, Viewer};
use crate::possible_duplicates::possible_duplicates;

/// How often a creation that staff insist on looks again at who has the address.
const ATTEMPTS: u32 = 5;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Create a customer")
        .asks(|query| insists(&mut query.0))
        .takes(|mut fields| {
            insists(&mut fields);
            first_note(&mut fields);
            CustomerFields::read(&mut fields, None, &example::settings(), Date::MAX);
            fields.finish()
        })
        .answers_object(StatusCode::CREATED, "The customer.")
        .refuses(ProblemKind::DuplicateCustomer)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    mut query: Query,
    mut input: Input,
) -> Result<Response, Problem> {
    let in_query = insists(&mut query.0);
    query.0.finish()?;
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    let viewer = Viewer { staff: &staff, settings: &settings, now: call.now };
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &viewer, &outcome).await;
    }
    let insist = insists(&mut input.fields).or(in_query).unwrap_or_default();
    let text = first_note(&mut input.fields);
    let new = CustomerFields::read(&mut input.fields, None, &settings, settings.zone.day(call.now));
    input.fields.finish()?;
    let mut customer = customer(new, &app, &call, &staff, &settings)?;
    let id = NoteId::new(app.entropy.ulid(call.now));
    let note = text.map(|text| Note::new(id, customer.id, text, staff.subject.clone(), call.now));
    customer.last_note = note.as_ref().and_then(Note::preview);

    for _ in 0..ATTEMPTS {
        let writes = CustomerWrites { keyring: &app.keyring, today: customer.first_contact };
        let mut transaction = Transaction::new();
        let shared = insist && {
            let digest = app.keyring.address_digest(&staff.shop, &customer.email);
            app.table.customer_id_by_address(&staff.shop, &digest).await?.is_some()
        };
        let steps = match shared {
            true => transaction.create_duplicate(writes, &customer)?,
            false => transaction.create_customer(writes, &customer)?,
        };
        let mut job = None;
        if let Some(note) = &note
            && transaction.create_note(&staff.shop, note)?.words_left
        {
            job = Some(jobs::finish_note(&app, &mut transaction, &staff.shop, note, &staff.actor(), call.now)?);
        }
        let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerCreated, vec![customer.id.to_string()]);
        transaction.audit(&staff.shop, &entry, Some(customer.id))?;
        let outcome = Outcome { status: 201, id: customer.id.to_string(), version: customer.version };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            if let Some(job) = job {
                jobs::run(&app, job, jobs::IN_REQUEST).await;
            }
            return answer(&app, &viewer, &customer).await;
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &viewer, &outcome).await;
        }
        match steps.address_taken_by(&refusal) {
            Some(existing) if !insist => return Err(duplicate(existing)),
            Some(_) => {}
            // Whose address it was has left it meanwhile.
            None if shared => {}
            None => return Err(Problem::internal("a fresh id was taken")),
        }
    }
    Err(shared::Error::Contended.into())
}

/// Reads whether staff know of another customer with the address, and mean it.
pub fn insists(fields: &mut Fields) -> Option<bool> {
    fields.optional("allow_duplicate", boolean)
}

/// What staff know already: the first note, of no priority (F19, decision A14.12).
fn first_note(fields: &mut Fields) -> Option<Text<10_000>> {
    fields.optional("note", text)
}

/// Another customer has the address: who, and by what it was found.
pub fn duplicate(existing: CustomerId) -> Problem {
    let problem = Problem::new(ProblemKind::DuplicateCustomer).with("existing", existing.to_string());
    problem.with("matched", "email")
}

fn customer(
    new: CustomerFields,
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
) -> Result<Customer, Problem> {
    let missing = || Problem::internal("a required field that is missing is an error");
    let (name, email) = new.identity().ok_or_else(missing)?;
    let id = CustomerId::new(app.entropy.ulid(call.now));
    let mut customer = Customer::new(settings, id, name, email, Source::Staff, call.now);
    new.apply(&mut customer);
    Ok(customer.entered_by(&staff.actor()))
}

/// The record, with who else may be the same person.
async fn answer(app: &App, viewer: &Viewer<'_>, customer: &Customer) -> Result<Response, Problem> {
    let mut view = customer_view::record(customer, None, viewer);
    view["possible_duplicates"] = possible_duplicates(app, viewer.staff, customer).await;
    Ok(created(format!("/v1/customers/{}", customer.id), customer.version, &view))
}

/// The first answer, once more: of who stands for the customer, if it was merged since.
async fn again(app: &App, viewer: &Viewer<'_>, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let customer = app.table.customer_or_survivor(&viewer.staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    answer(app, viewer, &customer).await
}
