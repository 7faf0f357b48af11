//! The staff API of customers: list and search, create, read, change, notes.
//!
//! One endpoint is one file: its input, its handler. [`routes`] is the whole surface, with who may
//! call what.

mod change_customer;
mod create_customer;
mod create_note;
mod customer_view;
mod get_customer;
mod get_openapi;
mod list_customers;
mod list_notes;

use axum::http::Method;
use shared::App;
use shared::http::{ALL_ROLES, EDITORS, Routes};

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    Routes::new(app)
        .staff(Method::GET, "/v1/customers", ALL_ROLES, list_customers::handle)
        .described(list_customers::describe)
        .staff(Method::POST, "/v1/customers", EDITORS, create_customer::handle)
        .described(create_customer::describe)
        .staff(Method::GET, "/v1/customers/{id}", ALL_ROLES, get_customer::handle)
        .described(get_customer::describe)
        .staff(Method::PATCH, "/v1/customers/{id}", EDITORS, change_customer::handle)
        .described(change_customer::describe)
        .staff(Method::GET, "/v1/customers/{id}/notes", EDITORS, list_notes::handle)
        .described(list_notes::describe)
        .staff(Method::POST, "/v1/customers/{id}/notes", EDITORS, create_note::handle)
        .described(create_note::describe)
        .staff(Method::GET, "/v1/openapi.json", ALL_ROLES, get_openapi::handle)
        .described(get_openapi::describe)
}
