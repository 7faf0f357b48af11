//! The fields of a product: read alike when it is added and when it is changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use shared::App;
use shared::domain::{
    Currency, Descriptions, GroupId, Invalid, Language, Line, Money, OrderQuantity, Prices, Product, ProductId,
    Quantity, Text, Translations,
};
use shared::http::{FieldError, Fields, Patch, Problem, Staff, boolean, integer, integer_value, pairs, text};

/// What a request says of a product.
pub struct ProductFields {
    name: Option<Translations>,
    description: Patch<Descriptions>,
    unit: Patch<Line<40>>,
    prices: Option<Prices>,
    group_prices: Patch<BTreeMap<GroupId, Prices>>,
    category: Patch<Line<60>>,
    position: Option<u32>,
    visible: Option<bool>,
    quantity: OrderQuantity,
    /// How many there are; nothing where nobody counts.
    pub stock: Patch<i64>,
}

impl ProductFields {
    /// The most of a product that can be counted.
    const MOST_STOCK: i64 = 1_000_000;

    /// Reads a new product, or a merge patch of `known`.
    pub fn read(mut fields: Fields, known: Option<&Product>) -> Result<Self, Problem> {
        let current = known.map(|known| known.quantity).unwrap_or_default();
        let read = Self {
            name: name(&mut fields, known),
            description: description(&mut fields, known),
            unit: fields.patch("unit", text),
            prices: prices(&mut fields, known),
            group_prices: group_prices(&mut fields, known),
            category: fields.patch("category", text),
            position: fields.replace("position", |value| within(value, 0, Product::LAST.into())),
            visible: fields.replace("visible", boolean),
            quantity: quantity(&mut fields, current),
            stock: fields.patch("stock", |value| within(value, 0, Self::MOST_STOCK)),
        };
        fields.finish()?;
        Ok(read)
    }

    /// The groups that are given other prices than they have: one that is gone meanwhile keeps its own.
    pub fn groups(&self, known: Option<&Product>) -> Vec<GroupId> {
        let had = |group| known.and_then(|known| known.group_prices.get(group));
        match &self.group_prices {
            Patch::Set(all) => all.iter().filter(|(id, prices)| had(id) != Some(prices)).map(|(id, _)| *id).collect(),
            Patch::Keep | Patch::Clear => Vec::new(),
        }
    }

    /// A product that says this.
    pub fn begin(self, id: ProductId, now: Timestamp) -> Option<Product> {
        let (name, prices) = self.name.clone().zip(self.prices.clone())?;
        Some(Product { version: 1, ..self.applied_to(&Product::new(id, name, prices, now), now) })
    }

    /// The next version of `before`.
    pub fn applied_to(self, before: &Product, now: Timestamp) -> Product {
        let mut after = before.clone();
        after.version += 1;
        after.updated_at = now;
        after.name = self.name.unwrap_or(after.name);
        self.description.apply(&mut after.description);
        self.unit.apply(&mut after.unit);
        after.prices = self.prices.unwrap_or(after.prices);
        match self.group_prices {
            Patch::Keep => {}
            Patch::Clear => after.group_prices.clear(),
            Patch::Set(prices) => after.group_prices = prices,
        }
        self.category.apply(&mut after.category);
        after.position = self.position.unwrap_or(after.position);
        after.visible = self.visible.unwrap_or(after.visible);
        after.quantity = self.quantity;
        match self.stock {
            Patch::Keep => {}
            Patch::Clear => after.counted = false,
            Patch::Set(_) => after.counted = true,
        }
        after
    }
}

/// Refuses prices for a group that the shop does not have.
///
/// # Errors
/// A problem that names the groups.
pub async fn require_groups(
    app: &App,
    staff: &Staff,
    fields: &ProductFields,
    known: Option<&Product>,
) -> Result<(), Problem> {
    let mut unknown = Vec::new();
    for id in fields.groups(known) {
        if app.table.group(&staff.shop, id).await?.is_none() {
            unknown.push(FieldError::new(format!("/group_prices/{id}"), Invalid::Id));
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(Problem::invalid(unknown)) }
}

/// The name, which a product has in one language at least.
fn name(fields: &mut Fields, known: Option<&Product>) -> Option<Translations> {
    match known {
        None => fields.required("name", pairs::<Language, Line<120>, Translations>(text)),
        Some(known) => {
            fields.replace_pairs::<Language, Line<120>, _>("name", known.name.clone(), Translations::MAX, text)
        }
    }
}

fn description(fields: &mut Fields, known: Option<&Product>) -> Patch<Descriptions> {
    let Some(known) = known else {
        return fields.patch("description", pairs::<Language, Text<1000>, Descriptions>(text));
    };
    let current: BTreeMap<Language, Text<1000>> = known.description.clone().map(Into::into).unwrap_or_default();
    match fields.patch_pairs("description", current, Descriptions::MAX, text) {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        // Said in no language any more, it is none.
        Patch::Set(texts) => Descriptions::try_from(texts).map_or(Patch::Clear, Patch::Set),
    }
}

/// The prices, of which a product has one at least.
fn prices(fields: &mut Fields, known: Option<&Product>) -> Option<Prices> {
    match known {
        None => fields.required("prices", pairs::<Currency, i64, Prices>(integer_value)),
        Some(known) => fields.replace_pairs::<Currency, i64, _>("prices", known.prices.clone(), Prices::MAX, price),
    }
}

fn price(value: &Value) -> Result<i64, Invalid> {
    within(value, 0, Money::MAX_MINOR)
}

fn group_prices(fields: &mut Fields, known: Option<&Product>) -> Patch<BTreeMap<GroupId, Prices>> {
    match known {
        None => fields.patch("group_prices", of_groups),
        Some(known) => {
            let (current, max) = (known.group_prices.clone(), (Product::MOST_GROUPS, Prices::MAX));
            fields.patch_pairs_of_pairs::<GroupId, Currency, i64, _>("group_prices", current, max, price)
        }
    }
}

/// How many may be ordered at once: what is not said stays.
fn quantity(fields: &mut Fields, current: OrderQuantity) -> OrderQuantity {
    let mut number = |name: &str, current: Quantity| fields.replace(name, integer).unwrap_or(current);
    let min = number("min_quantity", current.min());
    let max = number("max_quantity", current.max());
    let step = number("quantity_step", current.step());
    match OrderQuantity::new(min, max, step) {
        Ok(quantity) => quantity,
        Err(invalid) => {
            fields.reject_at("/max_quantity", invalid);
            current
        }
    }
}

fn of_groups(value: &Value) -> Result<BTreeMap<GroupId, Prices>, Invalid> {
    let object = value.as_object().ok_or(Invalid::WrongType)?;
    if object.len() > Product::MOST_GROUPS {
        return Err(Invalid::TooMany { max: Product::MOST_GROUPS });
    }
    let price =
        |(group, prices): (&String, &Value)| Ok((group.parse()?, pairs::<Currency, _, Prices>(integer_value)(prices)?));
    object.iter().map(price).collect()
}

fn within<T: TryFrom<i64>>(value: &Value, min: i64, max: i64) -> Result<T, Invalid> {
    let out = Invalid::OutOfRange { min, max };
    let number = integer_value(value)?;
    if (min..=max).contains(&number) { number.try_into().map_err(|_| out) } else { Err(out) }
}
