//! Bounded text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::Invalid;

/// One line of 1 to `MAX` characters, trimmed and in NFC, without control characters. Masked in
/// `Debug`: most lines are about a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MAX: usize>(String);

/// Text of 1 to `MAX` characters that may have line breaks (kept as `\n`) and tabs; otherwise as
/// [`Line`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Line<MAX> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = composed(text.trim());
        bounded(text, MAX, char::is_control).map(Self)
    }
}

impl<const MAX: usize> Text<MAX> {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = composed(text.replace("\r\n", "\n").replace('\r', "\n").trim());
        bounded(text, MAX, |c| c.is_control() && c != '\n' && c != '\t').map(Self)
    }
}

/// In NFC, as nearly everything is that somebody types: that is quickly seen, and slowly done.
fn composed(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

fn bounded(text: String, max: usize, forbidden: impl Fn(char) -> bool) -> Result<String, Invalid> {
    if text.is_empty() {
        return Err(Invalid::Empty);
    }
    if text.chars().any(forbidden) {
        return Err(Invalid::ControlCharacter);
    }
    if text.chars().count() > max {
        return Err(Invalid::TooLong { max });
    }
    Ok(text)
}

macro_rules! conversions {
    ($name:ident) => {
        impl<const MAX: usize> TryFrom<String> for $name<MAX> {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> Self {
                text.0
            }
        }

        impl<const MAX: usize> fmt::Debug for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(…{} characters)", stringify!($name), self.0.chars().count())
            }
        }
    };
}

conversions!(Line);
conversions!(Text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_composed_and_bounded() {
        assert_eq!(" Zoe\u{308} ".parse::<Line<4>>().unwrap().expose(), "Zoë");
        assert_eq!("".parse::<Line<4>>(), Err(Invalid::Empty));
        assert_eq!("  ".parse::<Line<4>>(), Err(Invalid::Empty));
        assert_eq!("abcde".parse::<Line<4>>(), Err(Invalid::TooLong { max: 4 }));
        for text in ["a\0", "a\nb", "a\u{1b}", "a\u{85}b"] {
            assert_eq!(text.parse::<Line<4>>(), Err(Invalid::ControlCharacter), "{text:?}");
        }
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!("a\r\nb\rc\td".parse::<Text<10>>().unwrap().expose(), "a\nb\nc\td");
        assert_eq!("a\0".parse::<Text<10>>(), Err(Invalid::ControlCharacter));
    }

    #[test]
    fn personal_text_is_masked_in_debug() {
        assert_eq!(format!("{:?}", "Zoé".parse::<Line<9>>().unwrap()), "Line(…3 characters)");
    }
}
