//! What somebody may ask for: each of it alone, and what goes together.

use serde_json::Value;
use shared::domain::{ExportFormat, ExportRequest, ExportWhat, Filter, Invalid, Line};
use shared::http::{FieldError, Fields, Problem, boolean, choice, customer_filter, text};

use crate::columns;

/// The most columns of a file.
const MOST_COLUMNS: usize = 60;

/// Reads a whole request.
pub fn read(mut fields: Fields) -> Result<ExportRequest, Problem> {
    let what = fields.required("what", choice);
    let format = fields.required("format", choice);
    let purpose = fields.required("purpose", text);
    let filter = fields.object("filter", |fields| Some(customer_filter(fields))).unwrap_or_default();
    let columns: Vec<Line<40>> = fields.optional("columns", column_names).unwrap_or_default();
    let columns: Vec<String> = columns.iter().map(|name| name.expose().to_owned()).collect();
    let gzip = fields.optional("gzip", boolean).unwrap_or(false);
    let health = fields.optional("health", boolean).unwrap_or(false);
    if let Some((what, format)) = what.zip(format) {
        agree(&mut fields, what, format, &columns, gzip, health);
    }
    fields.finish()?;
    let read = what.zip(format).zip(purpose);
    let request = read.map(|((what, format), purpose)| {
        let filter: Filter = filter;
        ExportRequest { what, format, filter, columns, gzip, health, purpose }
    });
    request.ok_or_else(|| Problem::internal("a required field that is missing is an error"))
}

fn column_names(value: &Value) -> Result<Vec<Line<40>>, Invalid> {
    let names = value.as_array().ok_or(Invalid::WrongType)?;
    match names.len() {
        0 => Err(Invalid::Empty),
        1..=MOST_COLUMNS => names.iter().map(text).collect(),
        _ => Err(Invalid::TooMany { max: MOST_COLUMNS }),
    }
}

/// Names what does not go together.
fn agree(fields: &mut Fields, what: ExportWhat, format: ExportFormat, columns: &[String], gzip: bool, health: bool) {
    if format.is_of_cards() && what != ExportWhat::Customers {
        fields.reject::<()>("format", Invalid::Choice);
    }
    if format.is_of_cards() && !columns.is_empty() {
        // A card has its own fields.
        fields.reject::<()>("columns", Invalid::UnknownField);
    }
    if gzip && !format.is_stream() {
        fields.reject::<()>("gzip", Invalid::Choice);
    }
    if health && what != ExportWhat::Notes {
        fields.reject::<()>("health", Invalid::Choice);
    }
    let known = columns::known(what);
    for (index, name) in columns.iter().enumerate() {
        if !known.iter().any(|(known, _)| known == name) {
            let names = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            fields.reject_with(FieldError::new(format!("/columns/{index}"), Invalid::Column).with_found(names));
        } else if columns[..index].contains(name) {
            fields.reject_at(format!("/columns/{index}"), Invalid::Choice);
        }
    }
}
