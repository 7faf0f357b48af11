//! Languages: what a customer reads, and what we can write.

use std::fmt;
use std::str::FromStr;

use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};

use super::Invalid;

/// A well-formed BCP 47 tag in canonical case, of at most 35 characters (RFC 5646, 4.4.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    const MAX: usize = 35;

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag: `fr` of `fr-CA`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The first language that an `Accept-Language` header prefers (RFC 9110, 12.5.4), if any.
    pub fn preferred(accept_language: &str) -> Option<Self> {
        let mut ranges: Vec<(f32, &str)> = accept_language
            .split(',')
            .take(20)
            .filter_map(|range| {
                let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
                let quality = match parameters.trim().strip_prefix("q=") {
                    Some(quality) => quality.parse().ok()?,
                    None => 1.0,
                };
                (quality > 0.0).then_some((quality, tag.trim()))
            })
            .collect();
        ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranges.into_iter().find_map(|(_, tag)| tag.parse().ok())
    }
}

impl FromStr for Language {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        let tag = LanguageTag::parse_and_normalize(text).map_err(|_| Invalid::Language)?;
        // The syntax allows subtags of up to eight letters; a language has two or three.
        if !(2..=3).contains(&tag.primary_language().len()) {
            return Err(Invalid::Language);
        }
        Ok(Self(tag.into_inner()))
    }
}

impl TryFrom<String> for Language {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A language that our own pages, mails and messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// French.
    Fr,
    /// English.
    En,
}

impl Locale {
    /// Every language we write.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The tag of this language.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// What we write for a reader of `language`: that, or the nearest we have.
    pub fn of(language: &Language) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag() == language.primary())
    }

    /// What an `Accept-Language` header asks for, English where it asks for nothing we write.
    pub fn negotiate(accept_language: Option<&str>) -> Self {
        accept_language.and_then(Language::preferred).and_then(|language| Self::of(&language)).unwrap_or(Self::En)
    }

    /// The language as a tag.
    pub fn language(self) -> Language {
        Language(self.tag().to_owned())
    }
}

/// By its own tag and no other.
impl FromStr for Locale {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|locale| locale.tag() == text).ok_or(Invalid::Language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_well_formed_and_in_canonical_case() {
        assert_eq!("FR-ca".parse::<Language>().unwrap().as_str(), "fr-CA");
        assert_eq!("zh-hant-tw".parse::<Language>().unwrap().primary(), "zh");
        for text in ["", "f", "french", "fr_FR", "x-private", "fr-", "é"] {
            assert!(text.parse::<Language>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn accept_language_is_read_by_quality() {
        assert_eq!(Language::preferred("en;q=0.5, fr-FR, *;q=0.1").unwrap().as_str(), "fr-FR");
        assert_eq!(Language::preferred("*"), None);
        assert_eq!(Locale::negotiate(Some("fr-CH, en;q=0.9")), Locale::Fr);
        assert_eq!(Locale::negotiate(Some("de, fr;q=0")), Locale::En);
        assert_eq!(Locale::negotiate(None), Locale::En);
    }
}
