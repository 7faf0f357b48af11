//! Cursors: where a list goes on, in a form that its reader can't read, change or use elsewhere:
//! a position holds the key of the last item, and with it a word that not everybody may see.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Keyring;
use crate::domain::ShopId;

/// Seals positions of one query in one shop.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    keyring: &'a Keyring,
    shop: &'a ShopId,
    query: String,
}

impl<'a> Cursor<'a> {
    /// Cursors of `query`: the list's name and everything that chooses and orders its items. A
    /// cursor of another query, or of another shop, opens nothing here.
    pub fn new(keyring: &'a Keyring, shop: &'a ShopId, query: &[&str]) -> Self {
        Self { keyring, shop, query: query.join("\u{1f}") }
    }

    /// The cursor of `position`.
    pub fn seal(&self, position: &impl Serialize) -> String {
        let payload = serde_json::to_vec(position).expect("a position is plain data");
        self.keyring.seal(&self.context(), &payload)
    }

    /// The position behind `cursor`; `None` for what this query never gave out.
    pub fn open<P: DeserializeOwned>(&self, cursor: &str) -> Option<P> {
        let payload = self.keyring.open(&self.context(), cursor)?;
        serde_json::from_slice(&payload).ok()
    }

    fn context(&self) -> [&str; 3] {
        ["cursor", self.shop.as_str(), &self.query]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_for_its_shop_and_query_only() {
        let keyring = Keyring::new(&[7; 32]).unwrap();
        let (main, other) = ("main".parse().unwrap(), "other".parse().unwrap());
        let sealed = Cursor::new(&keyring, &main, &["customers", "potential"]).seal(&"here");
        let open = |shop, query: &[&str]| Cursor::new(&keyring, shop, query).open::<String>(&sealed);
        assert_eq!(open(&main, &["customers", "potential"]).as_deref(), Some("here"));
        assert_eq!(open(&other, &["customers", "potential"]), None);
        assert_eq!(open(&main, &["customers", "current"]), None);
    }
}
