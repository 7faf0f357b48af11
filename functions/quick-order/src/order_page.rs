//! The pages of a magic link: the catalogue to order from, and the order that was placed.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::domain::{DraftId, Locale, Order, ProductId, Quantity};
use shared::http::{Page, page};
use shared::wording::{day, say};

use crate::catalogue::{Catalogue, Offer};
use crate::open_link::OpenLink;

/// What a page shows beside the catalogue: what was typed, and what was wrong with it.
#[derive(Default)]
pub struct Typed {
    pub quantities: BTreeMap<ProductId, String>,
    pub note: String,
    pub notice: Option<String>,
}

/// The catalogue as a form. `draft` makes posting it twice one order.
pub fn catalogue(
    status: StatusCode,
    open: &OpenLink,
    catalogue: &Catalogue,
    draft: DraftId,
    typed: &Typed,
) -> Response {
    let locale = open.locale();
    let name = open.customer.name.given().unwrap_or_else(|| open.customer.name.expose());
    let title = match &typed.notice {
        Some(_) => say(locale, "order-error-title", &[]),
        None => say(locale, "order-title", &[("name", name)]),
    };
    let content = html! {
        @if let Some(notice) = &typed.notice { p.notice role="alert" { (notice) } }
        @if catalogue.offers.is_empty() {
            p { (say(locale, "order-empty-catalogue", &[])) }
        } @else {
            p { (say(locale, "order-intro", &[])) }
            @if let Some(discount) = catalogue.discount {
                p { (say(locale, "order-discount", &[("percent", &percent(locale, &discount.percent()))])) }
            }
            // Without an action it posts to its own address, so the token is not repeated here.
            form method="post" {
                input type="hidden" name="draft" value=(draft);
                input type="hidden" name="stamp" value=(catalogue.stamp());
                @for (category, offers) in catalogue.by_category() {
                    @if let Some(category) = category { h2 { (category) } }
                    ul.products.card {
                        @for offer in offers { (product(locale, offer, typed)) }
                    }
                }
                p {
                    label for="note" { (say(locale, "order-note", &[])) }
                    textarea id="note" name="note" maxlength="500" { (typed.note) }
                }
                button type="submit" { (say(locale, "order-submit", &[])) }
            }
        }
    };
    page(status, Page { locale, title: &title, shop: Some(open.settings.name.expose()) }, content)
}

fn product(locale: Locale, offer: &Offer, typed: &Typed) -> Markup {
    let field = format!("q-{}", offer.product);
    let quantity = typed.quantities.get(&offer.product).map_or("", String::as_str);
    let max = offer.stock.unwrap_or(Quantity::MAX).clamp(0, offer.quantity.max().into());
    // Steps are counted from nothing here, where that comes to the same.
    let (min, step) = (offer.quantity.min().get(), offer.quantity.step().get());
    let step = if min.is_multiple_of(step) { step } else { 1 };
    html! {
        li {
            label for=(field) {
                (offer.name)
                @if let Some(unit) = &offer.unit { " " span.soft { (unit.expose()) } }
            }
            p {
                @if offer.price.minor() < offer.base_price.minor() {
                    span.hidden { (say(locale, "order-your-price", &[])) " " }
                    b { (offer.price.display(locale)) } " "
                    span.hidden { (say(locale, "order-base-price", &[])) " " }
                    s { (offer.base_price.display(locale)) }
                } @else {
                    b { (offer.price.display(locale)) }
                }
            }
            @if offer.is_sold_out() {
                span.soft { (say(locale, "order-sold-out", &[])) }
            } @else {
                input id=(field) name=(field) type="number" inputmode="numeric" min="0" max=(max) step=(step)
                    placeholder="0" value=(quantity)
                    aria-label=(say(locale, "order-quantity", &[("product", &offer.name)]));
            }
        }
    }
}

/// A percentage with the decimal sign of the language.
fn percent(locale: Locale, percent: &str) -> String {
    match locale {
        Locale::Fr => percent.replace('.', ","),
        Locale::En => percent.to_owned(),
    }
}

/// The order that was placed; the same after a reload.
pub fn placed(open: &OpenLink, order: &Order) -> Response {
    let locale = open.locale();
    let title = say(locale, "order-placed-title", &[]);
    let number = order.number().to_string();
    let placed_on = day(locale, order.day);
    let content = html! {
        p.good { (say(locale, "order-placed-number", &[("number", &number), ("day", &placed_on)])) }
        p { (say(locale, "order-placed-mail", &[])) }
        div.card { (lines(locale, order)) }
        @if let Some(note) = &order.note {
            div.card {
                h2 { (say(locale, "order-placed-note", &[])) }
                p.text { (note.expose()) }
            }
        }
        p.next { a href="?" { (say(locale, "order-again", &[])) } }
    };
    page(StatusCode::OK, Page { locale, title: &title, shop: Some(open.settings.name.expose()) }, content)
}

/// What was ordered; each line says its sum under its name, so that a telephone has room for both.
fn lines(locale: Locale, order: &Order) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th { (say(locale, "order-column-product", &[])) }
                    th.amount { (say(locale, "order-column-total", &[])) }
                }
            }
            tbody {
                @for line in &order.lines {
                    tr {
                        td {
                            (line.name.expose())
                            span.soft { (line.quantity.get()) " × " (line.unit_price.display(locale)) }
                        }
                        td.amount { @if let Some(total) = line.total() { (total.display(locale)) } }
                    }
                }
            }
            tfoot {
                tr {
                    th { (say(locale, "order-column-total", &[])) }
                    td.amount { (order.total.display(locale)) }
                }
            }
        }
    }
}
