//! Public: the magic link's page, and the order it posts.
//!
//! The token in the path is all the authority there is: unknown, expired and withdrawn ones answer
//! alike. GET and HEAD change nothing, since mail scanners open links.

pub mod catalogue;
mod choose;
pub mod offer;
pub mod open_link;
mod pace;
pub mod pages;
mod place_order;
mod post_page;
pub mod posted;
pub mod refused;
pub mod review;
mod show_image;
mod show_page;
pub mod view;

use axum::http::Method;
use shared::AppWithImages;
use shared::http::Routes;

/// Every route of this function.
pub fn routes(state: AppWithImages) -> Routes<AppWithImages> {
    Routes::new(state.app)
        .public(Method::GET, "/o/{token}", show_page::handle)
        .described(show_page::describe)
        .named("show_order_page")
        .public(Method::HEAD, "/o/{token}", show_page::handle)
        .described(show_page::describe)
        .named("head_order_page")
        .public(Method::POST, "/o/{token}", post_page::handle)
        .described(post_page::describe)
        .public(Method::GET, "/images/{image}", show_image::handle)
        .described(show_image::describe)
        .public(Method::HEAD, "/images/{image}", show_image::handle)
        .described(show_image::describe)
        .named("head_image")
}
