//! What a shop's mails look like: its colour and its logo.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Invalid, is_plain};

/// A colour as the web writes it, `#rrggbb`. Any will do: what is written in it is darkened or lifted
/// until it can be read.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

impl Colour {
    /// The colour of a shop that has chosen none.
    pub const DEFAULT: Self = Self([0x1f, 0x5f, 0xae]);

    /// Its red, green and blue.
    pub const fn channels(self) -> [u8; 3] {
        self.0
    }
}

impl FromStr for Colour {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let digits = text.strip_prefix('#').ok_or(Invalid::Colour)?;
        // The number alone would also take a sign.
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Invalid::Colour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| Invalid::Colour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl TryFrom<String> for Colour {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The address of a shop's logo. Whoever opens a mail fetches it, so it is `https`, and of characters
/// that need no escape anywhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Logo(String);

impl Logo {
    /// The longest, in bytes.
    pub const MAX: usize = 2048;

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Logo {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::Empty);
        }
        if text.len() > Self::MAX {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        if text.starts_with("https://") && is_plain(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::WebAddress)
        }
    }
}

impl TryFrom<String> for Logo {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Logo> for String {
    fn from(logo: Logo) -> Self {
        logo.0
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!("#0a7F3c".parse::<Colour>().unwrap().to_string(), "#0a7f3c");
        for bad in ["", "red", "#fff", "#+12345", "#12345g", "0a7f3c", "#0a7f3c;x", "#é1234"] {
            assert_eq!(bad.parse::<Colour>(), Err(Invalid::Colour), "{bad}");
        }
    }

    #[test]
    fn a_logo_is_fetched_safely() {
        assert_eq!("https://cdn.example/l.png?v=2".parse::<Logo>().unwrap().as_str(), "https://cdn.example/l.png?v=2");
        for bad in ["http://cdn.example/l.png", "data:image/png;base64,aa", "https://cdn.example/\"x", "https:///l.png"]
        {
            assert_eq!(bad.parse::<Logo>(), Err(Invalid::WebAddress), "{bad}");
        }
        assert_eq!("".parse::<Logo>(), Err(Invalid::Empty));
        assert!(matches!(
            format!("https://a.example/{}", "x".repeat(2048)).parse::<Logo>(),
            Err(Invalid::TooLong { .. })
        ));
    }
}
