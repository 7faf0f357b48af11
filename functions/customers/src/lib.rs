//! The staff API of customers: list and search, create, read, change, notes.
//!
//! One endpoint is one file: its input, its handler. [`routes`] is the whole surface, with who may
//! call what.

mod change_customer;
mod consent_view;
mod create_customer;
mod create_note;
mod customer_view;
mod get_customer;
mod get_timeline;
mod list_audit;
mod list_consents;
mod list_customer_audit;
mod list_customers;
mod list_interactions;
mod list_notes;
mod record_consent;
mod record_interaction;

use axum::http::Method;
use shared::App;
use shared::http::{ALL_ROLES, EDITORS, OWNER, Routes};

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    Routes::new(app)
        .staff(Method::GET, "/v1/customers", ALL_ROLES, list_customers::handle)
        .staff(Method::POST, "/v1/customers", EDITORS, create_customer::handle)
        .staff(Method::GET, "/v1/customers/{id}", ALL_ROLES, get_customer::handle)
        .staff(Method::PATCH, "/v1/customers/{id}", EDITORS, change_customer::handle)
        .staff(Method::GET, "/v1/customers/{id}/notes", EDITORS, list_notes::handle)
        .staff(Method::POST, "/v1/customers/{id}/notes", EDITORS, create_note::handle)
        .staff(Method::GET, "/v1/customers/{id}/interactions", EDITORS, list_interactions::handle)
        .staff(Method::POST, "/v1/customers/{id}/interactions", EDITORS, record_interaction::handle)
        .staff(Method::GET, "/v1/customers/{id}/timeline", EDITORS, get_timeline::handle)
        .staff(Method::GET, "/v1/customers/{id}/consents", EDITORS, list_consents::handle)
        .staff(Method::POST, "/v1/customers/{id}/consents", EDITORS, record_consent::handle)
        .staff(Method::GET, "/v1/customers/{id}/audit", OWNER, list_customer_audit::handle)
        .staff(Method::GET, "/v1/audit", OWNER, list_audit::handle)
}
