//! Birthdays: a month and a day, and a year where the person told it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Invalid;

/// A birthday, written `1990-05-12`, or `--05-12` without its year (as in vCard, RFC 6350).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Birthday {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Birthday {
    /// A leap year, to hold 29 February of a birthday without a year.
    const LEAP_YEAR: i16 = 2000;
    const EARLIEST_YEAR: i16 = 1900;

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }

    /// Whether it is 29 February, which only leap years have.
    pub fn is_leap_day(self) -> bool {
        (self.month, self.day) == (2, 29)
    }

    /// Whether nobody can have been born on it yet.
    pub fn is_after(self, today: Date) -> bool {
        self.year.is_some_and(|year| self.in_year(year) > today)
    }

    /// The day on which it is kept in `year`: 29 February is 28 February in common years.
    pub fn in_year(self, year: i16) -> Date {
        Date::new(year, self.month, self.day)
            .or_else(|_| Date::new(year, self.month, self.day - 1))
            .expect("only 29 February is missing from a year")
    }

    /// The first day on or after `day` on which it is kept.
    pub fn next_on_or_after(self, day: Date) -> Date {
        match self.in_year(day.year()) {
            this_year if this_year >= day => this_year,
            _ => self.in_year(day.year() + 1),
        }
    }
}

impl FromStr for Birthday {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        // Fixed widths, checked first: the library would also read times and basic format.
        let well_formed = |text: &str, pattern: &str| {
            text.len() == pattern.len()
                && text.bytes().zip(pattern.bytes()).all(|(b, p)| if p == b'9' { b.is_ascii_digit() } else { b == p })
        };
        let (year, full) = if well_formed(text, "--99-99") {
            (None, format!("{}-{}", Self::LEAP_YEAR, &text[2..]))
        } else if well_formed(text, "9999-99-99") {
            (text[..4].parse().ok(), text.to_owned())
        } else {
            return Err(Invalid::Date);
        };
        let date: Date = full.parse().map_err(|_| Invalid::Date)?;
        if year.is_some_and(|year: i16| year < Self::EARLIEST_YEAR) {
            return Err(Invalid::Date);
        }
        Ok(Self { year, month: date.month(), day: date.day() })
    }
}

impl TryFrom<String> for Birthday {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Birthday> for String {
    fn from(birthday: Birthday) -> Self {
        let Birthday { year, month, day } = birthday;
        match year {
            Some(year) => format!("{year:04}-{month:02}-{day:02}"),
            None => format!("--{month:02}-{day:02}"),
        }
    }
}

impl fmt::Debug for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Birthday(…)")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_year_may_be_left_out() {
        for text in ["--05-12", "1990-05-12", "--02-29", "2000-02-29"] {
            assert_eq!(String::from(text.parse::<Birthday>().unwrap()), text);
        }
        for text in
            ["", "05-12", "--02-30", "1990-02-29", "--13-01", "1990-5-12", "--05-12T00:00", "1899-01-01", "--é-12"]
        {
            assert_eq!(text.parse::<Birthday>(), Err(Invalid::Date), "{text:?}");
        }
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let is_after = |text: &str| text.parse::<Birthday>().unwrap().is_after(date(2026, 11, 22));
        assert!(!is_after("2026-11-22") && is_after("2026-11-23") && !is_after("--12-31"));
    }

    #[test]
    fn the_29th_of_february_is_kept_on_the_28th_in_common_years() {
        let birthday: Birthday = "--02-29".parse().unwrap();
        assert_eq!(birthday.in_year(2028), date(2028, 2, 29));
        assert_eq!(birthday.in_year(2027), date(2027, 2, 28));
        assert_eq!(birthday.next_on_or_after(date(2027, 2, 28)), date(2027, 2, 28));
        assert_eq!(birthday.next_on_or_after(date(2027, 3, 1)), date(2028, 2, 29));
    }
}
