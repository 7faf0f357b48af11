//! Countries.

use std::fmt;
use std::str::FromStr;

use phonenumber::country::Id;
use serde::{Deserialize, Serialize};

use super::Invalid;

/// An ISO 3166-1 alpha-2 country that has a telephone plan.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(Id);

impl Country {
    /// France.
    pub const FR: Self = Self(Id::FR);

    pub(super) fn telephone_plan(self) -> Id {
        self.0
    }
}

impl FromStr for Country {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Id::from_str(text).map(Self).map_err(|_| Invalid::Country)
    }
}

impl TryFrom<String> for Country {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
