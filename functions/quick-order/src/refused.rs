//! Why what a page posted can't be kept or ordered as it is.

use axum::http::StatusCode;
use shared::domain::{Locale, Order, OrderError, OrderQuantity, ProductId, Quantity};
use shared::wording::say;

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// How many of these products.
    Quantities(Vec<Fault>),
    /// The words to the shop are too long, or no text.
    Note,
    /// What is offered, or its price, is no longer what the page showed.
    Changed,
    /// The customer changed what the page showed: it has to be seen what that comes to.
    Recounted,
    /// Nothing of what was ordered last is in the catalogue.
    NothingAgain,
    /// What was chosen makes no order.
    Lines(OrderError),
}

/// What is wrong with the quantity of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub product: ProductId,
    pub kind: FaultKind,
}

/// In which way it is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It is no number, or none that anybody orders.
    NoQuantity,
    /// Too few, too many or none of the steps.
    Portion(OrderQuantity),
    /// There are only so many.
    Left(i64),
    /// There are too few for the least order.
    SoldOut,
}

impl FaultKind {
    /// What stands at the field.
    pub fn notice(self, locale: Locale) -> String {
        match self {
            Self::NoQuantity => say(locale, "order-error-quantity", &[("max", &Quantity::MAX.to_string())]),
            Self::Portion(quantity) => {
                let [min, max, step] = [quantity.min(), quantity.max(), quantity.step()].map(|n| n.get().to_string());
                let key = if quantity.step() == Quantity::ONE { "order-error-range" } else { "order-error-portion" };
                say(locale, key, &[("min", &min), ("max", &max), ("step", &step)])
            }
            Self::Left(left) => say(locale, "order-error-stock", &[("left", &left.to_string())]),
            Self::SoldOut => say(locale, "order-error-sold-out", &[]),
        }
    }
}

impl Refused {
    /// The status of the page that says so.
    pub fn status(&self) -> StatusCode {
        let gone = |fault: &Fault| matches!(fault.kind, FaultKind::Left(_) | FaultKind::SoldOut);
        match self {
            Self::Changed | Self::Recounted => StatusCode::CONFLICT,
            Self::Quantities(faults) if faults.iter().all(gone) => StatusCode::CONFLICT,
            Self::Quantities(_) | Self::Note | Self::NothingAgain | Self::Lines(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// What is wrong with the quantity of `product`.
    pub fn of(&self, product: ProductId) -> Option<FaultKind> {
        match self {
            Self::Quantities(faults) => faults.iter().find(|fault| fault.product == product).map(|fault| fault.kind),
            _ => None,
        }
    }

    /// What the page says of it.
    pub fn notice(&self, locale: Locale) -> String {
        match self {
            Self::Quantities(_) => say(locale, "order-error-quantities", &[]),
            Self::Note => say(locale, "order-error-note", &[("max", "500")]),
            Self::Changed => say(locale, "order-error-changed", &[]),
            Self::Recounted => say(locale, "order-error-recounted", &[]),
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
