//! `GET /v1/orders/{id}/print`: an order on paper, with its prices.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::App;
use shared::domain::{Money, OrderId, OrderLine};
use shared::http::{Call, Operation, PathId, Problem, Staff, sheet};

use crate::order_sheet::{OrderSheet, product};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Print an order").answers_page(StatusCode::OK)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<OrderId>,
) -> Result<Response, Problem> {
    let order = OrderSheet::of(&app, &call, &staff, id).await?;
    let title = order.title("sheet-order-title");
    let content = html! { (order.head()) (lines(&order, &title)) };
    Ok(sheet(order.locale, order.settings.name.expose(), &title, content))
}

fn lines(sheet: &OrderSheet, title: &str) -> Markup {
    html! {
        table {
            thead {
                (sheet.running_head(title, 4))
                tr {
                    th { (sheet.say("sheet-product")) }
                    th.number { (sheet.say("sheet-quantity")) }
                    th.number { (sheet.say("sheet-unit-price")) }
                    th.number { (sheet.say("sheet-total")) }
                }
            }
            tbody { @for each in &sheet.order.lines { (line(sheet, each)) } }
            tfoot { (sums(sheet)) }
        }
    }
}

fn line(sheet: &OrderSheet, line: &OrderLine) -> Markup {
    let show = |money: Money| money.display(sheet.locale);
    html! {
        tr {
            td { (product(line)) }
            td.number { (line.quantity.get()) }
            td.number {
                @if line.unit_price.minor() < line.base_price.minor() { s { (show(line.base_price)) } " " }
                (show(line.unit_price))
            }
            td.number { @if let Some(total) = line.total() { (show(total)) } }
        }
    }
}

/// The total, what was given back of it, and what is left then: of an order that was cancelled, nothing.
fn sums(sheet: &OrderSheet) -> Markup {
    let refunded = sheet.order.refunded_total();
    let sum = |key: &str, money: Money| {
        html! {
            tr {
                th colspan="3" { (sheet.say(key)) }
                td.number { (money.display(sheet.locale)) }
            }
        }
    };
    html! {
        (sum("sheet-total", sheet.order.total))
        @if refunded.minor() > 0 {
            (sum("sheet-refunded", refunded.negated()))
            @if sheet.order.stands() { (sum("sheet-net", sheet.order.net())) }
        }
    }
}
