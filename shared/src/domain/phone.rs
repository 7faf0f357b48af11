//! Telephone numbers.

use std::fmt;

use phonenumber::Mode;
use serde::{Deserialize, Serialize};

use super::{Country, Invalid, Line};

/// A telephone number: as it was typed, and in E.164.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    typed: Line<40>,
    e164: String,
    /// As dialled in its own country, digits only, trunk prefix included: what people search by.
    national: String,
}

impl Phone {
    /// The number that `text` is in `country`, unless it names its own with `+` or `00`.
    ///
    /// # Errors
    /// [`Invalid::Phone`] where no telephone plan has such a number.
    pub fn parse(country: Country, text: &str) -> Result<Self, Invalid> {
        let typed: Line<40> = text.parse()?;
        let dialled = match typed.expose().strip_prefix("00") {
            Some(rest) => format!("+{rest}"),
            None => typed.expose().to_owned(),
        };
        let number = phonenumber::parse(Some(country.telephone_plan()), &dialled).map_err(|_| Invalid::Phone)?;
        if !number.is_valid() || number.extension().is_some() {
            return Err(Invalid::Phone);
        }
        let e164 = number.format().mode(Mode::E164).to_string();
        let national = number.format().mode(Mode::National).to_string();
        Ok(Self { typed, e164, national: national.chars().filter(char::is_ascii_digit).collect() })
    }

    /// The number as it was typed.
    pub fn expose(&self) -> &str {
        self.typed.expose()
    }

    /// The number in E.164: `+33612345678`.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// The number as dialled at home, digits only: `0612345678`.
    pub fn national_digits(&self) -> &str {
        &self.national
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_e164() {
        for text in ["06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78", "+33 (0)6 12 34 56 78"] {
            let phone = Phone::parse(Country::FR, text).unwrap();
            assert_eq!(phone.e164(), "+33612345678", "{text:?}");
            assert_eq!(phone.national_digits(), "0612345678", "{text:?}");
            assert_eq!(phone.expose(), text);
        }
    }

    #[test]
    fn what_no_plan_has_is_refused() {
        for text in ["", "12", "06 12 34 56", "hello", "+33 6 12 34 56 78 90 12", "06\u{0}12345678"] {
            assert!(Phone::parse(Country::FR, text).is_err(), "{text:?}");
        }
    }
}
