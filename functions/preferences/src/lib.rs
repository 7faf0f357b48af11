//! Public: what a customer agreed to and taking it back, proving an address, having one's data
//! deleted.
//!
//! The token of the preferences opens for good, since mails of any age carry it; of one that went to an
//! address which is no longer the customer's, nothing is left but the unsubscription. That of a link
//! which asks for consent opens once. Opening a page changes nothing; one POST unsubscribes, without a
//! cookie, a login or a second step (RFC 8058).

mod address_page;
mod agree;
mod asked;
mod choose_consent;
mod choose_language;
mod confirm_address;
mod deletion_page;
mod holder;
mod pace;
mod posted;
mod preferences_page;
mod purpose;
mod request_deletion;
mod request_page;
mod send_address_code;
mod show_address;
mod show_deletion;
mod show_preferences;
mod show_request;
mod statement;
mod unsubscribe;
mod unsubscription_page;

use axum::http::Method;
use shared::App;
use shared::http::Routes;

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    Routes::new(app)
        .public(Method::GET, "/p/{token}", show_preferences::handle)
        .described(show_preferences::describe)
        .public(Method::HEAD, "/p/{token}", show_preferences::handle)
        .described(show_preferences::describe)
        .named("head_preferences")
        // What a mail's header leads to, opened by a person: the page with its button.
        .public(Method::GET, "/p/{token}/unsubscribe", show_preferences::handle)
        .described(show_preferences::describe)
        .named("show_unsubscription")
        .public(Method::HEAD, "/p/{token}/unsubscribe", show_preferences::handle)
        .described(show_preferences::describe)
        .named("head_unsubscription")
        .public(Method::POST, "/p/{token}/unsubscribe", unsubscribe::handle)
        .described(unsubscribe::describe)
        .public(Method::POST, "/p/{token}/consents", choose_consent::handle)
        .described(choose_consent::describe)
        .public(Method::POST, "/p/{token}/language", choose_language::handle)
        .described(choose_language::describe)
        .public(Method::POST, "/p/{token}/address-code", send_address_code::handle)
        .described(send_address_code::describe)
        .public(Method::GET, "/p/{token}/address", show_address::handle)
        .described(show_address::describe)
        .public(Method::POST, "/p/{token}/address", confirm_address::handle)
        .described(confirm_address::describe)
        .public(Method::GET, "/p/{token}/agree", show_request::handle)
        .described(show_request::describe)
        .public(Method::HEAD, "/p/{token}/agree", show_request::handle)
        .described(show_request::describe)
        .named("head_request")
        .public(Method::POST, "/p/{token}/agree", agree::handle)
        .described(agree::describe)
        .public(Method::GET, "/p/{token}/deletion", show_deletion::handle)
        .described(show_deletion::describe)
        .public(Method::POST, "/p/{token}/deletion", request_deletion::handle)
        .described(request_deletion::describe)
}
