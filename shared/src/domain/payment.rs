//! How an order was paid, and what was given back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Line, Money, Order, RefundId};

/// How an order was paid (O03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// In coins and notes.
    Cash,
    /// By card, at a terminal.
    Card,
    /// By bank transfer.
    Transfer,
    /// By cheque.
    Cheque,
    /// By direct debit.
    DirectDebit,
    /// Online.
    Online,
    /// With a voucher.
    Voucher,
    /// Some other way.
    Other,
}

/// Money given back for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The refund.
    pub id: RefundId,
    /// How much: above zero, in the order's currency.
    pub amount: Money,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line<200>>,
    /// When.
    pub at: Timestamp,
    /// The subject of the member of staff who gave it back.
    pub by: Line<128>,
}

/// Why no more can be given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// The order has as many refunds as it may.
    #[error("an order has at most {} refunds", Order::MAX_REFUNDS)]
    TooMany,
    /// The order is cancelled: nothing of it is left to be given back.
    #[error("the order is cancelled")]
    Cancelled,
    /// Nothing, less than nothing, or more than what is left.
    #[error("the refund is not between 1 and what is left")]
    OutOfRange {
        /// What is left.
        left: Money,
    },
}
