//! Tags: what staff put on a customer (S03). Eight are built in, the others are the shop's own.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Invalid, Line, Locale, fold};

/// A tag, whatever case, accents and punctuation it was typed in: «No-show», `no_show` and
/// `NO SHOW` are one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TagId(String);

/// The built-in tags: their id, their French and their English name.
const BUILT_IN: [(&str, &str, &str); 8] = [
    ("friends_family", "Amis & Famille", "Friends & Family"),
    ("business", "Business", "Business"),
    ("influencer", "Influenceur", "Influencer"),
    ("local", "Local", "Local"),
    ("no_show", "No-show", "No-show"),
    ("problematic", "Problématique", "Problematic"),
    ("regular", "Régulier", "Regular"),
    ("vip", "VIP", "VIP"),
];

impl TagId {
    /// The longest tag, in characters.
    pub const MAX: usize = 40;

    /// The built-in tags.
    pub fn built_in() -> impl Iterator<Item = Self> {
        BUILT_IN.iter().map(|(id, _, _)| Self((*id).to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a built-in tag is called in `locale`; `None` for a shop's own.
    pub fn label(&self, locale: Locale) -> Option<&'static str> {
        BUILT_IN.iter().find(|(id, _, _)| *id == self.0).map(|(_, fr, en)| match locale {
            Locale::Fr => *fr,
            Locale::En => *en,
        })
    }

    /// Whether staff are told of it when the customer orders or reserves.
    pub fn alerts(&self) -> bool {
        matches!(self.as_str(), "no_show" | "problematic")
    }
}

/// The letters and digits of `text`, folded, joined by `_`.
fn joined(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

impl FromStr for TagId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let line: Line<{ Self::MAX }> = text.parse()?;
        let typed = joined(line.expose());
        if typed.is_empty() {
            return Err(Invalid::Empty);
        }
        // Folding makes some letters two.
        if typed.chars().count() > Self::MAX {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        let same = |(id, fr, en): &&(&str, &str, &str)| *id == typed || joined(fr) == typed || joined(en) == typed;
        let known = BUILT_IN.iter().find(same);
        Ok(Self(known.map_or(typed, |(id, _, _)| (*id).to_owned())))
    }
}

impl TryFrom<String> for TagId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<TagId> for String {
    fn from(id: TagId) -> Self {
        id.0
    }
}

impl fmt::Display for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TagId({self})")
    }
}

/// A shop's own tag, as it was first typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTag {
    /// The tag.
    pub id: TagId,
    /// What the shop calls it.
    pub label: Line<{ TagId::MAX }>,
}

/// A tag as it stands on a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagMark {
    /// What the shop calls a tag of its own, as it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Line<{ TagId::MAX }>>,
    /// Why it was put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line<200>>,
    /// The last day on which it stands, in the shop's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// When it was put.
    pub at: Timestamp,
    /// Who put it: the staff member's subject.
    pub by: Line<128>,
}

impl TagMark {
    fn stands_on(&self, day: Date) -> bool {
        self.expires_on.is_none_or(|last| last >= day)
    }
}

/// The tags of a customer: at most nine that stand (decision A14.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(BTreeMap<TagId, TagMark>);

impl Tags {
    /// The most tags of one customer.
    pub const MAX: usize = 9;

    /// Whether there are none, expired ones included.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, expired ones included.
    pub fn iter(&self) -> impl Iterator<Item = (&TagId, &TagMark)> {
        self.0.iter()
    }

    /// The tags that stand on `day`.
    pub fn on(&self, day: Date) -> impl Iterator<Item = (&TagId, &TagMark)> {
        self.0.iter().filter(move |(_, mark)| mark.stands_on(day))
    }

    /// Puts a tag, or puts it anew. What expired before `today` is forgotten.
    ///
    /// # Errors
    /// [`Invalid::TooMany`] when nine others stand.
    pub fn put(&mut self, tag: TagId, mark: TagMark, today: Date) -> Result<(), Invalid> {
        self.0.retain(|_, mark| mark.stands_on(today));
        if self.0.len() >= Self::MAX && !self.0.contains_key(&tag) {
            return Err(Invalid::TooMany { max: Self::MAX });
        }
        self.0.insert(tag, mark);
        Ok(())
    }

    /// Takes a tag off; `false` if it did not stand on `today`.
    pub fn take_off(&mut self, tag: &TagId, today: Date) -> bool {
        self.0.remove(tag).is_some_and(|mark| mark.stands_on(today))
    }

    /// These tags and those of `other` that stand on `today`, as many as one customer may have:
    /// what warns staff first, then these, then the others.
    pub fn joined_with(&self, other: &Self, today: Date) -> Self {
        let both = self.on(today).chain(other.on(today).filter(|(tag, _)| !self.0.contains_key(tag)));
        let (warnings, rest): (Vec<_>, Vec<_>) = both.partition(|(tag, _)| tag.alerts());
        let kept = warnings.into_iter().chain(rest).take(Self::MAX);
        Self(kept.map(|(tag, mark)| (tag.clone(), mark.clone())).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_built_in_tag_is_known_by_any_of_its_names() {
        for text in ["no_show", "No-show", "NO SHOW", " no-Show "] {
            assert_eq!(text.parse::<TagId>().unwrap().as_str(), "no_show", "{text:?}");
        }
        assert_eq!("Amis & Famille".parse::<TagId>().unwrap().as_str(), "friends_family");
        assert_eq!("problematique".parse::<TagId>().unwrap().as_str(), "problematic");
        assert_eq!("Fidèle".parse::<TagId>(), "fidele".parse());
        assert_eq!(TagId::built_in().count(), 8);
        for tag in TagId::built_in() {
            assert_eq!(tag.as_str().parse::<TagId>(), Ok(tag.clone()));
        }
        assert_eq!("--".parse::<TagId>(), Err(Invalid::Empty));
        assert_eq!("x".repeat(41).parse::<TagId>(), Err(Invalid::TooLong { max: 40 }));
    }

    #[test]
    fn nine_pass_and_the_tenth_does_not_unless_one_expired() {
        let today = date(2026, 11, 22);
        let mark = |expires_on| TagMark {
            label: None,
            reason: None,
            expires_on,
            at: Timestamp::UNIX_EPOCH,
            by: "staff".parse().unwrap(),
        };
        let mut tags = Tags::default();
        for number in 0..9 {
            let expires_on = (number == 0).then_some(today);
            tags.put(format!("tag {number}").parse().unwrap(), mark(expires_on), today).unwrap();
        }
        let tenth: TagId = "tenth".parse().unwrap();
        assert_eq!(tags.put(tenth.clone(), mark(None), today), Err(Invalid::TooMany { max: 9 }));
        assert_eq!(tags.put("Tag-3".parse().unwrap(), mark(None), today), Ok(()), "put anew");
        let tomorrow = date(2026, 11, 23);
        assert_eq!(tags.on(tomorrow).count(), 8);
        assert_eq!(tags.put(tenth.clone(), mark(None), tomorrow), Ok(()));
        assert!(tags.take_off(&tenth, tomorrow) && !tags.take_off(&tenth, tomorrow));
    }
}
