//! Items as the SDK has them, and as our types.
//!
//! `serde_dynamo` writes them. It reads them too, but turns an item into values of its own first,
//! which takes as long as all that follows: most of what an export or a list does. [`Attribute`]
//! reads the SDK's values as they are, as far as we write them: keys are text, and there are no sets.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};

use super::keys::{Index, Key};
use crate::{Error, Result};

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// `value` as an item of type `kind` at `key`. The type, in the attribute `t`, is what the stream's
/// filters read.
pub(crate) fn to_item(key: Key, kind: &str, value: &impl Serialize) -> Result<Item> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(Error::Unstorable)?;
    item.insert("pk".to_owned(), AttributeValue::S(key.pk));
    item.insert("sk".to_owned(), AttributeValue::S(key.sk));
    item.insert("t".to_owned(), AttributeValue::S(kind.to_owned()));
    Ok(item)
}

/// Files `item` in `index` under `pk` and `sk`, with `projected` to be read there.
pub(crate) fn file_in(
    item: &mut Item,
    index: Index,
    pk: String,
    sk: String,
    projected: Option<&impl Serialize>,
) -> Result<()> {
    item.insert(index.pk().to_owned(), AttributeValue::S(pk));
    item.insert(index.sk().to_owned(), AttributeValue::S(sk));
    if let Some(projected) = projected {
        let value = serde_dynamo::to_attribute_value(projected).map_err(Error::Unstorable)?;
        item.insert(index.projected().to_owned(), value);
    }
    Ok(())
}

/// Lets the table delete `item` some time after `at`. Expiry is checked on reading all the same.
pub(crate) fn expire(item: &mut Item, at: jiff::Timestamp) {
    item.insert("ttl".to_owned(), AttributeValue::N(at.as_second().to_string()));
}

/// The value that `item` is.
pub(crate) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T> {
    T::deserialize(Attribute(AttributeValue::M(item)))
        .map_err(|error| Error::Unreadable(std::any::type_name::<T>(), error))
}

/// Why an item can't be read: never with what stands in it, which somebody may have typed.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// A field that has to be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Text for a number, and the like.
    #[error("not {0}")]
    Not(&'static str),
    /// A value of the right kind that its type does not know, or refuses.
    #[error("a value that its type refuses")]
    Refused,
}

impl serde::de::Error for Unread {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Refused
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::Not("of its type")
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

/// An attribute's value, read once.
struct Attribute(AttributeValue);

impl Attribute {
    fn number<N: FromStr>(self) -> Result<N, Unread> {
        match self.0 {
            AttributeValue::N(digits) => digits.parse().map_err(|_| Unread::Refused),
            _ => Err(Unread::Not("a number")),
        }
    }

    fn text(self) -> Result<String, Unread> {
        match self.0 {
            AttributeValue::S(text) => Ok(text),
            _ => Err(Unread::Not("a text")),
        }
    }

    fn map(self) -> Result<Item, Unread> {
        match self.0 {
            AttributeValue::M(map) => Ok(map),
            _ => Err(Unread::Not("a map")),
        }
    }

    fn list(self) -> Result<Vec<AttributeValue>, Unread> {
        match self.0 {
            AttributeValue::L(list) => Ok(list),
            _ => Err(Unread::Not("a list")),
        }
    }
}

impl IntoDeserializer<'_, Unread> for Attribute {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn entries(map: Item) -> MapDeserializer<'static, impl Iterator<Item = (Attribute, Attribute)>, Unread> {
    MapDeserializer::new(map.into_iter().map(|(name, value)| (Attribute(AttributeValue::S(name)), Attribute(value))))
}

fn values(list: Vec<AttributeValue>) -> SeqDeserializer<impl Iterator<Item = Attribute>, Unread> {
    SeqDeserializer::new(list.into_iter().map(Attribute))
}

macro_rules! read_as {
    ($read:ident: $($method:ident $visit:ident),*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            visitor.$visit(self.$read()?)
        })*
    };
}

/// Each kind by a method of its own, as far as there is one: by `deserialize_any`, every type of ours
/// would be compiled with all it could be read from.
impl<'de> Deserializer<'de> for Attribute {
    type Error = Unread;

    read_as! { number:
        deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32, deserialize_i64 visit_i64,
        deserialize_u8 visit_u8, deserialize_u16 visit_u16, deserialize_u32 visit_u32, deserialize_u64 visit_u64,
        deserialize_f32 visit_f32, deserialize_f64 visit_f64
    }

    read_as! { text:
        deserialize_str visit_string, deserialize_string visit_string, deserialize_identifier visit_string
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            AttributeValue::S(text) => visitor.visit_string(text),
            AttributeValue::N(digits) => {
                if let Ok(natural) = digits.parse::<u64>() {
                    visitor.visit_u64(natural)
                } else if let Ok(integer) = digits.parse::<i64>() {
                    visitor.visit_i64(integer)
                } else {
                    visitor.visit_f64(digits.parse().map_err(|_| Unread::Refused)?)
                }
            }
            AttributeValue::Bool(value) => visitor.visit_bool(value),
            AttributeValue::Null(_) => visitor.visit_unit(),
            AttributeValue::M(map) => visitor.visit_map(entries(map)),
            AttributeValue::L(list) => visitor.visit_seq(values(list)),
            _ => Err(Unread::Not("what we write")),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            AttributeValue::Bool(value) => visitor.visit_bool(value),
            _ => Err(Unread::Not("true or false")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            AttributeValue::Null(_) => visitor.visit_none(),
            value => visitor.visit_some(Self(value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_seq(values(self.list()?))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_map(entries(self.map()?))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        match self.0 {
            AttributeValue::S(variant) => visitor.visit_enum(variant.into_deserializer()),
            variant => match Self(variant).map()? {
                map if map.len() == 1 => visitor.visit_enum(MapAccessDeserializer::new(entries(map))),
                _ => Err(Unread::Not("a single variant")),
            },
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { bytes byte_buf char unit unit_struct i128 u128 }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde::Deserialize;

    use super::*;

    /// Of each kind that our types are of.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Everything {
        text: String,
        yes: bool,
        small: u8,
        natural: u64,
        integer: i64,
        share: f64,
        absent: Option<u32>,
        present: Option<String>,
        list: Vec<i32>,
        texts: BTreeSet<String>,
        pair: (String, u16),
        map: BTreeMap<Wrapped, u32>,
        plain: BTreeMap<Plain, u32>,
        unit: Plain,
        #[serde(flatten)]
        tagged: Tagged,
        held: Vec<Held>,
    }

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Wrapped(String);

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Plain {
        One,
        Two,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "state", rename_all = "snake_case")]
    enum Tagged {
        Pending,
        Done { rows: u64, name: String },
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    enum Held {
        Number(i64),
        Words { of: Vec<String> },
    }

    fn full() -> Everything {
        let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        Everything {
            text: "Zoé".to_owned(),
            yes: true,
            small: u8::MAX,
            natural: u64::MAX,
            integer: i64::MIN,
            share: -0.125,
            absent: None,
            present: Some(String::new()),
            list: vec![-1, 0, 1],
            texts: words("a b").into_iter().collect(),
            pair: ("pair".to_owned(), 7),
            map: BTreeMap::from([(Wrapped("a b".to_owned()), 1), (Wrapped(String::new()), 2)]),
            plain: BTreeMap::from([(Plain::One, 1), (Plain::Two, 2)]),
            unit: Plain::Two,
            tagged: Tagged::Done { rows: 1_000_000, name: "customers".to_owned() },
            held: vec![Held::Number(-5), Held::Words { of: words("a b c") }],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let full = full();
        let empty = Everything {
            present: None,
            list: Vec::new(),
            texts: BTreeSet::new(),
            map: BTreeMap::new(),
            tagged: Tagged::Pending,
            ..full.clone()
        };
        for value in [full, empty] {
            let item: Item = serde_dynamo::to_item(&value).unwrap();
            assert_eq!(from_item::<Everything>(item.clone()).unwrap(), value);
            let json: serde_json::Value = from_item(item).unwrap();
            assert_eq!(json, serde_json::to_value(value).unwrap());
        }
    }

    /// What is there may have been typed by anybody.
    #[test]
    fn what_can_t_be_read_is_refused_and_not_repeated() {
        let good: Item = serde_dynamo::to_item(full()).unwrap();
        let typed = || AttributeValue::S("Zoé".to_owned());
        for (field, bad, said) in [
            ("small", typed(), "not a number"),
            ("small", AttributeValue::N("256".to_owned()), "refuses"),
            ("share", AttributeValue::Null(true), "not a number"),
            ("yes", typed(), "not true or false"),
            ("text", AttributeValue::Bool(true), "not a text"),
            ("text", AttributeValue::B("Zoé".as_bytes().to_vec().into()), "not a text"),
            ("list", typed(), "not a list"),
            ("map", typed(), "not a map"),
            ("unit", typed(), "refuses"),
            ("state", typed(), "refuses"),
            ("rows", typed(), "not of its type"),
            ("held", AttributeValue::L(vec![AttributeValue::M(good.clone())]), "not a single variant"),
            ("held", AttributeValue::L(vec![typed()]), "refuses"),
        ] {
            let mut item = good.clone();
            item.insert(field.to_owned(), bad);
            let told = crate::telemetry::chain(&from_item::<Everything>(item).unwrap_err());
            assert!(told.contains(said) && !told.contains("Zoé"), "{field}: {told}");
        }
        let mut item = good.clone();
        item.remove("small");
        let told = crate::telemetry::chain(&from_item::<Everything>(item).unwrap_err());
        assert!(told.ends_with("small is missing"), "{told}");
    }
}
