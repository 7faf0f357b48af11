//! The staff API of customers: records, notes, tags, groups, forms and what they sent, and the shop's
//! settings.
//!
//! One endpoint is one file: its input, its handler. [`routes`] is the whole surface, with who may
//! call what.

mod automation_fields;
mod block_customer;
mod change_customer;
mod change_form;
mod change_group;
mod change_note;
mod change_settings;
mod consent_text_fields;
mod consent_view;
mod create_consent_link;
mod create_customer;
mod create_form;
mod create_group;
mod create_note;
mod create_settings;
mod customer_fields;
mod customer_view;
mod data_page;
mod delete_form;
mod delete_group;
mod delete_note;
mod delete_submission;
mod edit_customer;
mod erase_customer;
mod forgotten;
mod form_fields;
mod form_snippet;
mod form_view;
mod get_customer;
mod get_data;
mod get_form;
mod get_group;
mod get_job;
mod get_note;
mod get_openapi;
mod get_settings;
mod get_submission;
mod get_timeline;
mod join_group;
mod leave_group;
mod list_audit;
mod list_consents;
mod list_customer_audit;
mod list_customers;
mod list_forms;
mod list_groups;
mod list_interactions;
mod list_notes;
mod list_submissions;
mod list_tags;
mod merge_customers;
mod merge_preview;
mod possible_duplicates;
mod put_tag;
mod record_consent;
mod record_interaction;
mod restore_submission;
mod settings_fields;
mod submission_view;
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
        .described(list_customers::describe)
        .staff(Method::POST, "/v1/customers", EDITORS, create_customer::handle)
        .described(create_customer::describe)
        .staff(Method::GET, "/v1/customers/{id}", ALL_ROLES, get_customer::handle)
        .described(get_customer::describe)
        .staff(Method::PATCH, "/v1/customers/{id}", EDITORS, change_customer::handle)
        .described(change_customer::describe)
        .staff(Method::DELETE, "/v1/customers/{id}", OWNER, erase_customer::handle)
        .described(erase_customer::describe)
        .staff(Method::GET, "/v1/customers/{id}/notes", EDITORS, list_notes::handle)
        .described(list_notes::describe)
        .staff(Method::POST, "/v1/customers/{id}/notes", EDITORS, create_note::handle)
        .described(create_note::describe)
        .staff(Method::GET, "/v1/customers/{id}/interactions", EDITORS, list_interactions::handle)
        .described(list_interactions::describe)
        .staff(Method::POST, "/v1/customers/{id}/interactions", EDITORS, record_interaction::handle)
        .described(record_interaction::describe)
        .staff(Method::GET, "/v1/customers/{id}/timeline", EDITORS, get_timeline::handle)
        .described(get_timeline::describe)
        .staff(Method::GET, "/v1/customers/{id}/consents", EDITORS, list_consents::handle)
        .described(list_consents::describe)
        .staff(Method::POST, "/v1/customers/{id}/consents", EDITORS, record_consent::handle)
        .described(record_consent::describe)
        .staff(Method::POST, "/v1/customers/{id}/consent-links", EDITORS, create_consent_link::handle)
        .described(create_consent_link::describe)
        .staff(Method::GET, "/v1/customers/{id}/audit", OWNER, list_customer_audit::handle)
        .described(list_customer_audit::describe)
        .staff(Method::GET, "/v1/audit", OWNER, list_audit::handle)
        .described(list_audit::describe)
        .staff(Method::GET, "/v1/customers/{id}/notes/{note}", EDITORS, get_note::handle)
        .described(get_note::describe)
        .staff(Method::PATCH, "/v1/customers/{id}/notes/{note}", EDITORS, change_note::handle)
        .described(change_note::describe)
        .staff(Method::DELETE, "/v1/customers/{id}/notes/{note}", EDITORS, delete_note::handle)
        .described(delete_note::describe)
        .staff(Method::PUT, "/v1/customers/{id}/tags/{tag}", EDITORS, put_tag::handle)
        .described(put_tag::describe)
        .staff(Method::DELETE, "/v1/customers/{id}/tags/{tag}", EDITORS, take_tag_off::handle)
        .described(take_tag_off::describe)
        .staff(Method::PUT, "/v1/customers/{id}/group", EDITORS, join_group::handle)
        .described(join_group::describe)
        .staff(Method::DELETE, "/v1/customers/{id}/group", EDITORS, leave_group::handle)
        .described(leave_group::describe)
        .staff(Method::PUT, "/v1/customers/{id}/block", EDITORS, block_customer::handle)
        .described(block_customer::describe)
        .staff(Method::DELETE, "/v1/customers/{id}/block", EDITORS, unblock_customer::handle)
        .described(unblock_customer::describe)
        .staff(Method::POST, "/v1/customers/{id}/merge", MANAGERS, merge_customers::handle)
        .described(merge_customers::describe)
        .staff(Method::GET, "/v1/customers/{id}/data", MANAGERS, get_data::handle)
        .described(get_data::describe)
        .staff(Method::GET, "/v1/tags", ALL_ROLES, list_tags::handle)
        .described(list_tags::describe)
        .staff(Method::GET, "/v1/groups", ALL_ROLES, list_groups::handle)
        .described(list_groups::describe)
        .staff(Method::POST, "/v1/groups", MANAGERS, create_group::handle)
        .described(create_group::describe)
        .staff(Method::GET, "/v1/groups/{id}", ALL_ROLES, get_group::handle)
        .described(get_group::describe)
        .staff(Method::PATCH, "/v1/groups/{id}", MANAGERS, change_group::handle)
        .described(change_group::describe)
        .staff(Method::DELETE, "/v1/groups/{id}", MANAGERS, delete_group::handle)
        .described(delete_group::describe)
        .staff(Method::GET, "/v1/forms", EDITORS, list_forms::handle)
        .described(list_forms::describe)
        .staff(Method::POST, "/v1/forms", MANAGERS, create_form::handle)
        .described(create_form::describe)
        .staff(Method::GET, "/v1/forms/{id}", EDITORS, get_form::handle)
        .described(get_form::describe)
        .staff(Method::PATCH, "/v1/forms/{id}", MANAGERS, change_form::handle)
        .described(change_form::describe)
        .staff(Method::DELETE, "/v1/forms/{id}", MANAGERS, delete_form::handle)
        .described(delete_form::describe)
        .staff(Method::GET, "/v1/submissions", EDITORS, list_submissions::handle)
        .described(list_submissions::describe)
        .staff(Method::GET, "/v1/submissions/{id}", EDITORS, get_submission::handle)
        .described(get_submission::describe)
        .staff(Method::DELETE, "/v1/submissions/{id}", MANAGERS, delete_submission::handle)
        .described(delete_submission::describe)
        .staff(Method::POST, "/v1/submissions/{id}/restore", MANAGERS, restore_submission::handle)
        .described(restore_submission::describe)
        .staff(Method::GET, "/v1/jobs/{id}", MANAGERS, get_job::handle)
        .described(get_job::describe)
        .staff(Method::POST, "/v1/jobs/{id}/undo", MANAGERS, undo_merge::handle)
        .described(undo_merge::describe)
        .staff(Method::GET, "/v1/settings", ALL_ROLES, get_settings::handle)
        .described(get_settings::describe)
        .staff(Method::PUT, "/v1/settings", OWNER, create_settings::handle)
        .described(create_settings::describe)
        .staff(Method::PATCH, "/v1/settings", OWNER, change_settings::handle)
        .described(change_settings::describe)
        .staff(Method::GET, "/v1/openapi.json", ALL_ROLES, get_openapi::handle)
        .described(get_openapi::describe)
}
