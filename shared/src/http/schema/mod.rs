//! What the API's document says of the types that fields are read as and answers are made of.
//!
//! The domain knows no HTTP, so its types are described here, one file per topic. A schema says
//! what the constructor takes: tests give the constructor every example and every limit.

mod choices;
mod containers;
mod numbers;
mod texts;

use std::borrow::Cow;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{OneOfBuilder, Ref, RefOr};

pub use choices::choices;
pub(super) use containers::PairsOfPairs;
pub use numbers::Days;
pub(super) use numbers::{Continuation, Limit};
pub(super) use texts::token;

/// What the document says of a type: its JSON Schema.
pub type AnySchema = RefOr<Schema>;

/// A type that a field is read as, or that stands in a path.
pub trait Described {
    /// Its JSON Schema, with an example that its constructor takes.
    fn schema() -> AnySchema;

    /// What the document calls it, where it has a name of its own there.
    fn name() -> Option<Cow<'static, str>> {
        None
    }
}

/// Describes a type of the domain, for fields that are read as it and for answers that hold it.
macro_rules! described {
    ($($(#[$doc:meta])* $name:ty => $schema:expr;)*) => {$(
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema.into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl $crate::http::schema::Described for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <Self as utoipa::PartialSchema>::schema()
            }

            fn name() -> Option<std::borrow::Cow<'static, str>> {
                Some(<Self as utoipa::ToSchema>::name())
            }
        }
    )*};
}
use described;

fn string(description: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description)).examples([example])
}

fn integer(description: &str, range: std::ops::RangeInclusive<i64>, example: i64) -> ObjectBuilder {
    let number = ObjectBuilder::new().schema_type(Type::Integer).description(Some(description)).examples([example]);
    number.minimum(Some(*range.start())).maximum(Some(*range.end()))
}

/// The schemas that others refer to by name.
#[derive(Clone, Default)]
pub struct Components(Vec<(String, AnySchema)>);

impl Components {
    /// A reference to the schema of `T`, which is kept; the schema itself where it has no name.
    pub(super) fn of<T: Described>(&mut self) -> AnySchema {
        match T::name() {
            Some(name) => self.named(&name, T::schema()),
            None => T::schema(),
        }
    }

    /// A reference to the schema of `T`, which is kept with those it refers to.
    pub(super) fn of_answer<T: ToSchema>(&mut self) -> AnySchema {
        T::schemas(&mut self.0);
        self.named(&T::name(), T::schema())
    }

    fn named(&mut self, name: &str, schema: AnySchema) -> AnySchema {
        self.0.push((name.to_owned(), schema));
        Ref::from_schema_name(name).into()
    }

    /// Keeps those of `others` too.
    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }
}

impl IntoIterator for Components {
    type Item = (String, AnySchema);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The example that `schema` shows of itself.
fn example_of(schema: &AnySchema) -> Value {
    let schema = serde_json::to_value(schema).unwrap_or_default();
    schema["examples"][0].clone()
}

/// `schema`, or null.
pub(super) fn nullable(schema: AnySchema) -> AnySchema {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new().item(schema).item(null).into()
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::str::FromStr;

    use super::*;
    use crate::domain::{
        Birthday, Country, Currency, CustomerId, CustomerStatus, Discount, EmailAddress, FormId, ImageId, ImageSize,
        Invalid, Language, Line, Name, Phone, Prices, Priority, Quantity, Rate, TagId, Temperature, Text, Translations,
        Zone,
    };
    use crate::http::{choice, integer, text};

    fn example<T: Described>() -> Value {
        example_of(&T::schema())
    }

    fn spelled<T: Described + FromStr<Err = Invalid> + Debug>() {
        text::<T>(&example::<T>()).unwrap();
    }

    #[test]
    fn every_example_is_a_value_of_its_type() {
        spelled::<Birthday>();
        spelled::<Country>();
        spelled::<Currency>();
        spelled::<CustomerId>();
        spelled::<EmailAddress>();
        spelled::<FormId>();
        spelled::<ImageId>();
        spelled::<Language>();
        spelled::<Line<20>>();
        spelled::<Name>();
        spelled::<Text<20>>();
        spelled::<Zone>();
        choice::<Priority>(&example::<Priority>()).unwrap();
        Phone::parse(Country::FR, example::<Phone>().as_str().unwrap()).unwrap();
        serde_json::from_value::<Prices>(example::<Prices>()).unwrap();
        serde_json::from_value::<Translations>(example::<Translations>()).unwrap();
    }

    fn bounded<T: Described + TryFrom<i64, Error = Invalid>>() {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let [min, max] = ["minimum", "maximum"].map(|limit| schema[limit].as_i64().unwrap());
        let taken = |number: i64| integer::<T>(&number.into()).is_ok();
        assert!(taken(min) && taken(max) && !taken(min - 1) && !taken(max + 1), "{schema}");
        assert!(integer::<T>(&example::<T>()).is_ok(), "{schema}");
    }

    #[test]
    fn a_number_has_the_limits_that_its_constructor_has() {
        bounded::<Discount>();
        bounded::<ImageSize>();
        bounded::<Quantity>();
        bounded::<Rate>();
    }

    fn at_most<T: Described + FromStr<Err = Invalid>>(letter: &str) {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let max = usize::try_from(schema["maxLength"].as_u64().unwrap()).unwrap();
        let taken = |length| letter.repeat(length).parse::<T>().is_ok();
        assert!(taken(max) && !taken(max + 1), "{schema}");
    }

    #[test]
    fn a_text_has_the_length_that_its_constructor_takes() {
        at_most::<Line<20>>("a");
        at_most::<Text<20>>("a");
        at_most::<Name>("a");
        at_most::<TagId>("a");
    }

    #[test]
    fn an_enumeration_has_the_values_that_serde_reads() {
        let values = |schema: AnySchema| serde_json::to_value(schema).unwrap()["enum"].clone();
        assert_eq!(values(<CustomerStatus as Described>::schema()), serde_json::json!(["current", "potential"]));
        let temperatures = ["hot", "warm", "cold", "not_interested"];
        assert_eq!(values(<Temperature as Described>::schema()), serde_json::json!(temperatures));
        let countries = values(<Country as Described>::schema());
        assert!(countries.as_array().unwrap().len() > 200, "{countries}");
    }
}
