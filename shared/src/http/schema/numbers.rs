//! Amounts, counts and days.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, SchemaFormat};

use super::{AnySchema, Described, described, integer, string};
use crate::domain::{Discount, ImageSize, Money, Month, Quantity, Rate};
use crate::http::Query;

described! {
    Discount => integer("A discount in basis points: 1000 is 10 %.", 0..=10_000, 1000);
    ImageSize => integer("How many bytes a file has.", 1..=Self::MAX, 48_213);
    Rate => integer("A group's rate in basis points: -1000 takes 10 % off.", -10_000..=10_000, -1000);
    Month => integer("A month.", 1..=12, 5);
    Quantity => integer("How many.", 1..=Self::MAX, 2);
    Money => ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("An amount in minor units: cents, for the euro."))
        .property("minor", integer("Minor units.", -Self::MAX_MINOR..=Self::MAX_MINOR, 1799))
        .property("currency", string("ISO 4217.", "EUR").pattern(Some("^[A-Z]{3}$")))
        .required("minor")
        .required("currency");
}

/// So many days, from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy)]
pub struct Days<const MIN: u8, const MAX: u8>(pub u8);

/// How many items a page is to have.
pub(in crate::http) struct Limit(pub u32);
/// Where a list goes on.
pub(in crate::http) struct Continuation<P>(pub P);

macro_rules! read_as {
    ($($name:ty => $schema:expr;)*) => {$(
        impl Described for $name {
            fn schema() -> AnySchema {
                Schema::Object($schema.build()).into()
            }
        }
    )*};
}

// Types of other crates: answers that hold a day or a time are described by utoipa itself.
read_as! {
    Limit => integer("How many items the page has.", 1..=Query::MAX_LIMIT.into(), 25)
        .default(Some(Query::DEFAULT_LIMIT.into()));
    Date => string("A day.", "2026-11-22").format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    Timestamp => string("A time (RFC 3339).", "2026-11-22T09:00:00Z")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    bool => ObjectBuilder::new().schema_type(Type::Boolean).examples([false]);
    // Read and not kept: what an answer shows may be sent back.
    () => ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some("Not read."));
    Value => ObjectBuilder::new().schema_type(SchemaType::AnyValue);
    i32 => ObjectBuilder::new().schema_type(Type::Integer).examples([1]);
    i64 => ObjectBuilder::new().schema_type(Type::Integer).examples([1]);
    u8 => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(u8::MAX)).examples([1]);
    u32 => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).examples([1]);
    u64 => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).examples([1]);
    String => ObjectBuilder::new().schema_type(Type::String).examples(["text"]);
}

impl<const MIN: u8, const MAX: u8> Described for Days<MIN, MAX> {
    fn schema() -> AnySchema {
        Schema::Object(integer("How many days.", MIN.into()..=MAX.into(), 1).build()).into()
    }
}

impl<P> Described for Continuation<P> {
    fn schema() -> AnySchema {
        let continuation = ObjectBuilder::new().schema_type(Type::String);
        continuation.description(Some("Where the list goes on: `next` of the page before.")).into()
    }
}
