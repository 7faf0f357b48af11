//! A change of a record that holds whatever else changes meanwhile: a tag, a group, a block.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::App;
use shared::domain::{AuditAction, Customer, CustomerId, Settings};
use shared::http::{Call, Problem, Staff};
use shared::table::{CustomerWrites, Transaction};

use crate::customer_view::Viewer;
use crate::get_customer;

/// How often a change waits for its turn when the record changes under it.
const ATTEMPTS: u32 = 20;

/// Who changes whose record, and why the audit says so.
pub struct Edit<'a> {
    pub app: &'a App,
    pub call: &'a Call,
    pub staff: &'a Staff,
    pub settings: &'a Settings,
    pub id: CustomerId,
    pub action: AuditAction,
}

impl Edit<'_> {
    /// Reads the record, lets `edit` change it and add steps of its own, and writes it; again on
    /// fresh data where another was quicker. What changes nothing is not written.
    pub async fn make(
        &self,
        edit: impl Fn(&mut Customer, &mut Transaction) -> Result<(), Problem>,
    ) -> Result<Customer, Problem> {
        let Self { app, call, staff, settings, id, action } = *self;
        let entry = staff.audit(call, &app.entropy, action, vec![id.to_string()]);
        for _ in 0..ATTEMPTS {
            let before = app.table.customer(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
            let mut transaction = Transaction::new();
            let mut edited = before.clone();
            edit(&mut edited, &mut transaction)?;
            if edited == before {
                return Ok(before);
            }
            let after = before.changed_by(&staff.actor(), call.now, |after| *after = edited);
            let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(call.now) };
            transaction.replace_customer(writes, &before, &after)?;
            transaction.audit(&staff.shop, &entry, Some(id))?;
            if app.table.commit(transaction).await?.is_ok() {
                return Ok(after);
            }
        }
        Err(shared::Error::Contended.into())
    }

    /// The record as it is now.
    pub async fn answer(&self, customer: &Customer) -> Result<Response, Problem> {
        let viewer = Viewer { staff: self.staff, settings: self.settings, now: self.call.now };
        get_customer::answer(self.app, customer, &viewer).await
    }
}

/// The answer to taking something off a record.
pub fn gone() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
