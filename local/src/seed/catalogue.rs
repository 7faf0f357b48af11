//! What the seeded shop sells: honey, and what goes with it.

use jiff::{SignedDuration, Timestamp};
use shared::domain::{Currency, Locale, Prices, Product, ProductId, Translations};

use super::WELL_FORMED;
use super::chance::Chance;

/// The French name, the English one, and the price in euro cents.
const PRODUCTS: [(&str, &str, i64); 24] = [
    ("Miel d’acacia 500 g", "Acacia honey 500 g", 1290),
    ("Miel de châtaignier 500 g", "Chestnut honey 500 g", 1190),
    ("Miel de lavande 500 g", "Lavender honey 500 g", 1390),
    ("Miel de tilleul 500 g", "Lime blossom honey 500 g", 1250),
    ("Miel toutes fleurs 1 kg", "Wildflower honey 1 kg", 1690),
    ("Miel de montagne 250 g", "Mountain honey 250 g", 750),
    ("Miel de sapin 250 g", "Fir honey 250 g", 890),
    ("Miel crémeux de printemps 500 g", "Creamed spring honey 500 g", 1090),
    ("Rayon de miel 200 g", "Honeycomb 200 g", 1450),
    ("Coffret trois miels", "Box of three honeys", 2490),
    ("Coffret dégustation six miels", "Tasting box of six honeys", 3990),
    ("Pollen frais 250 g", "Fresh pollen 250 g", 1590),
    ("Gelée royale 25 g", "Royal jelly 25 g", 3250),
    ("Propolis en gouttes 30 ml", "Propolis drops 30 ml", 1490),
    ("Pain d’épices au miel 300 g", "Honey gingerbread 300 g", 690),
    ("Nougat tendre 150 g", "Soft nougat 150 g", 620),
    ("Bonbons au miel 200 g", "Honey sweets 200 g", 490),
    ("Vinaigre de miel 50 cl", "Honey vinegar 50 cl", 850),
    ("Moutarde au miel 200 g", "Honey mustard 200 g", 540),
    ("Confiture de figues au miel 350 g", "Fig jam with honey 350 g", 720),
    ("Hydromel 75 cl", "Mead 75 cl", 1790),
    ("Bougie en cire d’abeille", "Beeswax candle", 990),
    ("Savon au miel 100 g", "Honey soap 100 g", 590),
    ("Cuillère à miel en buis", "Boxwood honey dipper", 450),
];

/// What a euro comes to, in hundredths of a unit; list prices, not today's rates.
const RATES: [(&str, i64); 4] = [("EUR", 100), ("CHF", 110), ("GBP", 90), ("USD", 115)];

/// The products, added one a minute from `opened` on.
pub(super) fn products(opened: Timestamp) -> Vec<Product> {
    let mut chance = Chance::of(usize::MAX);
    let mut created_at = opened;
    let mut product = |(fr, en, cents): (&str, &str, i64)| {
        created_at = created_at.checked_add(SignedDuration::from_mins(1)).unwrap_or(created_at);
        Product::new(ProductId::new(chance.ulid(created_at)), names(fr, en), prices(cents), created_at)
    };
    PRODUCTS.into_iter().map(&mut product).collect()
}

fn names(fr: &str, en: &str) -> Translations {
    let text = |locale: Locale, name: &str| (locale.language(), name.parse().expect(WELL_FORMED));
    let names = [text(Locale::Fr, fr), text(Locale::En, en)];
    Translations::try_from(std::collections::BTreeMap::from(names)).expect(WELL_FORMED)
}

/// A price in each currency, in whole tens of cents where it was converted.
fn prices(cents: i64) -> Prices {
    let price = |(code, rate): (&str, i64)| {
        let currency: Currency = code.parse().expect(WELL_FORMED);
        let minor = if rate == 100 { cents } else { (cents * rate / 1000 + 1) * 10 };
        (currency, minor)
    };
    Prices::try_from(std::collections::BTreeMap::from(RATES.map(price))).expect(WELL_FORMED)
}
