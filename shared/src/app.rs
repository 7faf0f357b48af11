//! What every function is built from, once, at start.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::domain::{FormId, ImageId, Invalid};
use crate::keyring::Token;
use crate::table::Table;
use crate::{Clock, Entropy, Keyring};

/// The table, the secrets, and where time and randomness come from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The table.
    pub table: Table,
    /// The secrets.
    pub keyring: Keyring,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Where randomness comes from.
    pub entropy: Entropy,
    /// Where the public pages are, for the links in answers and mails.
    pub public_url: PublicUrl,
}

/// The address that public links begin with, without a path.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The quick-order page that `token` opens.
    pub fn order_page(&self, token: &Token) -> String {
        format!("{}/o/{}", self.0, token.expose())
    }

    /// The file of the image `id`, for every page.
    pub fn image(&self, id: ImageId) -> String {
        format!("{}/images/{id}", self.0)
    }

    /// Where a page sends the form `id`.
    pub fn form(&self, id: &FormId) -> String {
        format!("{}/f/{id}", self.0)
    }

    /// The preferences page that `token` opens.
    pub fn preferences(&self, token: &Token) -> String {
        format!("{}/p/{}", self.0, token.expose())
    }

    /// The page that asks for the consent of request `token`.
    pub fn consent_request(&self, token: &Token) -> String {
        format!("{}/agree", self.preferences(token))
    }

    /// Where one POST unsubscribes (RFC 8058).
    pub fn unsubscribe(&self, token: &Token) -> String {
        format!("{}/unsubscribe", self.preferences(token))
    }
}

impl FromStr for PublicUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let url = Url::parse(text).map_err(|_| Invalid::WebAddress)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(Invalid::WebAddress);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_public_address() {
        let url: PublicUrl = "http://localhost:3000/".parse().unwrap();
        let token = Token::parse(&"a".repeat(32)).unwrap();
        assert_eq!(url.order_page(&token), format!("http://localhost:3000/o/{}", "a".repeat(32)));
        assert_eq!(url.unsubscribe(&token), format!("http://localhost:3000/p/{}/unsubscribe", "a".repeat(32)));
        for text in ["localhost:3000", "https://a.example/path", "ftp://a.example", "https://a.example/?x=1"] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
