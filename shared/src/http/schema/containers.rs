//! Lists, and objects whose keys are values themselves.

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};

use super::{AnySchema, Described, described, integer};
use crate::domain::{Currency, Language, Line, Money, Prices, Segment, Segments, Translations};

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
    Prices => pairs::<Currency, _>(
        "A price in each currency, in minor units.",
        integer("A price in minor units.", 0..=Money::MAX_MINOR, 1999),
        Self::MAX,
        json!({ "EUR": 1999 }),
    );
}

impl utoipa::PartialSchema for Segments {
    fn schema() -> AnySchema {
        ArrayBuilder::new().items(<Segment as Described>::schema()).into()
    }
}

impl utoipa::ToSchema for Segments {}

impl<T: Described> Described for Vec<T> {
    fn schema() -> AnySchema {
        ArrayBuilder::new().items(T::schema()).into()
    }
}

impl<T: Described> Described for Option<T> {
    fn schema() -> AnySchema {
        super::nullable(T::schema())
    }
}
