//! The pages of a magic link, as forms that work without script: every button posts what was typed.

mod form;
mod placed;
mod product;
mod review;
mod row;
mod shelf;

use maud::{Markup, html};
use shared::domain::{Line, Locale};
use shared::wording::{count, say};

pub use form::Again;
pub use placed::placed;
pub use product::product;
pub use review::review;
pub use shelf::shelf;

use crate::offer::Basket;
use crate::view::View;

/// What was chosen so far, and the way on.
fn bar(locale: Locale, basket: &Basket) -> Markup {
    html! {
        div.bar {
            @if let Some(total) = basket.total {
                p { b { (total.display(locale)) } " " span.soft { (count(locale, "order-items", "items", basket.items)) } }
            }
            button.link type="submit" name="go" value="keep" { (say(locale, "order-update", &[])) }
            button type="submit" name="go" value=(View::Review.query()) { (say(locale, "order-review", &[])) }
        }
    }
}

/// What was chosen and is no longer offered.
fn gone(locale: Locale, names: &[Line<120>]) -> Markup {
    let names = names.iter().map(Line::expose).collect::<Vec<_>>().join(", ");
    html! { p.notice { (say(locale, "order-gone", &[("products", &names)])) } }
}
