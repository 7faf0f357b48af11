//! E-mail addresses, and when two spellings are one address.

use std::fmt;
use std::str::FromStr;

use email_address::{EmailAddress as Syntax, Options};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Invalid;

/// An address mail can be sent to: as it was typed, and the one spelling it is known by.
///
/// Two addresses are one where they differ in case, in Unicode composition, in the spelling of an
/// international domain (IDNA) or by a trailing dot. Dots and `+tags` in the local part are left
/// alone: only their own provider knows what they mean.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    typed: String,
    normalised: String,
}

impl EmailAddress {
    /// The longest address, in octets (RFC 5321, 4.5.3.1.3 less the brackets).
    pub const MAX_BYTES: usize = 254;

    /// The address as it was typed, for delivery.
    pub fn expose(&self) -> &str {
        &self.typed
    }

    /// The spelling that stands for the address: lower case, NFC, the domain in ASCII.
    pub fn normalised(&self) -> &str {
        &self.normalised
    }

    /// The address as SES takes it: the domain in ASCII. `None` where the part before the `@` is not
    /// ASCII, since SES has no SMTPUTF8.
    pub fn deliverable(&self) -> Option<String> {
        let (local, _) = self.typed.rsplit_once('@')?;
        let (_, domain) = self.normalised.rsplit_once('@')?;
        local.is_ascii().then(|| format!("{local}@{domain}"))
    }

    /// The address for those who may not see it: `z…@example.com`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.typed.split_once('@').unwrap_or((&self.typed, ""));
        let initial: String = local.chars().take(1).collect();
        format!("{initial}…@{domain}")
    }
}

impl FromStr for EmailAddress {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let typed: String = text.trim().nfc().collect();
        if typed.is_empty() {
            return Err(Invalid::Empty);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(Invalid::Email)?;
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        let ascii_domain = idna::domain_to_ascii_strict(domain).map_err(|_| Invalid::Email)?;
        let normalised = format!("{}@{ascii_domain}", local.to_lowercase());
        let typed = format!("{local}@{domain}");
        if typed.len() > Self::MAX_BYTES || normalised.len() > Self::MAX_BYTES {
            return Err(Invalid::TooLong { max: Self::MAX_BYTES });
        }
        let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
        Syntax::parse_with_options(&normalised, options).map_err(|_| Invalid::Email)?;
        // Quoted local parts are legal and never typed; what they allow (spaces, quotes) breaks forms and CSV.
        if local.contains(['"', ' ', '\\']) || local.chars().any(char::is_control) {
            return Err(Invalid::Email);
        }
        Ok(Self { typed, normalised })
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.typed
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_normalised_spelling() {
        for text in ["Zoe@Example.COM", " zoe@example.com ", "zoe@example.com.", "ZOE@EXAMPLE.com"] {
            assert_eq!(text.parse::<EmailAddress>().unwrap().normalised(), "zoe@example.com", "{text:?}");
        }
        let composed: EmailAddress = "zoé@café.fr".parse().unwrap();
        let decomposed: EmailAddress = "zoe\u{301}@cafe\u{301}.fr".parse().unwrap();
        assert_eq!(composed, decomposed);
        assert_eq!(composed.normalised(), "zoé@xn--caf-dma.fr");
    }

    #[test]
    fn what_cannot_be_delivered_to_is_refused() {
        for text in [
            "",
            "zoe",
            "@example.com",
            "zoe@",
            "zoe@localhost",
            "a b@example.com",
            "zoe@exa mple.com",
            "a@b@c.com",
            "\"a b\"@example.com",
            "zoe@[127.0.0.1]",
            "Zoe <zoe@example.com>",
            "zoe@example..com",
            "zoe\0@example.com",
            "zoe@-example.com",
            "zoe@example.com\nBcc: x@y.com",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
        let long = format!("{}@example.com", "a".repeat(250));
        assert_eq!(long.parse::<EmailAddress>(), Err(Invalid::TooLong { max: 254 }));
    }

    #[test]
    fn an_international_domain_is_delivered_to_in_ascii() {
        let deliverable = |text: &str| text.parse::<EmailAddress>().unwrap().deliverable();
        assert_eq!(deliverable("Zoe@café.fr").as_deref(), Some("Zoe@xn--caf-dma.fr"));
        assert_eq!(deliverable("zoé@café.fr"), None);
    }

    #[test]
    fn an_address_is_masked_in_debug() {
        let address: EmailAddress = "zoe@example.com".parse().unwrap();
        assert_eq!(format!("{address:?}"), "EmailAddress(z…@example.com)");
    }
}
