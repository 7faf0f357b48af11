//! `POST /v1/customers`: a customer entered by staff (P01). A name and an address are enough.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{
    AuditAction, Birthday, Country, Currency, Customer, CustomerId, CustomerStatus, Discount, EmailAddress, Language,
    Line, Name, Outcome, Phone, Settings, Source, Temperature,
};
use shared::http::example;
use shared::http::{
    Call, Fields, Input, Operation, Problem, ProblemKind, Staff, choice, created, first_outcome, integer, text,
};
use shared::table::{CustomerWrites, Transaction};

use crate::customer_view;

struct NewCustomer {
    name: Name,
    email: EmailAddress,
    company: Option<Line<200>>,
    country: Option<Country>,
    phone: Option<Phone>,
    language: Option<Language>,
    currency: Option<Currency>,
    discount: Option<Discount>,
    birthday: Option<Birthday>,
    status: Option<CustomerStatus>,
    temperature: Option<Temperature>,
}

impl NewCustomer {
    fn read(mut fields: Fields, settings: &Settings) -> Result<Self, Problem> {
        let country = fields.optional("country", text);
        let dialled_from = country.unwrap_or(settings.country);
        let name = fields.required("name", text);
        let email = fields.required("email", text);
        let company = fields.optional("company", text);
        let phone = fields.optional("phone", |value| phone_of(dialled_from, value));
        let language = fields.optional("language", text);
        let currency = fields.optional("currency", text);
        let discount = fields.optional("discount_bp", integer);
        let birthday = fields.optional("birthday", text);
        let status = fields.optional("status", choice);
        let temperature = fields.optional("temperature", choice);
        fields.finish()?;
        let (Some(name), Some(email)) = (name, email) else {
            return Err(Problem::internal("a required field that is missing is an error"));
        };
        Ok(Self { name, email, company, country, phone, language, currency, discount, birthday, status, temperature })
    }
}

/// Reads a telephone number as dialled in `country`.
pub fn phone_of(country: Country, value: &serde_json::Value) -> Result<Phone, shared::domain::Invalid> {
    Phone::parse(country, value.as_str().ok_or(shared::domain::Invalid::WrongType)?)
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Create a customer")
        .takes(|fields| NewCustomer::read(fields, &example::settings()))
        .answers_object(StatusCode::CREATED, "The customer.")
        .refuses(ProblemKind::DuplicateCustomer)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &call, &staff, &settings, &outcome).await;
    }
    let new = NewCustomer::read(input.fields, &settings)?;
    let customer = customer(new, &app, &call, &settings);

    let writes = CustomerWrites { keyring: &app.keyring, settings: &settings, today: customer.first_contact };
    let mut transaction = Transaction::new();
    let steps = transaction.create_customer(writes, &customer)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerCreated, vec![customer.id.to_string()]);
    transaction.audit(&staff.shop, &entry, Some(customer.id))?;
    let outcome = Outcome { status: 201, id: customer.id.to_string(), version: customer.version };
    let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(answer(&customer, &settings, &staff, &call)),
        Err(refusal) => {
            if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
                return again(&app, &call, &staff, &settings, &outcome).await;
            }
            match steps.address_taken_by(&refusal) {
                Some(existing) => {
                    Err(Problem::new(ProblemKind::DuplicateCustomer).with("existing", existing.to_string()))
                }
                None => Err(Problem::internal("a fresh id was taken")),
            }
        }
    }
}

fn customer(new: NewCustomer, app: &App, call: &Call, settings: &Settings) -> Customer {
    let id = CustomerId::new(app.entropy.ulid(call.now));
    let known = Customer::new(settings, id, new.name, new.email, Source::Staff, call.now);
    Customer {
        company: new.company,
        phone: new.phone,
        country: new.country,
        language: new.language.unwrap_or(known.language),
        currency: new.currency.unwrap_or(known.currency),
        discount: new.discount,
        birthday: new.birthday,
        status: new.status.unwrap_or(known.status),
        temperature: new.temperature,
        ..known
    }
}

fn answer(customer: &Customer, settings: &Settings, staff: &Staff, call: &Call) -> Response {
    let view = customer_view::record(customer, settings, staff, settings.zone.day(call.now));
    created(format!("/v1/customers/{}", customer.id), customer.version, &view)
}

/// The first answer, once more.
async fn again(
    app: &App,
    call: &Call,
    staff: &Staff,
    settings: &Settings,
    outcome: &Outcome,
) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    let customer = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(&customer, settings, staff, call))
}
