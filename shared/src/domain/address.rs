//! Web addresses that come from outside: where a form stands, who may post it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Invalid;

/// The page a form was sent from: http or https, without its query and fragment, which may hold
/// what concerns nobody. At most 500 bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageAddress(String);

impl PageAddress {
    const MAX: usize = 500;

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PageAddress {
    /// The site it is of.
    pub fn origin(&self) -> Option<Origin> {
        Url::parse(&self.0).ok()?.origin().ascii_serialization().parse().ok()
    }
}

impl FromStr for PageAddress {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut url = web_url(text)?;
        url.set_query(None);
        url.set_fragment(None);
        if url.as_str().len() > Self::MAX {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        Ok(Self(url.into()))
    }
}

/// The origin of a page (RFC 6454): scheme, host and port, as browsers send it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let origin = web_url(text)?.origin().ascii_serialization();
        if origin == text { Ok(Self(origin)) } else { Err(Invalid::WebAddress) }
    }
}

/// Whether `text` is a whole web address of printable ASCII that needs no escape in an attribute, in a
/// mail's header or in a text: so that nothing else can follow it there (RFC 3986).
pub(crate) fn is_plain(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let allowed = |b: u8| b.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&b);
    let host = rest.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'[');
    host && rest.bytes().all(allowed)
}

fn web_url(text: &str) -> Result<Url, Invalid> {
    let url = Url::parse(text).map_err(|_| Invalid::WebAddress)?;
    let of_the_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let without_secrets = url.username().is_empty() && url.password().is_none();
    if of_the_web && without_secrets { Ok(url) } else { Err(Invalid::WebAddress) }
}

macro_rules! text_conversions {
    ($($name:ident)*) => {$(
        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(address: $name) -> Self {
                address.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_conversions!(PageAddress Origin);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_without_its_query() {
        let page: PageAddress = "https://shop.example/contact?utm_source=x#form".parse().unwrap();
        assert_eq!(page.as_str(), "https://shop.example/contact");
        for text in ["", "shop.example", "javascript:alert(1)", "file:///etc/passwd", "https://u:p@shop.example/"] {
            assert!(text.parse::<PageAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_origin_is_spelled_as_browsers_do() {
        assert!("https://shop.example".parse::<Origin>().is_ok());
        assert!("http://127.0.0.1:8080".parse::<Origin>().is_ok());
        for text in ["https://shop.example/", "https://Shop.example", "https://shop.example:443", "null", "*"] {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
    }
}
