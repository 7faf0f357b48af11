//! `PATCH /v1/customers/{id}`: a merge patch (RFC 7396) of the version that was read.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{
    AuditAction, Birthday, Country, Currency, Customer, CustomerId, CustomerStatus, Discount, EmailAddress, Language,
    Line, Name, Phone, Settings, Temperature,
};
use shared::http::example;
use shared::http::{
    Call, Fields, IfMatch, Input, Operation, Patch, PathId, Problem, ProblemKind, Staff, choice, integer, text,
};
use shared::table::{CustomerWrites, Transaction};

use crate::create_customer::phone_of;
use crate::get_customer;

struct CustomerPatch {
    name: Option<Name>,
    email: Option<EmailAddress>,
    company: Patch<Line<200>>,
    country: Patch<Country>,
    phone: Patch<Phone>,
    language: Option<Language>,
    currency: Option<Currency>,
    discount: Patch<Discount>,
    birthday: Patch<Birthday>,
    status: Option<CustomerStatus>,
    temperature: Patch<Temperature>,
}

impl CustomerPatch {
    fn read(mut fields: Fields, customer: &Customer, settings: &Settings) -> Result<Self, Problem> {
        let country = fields.patch("country", text);
        let dialled_from = match country {
            Patch::Set(country) => country,
            Patch::Keep => customer.country.unwrap_or(settings.country),
            Patch::Clear => settings.country,
        };
        let patch = Self {
            name: fields.replace("name", text),
            email: fields.replace("email", text),
            company: fields.patch("company", text),
            country,
            phone: fields.patch("phone", |value| phone_of(dialled_from, value)),
            language: fields.replace("language", text),
            currency: fields.replace("currency", text),
            discount: fields.patch("discount_bp", integer),
            birthday: fields.patch("birthday", text),
            status: fields.replace("status", choice),
            temperature: fields.patch("temperature", choice),
        };
        fields.finish()?;
        Ok(patch)
    }

    fn apply(self, before: &Customer, call: &Call) -> Customer {
        let mut after = before.clone();
        after.version += 1;
        after.updated_at = call.now;
        after.name = self.name.unwrap_or(after.name);
        after.email = self.email.unwrap_or(after.email);
        self.company.apply(&mut after.company);
        self.country.apply(&mut after.country);
        self.phone.apply(&mut after.phone);
        after.language = self.language.unwrap_or(after.language);
        after.currency = self.currency.unwrap_or(after.currency);
        self.discount.apply(&mut after.discount);
        self.birthday.apply(&mut after.birthday);
        after.status = self.status.unwrap_or(after.status);
        self.temperature.apply(&mut after.temperature);
        after
    }
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Change a customer")
        .patches(|fields| CustomerPatch::read(fields, &example::customer(), &example::settings()))
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
    input: Input,
) -> Result<Response, Problem> {
    let (before, settings) = tokio::try_join!(app.table.customer(&staff.shop, id), app.table.settings(&staff.shop))?;
    let (before, settings) = before.zip(settings).ok_or_else(Problem::not_found)?;
    if !if_match.matches(before.version) {
        return Err(Problem::new(ProblemKind::Stale));
    }
    let after = CustomerPatch::read(input.fields, &before, &settings)?.apply(&before, &call);

    let writes = CustomerWrites { keyring: &app.keyring, settings: &settings, today: settings.zone.day(call.now) };
    let mut transaction = Transaction::new();
    let steps = transaction.replace_customer(writes, &before, &after)?;
    let entry = staff.audit(&call, &app.entropy, AuditAction::CustomerChanged, vec![id.to_string()]);
    transaction.audit(&staff.shop, &entry, Some(id))?;
    match app.table.commit(transaction).await? {
        Ok(()) => Ok(get_customer::answer(&after, &settings, &staff, &call)),
        Err(refusal) => match steps.address_taken_by(&refusal) {
            Some(existing) => Err(Problem::new(ProblemKind::DuplicateCustomer).with("existing", existing.to_string())),
            None => Err(Problem::new(ProblemKind::Stale)),
        },
    }
}
