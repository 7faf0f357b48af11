//! The suite: a golden event in; response, table and mail out, on the laptop's stack in memory.
//!
//! [`app`] starts a stack per test and [`requests`] has a method per request; [`golden`] reads the
//! events in `events/`. Each other module is one subject, each test one behaviour.
//! `CLIENTELE_FAULTS=on` runs all of it over a store that conflicts, throttles, loses answers and
//! serves its indexes late.
#![expect(clippy::unwrap_used, reason = "the whole crate is tests, their helpers included")]

mod abandoned_orders;
mod access;
mod account_trouble;
mod address_code;
mod app;
mod ask;
mod audit;
mod automations;
mod bad_addresses;
mod bad_input;
mod birthday_lives;
mod blocking;
mod browser;
mod calendar;
mod compression;
mod concurrency;
mod consents;
mod costs;
mod deletion_request;
mod double_opt_in;
mod erasure;
mod exports;
mod fault_table;
mod feedback_events;
mod filters;
mod form_consents;
mod form_docs;
mod form_limits;
mod form_pages;
mod form_settings;
mod form_spam;
mod furnishing;
mod golden;
mod group_deletion;
mod groups;
mod hostile_bodies;
mod images;
mod interactions;
mod lists;
mod lost_answers;
mod mail_templates;
mod merchant_notices;
mod merge;
mod message_history;
mod mime;
mod notes;
mod offers;
mod openapi;
mod order_link_mails;
mod order_links;
mod order_sheets;
mod order_state_mails;
mod order_states;
mod outbox;
mod pacing;
mod path;
mod pictures;
mod portability;
mod preferences;
mod prices;
mod products;
mod public_form;
mod quick_orders;
mod records;
mod redaction;
mod refunds;
mod reputation;
mod requests;
mod resend;
mod sales;
mod search;
mod settings;
mod spreadsheet;
mod submissions;
mod tags;
mod tampering;
mod template;
mod timeline;
mod upcoming;
