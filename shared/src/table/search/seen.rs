//! Who was found already, as a cursor carries it from page to page.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::domain::CustomerId;

/// Customers whom a search has found already, each as half of its id's random part: enough that
/// two are never taken for one, and short enough for a cursor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Seen(BTreeSet<[u8; 8]>);

impl Seen {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn holds(&self, id: CustomerId) -> bool {
        self.0.contains(&Self::mark(id))
    }

    pub(super) fn add(&mut self, id: CustomerId) {
        self.0.insert(Self::mark(id));
    }

    fn mark(id: CustomerId) -> [u8; 8] {
        let bytes = id.ulid().to_bytes();
        let mut mark = [0; 8];
        mark.copy_from_slice(&bytes[8..]);
        mark
    }
}

impl TryFrom<String> for Seen {
    type Error = data_encoding::DecodeError;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes())?;
        Ok(Self(bytes.as_chunks().0.iter().copied().collect()))
    }
}

impl From<Seen> for String {
    fn from(seen: Seen) -> Self {
        BASE64URL_NOPAD.encode(&seen.0.into_iter().flatten().collect::<Vec<u8>>())
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn what_was_seen_comes_back_from_a_cursor_and_is_short() {
        let id = |number: u128| CustomerId::new(Ulid::from_parts(1_700_000_000_000, number * 7919));
        let mut seen = Seen::default();
        (0..300).for_each(|number| seen.add(id(number)));
        seen.add(id(7));
        let text = serde_json::to_string(&seen).unwrap();
        assert!(text.len() < 3300, "{} bytes", text.len());
        let back: Seen = serde_json::from_str(&text).unwrap();
        assert_eq!((&back, back.len()), (&seen, 300));
        assert!(back.holds(id(299)) && !back.holds(id(300)));
    }
}
