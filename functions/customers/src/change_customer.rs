//! `PATCH /v1/customers/{id}`: a merge patch (RFC 7396) of the version that was read.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, RecordField};
use shared::http::example;
use shared::http::{Call, IfMatch, Input, Operation, PathId, Problem, ProblemKind, Query, Staff};
use shared::table::{AddressClaim, CustomerWrites, Transaction};

use crate::create_customer::{duplicate, insists};
use crate::customer_fields::CustomerFields;
use crate::customer_view::Viewer;
use crate::get_customer;

/// How often a change of address looks again at who has the old one and the new one.
const ATTEMPTS: u32 = 5;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Change a customer")
        .asks(|query| insists(&mut query.0))
        .patches(|mut fields| {
            insists(&mut fields);
            CustomerFields::read(&mut fields, Some(&example::customer()), &example::settings(), Date::MAX);
            fields.finish()
        })
        .answers_object(StatusCode::OK, "The customer.")
        .versioned()
        .refuses(ProblemKind::DuplicateCustomer)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<CustomerId>,
    if_match: IfMatch,
    mut query: Query,
    mut input: Input,
) -> Result<Response, Problem> {
    let in_query = insists(&mut query.0);
    query.0.finish()?;
    let (before, settings) = tokio::try_join!(app.table.customer(&staff.shop, id), app.table.settings(&staff.shop))?;
    let (before, settings) = before.zip(settings).ok_or_else(Problem::not_found)?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let insist = insists(&mut input.fields).or(in_query).unwrap_or_default();
    let today = settings.zone.day(call.now);
    let patch = CustomerFields::read(&mut input.fields, Some(&before), &settings, today);
    input.fields.finish()?;
    let confirmed = patch.confirms_temperature();
    let mut after = before.changed_by(&staff.actor(), call.now, |after| patch.apply(after));
    if confirmed {
        after.confirm(RecordField::Temperature, &staff.actor(), call.now);
    }

    let writes = CustomerWrites { keyring: &app.keyring, today };
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerChanged, vec![id.to_string()]);
    // Read first: once the change is made, nothing may keep its answer from being given.
    let group = get_customer::group_of(&app, &after).await?;
    for _ in 0..ATTEMPTS {
        let mut transaction = Transaction::new();
        let steps = write(&app, writes, &before, &after, insist, &mut transaction).await?;
        transaction.audit(&staff.shop, &entry, Some(id))?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            let viewer = Viewer { staff: &staff, settings: &settings, now: call.now };
            return Ok(get_customer::answer_in(group.as_ref(), &after, &viewer));
        };
        if steps.lost_race(&refusal) {
            return Err(Problem::new(ProblemKind::Stale));
        }
        if let Some(existing) = steps.address_taken_by(&refusal).filter(|_| !insist) {
            return Err(duplicate(existing));
        }
    }
    Err(shared::Error::Contended.into())
}

/// The steps of the change: more where the address is another.
async fn write(
    app: &App,
    writes: CustomerWrites<'_>,
    before: &Customer,
    after: &Customer,
    insist: bool,
    transaction: &mut Transaction,
) -> Result<shared::table::CustomerSteps, Problem> {
    let shop = &before.shop;
    let [old, new] = [before, after].map(|customer| app.keyring.address_digest(shop, &customer.email));
    if old == new {
        return Ok(transaction.replace_customer(writes, before, after)?);
    }
    let holders = app.table.address_holders(shop, &old).await?;
    let claim = match app.table.customer_id_by_address(shop, &new).await? {
        Some(own) if own == before.id => AddressClaim::Own,
        Some(_) if insist => AddressClaim::Shared,
        Some(_) | None => AddressClaim::Free,
    };
    Ok(transaction.readdress_customer(writes, before, after, &holders, claim)?)
}
