//! What staff are warned of when a customer orders or is met.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Staff;
use crate::domain::Customer;

/// The warnings that an answer about `customer` carries on `today`: the tags that ask for care, with
/// their reasons for those who read notes.
pub fn alerts(customer: &Customer, staff: &Staff, today: Date) -> Value {
    let mut alerts = customer.alerts(today);
    if !staff.sees_contact_data() {
        alerts.iter_mut().for_each(|alert| alert.reason = None);
    }
    json!(alerts)
}
