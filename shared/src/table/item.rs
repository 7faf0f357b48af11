//! Items as the SDK has them, and as our types.
//!
//! `serde_dynamo` writes them. It reads them too, but turns an item into values of its own first,
//! which takes as long as all that follows: most of what an export or a list does. [`Attribute`]
//! reads the SDK's values as they are.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::value::{Error as Unread, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};

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
        .map_err(|error| Error::Unreadable(std::any::type_name::<T>(), error.into()))
}

/// An attribute's value, read once.
struct Attribute(AttributeValue);

impl Attribute {
    fn number<N: FromStr>(self) -> Result<N, Unread> {
        match self.0 {
            AttributeValue::N(digits) => digits.parse().map_err(|_| Unread::custom("a number out of its range")),
            _ => Err(Unread::custom("not a number")),
        }
    }

    fn text(self) -> Result<String, Unread> {
        match self.0 {
            AttributeValue::S(text) => Ok(text),
            _ => Err(Unread::custom("not a text")),
        }
    }

    fn map(self) -> Result<Item, Unread> {
        match self.0 {
            AttributeValue::M(map) => Ok(map),
            _ => Err(Unread::custom("not a map")),
        }
    }

    fn list(self) -> Result<Vec<AttributeValue>, Unread> {
        match self.0 {
            AttributeValue::L(list) => Ok(list),
            AttributeValue::Ss(texts) => Ok(texts.into_iter().map(AttributeValue::S).collect()),
            AttributeValue::Ns(numbers) => Ok(numbers.into_iter().map(AttributeValue::N).collect()),
            _ => Err(Unread::custom("not a list")),
        }
    }
}

impl IntoDeserializer<'_, Unread> for Attribute {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn entries(map: Item) -> MapDeserializer<'static, impl Iterator<Item = (String, Attribute)>, Unread> {
    MapDeserializer::new(map.into_iter().map(|(name, value)| (name, Attribute(value))))
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
        deserialize_char visit_string, deserialize_str visit_string, deserialize_string visit_string,
        deserialize_identifier visit_string
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            AttributeValue::S(text) => visitor.visit_string(text),
            AttributeValue::N(digits) => match (digits.parse(), digits.parse(), digits.parse()) {
                (Ok(natural), _, _) => visitor.visit_u64(natural),
                (_, Ok(integer), _) => visitor.visit_i64(integer),
                (_, _, Ok(number)) => visitor.visit_f64(number),
                _ => Err(Unread::custom("not a number")),
            },
            AttributeValue::Bool(value) => visitor.visit_bool(value),
            AttributeValue::Null(_) => visitor.visit_unit(),
            AttributeValue::M(map) => visitor.visit_map(entries(map)),
            list => visitor.visit_seq(values(Self(list).list()?)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            AttributeValue::Bool(value) => visitor.visit_bool(value),
            _ => Err(Unread::custom("neither true nor false")),
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
            variant => visitor.visit_enum(MapAccessDeserializer::new(entries(Self(variant).map()?))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit unit_struct i128 u128 }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    /// Of each kind that our types are of.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Everything {
        text: String,
        letter: char,
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
        map: BTreeMap<String, u32>,
        unit: Plain,
        #[serde(flatten)]
        tagged: Tagged,
        held: Vec<Held>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

    fn everything() -> impl Strategy<Value = Everything> {
        let numbers = (any::<u8>(), any::<u64>(), any::<i64>(), -1e9..1e9f64);
        let lists = (
            prop::collection::vec(any::<i32>(), 0..4),
            prop::collection::btree_set(".*", 0..3),
            prop::collection::btree_map(".*", any::<u32>(), 0..3),
        );
        let enums = (
            prop_oneof![Just(Plain::One), Just(Plain::Two)],
            prop_oneof![
                Just(Tagged::Pending),
                (any::<u64>(), ".*").prop_map(|(rows, name)| Tagged::Done { rows, name })
            ],
            prop::collection::vec(
                prop_oneof![
                    any::<i64>().prop_map(Held::Number),
                    prop::collection::vec(".*", 0..3).prop_map(|of| Held::Words { of })
                ],
                0..3,
            ),
        );
        let options = (any::<Option<u32>>(), any::<Option<String>>());
        ((".*", any::<char>(), any::<bool>(), any::<u16>()), numbers, lists, enums, options).prop_map(
            |(
                (text, letter, yes, second),
                (small, natural, integer, share),
                (list, texts, map),
                (unit, tagged, held),
                (absent, present),
            )| {
                let pair = (text.clone(), second);
                Everything {
                    text,
                    letter,
                    yes,
                    small,
                    natural,
                    integer,
                    share,
                    absent,
                    present,
                    list,
                    texts,
                    pair,
                    map,
                    unit,
                    tagged,
                    held,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in everything()) {
            let item: Item = serde_dynamo::to_item(&value).unwrap();
            prop_assert_eq!(from_item::<Everything>(item.clone()).unwrap(), value.clone());
            let json: serde_json::Value = from_item(item).unwrap();
            prop_assert_eq!(json, serde_json::to_value(value).unwrap());
        }
    }

    #[test]
    fn sets_are_lists() {
        let item = Item::from([
            ("texts".to_owned(), AttributeValue::Ss(vec!["a".to_owned()])),
            ("numbers".to_owned(), AttributeValue::Ns(vec!["1".to_owned()])),
        ]);
        let read: serde_json::Value = from_item(item).unwrap();
        assert_eq!(read, serde_json::json!({ "texts": ["a"], "numbers": [1] }));
    }

    #[test]
    fn what_is_something_else_is_refused_and_not_repeated() {
        for value in [
            AttributeValue::S("Zoé".to_owned()),
            AttributeValue::N("1e400".to_owned()),
            AttributeValue::N("-1".to_owned()),
            AttributeValue::B("Zoé".as_bytes().to_vec().into()),
            AttributeValue::Bool(true),
            AttributeValue::Null(true),
        ] {
            let item = Item::from([("age".to_owned(), value)]);
            let refused = from_item::<HashMap<String, u8>>(item).unwrap_err();
            let said = crate::telemetry::chain(&refused);
            assert!(said.contains("number") && !said.contains("Zoé"), "{said}");
        }
    }
}
