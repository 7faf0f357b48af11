//! Money: whole minor units with their currency. No float ever holds a price.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Invalid, Locale};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// The ISO 4217 code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals an amount has: 2 for the euro, 0 for the yen, 3 for the Tunisian dinar.
    pub fn decimals(self) -> u32 {
        self.0.exponent().unwrap_or(0).into()
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl FromStr for Currency {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        iso_currency::Currency::from_code(text).map(Self).ok_or(Invalid::Currency)
    }
}

impl TryFrom<String> for Currency {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of minor units (cents, for the euro) in a currency.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// The greatest price or total, in minor units: far from the limits of `i64`, so that a sum of
    /// a full order can't overflow.
    pub const MAX_MINOR: i64 = 1_000_000_000_000;

    /// `minor` units of `currency`.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] beyond ±[`MAX_MINOR`](Self::MAX_MINOR).
    pub fn new(minor: i64, currency: Currency) -> Result<Self, Invalid> {
        let range = -Self::MAX_MINOR..=Self::MAX_MINOR;
        if !range.contains(&minor) {
            return Err(Invalid::OutOfRange { min: *range.start(), max: *range.end() });
        }
        Ok(Self { minor, currency })
    }

    /// Nothing, in `currency`.
    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The amount in minor units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// As much below zero as this is above.
    pub fn negated(self) -> Self {
        Self { minor: -self.minor, ..self }
    }

    /// This amount `quantity` times; `None` beyond [`MAX_MINOR`](Self::MAX_MINOR).
    pub fn times(self, quantity: u32) -> Option<Self> {
        Self::new(self.minor.checked_mul(quantity.into())?, self.currency).ok()
    }

    /// The sum with an amount of the same currency; `None` for another currency or beyond
    /// [`MAX_MINOR`](Self::MAX_MINOR).
    pub fn plus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency).then_some(())?;
        Self::new(self.minor.checked_add(other.minor)?, self.currency).ok()
    }

    /// The amount as a plain decimal number: `17.99`.
    pub fn decimal(self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        match digits.split_at(digits.len() - decimals) {
            (units, "") => format!("{sign}{units}"),
            (units, minor) => format!("{sign}{units}.{minor}"),
        }
    }

    /// The amount as a reader of `locale` writes it: `17,99 €`, `€17.99`.
    pub fn display(self, locale: Locale) -> String {
        let symbol = self.currency.0.symbol().to_string();
        let decimal = self.decimal();
        let (sign, decimal) = match decimal.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", decimal.as_str()),
        };
        let (units, minor) = decimal.split_once('.').unwrap_or((decimal, ""));
        let point = match locale {
            Locale::Fr => ",",
            Locale::En => ".",
        };
        let mut number = grouped(units, thousands(locale));
        if !minor.is_empty() {
            number.push_str(point);
            number.push_str(minor);
        }
        match locale {
            Locale::Fr => format!("{sign}{number}\u{a0}{symbol}"),
            Locale::En => format!("{sign}{symbol}{number}"),
        }
    }
}

fn grouped(units: &str, separator: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in units.chars().enumerate() {
        if at > 0 && (units.len() - at).is_multiple_of(3) {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency.code())
    }
}

/// A customer's own discount, in basis points from 0 to 10,000 (F11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Discount(u16);

impl Discount {
    const WHOLE: i64 = 10_000;

    /// The discount in basis points.
    pub fn basis_points(self) -> u16 {
        self.0
    }

    /// Whether it takes nothing off.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `price` less this discount, rounded half up to the minor unit: 10 % off 19.99 is 17.99.
    pub fn apply(self, price: Money) -> Money {
        let kept = i128::from(price.minor) * i128::from(Self::WHOLE - i64::from(self.0));
        let rounded = (kept + i128::from(Self::WHOLE / 2)).div_euclid(i128::from(Self::WHOLE));
        let minor = i64::try_from(rounded).expect("no greater than the price");
        Money { minor, currency: price.currency }
    }

    /// The discount as a percentage, without needless zeros, as a reader of `locale` writes it:
    /// `12,5 %` with a no-break space in French, `12.5%` in English.
    pub fn display(self, locale: Locale) -> String {
        percentage(locale, self.0.into())
    }
}

/// Parts of ten thousand as a percentage, without needless zeros, as a reader of `locale` writes it.
pub(super) fn percentage(locale: Locale, basis_points: u64) -> String {
    let (units, hundredths) = (basis_points / 100, basis_points % 100);
    let digits = match (hundredths / 10, hundredths % 10) {
        (0, 0) => String::new(),
        (tenth, 0) => tenth.to_string(),
        (tenth, hundredth) => format!("{tenth}{hundredth}"),
    };
    let (point, sign) = match locale {
        Locale::Fr => (",", "\u{a0}%"),
        Locale::En => (".", "%"),
    };
    format!("{units}{}{digits}{sign}", if digits.is_empty() { "" } else { point })
}

/// A whole number with its thousands apart, as a reader of `locale` writes it.
pub(super) fn whole_number(locale: Locale, number: u64) -> String {
    grouped(&number.to_string(), thousands(locale))
}

fn thousands(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "\u{202f}",
        Locale::En => ",",
    }
}

impl TryFrom<i64> for Discount {
    type Error = Invalid;

    fn try_from(basis_points: i64) -> Result<Self, Invalid> {
        match u16::try_from(basis_points) {
            Ok(value) if i64::from(value) <= Self::WHOLE => Ok(Self(value)),
            _ => Err(Invalid::OutOfRange { min: 0, max: Self::WHOLE }),
        }
    }
}

impl From<Discount> for i64 {
    fn from(discount: Discount) -> Self {
        discount.0.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR).unwrap()
    }

    #[test]
    fn ten_percent_off_19_99_is_17_99() {
        let discount = Discount::try_from(1000).unwrap();
        assert_eq!(discount.apply(eur(1999)), eur(1799));
        assert_eq!(discount.apply(eur(5)), eur(5), "4.5 cents round up");
        assert_eq!(discount.apply(eur(4)), eur(4), "3.6 cents round up");
        assert_eq!(Discount::try_from(10_000).unwrap().apply(eur(1999)), eur(0));
        let displayed = |bp, locale| Discount::try_from(bp).unwrap().display(locale);
        assert_eq!((displayed(1250, Locale::Fr), displayed(1250, Locale::En)), ("12,5\u{a0}%".into(), "12.5%".into()));
        assert_eq!((displayed(1000, Locale::Fr), displayed(5, Locale::En)), ("10\u{a0}%".into(), "0.05%".into()));
        assert!(Discount::try_from(-1).is_err() && Discount::try_from(10_001).is_err());
    }

    #[test]
    fn amounts_are_written_as_their_currency_and_reader_do() {
        assert_eq!(eur(1_234_567).display(Locale::Fr), "12\u{202f}345,67\u{a0}€");
        assert_eq!(eur(1_234_567).display(Locale::En), "€12,345.67");
        assert_eq!(eur(-5).decimal(), "-0.05");
        let yen = Money::new(1200, "JPY".parse().unwrap()).unwrap();
        assert_eq!(yen.decimal(), "1200");
        let dinar = Money::new(1200, "TND".parse().unwrap()).unwrap();
        assert_eq!(dinar.decimal(), "1.200");
        assert!("EURO".parse::<Currency>().is_err() && "eur".parse::<Currency>().is_err());
    }

    proptest! {
        #[test]
        fn a_discounted_price_is_the_exact_one_within_half_a_unit(minor in 0..=Money::MAX_MINOR, bp in 0..=10_000i64) {
            let exact = i128::from(minor) * i128::from(10_000 - bp);
            let priced = i128::from(Discount::try_from(bp).unwrap().apply(eur(minor)).minor()) * 10_000;
            prop_assert!(priced - exact <= 5_000 && exact - priced < 5_000, "half up");
        }
    }
}
