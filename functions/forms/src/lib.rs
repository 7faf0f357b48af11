//! Public: what a website's form sends becomes a customer.
//!
//! Anybody may post here from any page, so nothing that is sent overwrites a profile: it appends,
//! and fills what was empty.

mod destination;
mod encoding;
mod headers;
mod open_form;
mod preflight;
mod problem_page;
mod room;
mod sent_once;
mod show_script;
mod submit;
mod thanks;

use axum::http::Method;
use shared::App;
use shared::http::Routes;

pub use encoding::decode;

/// Every route of this function.
pub fn routes(app: App) -> Routes {
    Routes::new(app)
        .public(Method::POST, "/f/{form}", submit::handle)
        .described(submit::describe)
        .named("submit_form")
        .public(Method::OPTIONS, "/f/{form}", preflight::handle)
        .described(preflight::describe)
        .named("preflight_form")
        .public(Method::GET, "/f/{form}/thanks", thanks::handle)
        .described(thanks::describe)
        .named("thank_visitor")
        .public(Method::GET, "/f/{form}/script.js", show_script::handle)
        .described(show_script::describe)
        .named("show_form_script")
}
