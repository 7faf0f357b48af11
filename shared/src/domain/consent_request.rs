//! Consent that is asked for: granted by whoever opens its link and says so, and by nobody else
//! (double opt-in, E05).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    ConsentId, ConsentPurpose, ConsentRequestId, CustomerId, FormId, Language, Line, PageAddress, ShopId, Text,
};
use crate::keyring::{AddressDigest, Keyring, Purpose, Token, TokenHash};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Asking {
    /// Somebody typed the address into a form and ticked the box: the mail that carries the link
    /// finds out whether it was them.
    Form {
        /// The form.
        form: FormId,
        /// The page it stood on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<PageAddress>,
        /// The network address it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source_ip: Option<Line<45>>,
    },
    /// The customer asked for it on a page that does not prove the address.
    Preferences,
    /// Staff hand the link over themselves: what opens proves nothing about the address.
    Staff {
        /// The subject of the member of staff.
        subject: Line<128>,
    },
}

/// A link that opens a page with some words and a button that agrees to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRequest {
    /// The request.
    pub id: ConsentRequestId,
    /// The shop that asks.
    pub shop: ShopId,
    /// Who is asked.
    pub customer: CustomerId,
    /// What about.
    pub purpose: ConsentPurpose,
    /// The words.
    pub text: Text<2000>,
    /// Their version.
    pub version: Line<40>,
    /// The language they are in.
    pub language: Language,
    /// Who asks.
    pub asking: Asking,
    /// The address the link was mailed to; of a customer who has another since, it is closed.
    pub address: AddressDigest,
    /// SHA-256 of the link's token.
    pub hash: TokenHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it opens no more.
    pub expires_at: Timestamp,
}

impl ConsentRequest {
    /// How long the link opens.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
    /// The generation of its token: a request is made anew, never changed.
    const GENERATION: u32 = 1;

    /// The token that opens the request `id`.
    pub fn token(keyring: &Keyring, id: ConsentRequestId) -> Token {
        keyring.token(Purpose::ConsentRequest, id.ulid(), Self::GENERATION)
    }

    /// Whether it opens at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether the link came by a mail to the address, so that whoever opens it has that mailbox.
    pub fn proves_address(&self) -> bool {
        match self.asking {
            Asking::Form { .. } | Asking::Preferences => true,
            Asking::Staff { .. } => false,
        }
    }
}

/// What became of a link that asks for consent, for whoever presses its button again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAnswer {
    /// The shop that asked.
    pub shop: ShopId,
    /// Who answered; that record may have been merged since.
    pub customer: CustomerId,
    /// What about.
    pub purpose: ConsentPurpose,
    /// The language of the words.
    pub language: Language,
    /// The piece of evidence that it made; `None` where a mail asks again, since the link proves
    /// nothing about the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<ConsentId>,
    /// When.
    pub at: Timestamp,
    /// From when it is told to nobody: the link would open no more.
    pub expires_at: Timestamp,
}

/// A code mailed to an address, to be typed into a page: who has it has the mailbox (C03). The code
/// itself is kept nowhere: it is made again from the id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressCode {
    /// The request; the newest is the only one that counts.
    pub id: super::AddressCodeId,
    /// The address it was mailed to.
    pub address: AddressDigest,
    /// How many wrong codes are left.
    pub tries_left: u32,
    /// When the codes of the last hour were sent, the newest last.
    pub sent_at: Vec<Timestamp>,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// Raised by every change.
    pub version: u64,
}

impl AddressCode {
    /// How many digits it has.
    pub const DIGITS: usize = 8;
    /// How long it is good.
    pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
    /// How often it may be mistyped.
    pub const TRIES: u32 = 5;
    /// How many are sent an hour.
    pub const PER_HOUR: usize = 3;
    /// How many are sent to one address a day.
    pub const PER_DAY: u32 = 10;
}
