//! Segments (S07): computed for a day, never stored as truth.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Currency, Figures, Thresholds};

/// What a customer's orders say of it today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Nothing ordered for longer than twelve months («Inactif»).
    Inactive,
    /// Has spent more than the threshold («VIP»); exactly the threshold is not more.
    Vip,
    /// Three purchases or more within twelve months («Régulier»).
    Regular,
    /// The first purchase is less than six months old («Nouveau»).
    New,
    /// One or two purchases within twelve months («Occasionnel»).
    Occasional,
}

/// The segments a customer is in on a day: the most telling first (decision A14.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Segments(Vec<Segment>);

impl Segments {
    /// The segments of a customer with these `figures` on `today`, both in the shop's zone; amounts
    /// are those in the shop's `currency`.
    pub fn of(figures: &Figures, currency: Currency, thresholds: &Thresholds, today: Date) -> Self {
        let within_year = |day: &Date| day.saturating_add(thresholds.inactive_after_months.months()) >= today;
        let recent = figures.last_days.iter().filter(|day| within_year(day)).count();
        let spent = figures.totals.get(&currency).copied().unwrap_or(0);
        let is_new = |day: Date| day.saturating_add(thresholds.new_for_months.months()) > today;
        let holds = [
            (Segment::Inactive, figures.orders > 0 && recent == 0),
            (Segment::Vip, spent > thresholds.vip_above_minor),
            (Segment::Regular, recent >= 3),
            (Segment::New, figures.first_order_on.is_some_and(is_new)),
            (Segment::Occasional, (1..=2).contains(&recent)),
        ];
        Self(holds.into_iter().filter(|(_, holds)| *holds).map(|(segment, _)| segment).collect())
    }

    /// The one that says most: Inactive > VIP > Regular > New > Occasional.
    pub fn primary(&self) -> Option<Segment> {
        self.0.first().copied()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Segment> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn segments(days: &[Date], spent: i64, today: Date) -> Vec<Segment> {
        let figures = Figures {
            orders: u32::try_from(days.len()).unwrap(),
            totals: [(Currency::EUR, spent)].into(),
            first_order_on: days.last().copied(),
            last_order: None,
            last_days: days.to_vec(),
        };
        Segments::of(&figures, Currency::EUR, &Thresholds::default(), today).0
    }

    #[test]
    fn boundaries_are_exact_to_the_cent_and_the_day() {
        use Segment::*;
        let today = date(2026, 11, 22);
        assert_eq!(segments(&[], 0, today), []);
        assert_eq!(segments(&[today], 50_000, today), [New, Occasional], "exactly 500.00 is not VIP");
        assert_eq!(segments(&[today], 50_001, today), [Vip, New, Occasional]);
        assert_eq!(segments(&[date(2025, 11, 22)], 1, today), [Occasional], "twelve months to the day");
        assert_eq!(segments(&[date(2025, 11, 21)], 1, today), [Inactive]);
        assert_eq!(segments(&[date(2026, 5, 22)], 1, today), [Occasional], "six months to the day is not new");
        assert_eq!(segments(&[date(2026, 5, 23)], 1, today), [New, Occasional]);
        let third = |day| segments(&[today, today, day], 1, today);
        assert_eq!(third(date(2025, 11, 22)), [Regular]);
        assert_eq!(third(date(2025, 11, 21)), [Occasional]);
    }
}
