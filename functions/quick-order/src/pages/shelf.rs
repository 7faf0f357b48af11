//! Products to choose from.

use axum::response::Response;
use maud::{Markup, html};
use shared::domain::OrderDraft;
use shared::wording::{count, day, say};

use super::form::{Again, Form};
use super::row::Words;
use super::{bar, gone};
use crate::catalogue::Catalogue;
use crate::offer::{Basket, Offers};
use crate::open_link::OpenLink;
use crate::view::{Shelf, View};

/// Of fewer products than this all are seen at a glance, and none has to be searched for.
const FEW: u64 = 12;

/// A page of products, as a form.
pub fn shelf(
    open: &OpenLink,
    catalogue: &Catalogue<'_>,
    shelf: &Shelf,
    offers: &Offers,
    (draft, basket): (&OrderDraft, &Basket),
    again: Option<&Again<'_>>,
) -> Response {
    let (locale, view) = (open.locale(), View::Shelf(shelf.clone()));
    let form = Form { open, view: &view, draft, again, offers: offers.offers.iter().collect() };
    let name = open.customer.name.given().unwrap_or_else(|| open.customer.name.expose());
    let title = say(locale, "order-title", &[("name", name)]);
    let content = html! {
        @if basket.items == 0 {
            @if !basket.gone.is_empty() { (gone(locale, &basket.gone)) }
            (last_order(open))
        }
        @if let Some(left) = open.link.orders_left { p.soft { (count(locale, "order-orders-left", "left", left)) } }
        (navigation(open, catalogue, shelf))
        @if offers.offers.is_empty() {
            p { (say(locale, nothing(shelf), &[])) }
        } @else {
            (products(&form, offers))
        }
        @if shelf.after.is_some() || offers.next.is_some() { (pages(open, shelf, offers)) }
        @if !offers.offers.is_empty() || basket.items > 0 { (bar(locale, basket)) }
    };
    form.page(&title, content)
}

/// What is said where there are no products.
fn nothing(shelf: &Shelf) -> &'static str {
    if *shelf == Shelf::default() { "order-empty-catalogue" } else { "order-nothing-found" }
}

fn products(form: &Form<'_>, offers: &Offers) -> Markup {
    let words = Words::new(form.open);
    html! {
        @for (category, offers) in offers.by_category() {
            @if let Some(category) = category { h2 { (category) } }
            ul.products.card {
                @for offer in offers { (words.row(offer, &form.field(offer.product))) }
            }
        }
    }
}

/// What was ordered last, in one tap.
fn last_order(open: &OpenLink) -> Markup {
    let locale = open.locale();
    let last = open.customer.figures.last_order_on();
    html! {
        @if let Some(last) = last {
            button.quiet.again type="submit" name="go" value="again" {
                (say(locale, "order-last", &[("day", &day(locale, last))]))
            }
        }
    }
}

/// Categories, and what to search for.
fn navigation(open: &OpenLink, catalogue: &Catalogue<'_>, shelf: &Shelf) -> Markup {
    let locale = open.locale();
    let to = |category: Option<&str>| {
        let category = category.and_then(|category| category.parse().ok());
        View::Shelf(Shelf { category, ..Shelf::default() }).query()
    };
    let current = |category: Option<&str>| {
        (shelf.search.is_none() && shelf.category.as_ref().map(|category| category.expose()) == category)
            .then_some("true")
    };
    html! {
        @if catalogue.size > FEW {
            p.search {
                label for="q" { (say(locale, "order-search", &[])) }
                input id="q" name="q" type="search" maxlength="60" autocomplete="off"
                    value=[shelf.search.as_ref().map(|search| search.expose())];
                button.quiet type="submit" name="go" value="keep" { (say(locale, "order-search-button", &[])) }
            }
        }
        @if catalogue.categories.len() > 1 {
            div.strip role="group" aria-label=(say(locale, "order-categories", &[])) {
                button.quiet type="submit" name="go" value=(to(None)) aria-current=[current(None)] {
                    (say(locale, "order-all-categories", &[]))
                }
                @for (key, name) in &catalogue.categories {
                    button.quiet type="submit" name="go" value=(to(Some(key))) aria-current=[current(Some(key))] {
                        (name)
                    }
                }
            }
        }
    }
}

/// To the next page, and back to the first.
fn pages(open: &OpenLink, shelf: &Shelf, offers: &Offers) -> Markup {
    let locale = open.locale();
    let first = View::Shelf(Shelf { after: None, ..shelf.clone() }).query();
    html! {
        p.pages {
            @if shelf.after.is_some() {
                button.quiet type="submit" name="go" value=(first) { (say(locale, "order-first-page", &[])) }
            }
            @if let Some(next) = &offers.next {
                button.quiet type="submit" name="go" value=(View::Shelf(next.clone()).query()) {
                    (say(locale, "order-next-page", &[]))
                }
            }
        }
    }
}
