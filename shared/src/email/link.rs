//! Addresses that may stand in a mail.

use std::fmt;

use thiserror::Error;

use crate::domain::is_plain;

/// An absolute `https` (on the laptop also `http`) address that is safe in an attribute: a
/// `javascript:` or a broken address can't reach a mail. It may hold a token, so it prints
/// masked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Link<'a>(&'a str);

/// The text is no absolute web address of at most 2,048 printable ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a link must be an absolute http(s) address without spaces or quotes")]
pub struct BadLink;

impl<'a> Link<'a> {
    /// Checks the address; non-ASCII must already be percent-encoded (RFC 3986).
    ///
    /// # Errors
    /// [`BadLink`] when it isn't an absolute `http(s)` address.
    pub fn new(address: &'a str) -> Result<Self, BadLink> {
        if address.len() <= 2048 && is_plain(address) { Ok(Self(address)) } else { Err(BadLink) }
    }

    pub(super) fn expose(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_that_break_nothing_are_links() {
        for good in ["https://a.example/p?x=1&y=%20#z", "http://localhost:3000/o/T", "http://[::1]/"] {
            assert!(Link::new(good).is_ok(), "{good}");
        }
        let long = format!("https://a.example/{}", "x".repeat(2048));
        for bad in [
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "//a.example",
            "https://a.example/\"onload=\"x",
            "https://a.example/a b",
            "https://a.example/\n",
            "https://é.example",
            &long,
        ] {
            assert_eq!(Link::new(bad), Err(BadLink), "{bad}");
        }
        assert_eq!(format!("{:?}", Link::new("https://a.example/secret")), "Ok(Link(…))");
    }
}
