//! Automations: which mails a shop lets go out by themselves, and when.
//!
//! Settings of the shop, read when a mail is planned: a change of them holds from the next run on, and
//! nothing that is stored of customers has to be written again for it.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Birthday, Cause, DueDate, DueKind, Settings, SkipReason};

/// Whether an automation goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// Whether it does.
    pub on: bool,
    /// Since when, where it was off before: what was due until then is not made up for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_since: Option<Timestamp>,
    /// Since when its rule is what it is, where it was another before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

impl Switch {
    /// Turned on or off at `now`; what is on already has been on for longer.
    #[must_use]
    pub fn turned(self, on: bool, now: Timestamp) -> Self {
        match (self.on, on) {
            (false, true) => Self { on, on_since: Some(now), ..self },
            (true, true) => self,
            (_, false) => Self { on, on_since: None, ..self },
        }
    }

    /// Whether it was on at `at`, as far as is known.
    pub fn was_on(self, at: Timestamp) -> bool {
        self.on && self.on_since.is_none_or(|since| since <= at)
    }
}

impl Default for Switch {
    fn default() -> Self {
        Self { on: true, on_since: None, changed_at: None }
    }
}

/// When 29 February is kept in common years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LeapDay {
    /// The day before.
    #[default]
    #[serde(rename = "02-28")]
    February28,
    /// The day after.
    #[serde(rename = "03-01")]
    March1,
}

/// Best wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BirthdayMails {
    /// Whether they go out.
    #[serde(flatten)]
    pub switch: Switch,
    /// How many days before the birthday: 0 to [`MOST_DAYS_BEFORE`](Self::MOST_DAYS_BEFORE).
    pub days_before: u8,
    /// For who was born on 29 February.
    pub leap_day: LeapDay,
}

impl BirthdayMails {
    /// The most days before a birthday.
    pub const MOST_DAYS_BEFORE: u8 = 30;

    /// The day on which `birthday` is kept in `year`.
    pub fn kept(self, birthday: Birthday, year: i16) -> Date {
        let day = birthday.in_year(year);
        let moved = self.leap_day == LeapDay::March1 && birthday.is_leap_day() && !day.in_leap_year();
        if moved { day.saturating_add(1.day()) } else { day }
    }
}

/// A word to customers of long ago. After how many months: [`Thresholds`](super::Thresholds), since it is
/// when a customer becomes inactive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReactivationMails {
    /// Whether they go out.
    #[serde(flatten)]
    pub switch: Switch,
}

/// How was the first order?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SatisfactionMails {
    /// Whether they go out.
    #[serde(flatten)]
    pub switch: Switch,
    /// How many days after the first order: 1 to [`MOST_DAYS_AFTER`](Self::MOST_DAYS_AFTER).
    pub days_after: u8,
}

impl SatisfactionMails {
    /// The most days after an order.
    pub const MOST_DAYS_AFTER: u8 = 90;
}

impl Default for SatisfactionMails {
    fn default() -> Self {
        Self { switch: Switch::default(), days_after: 14 }
    }
}

/// An order that was begun and left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AbandonedOrderMails {
    /// Whether they go out.
    #[serde(flatten)]
    pub switch: Switch,
    /// How many whole days after the last touch, at the least: 1 to
    /// [`MOST_DAYS_AFTER`](Self::MOST_DAYS_AFTER).
    pub days_after: u8,
}

impl AbandonedOrderMails {
    /// The most days after the last touch: a draft is kept for thirty.
    pub const MOST_DAYS_AFTER: u8 = 14;
}

impl Default for AbandonedOrderMails {
    fn default() -> Self {
        Self { switch: Switch::default(), days_after: 1 }
    }
}

/// What a shop lets go out by itself. Whether a new contact is welcomed is a form's own matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Automations {
    /// Birthdays.
    pub birthday: BirthdayMails,
    /// Reactivations.
    pub reactivation: ReactivationMails,
    /// Questions after a first order.
    pub satisfaction: SatisfactionMails,
    /// Orders that were left on the way.
    pub abandoned_order: AbandonedOrderMails,
}

impl Automations {
    /// These in the place of `before`, from `now` on.
    #[must_use]
    pub fn following(mut self, before: &Self, now: Timestamp) -> Self {
        let days = |automations: &Self| {
            let Self { birthday, satisfaction, abandoned_order, .. } = automations;
            let birthday = (birthday.days_before, birthday.leap_day);
            (birthday, satisfaction.days_after, abandoned_order.days_after)
        };
        let ((birthday, satisfaction, abandoned_order), known) = (days(&self), days(before));
        for (after, before, changed) in [
            (&mut self.birthday.switch, before.birthday.switch, birthday != known.0),
            (&mut self.reactivation.switch, before.reactivation.switch, false),
            (&mut self.satisfaction.switch, before.satisfaction.switch, satisfaction != known.1),
            (&mut self.abandoned_order.switch, before.abandoned_order.switch, abandoned_order != known.2),
        ] {
            *after = before.turned(after.on, now);
            after.changed_at = if changed { Some(now) } else { before.changed_at };
        }
        self
    }

    /// Whether mails of `kind` go out.
    pub fn switch(&self, kind: DueKind) -> Switch {
        match kind {
            DueKind::AbandonedOrder => self.abandoned_order.switch,
            DueKind::Birthday => self.birthday.switch,
            DueKind::Reactivation => self.reactivation.switch,
            DueKind::Satisfaction => self.satisfaction.switch,
        }
    }
}

impl Settings {
    /// The day on which `due` is due, in the shop's zone.
    pub fn due_day(&self, due: &DueDate) -> Date {
        let automations = &self.automations;
        match &due.cause {
            Cause::AbandonedOrder { .. } => {
                due.day.saturating_add(i64::from(automations.abandoned_order.days_after).days())
            }
            Cause::Birthday { birthday } => {
                let kept = automations.birthday.kept(*birthday, due.day.year());
                kept.saturating_sub(i64::from(automations.birthday.days_before).days())
            }
            Cause::Reactivation { .. } => self.thresholds.active_until(due.day),
            Cause::Satisfaction { .. } => due.day.saturating_add(i64::from(automations.satisfaction.days_after).days()),
        }
    }

    /// The instant at which `due` is due: at nine of its day, or of the first day after the rule was changed
    /// or the occasion was written down. What could not have been sent in time is not late.
    pub fn due_at(&self, due: &DueDate) -> Timestamp {
        let nine = |day| self.zone.instant(day, DueDate::TIME);
        let changed = self.automations.switch(due.kind()).changed_at.map(|at| match self.zone.day(at) {
            day if nine(day) < at => nine(day.saturating_add(1.day())),
            day => nine(day),
        });
        let due = nine(self.due_day(due).max(due.since));
        changed.map_or(due, |changed| changed.max(due))
    }

    /// Whether a mail that is due at `due` may be about `birthday` of that year: on its day, or before it. The
    /// day after is too late, unless the rule was changed since nine of the day itself.
    pub fn birthday_is_ahead(&self, birthday: Birthday, year: i16, due: Timestamp) -> bool {
        let nine = |day| self.zone.instant(day, DueDate::TIME);
        let (mails, day) = (&self.automations.birthday, self.zone.day(due));
        let eve = day.saturating_sub(1.day());
        let changed = mails.switch.changed_at.is_some_and(|at| nine(eve) < at && at <= nine(day));
        let latest = day.saturating_add(i64::from(BirthdayMails::MOST_DAYS_BEFORE).days());
        (if changed { eve } else { day }..=latest).contains(&mails.kept(birthday, year))
    }

    /// Whether a run at `now` plans `due`: it falls due before the next run has come.
    pub fn plans(&self, due: &DueDate, now: Timestamp) -> bool {
        self.due_at(due) <= DueDate::horizon(now)
    }

    /// Why it is too late at `now` for a mail that makes a customer `due`, if it is.
    pub fn too_late(&self, due: &DueDate, now: Timestamp) -> Option<SkipReason> {
        let at = self.due_at(due);
        if !self.automations.switch(due.kind()).was_on(self.zone.instant(self.due_day(due), DueDate::TIME)) {
            return Some(SkipReason::AutomationOff);
        }
        (now.duration_since(at) > DueDate::CATCH_UP).then_some(SkipReason::Missed)
    }

    /// The latest occasion of `kind` that can be due by `day`: those up to it are all that have to be
    /// looked at, and few of them are due later.
    pub fn latest_occasion(&self, kind: DueKind, day: Date) -> Date {
        let automations = &self.automations;
        match kind {
            DueKind::AbandonedOrder => day.saturating_sub(i64::from(automations.abandoned_order.days_after).days()),
            DueKind::Birthday => day.saturating_add(i64::from(automations.birthday.days_before).days()),
            // 28, 29, 30 and 31 August are all 28 February six months on.
            DueKind::Reactivation => {
                day.saturating_sub(self.thresholds.inactive_after_months.months()).saturating_add(3.days())
            }
            DueKind::Satisfaction => day.saturating_sub(i64::from(automations.satisfaction.days_after).days()),
        }
    }
}
