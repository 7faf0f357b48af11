//! An order as the API shows it.

use jiff::civil::Date;
use serde_json::{Value, json};
use shared::domain::{Customer, Move, Order, Refund};
use shared::http::{Staff, alerts};
use shared::table::OrderCard;

/// The whole order, for `staff`: its note only for those who see contact data.
pub fn view(order: &Order, staff: &Staff) -> Value {
    let mut view = json!(OrderCard::from(order));
    view["link"] = json!(order.link);
    view["payment_method"] = json!(order.payment_method);
    view["refunded"] = json!(order.refunded_total());
    view["net"] = json!(order.net());
    view["note"] = json!(order.note.as_ref().filter(|_| staff.sees_contact_data()));
    let lines = order.lines.iter().map(|line| {
        let mut view = json!(line);
        view["total"] = json!(line.total());
        view
    });
    view["lines"] = lines.collect();
    let seen = |step: &Move| {
        let reason = step.reason.as_ref().filter(|_| staff.sees_contact_data());
        json!({ "state": step.state, "reason": reason, "at": step.at, "by": step.by })
    };
    view["moves"] = order.moves.iter().map(seen).collect();
    view["refunds"] = order.refunds.iter().map(|each| refund(each, staff)).collect();
    view
}

/// The whole order, with what its `customer` is called and what staff are warned of about them on `today`:
/// nothing of it where there is nobody any more.
pub fn view_with_alerts(order: &Order, staff: &Staff, customer: Option<&Customer>, today: Date) -> Value {
    let mut view = view(order, staff);
    view["customer_name"] = json!(customer.map(|customer| customer.name.expose()));
    view["alerts"] = customer.map_or_else(|| json!([]), |customer| alerts(customer, staff, today));
    view
}

/// A refund: its reason only for those who see contact data.
pub fn refund(refund: &Refund, staff: &Staff) -> Value {
    json!({
        "id": refund.id,
        "amount": refund.amount,
        "reason": refund.reason.as_ref().filter(|_| staff.sees_contact_data()),
        "at": refund.at,
        "by": refund.by,
    })
}
