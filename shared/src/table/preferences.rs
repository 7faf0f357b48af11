//! What a preferences token leads to: the record it was made for, or whoever stands for that since a
//! merge. Whether it may do more there than unsubscribe depends on whose mailbox it was sent to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::keys;
use super::{Table, Transaction, expire, to_item};
use crate::Result;
use crate::domain::{Customer, CustomerId, Locale, ShopId};
use crate::keyring::{Keyring, TokenHash};

/// How long it is told that a deletion is done.
const TOLD: SignedDuration = SignedDuration::from_hours(24);

/// Whose preferences a token opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesLink {
    /// The shop whose mails carry it.
    pub shop: ShopId,
    /// Whom it was made for; that record may have been merged since.
    pub of: CustomerId,
    /// Which of their addresses it was mailed to, see [`Customer::preferences_generation`].
    pub generation: u32,
}

impl PreferencesLink {
    /// Whether it is the one that mails to the address of `customer` carry now.
    pub fn is_current_of(&self, customer: &Customer) -> bool {
        self.of == customer.id && self.generation == customer.preferences_generation
    }
}

/// That whose preferences a token opened is forgotten: enough to say so once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The shop that forgot them.
    pub shop: ShopId,
    /// What the page is written in.
    pub locale: Locale,
    expires_at: Timestamp,
}

impl Table {
    /// Whose preferences the token with this hash opens.
    pub async fn preferences_by_token(&self, hash: &TokenHash) -> Result<Option<PreferencesLink>> {
        self.get(&keys::preferences(hash)).await
    }

    /// Whether whose preferences the token with this hash opened had their data deleted by it, within
    /// a day.
    pub async fn forgotten_by_token(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Forgotten>> {
        let forgotten: Option<Forgotten> = self.get(&keys::forgotten(hash)).await?;
        Ok(forgotten.filter(|forgotten| now < forgotten.expires_at))
    }
}

impl Transaction {
    /// Makes the link that mails to the address of `customer` carry, whose record another step guards,
    /// and takes away the oldest where there are too many. At most two steps.
    pub(super) fn add_preferences(&mut self, keyring: &Keyring, customer: &Customer) -> Result<()> {
        let generation = customer.preferences_generation;
        let link = PreferencesLink { shop: customer.shop.clone(), of: customer.id, generation };
        let key = keys::preferences(&customer.preferences_token(keyring).hash());
        self.derive(to_item(key, "preferences", &link)?);
        if let Some(outdated) = generation.checked_sub(Customer::PREFERENCES_LINKS).filter(|outdated| *outdated > 0) {
            let token = Customer::preferences_token_of(keyring, customer.id, outdated);
            self.remove(keys::preferences(&token.hash()));
        }
        Ok(())
    }

    /// Takes away the links to the preferences of customer `id`, the newest of which is of `generation`.
    pub(crate) fn remove_preferences(&mut self, keyring: &Keyring, id: CustomerId, generation: u32) {
        let oldest = generation.saturating_sub(Customer::PREFERENCES_LINKS - 1).max(1);
        for generation in oldest..=generation {
            self.remove(keys::preferences(&Customer::preferences_token_of(keyring, id, generation).hash()));
        }
    }

    /// Notes under a token that whose preferences it opened is forgotten, so that pressing the button
    /// twice is answered once more.
    pub fn note_forgotten(&mut self, hash: &TokenHash, shop: &ShopId, locale: Locale, now: Timestamp) -> Result<()> {
        let expires_at = now.checked_add(TOLD).unwrap_or(Timestamp::MAX);
        let mut item =
            to_item(keys::forgotten(hash), "forgotten", &Forgotten { shop: shop.clone(), locale, expires_at })?;
        expire(&mut item, expires_at);
        self.derive(item);
        Ok(())
    }
}
