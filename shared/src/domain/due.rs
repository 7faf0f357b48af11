//! Due dates: "this customer is due for this kind on this day". Every scheduled mail is one.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Birthday, Customer, CustomerId, Occurrence, OrderId, Thresholds};
use crate::keyring::AddressDigest;

/// What a customer can be due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// Their birthday.
    Birthday,
    /// A long time without an order.
    Reactivation,
}

impl DueKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Birthday, Self::Reactivation];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Birthday => "birthday",
            Self::Reactivation => "reactivation",
        }
    }
}

/// Why somebody is due: enough to name the occurrence and the next due date without reading the
/// record, so that a run costs what is due and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// Born on this day.
    Birthday {
        /// The birthday.
        birthday: Birthday,
    },
    /// Ordered last long ago.
    Reactivation {
        /// The order that began the spell.
        last_order: OrderId,
    },
}

/// One customer, due on one day of the shop for one kind of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDate {
    /// Who.
    pub customer: CustomerId,
    /// Whose address: two records of one address get one mail.
    pub address: AddressDigest,
    /// When, in the shop's zone.
    pub day: Date,
    /// Why.
    pub cause: Cause,
}

impl DueDate {
    /// The time of day at which a mail is due, in the shop's zone.
    pub const TIME: Time = Time::constant(9, 0, 0, 0);

    /// How late a mail may be and still make sense: longer is recorded as missed.
    pub const CATCH_UP: SignedDuration = SignedDuration::from_hours(3 * 24);

    /// What kind of mail is due.
    pub fn kind(&self) -> DueKind {
        match self.cause {
            Cause::Birthday { .. } => DueKind::Birthday,
            Cause::Reactivation { .. } => DueKind::Reactivation,
        }
    }

    /// The occurrence that the mail is: sent once whatever is repeated.
    pub fn occurrence(&self) -> Occurrence {
        match self.cause {
            Cause::Birthday { .. } => Occurrence::Birthday { year: self.day.year() },
            Cause::Reactivation { last_order } => Occurrence::Reactivation { last_order },
        }
    }

    /// The due date that follows once this one is dealt with, if any does by itself.
    pub fn next(&self) -> Option<Self> {
        match self.cause {
            Cause::Birthday { birthday } => Some(Self { day: birthday.in_year(self.day.year() + 1), ..self.clone() }),
            // A reactivation is written once per spell; the next order arms it again.
            Cause::Reactivation { .. } => None,
        }
    }

    /// What `customer`, known by `address`, is due for from `today` on. A pure function of the
    /// record: the transaction that changes one changes the other.
    pub fn of(customer: &Customer, address: &AddressDigest, thresholds: &Thresholds, today: Date) -> Vec<Self> {
        let due = |day, cause| Self { customer: customer.id, address: address.clone(), day, cause };
        let birthday =
            customer.birthday.map(|birthday| due(birthday.next_on_or_after(today), Cause::Birthday { birthday }));
        let figures = &customer.figures;
        let reactivation = figures.last_order.zip(figures.last_order_on()).map(|(last_order, day)| {
            let months = thresholds.inactive_after_months.months();
            due(day.saturating_add(months), Cause::Reactivation { last_order })
        });
        birthday.into_iter().chain(reactivation).collect()
    }
}
