//! Identifiers. Records have ULIDs, which sort by the time of their making; shops and forms have
//! short names that a person types.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::Invalid;

macro_rules! ulid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Ulid);

        impl $name {
            /// The id made of `ulid`.
            pub const fn new(ulid: Ulid) -> Self {
                Self(ulid)
            }

            /// The ULID itself.
            pub const fn ulid(self) -> Ulid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                parse_ulid(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.to_string())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    )*};
}

ulid_id! {
    /// A customer. Never changes, and is the order of first contact.
    CustomerId;
    /// A note on a customer.
    NoteId;
    /// A group of customers.
    GroupId;
    /// A product of the catalogue.
    ProductId;
    /// An order; its number derives from it.
    OrderId;
    /// A magic link.
    OrderLinkId;
    /// A quick order in the making: what makes posting it twice one order.
    DraftId;
    /// What a form sent, once.
    SubmissionId;
    /// A piece of consent evidence.
    ConsentId;
    /// A link that asks for consent.
    ConsentRequestId;
    /// A code mailed to an address.
    AddressCodeId;
    /// Something the shop is told of by e-mail.
    NoticeId;
    /// An e-mail to one person.
    MessageId;
    /// An export job.
    ExportId;
    /// A job of more than one transaction.
    JobId;
    /// Money given back for an order.
    RefundId;
    /// A reservation, visit, call or message.
    InteractionId;
    /// An audit entry.
    AuditId;
    /// One worker's hold on a record.
    ClaimId;
}

/// The canonical form only (26 upper-case characters): one record, one address.
fn parse_ulid(text: &str) -> Result<Ulid, Invalid> {
    Ulid::from_string(text).ok().filter(|ulid| ulid.to_string() == text).ok_or(Invalid::Id)
}

macro_rules! slug_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The longest, in characters.
            pub const MAX: usize = 40;

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                let well_formed = (1..=Self::MAX).contains(&text.len())
                    && text.bytes().all(allowed)
                    && !text.starts_with('-')
                    && !text.ends_with('-');
                if well_formed { Ok(Self(text.to_owned())) } else { Err(Invalid::Id) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    )*};
}

slug_id! {
    /// A shop: 1 to 40 of `a-z`, `0-9` and inner `-`. Every key of the table begins with it, so it
    /// must never hold the keys' separator.
    ShopId;
    /// A form: spelled like a shop's id, and unique in the deployment, since it leads to the shop.
    FormId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = CustomerId::new(Ulid::from_parts(1_700_000_000_000, 42));
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "01", &id.to_string().to_lowercase(), &format!("{id}0"), "O1HF3QPX000000000000000019"] {
            assert_eq!(text.parse::<CustomerId>(), Err(Invalid::Id), "{text:?}");
        }
    }

    #[test]
    fn a_shop_id_never_holds_a_separator() {
        assert!("main".parse::<ShopId>().is_ok());
        for text in ["", "a#b", "Main", "-a", "a-", "a b", "é", &"a".repeat(41)] {
            assert_eq!(text.parse::<ShopId>(), Err(Invalid::Id), "{text:?}");
        }
    }
}
