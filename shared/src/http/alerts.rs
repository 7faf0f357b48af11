//! What staff are warned of when a customer orders or is met.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::Customer;

/// The warnings that an answer about `customer` carries on `today`: the tags that ask for care.
pub fn alerts(customer: &Customer, today: Date) -> Value {
    json!(customer.alerts(today))
}
