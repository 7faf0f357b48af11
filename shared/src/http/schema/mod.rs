//! What the API's document says of the types that fields are read as and answers are made of.
//!
//! The domain knows no HTTP, so its types are described here, one file per topic. A schema says
//! the same limits as the constructor: it names the constants, and a test gives the constructor
//! every example.

mod choices;
mod containers;
mod numbers;
mod texts;

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{OneOfBuilder, RefOr};

pub use choices::choices;
pub(super) use numbers::{Continuation, Limit};
pub(super) use texts::token;

/// What the document says of a type: its JSON Schema.
pub type AnySchema = RefOr<Schema>;

/// A type that a field is read as, or that stands in a path.
pub trait Described {
    /// Its JSON Schema, with an example that its constructor takes.
    fn schema() -> AnySchema;
}

/// Describes a type of the domain, for fields that are read as it and for answers that hold it.
macro_rules! described {
    ($($(#[$doc:meta])* $name:ty => $schema:expr;)*) => {$(
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::Schema::Object($schema.build()).into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl $crate::http::schema::Described for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <Self as utoipa::PartialSchema>::schema()
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

/// `schema`, or null.
pub(super) fn nullable(schema: AnySchema) -> AnySchema {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new().item(schema).item(null).into()
}
