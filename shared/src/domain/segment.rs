//! Segments (S07): computed for a day, never stored as truth, and each with why.

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
    /// One or two purchases within twelve months («Occasionnel»): neither inactive nor regular.
    Occasional,
}

impl Segment {
    /// The stable name of the rule that decides.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Inactive => "last_order_before_months",
            Self::Vip => "total_above_minor",
            Self::Regular => "orders_from",
            Self::New => "first_order_within_months",
            Self::Occasional => "orders_below",
        }
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Measured {
    /// An amount in minor units of the shop's currency, or a number of orders.
    Number(i64),
    /// The day of an order.
    Day(Date),
}

/// One segment, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// The segment.
    pub segment: Segment,
    /// The stable name of the rule.
    pub rule: &'static str,
    /// What it is for this customer.
    pub value: Measured,
    /// What it is compared with: a setting of the shop.
    pub threshold: i64,
    /// Within how many months orders are counted, where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_months: Option<i32>,
    /// Since when, without a break. `None` where it follows from a setting that changed since the
    /// customer's last order or refund.
    pub entered_on: Option<Date>,
}

/// The segments a customer is in on a day: the most telling first (decision A14.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Segments(Vec<Membership>);

impl Segments {
    /// The segments of a customer with these `figures` on `today`, both in the shop's zone; amounts
    /// are those in the shop's `currency`.
    pub fn of(figures: &Figures, currency: Currency, thresholds: &Thresholds, today: Date) -> Self {
        let (Some(first), Some(last)) = (figures.first_order_on, figures.last_order_on()) else {
            return Self::default();
        };
        let spent = figures.totals.get(&currency).copied().unwrap_or(0);
        let new_until = first.saturating_add(thresholds.new_for_months.months());
        let active = thresholds.active_until(last) >= today;
        let regular = figures.regular_until(thresholds).is_some_and(|until| until >= today);
        let holds = [
            (Segment::Inactive, !active),
            (Segment::Vip, spent > thresholds.vip_above_minor),
            (Segment::Regular, regular),
            (Segment::New, new_until > today),
            (Segment::Occasional, active && !regular),
        ];
        let why = |segment: Segment| {
            let within_months = matches!(segment, Segment::Regular | Segment::Occasional);
            let (value, threshold) = match segment {
                Segment::Inactive => (Measured::Day(last), thresholds.inactive_after_months.into()),
                Segment::Vip => (Measured::Number(spent), thresholds.vip_above_minor),
                Segment::New => (Measured::Day(first), thresholds.new_for_months.into()),
                Segment::Regular | Segment::Occasional => {
                    (Measured::Number(recent_orders(figures, thresholds, today)), thresholds.regular_from.into())
                }
            };
            Membership {
                segment,
                rule: segment.rule(),
                value,
                threshold,
                within_months: within_months.then_some(thresholds.regular_within_months),
                entered_on: entered_on(segment, figures, thresholds, today),
            }
        };
        Self(holds.into_iter().filter(|(_, holds)| *holds).map(|(segment, _)| why(segment)).collect())
    }

    /// The one that says most: Inactive > VIP > Regular > New > Occasional.
    pub fn primary(&self) -> Option<Segment> {
        self.iter().next()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Segment> {
        self.0.iter().map(|membership| membership.segment)
    }

    /// All of them, each with why.
    pub fn memberships(&self) -> &[Membership] {
        &self.0
    }
}

/// How many of the last orders lie within the months that make a regular.
fn recent_orders(figures: &Figures, thresholds: &Thresholds, today: Date) -> i64 {
    let recent = |day: &&Date| day.saturating_add(thresholds.regular_within_months.months()) >= today;
    i64::try_from(figures.last_days.iter().filter(recent).count()).unwrap_or(i64::MAX)
}

/// The first day of the present spell in `segment`, in which the customer is on `today`.
fn entered_on(segment: Segment, figures: &Figures, thresholds: &Thresholds, today: Date) -> Option<Date> {
    let day_after = |day: Date| day.tomorrow().unwrap_or(day);
    match segment {
        Segment::Inactive => figures.last_order_on().map(|last| day_after(thresholds.active_until(last))),
        Segment::Vip => figures.vip_since,
        Segment::Regular => figures.regular.filter(|spell| spell.until >= today).map(|spell| spell.since),
        Segment::New => figures.first_order_on,
        Segment::Occasional => match (figures.active, figures.regular) {
            (Some(active), None) => Some(active.since),
            (Some(active), Some(regular)) => {
                (regular.until < today).then(|| active.since.max(day_after(regular.until)))
            }
            (None, _) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::figures::tests::order;
    use super::*;

    const EUR: Currency = Currency::EUR;

    /// The figures of orders on these days, oldest first, of which the first comes to `spent`.
    fn figures(days: &[Date], spent: i64, thresholds: &Thresholds) -> Figures {
        let mut figures = Figures::default();
        for (number, day) in days.iter().enumerate() {
            let minor = if number == 0 { spent } else { 0 };
            figures.add(&order(number as u128, minor, EUR, *day), EUR, thresholds);
        }
        figures
    }

    fn segments(days: &[Date], spent: i64, today: Date) -> Vec<Segment> {
        let thresholds = Thresholds::default();
        Segments::of(&figures(days, spent, &thresholds), EUR, &thresholds, today).iter().collect()
    }

    #[test]
    fn boundaries_are_exact_to_the_cent_and_the_day() {
        use Segment::*;
        let today = date(2026, 11, 22);
        assert_eq!(segments(&[], 0, today), []);
        assert_eq!(segments(&[today], 49_999, today), [New, Occasional]);
        assert_eq!(segments(&[today], 50_000, today), [New, Occasional], "exactly 500.00 is not VIP");
        assert_eq!(segments(&[today], 50_001, today), [Vip, New, Occasional]);
        assert_eq!(segments(&[date(2025, 11, 23)], 1, today), [Occasional]);
        assert_eq!(segments(&[date(2025, 11, 22)], 1, today), [Occasional], "twelve months to the day");
        assert_eq!(segments(&[date(2025, 11, 21)], 1, today), [Inactive]);
        assert_eq!(segments(&[date(2026, 5, 21)], 1, today), [Occasional]);
        assert_eq!(segments(&[date(2026, 5, 22)], 1, today), [Occasional], "six months to the day is not new");
        assert_eq!(segments(&[date(2026, 5, 23)], 1, today), [New, Occasional]);
        let third = |day| segments(&[day, today, today], 1, today);
        assert_eq!(third(date(2025, 11, 23)), [Regular]);
        assert_eq!(third(date(2025, 11, 22)), [Regular]);
        assert_eq!(third(date(2025, 11, 21)), [Occasional]);
    }

    #[test]
    fn each_says_why() {
        let days = [date(2026, 1, 31), date(2026, 3, 1), date(2026, 7, 1)];
        let thresholds = Thresholds::default();
        let told = |today| {
            let segments = Segments::of(&figures(&days, 50_001, &thresholds), EUR, &thresholds, today);
            serde_json::to_value(segments).unwrap()
        };
        let vip = serde_json::json!({ "segment": "vip", "rule": "total_above_minor", "value": 50_001,
            "threshold": 50_000, "entered_on": "2026-01-31" });
        let regular = serde_json::json!({ "segment": "regular", "rule": "orders_from", "value": 3, "threshold": 3,
            "within_months": 12, "entered_on": "2026-07-01" });
        assert_eq!(told(date(2027, 1, 31)), serde_json::json!([vip, regular]));
        let occasional = serde_json::json!({ "segment": "occasional", "rule": "orders_below", "value": 2,
            "threshold": 3, "within_months": 12, "entered_on": "2027-02-01" });
        assert_eq!(told(date(2027, 2, 1)), serde_json::json!([vip, occasional]));
        let inactive = serde_json::json!({ "segment": "inactive", "rule": "last_order_before_months",
            "value": "2026-07-01", "threshold": 12, "entered_on": "2027-07-02" });
        assert_eq!(told(date(2027, 7, 2)), serde_json::json!([inactive, vip]));
    }

    #[test]
    fn a_changed_setting_names_no_day() {
        let days = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)];
        let figures = figures(&days, 40_000, &Thresholds::default());
        let told = |thresholds: &Thresholds| {
            let segments = Segments::of(&figures, EUR, thresholds, date(2026, 11, 22));
            segments.memberships().iter().map(|why| (why.segment, why.entered_on)).collect::<Vec<_>>()
        };
        let easier = Thresholds { vip_above_minor: 30_000, ..Thresholds::default() };
        assert_eq!(told(&easier)[0], (Segment::Vip, None));
        let harder = Thresholds { regular_from: 4, ..Thresholds::default() };
        assert_eq!(told(&harder), [(Segment::Occasional, None)]);
    }

    /// Whether the orders up to `today` put a customer into `segment`, said naively.
    fn holds(segment: Segment, orders: &[(Date, i64)], thresholds: &Thresholds, today: Date) -> bool {
        let until = |day: Date, months: i32| day.saturating_add(months.months());
        let known: Vec<(Date, i64)> = orders.iter().copied().filter(|(day, _)| *day <= today).collect();
        let active = known.iter().any(|(day, _)| until(*day, thresholds.inactive_after_months) >= today);
        let recent = known.iter().filter(|(day, _)| until(*day, thresholds.regular_within_months) >= today).count();
        let regular = recent >= thresholds.regular_from as usize;
        match segment {
            Segment::Inactive => !known.is_empty() && !active,
            Segment::Vip => known.iter().map(|(_, minor)| minor).sum::<i64>() > thresholds.vip_above_minor,
            Segment::Regular => regular,
            Segment::New => known.first().is_some_and(|(day, _)| until(*day, thresholds.new_for_months) > today),
            Segment::Occasional => active && !regular,
        }
    }

    fn thresholds() -> impl Strategy<Value = Thresholds> {
        (1..14i32, 1..14i32, 1..14i32, 1..=5u32).prop_map(|(new, inactive, within, from)| Thresholds {
            vip_above_minor: 10_000,
            new_for_months: new,
            inactive_after_months: inactive,
            regular_from: from,
            regular_within_months: within,
        })
    }

    proptest! {
        #[test]
        fn entry_is_the_first_day_of_the_spell(
            thresholds in thresholds(),
            orders in proptest::collection::vec((0..130i64, 0..4_000i64), 0..12),
            later in 0..600i64,
        ) {
            use Segment::*;
            let mut day = date(2024, 1, 1);
            let mut dated = Vec::new();
            let mut figures = Figures::default();
            for (number, (gap, minor)) in orders.into_iter().enumerate() {
                // Several on one day are common.
                day = day.saturating_add(gap.saturating_sub(20).max(0).days());
                dated.push((day, minor));
                figures.add(&order(number as u128, minor, EUR, day), EUR, &thresholds);
            }
            let today = day.saturating_add(later.days());
            let told = Segments::of(&figures, EUR, &thresholds, today);
            let mut expected = Vec::new();
            for segment in [Inactive, Vip, Regular, New, Occasional] {
                let mut since = today;
                if holds(segment, &dated, &thresholds, today) {
                    while holds(segment, &dated, &thresholds, since.yesterday().unwrap()) {
                        since = since.yesterday().unwrap();
                    }
                    expected.push((segment, Some(since)));
                }
            }
            let told: Vec<_> = told.memberships().iter().map(|why| (why.segment, why.entered_on)).collect();
            prop_assert_eq!(told, expected);
        }
    }
}
