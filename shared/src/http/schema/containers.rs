//! Lists, and objects whose keys are values themselves.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{OneOfBuilder, RefOr};

use super::{AnySchema, Described, described, example_of, integer};
use crate::domain::{
    ConsentText, ContactChannel, Currency, Descriptions, FormLimits, GroupId, Language, Line, Locale, Money,
    PreferredChannels, Prices, Product, Source, Text, Translations,
};

fn pairs<K: Described, V: Into<RefOr<Schema>>>(
    description: &str,
    value: V,
    max: usize,
    example: Value,
) -> ObjectBuilder {
    let pairs = ObjectBuilder::new().schema_type(Type::Object).description(Some(description)).examples([example]);
    let keys = match K::schema() {
        RefOr::T(keys) => Some(keys),
        RefOr::Ref(_) => None,
    };
    pairs
        .property_names(keys)
        .additional_properties(Some(AdditionalProperties::RefOr(value.into())))
        .min_properties(Some(1))
        .max_properties(Some(max))
}

described! {
    Translations => pairs::<Language, _>(
        "A short text in one or more languages.",
        <Line<120> as Described>::schema(),
        Self::MAX,
        json!({ "fr": "Miel", "en": "Honey" }),
    );
    Descriptions => pairs::<Language, _>(
        "A text in one or more languages.",
        <Text<1000> as Described>::schema(),
        Self::MAX,
        json!({ "fr": "Miel de lavande", "en": "Lavender honey" }),
    );
    Prices => pairs::<Currency, _>(
        "A price in each currency, in minor units.",
        integer("A price in minor units.", 0..=Money::MAX_MINOR, 1999),
        Self::MAX,
        json!({ "EUR": 1999 }),
    );
    ConsentText => {
        let wording = |object: ObjectBuilder, locale: Locale| object.property(locale.tag(), <Text<2000> as Described>::schema());
        let texts = Locale::ALL.into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), wording);
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("The words somebody agrees to, in each language, and their version."))
            .property("version", <Line<40> as Described>::schema())
            .property("texts", texts)
            .required("version")
            .required("texts")
    };
    FormLimits => {
        let limit = |what: &str, example| integer(what, 1..=Self::MAX.into(), example);
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("How much of a form passes in a minute."))
            .property("per_address_per_minute", limit("From one network address; then it is 429.", 5))
            .property("per_form_per_minute", limit("Altogether; then it is quarantined.", 60))
            .required("per_address_per_minute")
            .required("per_form_per_minute")
    };
    PreferredChannels => ArrayBuilder::new()
        .description(Some("How a customer likes to be reached, the most welcome first."))
        .items(<ContactChannel as Described>::schema())
        .min_items(Some(1))
        .unique_items(true)
        .examples([json!(["phone", "email"])]);
}

/// What a merge patch says of entries: null takes one out.
impl<K: Described, V: Described> Described for BTreeMap<K, Option<V>> {
    fn schema() -> AnySchema {
        let entry = example_of(&K::schema()).as_str().map(|key| (key.to_owned(), example_of(&V::schema())));
        let example: Map<String, Value> = entry.into_iter().collect();
        let entries = ObjectBuilder::new().schema_type(Type::Object).examples([Value::Object(example)]);
        entries.additional_properties(Some(AdditionalProperties::RefOr(<Option<V>>::schema()))).into()
    }
}

/// Where staff may say that a customer came from.
const SOURCES: [&str; 9] =
    ["staff", "word_of_mouth", "web", "store", "social_media", "advertising", "event", "partner", "other"];

impl Described for Source {
    fn schema() -> AnySchema {
        let kind = || ObjectBuilder::new().schema_type(Type::String).enum_values(Some(SOURCES)).examples(["store"]);
        let object = ObjectBuilder::new().schema_type(Type::Object).property("kind", kind()).required("kind");
        OneOfBuilder::new()
            .description(Some("Where a customer came from: its kind, bare or as the record shows it."))
            .item(kind())
            .item(object.additional_properties(Some(AdditionalProperties::FreeForm(false))))
            .into()
    }
}

impl Described for BTreeMap<GroupId, Prices> {
    fn schema() -> AnySchema {
        // No group of an example would be one of the shop's.
        let prices = <Prices as Described>::schema();
        let groups = pairs::<GroupId, _>("Prices by group.", prices, Product::MOST_GROUPS, json!({}));
        Schema::Object(groups.min_properties(None).build()).into()
    }
}

/// A merge patch of pairs of pairs, which has no value of its own: it is read part by part.
pub struct PairsOfPairs<K, L, V>(PhantomData<(K, L, V)>);

impl<K: Described, L: Described, V: Described> Described for PairsOfPairs<K, L, V> {
    fn schema() -> AnySchema {
        // What an example names would be nothing that the shop has.
        let entries = ObjectBuilder::new().schema_type(Type::Object).examples([json!({})]);
        let each = <Option<BTreeMap<L, Option<V>>>>::schema();
        entries.additional_properties(Some(AdditionalProperties::RefOr(each))).into()
    }
}

impl<T: Described> Described for Vec<T> {
    fn schema() -> AnySchema {
        ArrayBuilder::new().items(T::schema()).examples([json!([example_of(&T::schema())])]).into()
    }
}

/// A field whose value may be looked at though it is wrong.
impl<T: Described, E> Described for Result<T, E> {
    fn schema() -> AnySchema {
        T::schema()
    }

    fn name() -> Option<Cow<'static, str>> {
        T::name()
    }
}

impl<T: Described> Described for Option<T> {
    fn schema() -> AnySchema {
        super::nullable(T::schema())
    }
}
