//! The order that was placed; the same after a reload.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::domain::{LinkState, Locale, Order, OrderState};
use shared::http::{Page, page};
use shared::wording::{day, order_state, say};

use crate::open_link::OpenLink;

/// The order that was placed. `changed`, where it was placed already, and what was posted since is
/// something else.
pub fn placed(open: &OpenLink, order: &Order, changed: bool, link: LinkState) -> Response {
    let locale = open.locale();
    let title = match order.state {
        OrderState::Submitted => "order-placed-title",
        OrderState::Cancelled => "order-cancelled-title",
        _ => "order-review-title",
    };
    let number = order.number().to_string();
    let placed_on = day(locale, order.day);
    let numbered = say(locale, "order-placed-number", &[("number", &number), ("day", &placed_on)]);
    let content = html! {
        @if changed { p.notice role="alert" { (say(locale, "order-placed-already", &[])) } }
        @if order.stands() { p.good { (numbered) } } @else { p { (numbered) } }
        @match order.state {
            OrderState::Submitted => p { (say(locale, "order-placed-mail", &[])) },
            OrderState::Cancelled => {},
            state => p { b { (order_state(locale, state)) } },
        }
        div.card { (lines(locale, order)) }
        @if let Some(note) = &order.note {
            div.card {
                h2 { (say(locale, "order-placed-note", &[])) }
                p.text { (note.expose()) }
            }
        }
        @if link == LinkState::Open { p.next { a href="?" { (say(locale, "order-again", &[])) } } }
    };
    let title = say(locale, title, &[]);
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
                            (line.name_and_unit())
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
                @if order.stands() && order.refunded_total().minor() > 0 {
                    @for (key, sum) in [("order-refunded", order.refunded_total().negated()), ("order-net", order.net())] {
                        tr {
                            th { (say(locale, key, &[])) }
                            td.amount { (sum.display(locale)) }
                        }
                    }
                }
            }
        }
    }
}
