//! The secrets of a deployment: one root key, and a sub-key per purpose by HKDF (RFC 5869).
//!
//! A token is an HMAC over its purpose, the id of the record it opens and that record's
//! generation, so that a retry or the mailer can make the same token again while the table keeps
//! only its SHA-256. Raising the generation makes the old token worthless.

use std::fmt;

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use crate::domain::{EmailAddress, ShopId};

/// What a token opens. Part of the HMAC, so a token of one purpose is none of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A customer's quick-order page.
    OrderLink,
    /// A customer's preferences: consents and unsubscription.
    Preferences,
    /// A page that asks for consent.
    ConsentRequest,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::OrderLink => "order-link",
            Self::Preferences => "preferences",
            Self::ConsentRequest => "consent-request",
        }
    }
}

/// The secret part of a link: 160 bits, as 32 characters of base 32.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    const BYTES: usize = 20;
    const CHARACTERS: usize = 32;

    /// A token as it stands in a path; `None` for what no token can look like.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == Self::CHARACTERS
            && text.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The token in clear, for the link that is shown once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the table keeps: SHA-256, hexadecimal.
    pub fn hash(&self) -> TokenHash {
        TokenHash(HEXLOWER.encode(&Sha256::digest(self.0.as_bytes())))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a [`Token`], hexadecimal: enough to find its record, useless to open a link.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A keyed digest of an e-mail address in a shop: what uniqueness, suppression and the occurrence
/// of marketing mails are filed under, so that they outlive the address without naming it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct AddressDigest(String);

impl AddressDigest {
    /// The digest as text: 26 characters of base 32.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The root key and what is derived from it.
#[derive(Clone)]
pub struct Keyring {
    root: Hkdf<Sha256>,
}

impl Keyring {
    /// The shortest root key accepted, in bytes.
    pub const MIN_ROOT_KEY_BYTES: usize = 32;

    /// A keyring over `root_key`, or `None` if it is shorter than
    /// [`MIN_ROOT_KEY_BYTES`](Self::MIN_ROOT_KEY_BYTES).
    pub fn new(root_key: &[u8]) -> Option<Self> {
        (root_key.len() >= Self::MIN_ROOT_KEY_BYTES).then(|| Self { root: Hkdf::new(None, root_key) })
    }

    /// The token that opens record `id` in its `generation` for `purpose`.
    pub fn token(&self, purpose: Purpose, id: Ulid, generation: u32) -> Token {
        let mac = self.mac("token", &[purpose.label().as_bytes(), &id.to_bytes(), &generation.to_be_bytes()]);
        Token(BASE32_NOPAD.encode(&mac[..Token::BYTES]).to_ascii_lowercase())
    }

    /// The code that proves the mailbox which request `id` was mailed to: as many digits as
    /// [`AddressCode::DIGITS`](crate::domain::AddressCode::DIGITS).
    pub fn address_code(&self, id: Ulid) -> String {
        let mac = self.mac("address-code", &[&id.to_bytes()]);
        let number = u64::from_be_bytes(mac[..8].try_into().expect("eight bytes of thirty-two"));
        // 2⁶⁴ codes over 10⁸: no digit is likelier by more than one in 10¹¹.
        let width = crate::domain::AddressCode::DIGITS;
        format!("{:0width$}", number % 10_u64.pow(8))
    }

    /// Whether `typed` is the code of request `id`. Digests are compared, so that how long it takes
    /// says nothing of the code.
    pub fn is_address_code(&self, id: Ulid, typed: &str) -> bool {
        let digest = |code: &str| self.mac("address-code-typed", &[code.as_bytes()]);
        digest(&self.address_code(id)) == digest(typed)
    }

    /// A keyed digest of what a form sent, in hexadecimal: what tells that it is sent again.
    pub fn submission_digest(&self, parts: &[&[u8]]) -> String {
        HEXLOWER.encode(&self.mac("submission", parts))
    }

    /// A keyed digest of a network address, for counting what comes from it, in hexadecimal.
    pub fn network_digest(&self, shop: &ShopId, network: &str) -> String {
        HEXLOWER.encode(&self.mac("network", &[shop.as_str().as_bytes(), network.as_bytes()])[..16])
    }

    /// The digest that stands for `address` in `shop`.
    pub fn address_digest(&self, shop: &ShopId, address: &EmailAddress) -> AddressDigest {
        let mac = self.mac("address", &[shop.as_str().as_bytes(), address.normalised().as_bytes()]);
        AddressDigest(BASE32_NOPAD.encode(&mac[..16]).to_ascii_lowercase())
    }

    /// `payload`, sealed and bound to `context`, as URL-safe text: readable and changeable by nobody
    /// else (AES-256-GCM-SIV, RFC 8452, which needs no fresh nonce).
    pub fn seal(&self, context: &[&str], payload: &[u8]) -> String {
        let sealed = self.cipher().encrypt(&Nonce::default(), Payload { msg: payload, aad: &associated(context) });
        BASE64URL_NOPAD.encode(&sealed.expect("a payload is far below the cipher's limit of 64 GiB"))
    }

    /// The payload of what [`seal`](Self::seal) made for the same context; `None` for anything else.
    pub fn open(&self, context: &[&str], sealed: &str) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        self.cipher().decrypt(&Nonce::default(), Payload { msg: &bytes, aad: &associated(context) }).ok()
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new(&self.sub_key("seal").into())
    }

    fn sub_key(&self, label: &str) -> [u8; 32] {
        let mut key = [0; 32];
        self.root.expand(label.as_bytes(), &mut key).expect("32 bytes are within HKDF's limit");
        key
    }

    /// HMAC-SHA-256 under the sub-key `label`, over parts that are length-prefixed so that
    /// ("ab", "c") and ("a", "bc") differ.
    fn mac(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.sub_key(label)).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// The parts of a context, length-prefixed so that ("ab", "c") and ("a", "bc") differ.
fn associated(context: &[&str]) -> Vec<u8> {
    let part = |part: &&str| [&(part.len() as u64).to_be_bytes()[..], part.as_bytes()].concat();
    context.iter().flat_map(part).collect()
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring() -> Keyring {
        Keyring::new(&[7; 32]).unwrap()
    }

    #[test]
    fn a_token_is_the_same_for_the_same_record_and_generation_only() {
        let id = Ulid::from_parts(1, 2);
        let token = keyring().token(Purpose::OrderLink, id, 1);
        assert_eq!(token, keyring().token(Purpose::OrderLink, id, 1));
        assert_ne!(token, keyring().token(Purpose::OrderLink, id, 2));
        assert_ne!(token, keyring().token(Purpose::Preferences, id, 1));
        assert_ne!(token, Keyring::new(&[8; 32]).unwrap().token(Purpose::OrderLink, id, 1));
        assert_eq!(Token::parse(token.expose()).as_ref(), Some(&token));
        assert_eq!(token.hash().as_str().len(), 64);
    }

    #[test]
    fn what_no_token_can_look_like_is_refused_before_the_table_is_asked() {
        let id = Ulid::from_parts(1, 2);
        let token = keyring().token(Purpose::OrderLink, id, 1);
        for text in ["", "short", &token.expose().to_uppercase(), &format!("{}a", token.expose()), &"é".repeat(16)] {
            assert!(Token::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_code_has_eight_digits_and_is_of_one_request_only() {
        let (id, other) = (Ulid::from_parts(1, 2), Ulid::from_parts(1, 3));
        let code = keyring().address_code(id);
        assert!(code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        assert!(keyring().is_address_code(id, &code));
        assert!(!keyring().is_address_code(other, &code) && !keyring().is_address_code(id, &code[..7]));
    }

    #[test]
    fn what_is_sealed_opens_in_its_context_only_and_cannot_be_read() {
        let signed = keyring().seal(&["cursor", "main"], b"position");
        let bytes = BASE64URL_NOPAD.decode(signed.as_bytes()).unwrap();
        assert!(!bytes.windows(4).any(|window| b"position".windows(4).any(|plain| plain == window)));
        assert_eq!(keyring().open(&["cursor", "main"], &signed).as_deref(), Some(&b"position"[..]));
        assert_eq!(keyring().open(&["cursor", "other"], &signed), None);
        assert_eq!(keyring().open(&["cursormain"], &signed), None);
        for at in 0..signed.len() {
            let mut tampered = signed.clone().into_bytes();
            tampered[at] = if tampered[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(keyring().open(&["cursor", "main"], &String::from_utf8(tampered).unwrap()), None);
        }
        assert_eq!(keyring().open(&["cursor", "main"], "x"), None);
    }

    #[test]
    fn a_short_root_key_is_refused() {
        assert!(Keyring::new(&[0; 31]).is_none());
    }
}
