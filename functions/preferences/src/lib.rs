//! Public: what a customer agreed to, and taking it back.
//!
//! The token opens for good, since mails of any age carry it. Opening the page changes nothing;
//! one POST unsubscribes, without a cookie, a login or a second step (RFC 8058).

mod preferences_page;
mod show_preferences;
mod unsubscribe;

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
        .public(Method::POST, "/p/{token}/unsubscribe", unsubscribe::handle)
        .described(unsubscribe::describe)
}
