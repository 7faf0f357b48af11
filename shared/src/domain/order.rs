//! Orders: what was bought, at which price, and how far it has come.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Currency, CustomerId, Discount, Invalid, Line, Money, OrderId, OrderLinkId, PaymentMethod, ProductId, Refund,
    RefundError, ShopId, Text,
};

/// How many of a product: 1 to 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Quantity(u16);

impl Quantity {
    /// The most of one product in an order.
    pub const MAX: i64 = 999;
    /// One.
    pub const ONE: Self = Self(1);
    /// As many as there may be.
    pub const MOST: Self = Self(999);

    /// The number.
    pub fn get(self) -> u32 {
        self.0.into()
    }

    /// As many and `more`, as far as so many may be ordered.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self((self.0 + more.0).min(Self::MOST.0))
    }
}

impl TryFrom<i64> for Quantity {
    type Error = Invalid;

    fn try_from(quantity: i64) -> Result<Self, Invalid> {
        match u16::try_from(quantity) {
            Ok(value) if (1..=Self::MAX).contains(&quantity) => Ok(Self(value)),
            _ => Err(Invalid::OutOfRange { min: 1, max: Self::MAX }),
        }
    }
}

impl From<Quantity> for i64 {
    fn from(quantity: Quantity) -> Self {
        quantity.0.into()
    }
}

/// How far an order has come (K05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Placed by the customer.
    Submitted,
    /// Accepted by the shop.
    Confirmed,
    /// Being made.
    InProduction,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// Will not be.
    Cancelled,
}

impl OrderState {
    /// Every state, in order of progress.
    pub const ALL: [Self; 6] =
        [Self::Submitted, Self::Confirmed, Self::InProduction, Self::Shipped, Self::Delivered, Self::Cancelled];

    /// Whether an order may go from this state to `next`: one step forward, or cancelled before it
    /// is shipped.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Submitted, Self::Confirmed)
                | (Self::Confirmed, Self::InProduction)
                | (Self::InProduction, Self::Shipped)
                | (Self::Shipped, Self::Delivered)
                | (Self::Submitted | Self::Confirmed | Self::InProduction, Self::Cancelled)
        )
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Confirmed => "confirmed",
            Self::InProduction => "in_production",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One step of an order from a state to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// What it came to.
    pub state: OrderState,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line<200>>,
    /// When.
    pub at: Timestamp,
    /// The subject of the member of staff who moved it.
    pub by: Line<128>,
}

/// A step that no order takes: back, past a state, or out of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {} does not become that", .from.name())]
pub struct IllegalMove {
    /// What the order is.
    pub from: OrderState,
}

/// Where a purchase was made (O05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Online.
    Web,
    /// In the shop.
    Store,
    /// On the telephone.
    Phone,
}

/// One product of an order, with the price copied at the moment of ordering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The product, unless it is of no catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// What it was called, in the customer's language.
    pub name: Line<120>,
    /// What one of it was: a kilogram, a jar of 500 g.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Line<40>>,
    /// How many.
    pub quantity: Quantity,
    /// The price in the catalogue, or what staff asked where it has none.
    pub base_price: Money,
    /// The customer's price: what is paid for one.
    pub unit_price: Money,
    /// The discount that made the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
}

impl OrderLine {
    /// What it was called, with what one of it was: `Miel, pot de 500 g`.
    pub fn name_and_unit(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{}, {}", self.name.expose(), unit.expose()),
            None => self.name.expose().to_owned(),
        }
    }

    /// What the line comes to; `None` beyond [`Money::MAX_MINOR`].
    pub fn total(&self) -> Option<Money> {
        self.unit_price.times(self.quantity.get())
    }
}

/// Why lines make no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Nothing is ordered.
    #[error("nothing is ordered")]
    Empty,
    /// More than [`Order::MAX_LINES`] lines.
    #[error("an order has at most {} lines", Order::MAX_LINES)]
    TooManyLines,
    /// The total exceeds [`Money::MAX_MINOR`], or the lines' currencies differ.
    #[error("the total is out of range")]
    Total,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The shop it was placed in.
    pub shop: ShopId,
    /// The order.
    pub id: OrderId,
    /// Raised by every change.
    pub version: u64,
    /// Who ordered.
    pub customer: CustomerId,
    /// The magic link it came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<OrderLinkId>,
    /// Where it was placed.
    pub channel: Channel,
    /// How it was paid, where that is known (O03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<PaymentMethod>,
    /// How far it has come.
    pub state: OrderState,
    /// How it came there, oldest first; nothing for one that is as it was placed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// What it comes to: the sum of its lines.
    pub total: Money,
    /// What was given back, oldest first: at most [`Order::MAX_REFUNDS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Refund>,
    /// The customer's words to the shop, or what staff noted of the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<500>>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The day it was placed, in the shop's zone.
    pub day: Date,
}

impl Order {
    /// The most lines of one order: with its customer, its mail and the rest, a cancellation that gives
    /// each of them back is one transaction.
    pub const MAX_LINES: usize = 80;
    /// The most products of one order that are counted: each takes a step of the transaction in which a
    /// new customer takes forty.
    pub const MAX_COUNTED: usize = 40;
    /// The most refunds of one order.
    pub const MAX_REFUNDS: usize = 50;

    /// The sum of `lines`, all in `currency`.
    ///
    /// # Errors
    /// [`OrderError`] where the lines make no order.
    pub fn total_of(lines: &[OrderLine], currency: Currency) -> Result<Money, OrderError> {
        if lines.is_empty() {
            return Err(OrderError::Empty);
        }
        if lines.len() > Self::MAX_LINES {
            return Err(OrderError::TooManyLines);
        }
        lines.iter().try_fold(Money::zero(currency), |sum, line| sum.plus(line.total()?)).ok_or(OrderError::Total)
    }

    /// What was given back.
    pub fn refunded_total(&self) -> Money {
        let none = Money::zero(self.total.currency());
        self.refunds.iter().fold(none, |sum, refund| sum.plus(refund.amount).unwrap_or(sum))
    }

    /// Whether it counts: one that was cancelled was never bought.
    pub fn stands(&self) -> bool {
        self.state != OrderState::Cancelled
    }

    /// The order once it has taken `step`.
    ///
    /// # Errors
    /// [`IllegalMove`] where it may not.
    pub fn moved(&self, step: Move) -> Result<Self, IllegalMove> {
        if !self.state.may_become(step.state) {
            return Err(IllegalMove { from: self.state });
        }
        let mut after = self.clone();
        after.version += 1;
        after.state = step.state;
        after.moves.push(step);
        Ok(after)
    }

    /// What it comes to less what was given back; nothing once it is cancelled.
    pub fn net(&self) -> Money {
        if !self.stands() {
            return Money::zero(self.total.currency());
        }
        self.total.plus(self.refunded_total().negated()).unwrap_or(self.total)
    }

    /// The order once `refund` is given back.
    ///
    /// # Errors
    /// [`RefundError`] where no more may be.
    pub fn refunded(&self, refund: Refund) -> Result<Self, RefundError> {
        if !self.stands() {
            return Err(RefundError::Cancelled);
        }
        if self.refunds.len() >= Self::MAX_REFUNDS {
            return Err(RefundError::TooMany);
        }
        let left = self.net();
        if refund.amount.currency() != left.currency() || !(1..=left.minor()).contains(&refund.amount.minor()) {
            return Err(RefundError::OutOfRange { left });
        }
        let mut after = self.clone();
        after.version += 1;
        after.refunds.push(refund);
        Ok(after)
    }

    /// The number that people say on the telephone.
    pub fn number(&self) -> OrderNumber {
        let id = self.id.to_string();
        OrderNumber { day: self.day, end: id[id.len() - OrderNumber::END..].to_owned() }
    }
}

/// An order's number: its day and six characters of its id, `261122-7F3K2M`. No counter makes it,
/// so that no two orders wait for each other; the id, not the number, is what is unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderNumber {
    day: Date,
    end: String,
}

impl OrderNumber {
    /// How many characters of the id it has.
    const END: usize = 6;

    /// The day of the order.
    pub fn day(&self) -> Date {
        self.day
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.day.strftime("%y%m%d"), self.end)
    }
}

impl FromStr for OrderNumber {
    type Err = Invalid;

    /// Reads a number as it is said and typed: in small letters, too.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (day, end) = text.trim().split_once('-').ok_or(Invalid::Id)?;
        let day = Date::strptime("%y%m%d", day).map_err(|_| Invalid::Id)?;
        let number = Self { day, end: end.to_ascii_uppercase() };
        let canonical = number.end.len() == Self::END && number.end.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if canonical { Ok(number) } else { Err(Invalid::Id) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn an_order_moves_forward_or_is_cancelled_before_shipping() {
        let mut legal = Vec::new();
        for from in OrderState::ALL {
            for to in OrderState::ALL {
                if from.may_become(to) {
                    legal.push(format!("{}→{}", from.name(), to.name()));
                }
            }
        }
        let expected = [
            "submitted→confirmed",
            "submitted→cancelled",
            "confirmed→in_production",
            "confirmed→cancelled",
            "in_production→shipped",
            "in_production→cancelled",
            "shipped→delivered",
        ];
        assert_eq!(legal, expected);
    }

    proptest! {
        #[test]
        fn whatever_is_asked_of_it_an_order_only_goes_forward_and_keeps_how(
            asked in proptest::collection::vec(proptest::sample::select(OrderState::ALL.to_vec()), 0..20),
        ) {
            let mut order = order();
            for (number, state) in asked.into_iter().enumerate() {
                let at = Timestamp::from_second(i64::try_from(number).unwrap()).unwrap();
                let step = Move { state, reason: None, at, by: "staff".parse().unwrap() };
                match order.moved(step.clone()) {
                    Ok(after) => {
                        prop_assert!(order.state.may_become(state));
                        prop_assert_eq!((after.state, after.version), (state, order.version + 1));
                        prop_assert_eq!(after.moves.last(), Some(&step));
                        order = after;
                    }
                    Err(IllegalMove { from }) => prop_assert!(from == order.state && !from.may_become(state)),
                }
            }
            let states = std::iter::once(OrderState::Submitted).chain(order.moves.iter().map(|step| step.state));
            let states: Vec<_> = states.collect();
            prop_assert!(states.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", states);
            prop_assert_eq!(states.last(), Some(&order.state));
            prop_assert_eq!(order.net().minor(), if order.stands() { 1799 } else { 0 });
        }
    }

    #[test]
    fn a_number_is_read_as_it_is_said() {
        let number = order().number();
        assert_eq!(number.to_string(), "261122-000000");
        assert_eq!(" 261122-7f3k2m ".parse::<OrderNumber>().unwrap().to_string(), "261122-7F3K2M");
        for text in ["", "261122", "261122-", "261322-7F3K2M", "2611-7F3K2M", "261122-7F3K2", "261122-7F3K2é"] {
            assert_eq!(text.parse::<OrderNumber>(), Err(Invalid::Id), "{text}");
        }
    }

    fn order() -> Order {
        let price = Money::new(1799, Currency::EUR).unwrap();
        let line = OrderLine {
            product: None,
            name: "Miel".parse().unwrap(),
            unit: None,
            quantity: Quantity::ONE,
            base_price: price,
            unit_price: price,
            discount: None,
        };
        Order {
            shop: "main".parse().unwrap(),
            id: OrderId::new(Ulid::nil()),
            version: 1,
            customer: CustomerId::new(Ulid::nil()),
            link: None,
            channel: Channel::Web,
            payment_method: None,
            state: OrderState::Submitted,
            lines: vec![line],
            total: price,
            moves: Vec::new(),
            refunds: Vec::new(),
            note: None,
            placed_at: Timestamp::UNIX_EPOCH,
            day: jiff::civil::date(2026, 11, 22),
        }
    }

    #[test]
    fn a_total_never_overflows_and_never_mixes_currencies() {
        let line = |minor, currency: &str, quantity| {
            let price = Money::new(minor, currency.parse().unwrap()).unwrap();
            OrderLine {
                product: Some(ProductId::new(Ulid::nil())),
                name: "Miel".parse().unwrap(),
                unit: None,
                quantity: Quantity::try_from(quantity).unwrap(),
                base_price: price,
                unit_price: price,
                discount: None,
            }
        };
        let total = |lines: &[OrderLine]| Order::total_of(lines, Currency::EUR);
        assert_eq!(total(&[line(1799, "EUR", 2), line(1, "EUR", 1)]).map(Money::minor), Ok(3599));
        assert_eq!(total(&[]), Err(OrderError::Empty));
        assert_eq!(total(&vec![line(1, "EUR", 1); 81]), Err(OrderError::TooManyLines));
        assert_eq!(total(&[line(Money::MAX_MINOR, "EUR", 2)]), Err(OrderError::Total));
        assert_eq!(total(&[line(1, "USD", 1)]), Err(OrderError::Total));
        assert!(Quantity::try_from(0).is_err() && Quantity::try_from(1000).is_err() && Quantity::try_from(-1).is_err());
    }
}
