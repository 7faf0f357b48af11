//! The catalogue.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Currency, Invalid, Language, Line, Money, ProductId};

/// A short text in one or more languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Language, Line<120>>", into = "BTreeMap<Language, Line<120>>")]
pub struct Translations(BTreeMap<Language, Line<120>>);

impl Translations {
    /// The most languages of one text.
    pub const MAX: usize = 10;

    /// The text for a reader of `language`: in that, in its primary language, in the shop's
    /// `fallback`, or in whichever there is.
    pub fn best(&self, language: &Language, fallback: &Language) -> &str {
        let primary = |wanted: &Language| self.0.iter().find(|(tag, _)| tag.primary() == wanted.primary());
        let exact = |wanted: &Language| self.0.get_key_value(wanted);
        let found = exact(language)
            .or_else(|| primary(language))
            .or_else(|| exact(fallback))
            .or_else(|| primary(fallback))
            .or_else(|| self.0.iter().next());
        found.map_or("", |(_, text)| text.expose())
    }

    /// Every language and its text.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.expose()))
    }
}

impl TryFrom<BTreeMap<Language, Line<120>>> for Translations {
    type Error = Invalid;

    fn try_from(texts: BTreeMap<Language, Line<120>>) -> Result<Self, Invalid> {
        match texts.len() {
            0 => Err(Invalid::Empty),
            n if n > Self::MAX => Err(Invalid::TooMany { max: Self::MAX }),
            _ => Ok(Self(texts)),
        }
    }
}

impl From<Translations> for BTreeMap<Language, Line<120>> {
    fn from(texts: Translations) -> Self {
        texts.0
    }
}

/// A product's price in each currency it is sold in: at least one, none below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Currency, i64>", into = "BTreeMap<Currency, i64>")]
pub struct Prices(BTreeMap<Currency, i64>);

impl Prices {
    /// The most currencies of one product.
    pub const MAX: usize = 10;

    /// The price in `currency`, if it is sold in that.
    pub fn get(&self, currency: Currency) -> Option<Money> {
        self.0.get(&currency).and_then(|minor| Money::new(*minor, currency).ok())
    }

    /// Every currency and price, in minor units.
    pub fn iter(&self) -> impl Iterator<Item = (Currency, i64)> {
        self.0.iter().map(|(currency, minor)| (*currency, *minor))
    }
}

impl TryFrom<BTreeMap<Currency, i64>> for Prices {
    type Error = Invalid;

    fn try_from(prices: BTreeMap<Currency, i64>) -> Result<Self, Invalid> {
        if prices.is_empty() {
            return Err(Invalid::Empty);
        }
        if prices.len() > Self::MAX {
            return Err(Invalid::TooMany { max: Self::MAX });
        }
        if prices.values().any(|minor| !(0..=Money::MAX_MINOR).contains(minor)) {
            return Err(Invalid::OutOfRange { min: 0, max: Money::MAX_MINOR });
        }
        Ok(Self(prices))
    }
}

impl From<Prices> for BTreeMap<Currency, i64> {
    fn from(prices: Prices) -> Self {
        prices.0
    }
}

/// Something the shop sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The product.
    pub id: ProductId,
    /// What it is called.
    pub name: Translations,
    /// What it costs.
    pub prices: Prices,
    /// When it was added.
    pub created_at: Timestamp,
}
