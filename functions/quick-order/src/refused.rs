//! Why what a page posted can't be kept or ordered as it is.

use axum::http::StatusCode;
use shared::domain::{Locale, Order, OrderError, OrderQuantity, Quantity};
use shared::wording::say;

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A quantity is no number, or none that anybody orders.
    Quantity,
    /// Too few, too many or none of the steps of this product.
    Portion(String, OrderQuantity),
    /// There are only so many of this product.
    Stock(String, i64),
    /// The words to the shop are too long, or no text.
    Note,
    /// What is offered, or its price, is no longer what the page showed.
    Changed,
    /// Nothing of what was ordered last is in the catalogue.
    NothingAgain,
    /// What was chosen makes no order.
    Lines(OrderError),
}

impl Refused {
    /// The status of the page that says so.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Changed | Self::Stock(..) => StatusCode::CONFLICT,
            Self::Quantity | Self::Portion(..) | Self::Note | Self::NothingAgain | Self::Lines(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        }
    }

    /// What the page says of it.
    pub fn notice(&self, locale: Locale) -> String {
        match self {
            Self::Quantity => say(locale, "order-error-quantity", &[("max", &Quantity::MAX.to_string())]),
            Self::Portion(name, quantity) => {
                let [min, max, step] = [quantity.min(), quantity.max(), quantity.step()].map(|n| n.get().to_string());
                let values = [("product", &**name), ("min", &min), ("max", &max), ("step", &step)];
                say(locale, "order-error-portion", &values)
            }
            Self::Stock(name, left) => {
                say(locale, "order-error-stock", &[("product", name), ("left", &left.to_string())])
            }
            Self::Note => say(locale, "order-error-note", &[("max", "500")]),
            Self::Changed => say(locale, "order-error-changed", &[]),
            Self::NothingAgain => say(locale, "order-error-again", &[]),
            Self::Lines(OrderError::Empty) => say(locale, "order-error-empty", &[]),
            Self::Lines(OrderError::TooManyLines) => {
                let [lines, counted] = [Order::MAX_LINES, Order::MAX_COUNTED].map(|most| most.to_string());
                say(locale, "order-error-lines", &[("lines", &lines), ("counted", &counted)])
            }
            Self::Lines(OrderError::Total) => say(locale, "order-error-total", &[]),
        }
    }
}
