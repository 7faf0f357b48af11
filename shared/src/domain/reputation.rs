//! Reputation: how many of a shop's mails bounce or are complained of, and when that stops its
//! marketing.
//!
//! SES looks at an account whose bounces or complaints are many, and may end its sending. A shop
//! whose own are stops before that, and alone: the other shops of the account go on.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};

use super::Locale;
use super::money::{percentage, whole_number};

/// What became of the mails of a shop: those to customers, of some days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reputation {
    /// How many left.
    #[serde(default)]
    pub sent: u64,
    /// How many of them bounced for good.
    #[serde(default)]
    pub bounced: u64,
    /// How many of them were complained of.
    #[serde(default)]
    pub complained: u64,
}

/// What stops a shop's marketing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseCause {
    /// Too many addresses do not exist.
    Bounces,
    /// Too many people complain.
    Complaints,
}

/// That a shop's marketing is stopped, until somebody says that it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketingPause {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub cause: PauseCause,
    /// What was counted then.
    pub figures: Reputation,
}

/// The figures of a pause in words: how many of how many, and the shares, as a reader writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseFigures {
    /// How many bounced, or were complained of.
    pub count: String,
    /// Of how many.
    pub sent: String,
    /// Their share.
    pub share: String,
    /// The share from which on marketing stops.
    pub limit: String,
    /// How many it takes at least.
    pub least: String,
}

impl MarketingPause {
    /// What was counted, as a reader of `locale` writes it.
    pub fn in_figures(&self, locale: Locale) -> PauseFigures {
        let Reputation { sent, bounced, complained } = self.figures;
        let (count, share, limit, least) = match self.cause {
            PauseCause::Bounces => (bounced, self.figures.bounces(), Reputation::MAX_BOUNCES, Reputation::MIN_BOUNCES),
            PauseCause::Complaints => {
                (complained, self.figures.complaints(), Reputation::MAX_COMPLAINTS, Reputation::MIN_COMPLAINTS)
            }
        };
        PauseFigures {
            count: whole_number(locale, count),
            sent: whole_number(locale, sent.max(count)),
            share: percentage(locale, share),
            limit: percentage(locale, limit),
            least: whole_number(locale, least),
        }
    }
}

impl Reputation {
    /// How many days are judged together, today included.
    pub const DAYS: u32 = 30;
    /// From which share of bounces on marketing stops, in parts of ten thousand: 4 %.
    pub const MAX_BOUNCES: u64 = 400;
    /// From which share of complaints on marketing stops, in parts of ten thousand: 0.08 %.
    pub const MAX_COMPLAINTS: u64 = 8;
    /// How many bounces it takes at least: a single one says nothing of a small shop.
    pub const MIN_BOUNCES: u64 = 5;
    /// How many complaints it takes at least.
    pub const MIN_COMPLAINTS: u64 = 2;
    /// How long a day's figures are kept.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(60 * 24);

    /// The day (UTC) of a mail that left at `at`: its bounce counts with it, whenever that comes.
    pub fn day(at: Timestamp) -> Date {
        at.to_zoned(TimeZone::UTC).date()
    }

    /// The first of the days that are judged together at `now`.
    pub fn first_day(now: Timestamp) -> Date {
        Self::day(now).saturating_sub(i64::from(Self::DAYS - 1).days())
    }

    /// The figures of several days together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent.saturating_add(other.sent),
            bounced: self.bounced.saturating_add(other.bounced),
            complained: self.complained.saturating_add(other.complained),
        }
    }

    /// The share of bounces, in parts of ten thousand, rounded down. A mail that bounced was sent,
    /// whether or not that was counted.
    pub fn bounces(self) -> u64 {
        share(self.bounced, self.sent)
    }

    /// The share of complaints, in parts of ten thousand, rounded down.
    pub fn complaints(self) -> u64 {
        share(self.complained, self.sent)
    }

    /// Why marketing has to stop, if it has to.
    pub fn stops(self) -> Option<PauseCause> {
        if self.complained >= Self::MIN_COMPLAINTS && self.complaints() >= Self::MAX_COMPLAINTS {
            return Some(PauseCause::Complaints);
        }
        (self.bounced >= Self::MIN_BOUNCES && self.bounces() >= Self::MAX_BOUNCES).then_some(PauseCause::Bounces)
    }
}

fn share(some: u64, all: u64) -> u64 {
    some.saturating_mul(10_000) / all.max(some).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sent: u64, bounced: u64, complained: u64) -> Option<PauseCause> {
        Reputation { sent, bounced, complained }.stops()
    }

    #[test]
    fn marketing_stops_at_the_share_and_never_for_a_single_mail() {
        assert_eq!(of(0, 0, 0), None);
        assert_eq!([of(20, 4, 0), of(100, 4, 0), of(126, 5, 0)], [None; 3]);
        assert_eq!([of(5, 5, 0), of(125, 5, 0), of(1000, 40, 0)], [Some(PauseCause::Bounces); 3]);
        assert_eq!([of(10, 0, 1), of(2501, 0, 2), of(1001, 40, 0)], [None; 3]);
        assert_eq!([of(2, 0, 2), of(2500, 0, 2), of(125, 5, 2)], [Some(PauseCause::Complaints); 3]);
    }

    #[test]
    fn what_was_not_counted_as_sent_makes_no_share_above_all() {
        assert_eq!(Reputation { sent: 0, bounced: 7, complained: 1 }.bounces(), 10_000);
    }

    #[test]
    fn thirty_days_end_today() {
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        assert_eq!(Reputation::first_day(now), jiff::civil::date(2026, 11, 1));
    }
}
