//! What a person or a company is called.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Invalid, Line};

/// A customer's name as it was given, and its parts where they are known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    full: Line<200>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family: Option<Line<100>>,
}

impl Name {
    /// A name of which the parts are known. In full it is `full`, or its parts in their order.
    ///
    /// # Errors
    /// [`Invalid::Empty`] where nothing is given, [`Invalid::TooLong`] where the parts together are
    /// longer than a name.
    pub fn of(full: Option<Line<200>>, given: Option<Line<100>>, family: Option<Line<100>>) -> Result<Self, Invalid> {
        let parts = || [given.as_ref(), family.as_ref()].into_iter().flatten().map(Line::expose).collect::<Vec<_>>();
        match full {
            Some(full) if given.is_none() && family.is_none() => full.expose().parse(),
            Some(full) => Ok(Self { full, given, family }),
            None => Ok(Self { full: parts().join(" ").parse()?, given, family }),
        }
    }

    /// The name in full.
    pub fn expose(&self) -> &str {
        self.full.expose()
    }

    /// The first name, where the name could be split.
    pub fn given(&self) -> Option<&str> {
        self.given.as_ref().map(Line::expose)
    }

    /// The family name, where the name could be split.
    pub fn family(&self) -> Option<&str> {
        self.family.as_ref().map(Line::expose)
    }

    /// The name as lists sort it: the family name first, where it is known.
    pub fn sorted_by(&self) -> String {
        match (self.family(), self.given()) {
            (Some(family), Some(given)) => format!("{family} {given}"),
            _ => self.expose().to_owned(),
        }
    }
}

/// A plain name is split where that is safe: into two words, and no further. «Anne Marie Dupont»
/// may be Anne, or Anne Marie; nobody is called what we guessed.
impl FromStr for Name {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let full: Line<200> = text.parse()?;
        let mut words = full.expose().split_whitespace();
        let (given, family) = match (words.next(), words.next(), words.next()) {
            (Some(given), Some(family), None) => (given.parse().ok(), family.parse().ok()),
            _ => (None, None),
        };
        Ok(Self { full, given, family })
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_two_words_is_split_and_no_other() {
        let name: Name = "Zoé  Dupont".parse().unwrap();
        assert_eq!((name.given(), name.family()), (Some("Zoé"), Some("Dupont")));
        assert_eq!(name.sorted_by(), "Dupont Zoé");
        for text in ["Zoé", "Anne Marie Dupont"] {
            let name: Name = text.parse().unwrap();
            assert_eq!((name.given(), name.family(), name.sorted_by().as_str()), (None, None, text));
        }
    }

    #[test]
    fn known_parts_are_kept_as_they_are() {
        let name = |full: &str, given: &str, family: &str| {
            Name::of(full.parse().ok(), given.parse().ok(), family.parse().ok())
        };
        let parts = name("", "Anne Marie", "de la Tour").unwrap();
        assert_eq!((parts.expose(), parts.sorted_by().as_str()), ("Anne Marie de la Tour", "de la Tour Anne Marie"));
        let stage = name("Zazie", "Zoé", "Dupont").unwrap();
        assert_eq!((stage.expose(), stage.family()), ("Zazie", Some("Dupont")));
        assert_eq!(name("Zoé Dupont", "", "").unwrap().family(), Some("Dupont"));
        assert_eq!(name("", "", "Dupont").unwrap().expose(), "Dupont");
        assert_eq!(name("", "", ""), Err(Invalid::Empty));
        assert!(matches!(name("", &"a".repeat(100), &"b".repeat(100)), Err(Invalid::TooLong { .. })));
    }
}
