//! The catalogue.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use unicode_normalization::UnicodeNormalization;

use super::{Currency, GroupId, Invalid, Language, Line, Money, ProductId, ProductImage, Quantity, Text, same_name};

/// A text in one or more languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<Language, T>",
    into = "BTreeMap<Language, T>",
    bound = "T: Clone + Serialize + DeserializeOwned"
)]
pub struct InLanguages<T>(BTreeMap<Language, T>);

/// A name in one or more languages.
pub type Translations = InLanguages<Line<120>>;

/// A description in one or more languages.
pub type Descriptions = InLanguages<Text<1000>>;

impl<T> InLanguages<T> {
    /// The most languages of one text.
    pub const MAX: usize = 10;

    /// The text for a reader of `language`: in that, in its primary language, in the shop's
    /// `fallback`, or in whichever there is.
    fn nearest(&self, language: &Language, fallback: &Language) -> Option<&T> {
        let primary = |wanted: &Language| self.0.iter().find(|(tag, _)| tag.primary() == wanted.primary());
        let exact = |wanted: &Language| self.0.get_key_value(wanted);
        let found = exact(language)
            .or_else(|| primary(language))
            .or_else(|| exact(fallback))
            .or_else(|| primary(fallback))
            .or_else(|| self.0.iter().next());
        found.map(|(_, text)| text)
    }
}

impl Descriptions {
    /// What is said to a reader of `language`, as [`Translations::best`] chooses it.
    pub fn best(&self, language: &Language, fallback: &Language) -> Option<&Text<1000>> {
        self.nearest(language, fallback)
    }
}

impl Translations {
    /// The name for a reader of `language`: in that, in its primary language, in the shop's
    /// `fallback`, or in whichever there is.
    pub fn best(&self, language: &Language, fallback: &Language) -> &str {
        self.nearest(language, fallback).map_or("", |text| text.expose())
    }

    /// Every language and its text.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.expose()))
    }
}

impl<T> TryFrom<BTreeMap<Language, T>> for InLanguages<T> {
    type Error = Invalid;

    fn try_from(texts: BTreeMap<Language, T>) -> Result<Self, Invalid> {
        match texts.len() {
            0 => Err(Invalid::Empty),
            n if n > Self::MAX => Err(Invalid::TooMany { max: Self::MAX }),
            _ => Ok(Self(texts)),
        }
    }
}

impl<T> From<InLanguages<T>> for BTreeMap<Language, T> {
    fn from(texts: InLanguages<T>) -> Self {
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

/// How many of a product may be ordered at once: from a least to a most number, in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Span", into = "Span")]
pub struct OrderQuantity {
    min: Quantity,
    max: Quantity,
    step: Quantity,
}

/// [`OrderQuantity`] as it is stored.
#[derive(Serialize, Deserialize)]
struct Span {
    min: Quantity,
    max: Quantity,
    step: Quantity,
}

impl OrderQuantity {
    /// From `min` to `max` in steps of `step`, counted from `min`.
    ///
    /// # Errors
    /// [`Invalid::OutOfRange`] where `max` is below `min`.
    pub fn new(min: Quantity, max: Quantity, step: Quantity) -> Result<Self, Invalid> {
        if min.get() > max.get() {
            return Err(Invalid::OutOfRange { min: min.into(), max: Quantity::MAX });
        }
        Ok(Self { min, max, step })
    }

    /// The least.
    pub fn min(self) -> Quantity {
        self.min
    }

    /// The most.
    pub fn max(self) -> Quantity {
        self.max
    }

    /// What it goes up by.
    pub fn step(self) -> Quantity {
        self.step
    }

    /// Whether so many may be ordered.
    pub fn allows(self, quantity: Quantity) -> bool {
        let (number, min) = (quantity.get(), self.min.get());
        (min..=self.max.get()).contains(&number) && (number - min).is_multiple_of(self.step.get())
    }
}

impl Default for OrderQuantity {
    fn default() -> Self {
        Self { min: Quantity::ONE, max: Quantity::MOST, step: Quantity::ONE }
    }
}

impl TryFrom<Span> for OrderQuantity {
    type Error = Invalid;

    fn try_from(Span { min, max, step }: Span) -> Result<Self, Invalid> {
        Self::new(min, max, step)
    }
}

impl From<OrderQuantity> for Span {
    fn from(OrderQuantity { min, max, step }: OrderQuantity) -> Self {
        Self { min, max, step }
    }
}

/// Something the shop sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The product.
    pub id: ProductId,
    /// Raised by every change by staff.
    pub version: u64,
    /// What it is called.
    pub name: Translations,
    /// What there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Descriptions>,
    /// What one of it is: a kilogram, a jar of 500 g.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Line<40>>,
    /// What one costs.
    pub prices: Prices,
    /// What one costs in a group, where that is not what the group's rate makes of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub group_prices: BTreeMap<GroupId, Prices>,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ProductImage>,
    /// What it is among.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Line<60>>,
    /// Where it stands in its category: the lowest number first.
    pub position: u32,
    /// Whether customers see it.
    pub visible: bool,
    /// How many may be ordered at once.
    pub quantity: OrderQuantity,
    /// Whether the shop counts how many there are.
    pub counted: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When staff last changed it.
    pub updated_at: Timestamp,
}

impl Product {
    /// The highest position.
    pub const LAST: u32 = 999_999;
    /// The most groups with a price of their own.
    pub const MOST_GROUPS: usize = 20;

    /// A product with nothing but a name and prices: in no category, for everybody to see, in any
    /// number.
    pub fn new(id: ProductId, name: Translations, prices: Prices, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            name,
            description: None,
            unit: None,
            prices,
            group_prices: BTreeMap::new(),
            image: None,
            category: None,
            position: 0,
            visible: true,
            quantity: OrderQuantity::default(),
            counted: false,
            created_at: now,
            updated_at: now,
        }
    }

    /// The next version, which shows `image`, or none.
    pub fn showing(&self, image: Option<ProductImage>, now: Timestamp) -> Self {
        Self { version: self.version + 1, updated_at: now, image, ..self.clone() }
    }

    /// The name its category is sorted and found by: folded, without `#`, which ends it in keys; empty
    /// where it is in none. It stands in the addresses of pages, and is a [`Line`] like every text that
    /// is read from there.
    pub fn category_key(&self) -> String {
        let key = |category: &Line<60>| {
            // Folding takes characters apart, and makes `#` of the wide one.
            let key: String = same_name(category.expose()).replace('#', "♯").nfc().take(60).collect();
            key.trim_end().to_owned()
        };
        self.category.as_ref().map_or_else(String::new, key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Currency;

    fn of_category(category: &str) -> Product {
        let id = ProductId::new(ulid::Ulid::nil());
        let name = Translations::try_from(BTreeMap::from([("fr".parse().unwrap(), "Miel".parse().unwrap())]));
        let prices = Prices::try_from(BTreeMap::from([(Currency::EUR, 1)]));
        let product = Product::new(id, name.unwrap(), prices.unwrap(), Timestamp::UNIX_EPOCH);
        Product { category: category.parse().ok(), ..product }
    }

    #[test]
    fn spellings_of_one_category_have_one_key() {
        for (category, key) in [
            ("Thés  Verts", "thes verts"),
            ("TISANÉS", "tisanes"),
            ("Thés #1", "thes ♯1"),
            ("＃１", "♯1"),
            ("#", "♯"),
            ("한국 차", "한국 차"),
            ("", ""),
        ] {
            assert_eq!(of_category(category).category_key(), key);
        }
    }

    proptest! {
        #[test]
        fn a_category_is_found_by_what_its_button_says(category in "\\PC{1,60}|[가-힣 ]{1,60}|[ﷺ#＃ a]{1,60}") {
            let product = of_category(&category);
            let key = product.category_key();
            prop_assert!(!key.contains('#') && key.is_empty() == product.category.is_none());
            if product.category.is_some() {
                let read: Line<60> = key.parse().unwrap();
                prop_assert_eq!(read.expose(), key);
            }
        }
    }

    #[test]
    fn quantities_go_from_the_least_in_steps() {
        let quantity = |number: i64| Quantity::try_from(number).unwrap();
        let span = |min, max, step| OrderQuantity::new(quantity(min), quantity(max), quantity(step));
        let allowed =
            |span: OrderQuantity| (1..=30).filter(|number| span.allows(quantity(*number))).collect::<Vec<_>>();
        assert_eq!(allowed(span(6, 24, 6).unwrap()), [6, 12, 18, 24]);
        assert_eq!(allowed(span(1, 5, 2).unwrap()), [1, 3, 5]);
        assert!(span(2, 1, 1).is_err());
    }
}
