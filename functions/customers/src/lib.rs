//! The staff API of customers: records, notes, tags, groups, and the shop's settings.
//!
//! One endpoint is one file: its input, its handler. [`routes`] is the whole surface, with who may
//! call what.

mod block_customer;
mod change_customer;
mod change_group;
mod change_note;
mod change_settings;
mod create_customer;
mod create_group;
mod create_note;
mod create_settings;
mod customer_fields;
mod customer_view;
mod delete_group;
mod delete_note;
mod edit_customer;
mod erase_customer;
mod get_customer;
mod get_data;
mod get_group;
mod get_job;
mod get_note;
mod get_settings;
mod join_group;
mod leave_group;
mod list_customers;
mod list_groups;
mod list_notes;
mod list_tags;
mod merge_customers;
mod merge_preview;
mod possible_duplicates;
mod put_tag;
mod settings_fields;
mod take_tag_off;
mod unblock_customer;
mod undo_merge;

use axum::http::Method;
use shared::App;
use shared::http::{ALL_ROLES, EDITORS, MANAGERS, OWNER, Routes};

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    Routes::new(app)
        .staff(Method::GET, "/v1/customers", ALL_ROLES, list_customers::handle)
        .staff(Method::POST, "/v1/customers", EDITORS, create_customer::handle)
        .staff(Method::GET, "/v1/customers/{id}", ALL_ROLES, get_customer::handle)
        .staff(Method::PATCH, "/v1/customers/{id}", EDITORS, change_customer::handle)
        .staff(Method::DELETE, "/v1/customers/{id}", OWNER, erase_customer::handle)
        .staff(Method::GET, "/v1/customers/{id}/notes", EDITORS, list_notes::handle)
        .staff(Method::POST, "/v1/customers/{id}/notes", EDITORS, create_note::handle)
        .staff(Method::GET, "/v1/customers/{id}/notes/{note}", EDITORS, get_note::handle)
        .staff(Method::PATCH, "/v1/customers/{id}/notes/{note}", EDITORS, change_note::handle)
        .staff(Method::DELETE, "/v1/customers/{id}/notes/{note}", EDITORS, delete_note::handle)
        .staff(Method::PUT, "/v1/customers/{id}/tags/{tag}", EDITORS, put_tag::handle)
        .staff(Method::DELETE, "/v1/customers/{id}/tags/{tag}", EDITORS, take_tag_off::handle)
        .staff(Method::PUT, "/v1/customers/{id}/group", EDITORS, join_group::handle)
        .staff(Method::DELETE, "/v1/customers/{id}/group", EDITORS, leave_group::handle)
        .staff(Method::PUT, "/v1/customers/{id}/block", EDITORS, block_customer::handle)
        .staff(Method::DELETE, "/v1/customers/{id}/block", EDITORS, unblock_customer::handle)
        .staff(Method::POST, "/v1/customers/{id}/merge", MANAGERS, merge_customers::handle)
        .staff(Method::GET, "/v1/customers/{id}/data", MANAGERS, get_data::handle)
        .staff(Method::GET, "/v1/tags", ALL_ROLES, list_tags::handle)
        .staff(Method::GET, "/v1/groups", ALL_ROLES, list_groups::handle)
        .staff(Method::POST, "/v1/groups", MANAGERS, create_group::handle)
        .staff(Method::GET, "/v1/groups/{id}", ALL_ROLES, get_group::handle)
        .staff(Method::PATCH, "/v1/groups/{id}", MANAGERS, change_group::handle)
        .staff(Method::DELETE, "/v1/groups/{id}", MANAGERS, delete_group::handle)
        .staff(Method::GET, "/v1/jobs/{id}", MANAGERS, get_job::handle)
        .staff(Method::POST, "/v1/jobs/{id}/undo", MANAGERS, undo_merge::handle)
        .staff(Method::GET, "/v1/settings", ALL_ROLES, get_settings::handle)
        .staff(Method::PUT, "/v1/settings", OWNER, create_settings::handle)
        .staff(Method::PATCH, "/v1/settings", OWNER, change_settings::handle)
}
