//! Due dates: "this customer is due for this kind of mail, for this occasion". Every scheduled mail is one.
//!
//! What is stored is the occasion: a birthday, the day of an order. When the mail goes follows from it and
//! from the shop's settings ([`Settings::due_day`](super::Settings::due_day)), which may change at any time
//! without a due date being written again.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Birthday, Customer, CustomerId, DraftId, MessageKind, Occurrence, OrderDraft, OrderId, OrderLink, Zone};
use crate::keyring::{AddressDigest, TokenHash};

/// What a customer can be due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// Products chosen through a magic link and not ordered.
    AbandonedOrder,
    /// Their birthday.
    Birthday,
    /// A long time without an order.
    Reactivation,
    /// Their first order, some days ago.
    Satisfaction,
}

impl DueKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::AbandonedOrder, Self::Birthday, Self::Reactivation, Self::Satisfaction];

    /// The kind of the mail, whose name it has too.
    pub fn message(self) -> MessageKind {
        match self {
            Self::AbandonedOrder => MessageKind::AbandonedOrder,
            Self::Birthday => MessageKind::Birthday,
            Self::Reactivation => MessageKind::Reactivation,
            Self::Satisfaction => MessageKind::Satisfaction,
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        self.message().name()
    }
}

/// Why somebody is due: enough to name the occurrence and the next due date without reading the
/// record, so that a run costs what is due and nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// Chose products and went no further.
    AbandonedOrder {
        /// Where the draft is kept.
        link: TokenHash,
        /// The draft.
        draft: DraftId,
    },
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
    /// Ordered for the first time.
    Satisfaction {
        /// That order.
        first_order: OrderId,
    },
}

/// One customer, due for one kind of mail because of one occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDate {
    /// Who.
    pub customer: CustomerId,
    /// Whose address: two records of one address get one mail.
    pub address: AddressDigest,
    /// The day of the occasion, in the shop's zone; of who was born on 29 February the 28th in common years.
    pub day: Date,
    /// The occasion.
    pub cause: Cause,
    /// The day on which it was written down: what was not known before that is not late.
    pub since: Date,
}

impl DueDate {
    /// The time of day at which a mail is due, in the shop's zone.
    pub const TIME: Time = Time::constant(9, 0, 0, 0);

    /// How far ahead a run plans.
    const AHEAD: SignedDuration = SignedDuration::from_hours(1);

    /// How late a mail may be and still make sense: longer is recorded as missed.
    pub const CATCH_UP: SignedDuration = SignedDuration::from_hours(3 * 24);

    /// What kind of mail is due.
    pub fn kind(&self) -> DueKind {
        match self.cause {
            Cause::AbandonedOrder { .. } => DueKind::AbandonedOrder,
            Cause::Birthday { .. } => DueKind::Birthday,
            Cause::Reactivation { .. } => DueKind::Reactivation,
            Cause::Satisfaction { .. } => DueKind::Satisfaction,
        }
    }

    /// The occurrence that the mail is which is due on `day`: sent once whatever is repeated.
    pub fn occurrence(&self, day: Date) -> Occurrence {
        match &self.cause {
            Cause::AbandonedOrder { link, draft } => Occurrence::AbandonedOrder { link: link.clone(), draft: *draft },
            Cause::Birthday { .. } => Occurrence::Birthday { year: day.year(), of: self.day.year() },
            Cause::Reactivation { last_order } => Occurrence::Reactivation { last_order: *last_order },
            Cause::Satisfaction { first_order } => Occurrence::Satisfaction { first_order: *first_order },
        }
    }

    /// The due date that follows once this one is dealt with on `today`, if any does by itself.
    pub fn next(&self, today: Date) -> Option<Self> {
        match self.cause {
            Cause::Birthday { birthday } => {
                let next = birthday.in_year(self.day.year() + 1);
                Some(Self { day: next.max(birthday.next_on_or_after(today)), ..self.clone() })
            }
            // These are written once: per spell, which the next order begins, per draft, and per customer.
            Cause::Reactivation { .. } | Cause::AbandonedOrder { .. } | Cause::Satisfaction { .. } => None,
        }
    }

    /// What `customer`, known by `address`, is due for from `today` on. A pure function of the
    /// record: the transaction that changes one changes the other.
    pub fn of(customer: &Customer, address: &AddressDigest, today: Date) -> Vec<Self> {
        let due = |day, cause| Self { customer: customer.id, address: address.clone(), day, cause, since: today };
        let birthday = customer.birthday.map(|birthday| {
            // A shop may keep the 29th of February on the 1st of March.
            let from = if birthday.is_leap_day() { today.saturating_sub(1.day()) } else { today };
            due(birthday.next_on_or_after(from), Cause::Birthday { birthday })
        });
        let figures = &customer.figures;
        let last = figures.last_order.zip(figures.last_order_on());
        let reactivation = last.map(|(last_order, day)| due(day, Cause::Reactivation { last_order }));
        let first = figures.first_order.zip(figures.first_order_on);
        let satisfaction = first.map(|(first_order, day)| due(day, Cause::Satisfaction { first_order }));
        birthday.into_iter().chain(reactivation).chain(satisfaction).collect()
    }

    /// That `draft` was left on the way, if anything is chosen in it. Its occasion is the first day, in
    /// `zone`, at whose nine o'clock it lies still: so many days on, it has lain for as many whole days.
    pub fn of_draft(draft: &OrderDraft, link: &OrderLink, address: &AddressDigest, zone: &Zone) -> Option<Self> {
        if draft.lines.is_empty() {
            return None;
        }
        let day = zone.day(draft.changed_at);
        let day = if zone.instant(day, Self::TIME) < draft.changed_at { day.saturating_add(1.day()) } else { day };
        let cause = Cause::AbandonedOrder { link: link.hash.clone(), draft: draft.id };
        Some(Self { customer: draft.customer, address: address.clone(), day, cause, since: day })
    }

    /// Until when a run at `now` plans: an hour ahead, when the next one comes.
    pub fn horizon(now: Timestamp) -> Timestamp {
        now.saturating_add(Self::AHEAD).unwrap_or(Timestamp::MAX)
    }
}
