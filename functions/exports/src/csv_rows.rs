//! Customers as CSV: comma, RFC 4180, UTF-8, one heading whose names never change.
//!
//! Cells hold the record's own values, unaltered: the plain profile is for programs. A spreadsheet
//! that takes a cell beginning with `=` for a formula wants the Excel profile, which is another
//! format.

use csv::{Terminator, Writer, WriterBuilder};
use shared::domain::{ConsentPurpose, Customer, Source};

/// The columns, in order.
const COLUMNS: [&str; 21] = [
    "id",
    "name",
    "given_name",
    "family_name",
    "company",
    "email",
    "phone",
    "country",
    "language",
    "currency",
    "discount_bp",
    "birthday",
    "status",
    "temperature",
    "source",
    "first_contact",
    "marketing_email",
    "orders",
    "total_minor",
    "last_order_on",
    "created_at",
];

/// Rows under way to a file.
pub struct Rows {
    writer: Writer<Vec<u8>>,
    count: u64,
}

impl Rows {
    /// No rows yet: the heading only.
    pub fn new() -> Result<Self, csv::Error> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        Ok(Self { writer, count: 0 })
    }

    /// Adds a row. `total_minor` is the total in the customer's own currency.
    pub fn add(&mut self, customer: &Customer) -> Result<(), csv::Error> {
        let marketing = customer.consents.granted(ConsentPurpose::MarketingEmail);
        let total = customer.figures.total(customer.currency).map_or(0, shared::domain::Money::minor);
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        self.writer.write_record([
            customer.id.to_string(),
            customer.name.expose().to_owned(),
            text(customer.name.given()),
            text(customer.name.family()),
            text(customer.company.as_ref().map(|company| company.expose())),
            customer.email.expose().to_owned(),
            text(customer.phone.as_ref().map(|phone| phone.e164())),
            customer.country.map(|country| country.to_string()).unwrap_or_default(),
            customer.language.as_str().to_owned(),
            customer.currency.code().to_owned(),
            customer.discount.map(|discount| discount.basis_points().to_string()).unwrap_or_default(),
            customer.birthday.map(String::from).unwrap_or_default(),
            customer.status.name().to_owned(),
            text(customer.temperature.map(|temperature| temperature.name())),
            source(&customer.source),
            customer.first_contact.to_string(),
            if marketing { "granted" } else { "" }.to_owned(),
            customer.figures.orders.to_string(),
            total.to_string(),
            customer.figures.last_order_on().map(|day| day.to_string()).unwrap_or_default(),
            customer.created_at.to_string(),
        ])?;
        self.count += 1;
        Ok(())
    }

    /// How many rows were added, without the heading.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many bytes wait to be taken.
    pub fn waiting(&self) -> usize {
        self.writer.get_ref().len()
    }

    /// Takes the bytes that wait, and goes on without the heading.
    pub fn take(&mut self) -> Result<Vec<u8>, csv::Error> {
        self.writer.flush()?;
        let next = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        let full = std::mem::replace(&mut self.writer, next);
        full.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Form { form, .. } => format!("form:{form}"),
        other => other.name().to_owned(),
    }
}
