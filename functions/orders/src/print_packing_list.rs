//! `GET /v1/orders/{id}/packing-list`: what goes into the parcel, to tick off; no prices.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::App;
use shared::domain::OrderId;
use shared::http::{Call, Operation, PathId, Problem, Staff, sheet};
use shared::wording::count;

use crate::order_sheet::{OrderSheet, product};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Print an order's packing list").answers_page(StatusCode::OK)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<OrderId>,
) -> Result<Response, Problem> {
    let order = OrderSheet::of(&app, &call, &staff, id).await?;
    let title = order.title("sheet-packing-title");
    let content = html! { (order.head()) (lines(&order, &title)) };
    Ok(sheet(order.locale, order.settings.name.expose(), &title, content))
}

fn lines(sheet: &OrderSheet, title: &str) -> Markup {
    let pieces: u32 = sheet.order.lines.iter().map(|line| line.quantity.get()).sum();
    html! {
        table {
            thead {
                (sheet.running_head(title, 3))
                tr {
                    th.tick { (sheet.say("sheet-packed")) }
                    th.number.many { (sheet.say("sheet-quantity")) }
                    th { (sheet.say("sheet-product")) }
                }
            }
            tbody {
                @for line in &sheet.order.lines {
                    tr {
                        td.tick { span {} }
                        td.number.many { (line.quantity.get()) }
                        td { (product(line)) }
                    }
                }
            }
            tfoot {
                tr {
                    td {}
                    td.number { (pieces) }
                    th { (count(sheet.locale, "sheet-pieces", "number", pieces)) }
                }
            }
        }
    }
}
