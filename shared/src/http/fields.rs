//! The fields of an input object, read one by one so that every error is reported at once.
//!
//! A handler takes each field it knows; what is left over is unknown, and refused.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Problem;
use super::operation::Record;
use super::schema::{Described, PairsOfPairs};
use crate::domain::{Invalid, Locale};
use crate::wording;

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pointer: String,
    invalid: Invalid,
    found: Option<String>,
}

impl FieldError {
    /// The field at `pointer` (RFC 6901) is `invalid`.
    pub fn new(pointer: impl Into<String>, invalid: Invalid) -> Self {
        Self { pointer: pointer.into(), invalid, found: None }
    }

    /// The field `name` of the object itself is `invalid`.
    pub fn named(name: &str, invalid: Invalid) -> Self {
        Self::new(format!("/{}", name.replace('~', "~0").replace('/', "~1")), invalid)
    }

    /// With what was found in the field that is wrong, to be shown to whoever wrote it.
    #[must_use]
    pub fn with_found(self, found: impl Into<String>) -> Self {
        Self { found: Some(found.into()), ..self }
    }

    /// The name of the field, where it is one of the object itself.
    pub fn name(&self) -> Option<String> {
        let name = self.pointer.strip_prefix('/').filter(|name| !name.contains('/'))?;
        Some(name.replace("~1", "/").replace("~0", "~"))
    }

    /// Where the field is.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong with it, in a sentence.
    pub fn detail(&self, locale: Locale) -> String {
        let key = format!("invalid-{}", self.invalid.code().replace('_', "-"));
        let number = |number: &dyn Display| number.to_string();
        match self.invalid {
            Invalid::TooLong { max } | Invalid::TooMany { max } => {
                wording::say(locale, &key, &[("max", &number(&max))])
            }
            Invalid::OutOfRange { min, max } => {
                wording::say(locale, &key, &[("min", &number(&min)), ("max", &number(&max))])
            }
            Invalid::Variable | Invalid::Expression | Invalid::Column => {
                wording::say(locale, &key, &[("found", self.found.as_deref().unwrap_or_default())])
            }
            Invalid::UnknownField => match self.found.as_deref() {
                None => wording::say(locale, &key, &[]),
                Some("") => wording::say(locale, "invalid-unknown-field-of-none", &[]),
                Some(known) => wording::say(locale, "invalid-unknown-field-of", &[("known", known)]),
            },
            _ => wording::say(locale, &key, &[]),
        }
    }

    pub(super) fn to_json(&self, locale: Locale) -> Value {
        json!({ "pointer": self.pointer, "code": self.invalid.code(), "detail": self.detail(locale) })
    }
}

/// What a merge patch (RFC 7396) says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patch<T> {
    /// Nothing: it stays.
    Keep,
    /// It is to have no value.
    Clear,
    /// It is to have this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies the patch to a field that may have no value.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// What a field is that was `before`, where having no value is its default.
    pub fn over(self, before: T) -> T
    where
        T: Default,
    {
        match self {
            Self::Keep => before,
            Self::Clear => T::default(),
            Self::Set(value) => value,
        }
    }
}

/// The fields that have not been read yet, and what was wrong with those that have.
#[derive(Debug)]
pub struct Fields {
    left: Map<String, Value>,
    errors: Vec<FieldError>,
    record: Option<Record>,
}

/// More errors than this in one answer help nobody.
const MAX_ERRORS: usize = 100;

impl Fields {
    /// The fields of an object.
    pub fn new(object: Map<String, Value>) -> Self {
        Self { left: object, errors: Vec::new(), record: None }
    }

    /// No fields: what is read of them is written into `record` for the API's document.
    pub(super) fn described(record: Record) -> Self {
        Self { record: Some(record), ..Self::new(Map::new()) }
    }

    pub(super) fn describe<T: Described>(&self, name: &str, required: bool, nullable: bool) {
        if let Some(record) = &self.record {
            record.add::<T>(name, required, nullable);
        }
    }

    /// Whether there is a field `name` that nobody has read yet.
    pub fn gives(&self, name: &str) -> bool {
        self.left.contains_key(name)
    }

    /// Reads a field that must be there and not be null.
    pub fn required<T: Described>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, Invalid>) -> Option<T> {
        self.describe::<T>(name, true, false);
        match self.left.remove(name) {
            None | Some(Value::Null) => self.reject(name, Invalid::Empty),
            Some(value) => self.accept(name, read(&value)),
        }
    }

    /// Reads a field that must be there because of what others say; alone, it may be absent.
    pub fn required_then<T: Described>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.describe::<T>(name, false, false);
        match self.left.remove(name) {
            None | Some(Value::Null) => self.reject(name, Invalid::Empty),
            Some(value) => self.accept(name, read(&value)),
        }
    }

    /// Reads a field that may be absent or null.
    pub fn optional<T: Described>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, Invalid>) -> Option<T> {
        self.describe::<T>(name, false, true);
        match self.left.remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.accept(name, read(&value)),
        }
    }

    /// Reads a field of a merge patch that may be cleared.
    pub fn patch<T: Described>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, Invalid>) -> Patch<T> {
        self.describe::<T>(name, false, true);
        match self.left.remove(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => self.accept(name, read(&value)).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// Reads a field of a merge patch that always has a value.
    pub fn replace<T: Described>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, Invalid>) -> Option<T> {
        self.describe::<T>(name, false, false);
        match self.left.remove(name) {
            None => None,
            Some(Value::Null) => self.reject(name, Invalid::Empty),
            Some(value) => self.accept(name, read(&value)),
        }
    }

    /// Reads an object that may be absent or null; its errors are named by their place in it.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        match self.patch_object(name, Map::new(), read) {
            Patch::Set(value) => Some(value),
            Patch::Keep | Patch::Clear => None,
        }
    }

    /// Reads an object of a merge patch: what `current` has stays unless the patch says otherwise.
    pub fn patch_object<T>(
        &mut self,
        name: &str,
        current: Map<String, Value>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Patch<T> {
        if let Some(record) = &self.record {
            let nested = Record::default();
            drop(read(&mut Self::described(nested.clone())));
            record.add_object(name, nested, |field| current.contains_key(field));
            return Patch::Keep;
        }
        let given = match self.left.remove(name) {
            None => return Patch::Keep,
            Some(Value::Null) => return Patch::Clear,
            Some(Value::Object(given)) => given,
            Some(_) => return self.reject(name, Invalid::WrongType).map_or(Patch::Keep, Patch::Set),
        };
        let mut nested = Self::new(current);
        for (key, value) in given {
            match value {
                Value::Null => drop(nested.left.remove(&key)),
                value => drop(nested.left.insert(key, value)),
            }
        }
        self.within(&format!("/{name}"), nested, read).map_or(Patch::Keep, Patch::Set)
    }

    /// Reads an object of a merge patch whose names are values too, at most `max`: what `current` has
    /// stays unless the patch says otherwise. What is wrong with one is named by its place.
    pub fn patch_pairs<K, V>(
        &mut self,
        name: &str,
        current: BTreeMap<K, V>,
        max: usize,
        read: impl Fn(&Value) -> Result<V, Invalid>,
    ) -> Patch<BTreeMap<K, V>>
    where
        K: Described + FromStr<Err = Invalid> + Ord,
        V: Described,
    {
        self.describe::<BTreeMap<K, Option<V>>>(name, false, true);
        self.merge(name, current, max, |fields, key, _| fields.patch(key, &read))
    }

    /// As [`Self::patch_pairs`], of a field that always has a value: what it is then, if it is changed.
    pub fn replace_pairs<K, V, T>(
        &mut self,
        name: &str,
        current: T,
        max: usize,
        read: impl Fn(&Value) -> Result<V, Invalid>,
    ) -> Option<T>
    where
        K: Described + FromStr<Err = Invalid> + Ord,
        V: Described,
        T: Into<BTreeMap<K, V>> + TryFrom<BTreeMap<K, V>, Error = Invalid>,
    {
        self.describe::<BTreeMap<K, Option<V>>>(name, false, false);
        match self.merge(name, current.into(), max, |fields, key, _| fields.patch(key, &read)) {
            Patch::Keep => None,
            Patch::Clear => self.reject(name, Invalid::Empty),
            Patch::Set(pairs) => self.accept(name, pairs.try_into()),
        }
    }

    /// As [`Self::patch_pairs`], where each value is pairs itself and is merged like them, at most
    /// `max_each`.
    pub fn patch_pairs_of_pairs<K, L, V, T>(
        &mut self,
        name: &str,
        current: BTreeMap<K, T>,
        (max, max_each): (usize, usize),
        read: impl Fn(&Value) -> Result<V, Invalid>,
    ) -> Patch<BTreeMap<K, T>>
    where
        K: Described + FromStr<Err = Invalid> + Ord,
        L: Described + FromStr<Err = Invalid> + Ord,
        V: Described,
        T: Clone + Into<BTreeMap<L, V>> + TryFrom<BTreeMap<L, V>, Error = Invalid>,
    {
        self.describe::<PairsOfPairs<K, L, V>>(name, false, true);
        self.merge(name, current, max, |fields, key, before| {
            let before = before.cloned().map(T::into).unwrap_or_default();
            match fields.merge(key, before, max_each, |fields, key, _| fields.patch(key, &read)) {
                Patch::Keep => Patch::Keep,
                Patch::Clear => Patch::Clear,
                Patch::Set(pairs) => fields.accept(key, pairs.try_into()).map_or(Patch::Keep, Patch::Set),
            }
        })
    }

    /// Merges the pairs of field `name` into `current`: `read` reads the one of its name, and is told
    /// what stood there.
    fn merge<K, V>(
        &mut self,
        name: &str,
        mut current: BTreeMap<K, V>,
        max: usize,
        read: impl Fn(&mut Self, &str, Option<&V>) -> Patch<V>,
    ) -> Patch<BTreeMap<K, V>>
    where
        K: FromStr<Err = Invalid> + Ord,
    {
        let given = match self.left.remove(name) {
            None => return Patch::Keep,
            Some(Value::Null) => return Patch::Clear,
            Some(Value::Object(given)) => given,
            Some(_) => return self.reject(name, Invalid::WrongType).map_or(Patch::Keep, Patch::Set),
        };
        let keys: Vec<String> = given.keys().cloned().collect();
        let pairs = self.within(&format!("/{name}"), Self::new(given), |fields| {
            for key in keys {
                match key.parse::<K>() {
                    Ok(known) => match read(fields, &key, current.get(&known)) {
                        Patch::Keep => {}
                        Patch::Clear => drop(current.remove(&known)),
                        Patch::Set(value) => drop(current.insert(known, value)),
                    },
                    Err(invalid) => {
                        fields.left.remove(&key);
                        fields.reject::<()>(&key, invalid);
                    }
                }
            }
            Some(current)
        });
        match pairs {
            Some(pairs) if pairs.len() > max => self.reject(name, Invalid::TooMany { max }),
            pairs => pairs,
        }
        .map_or(Patch::Keep, Patch::Set)
    }

    /// Reports that a field is wrong for a reason found outside of it.
    pub fn reject<T>(&mut self, name: &str, invalid: Invalid) -> Option<T> {
        self.errors.push(FieldError::named(name, invalid));
        None
    }

    /// Reports that the field at `pointer` (RFC 6901) is wrong, wherever it stands.
    pub fn reject_at(&mut self, pointer: impl Into<String>, invalid: Invalid) {
        self.errors.push(FieldError::new(pointer, invalid));
    }

    /// Reports a field that is wrong for a reason that says more than its name.
    pub fn reject_with(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    fn accept<T>(&mut self, name: &str, read: Result<T, Invalid>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(invalid) => self.reject(name, invalid),
        }
    }

    /// Reads a list of 1 to `max` objects, which must be there: each as read, or `None` where
    /// something was wrong with it.
    pub fn objects<T>(
        &mut self,
        name: &str,
        max: usize,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Vec<Option<T>> {
        if let Some(record) = &self.record {
            let nested = Record::default();
            read(&mut Self::described(nested.clone()));
            record.add_objects(name, nested, max);
            return Vec::new();
        }
        let list = self.required(name, |value| match value.as_array() {
            None => Err(Invalid::WrongType),
            Some(list) if list.is_empty() => Err(Invalid::Empty),
            Some(list) if list.len() > max => Err(Invalid::TooMany { max }),
            Some(list) => Ok(list.clone()),
        });
        let each = list.unwrap_or_default().into_iter().enumerate().map(|(index, value)| {
            let pointer = format!("/{name}/{index}");
            match value {
                Value::Object(object) => self.within(&pointer, Self::new(object), &mut read),
                _ => {
                    self.reject_at(pointer, Invalid::WrongType);
                    None
                }
            }
        });
        each.collect()
    }

    /// Reads the object of `inner`, which stands at `pointer`, to its end.
    fn within<T>(&mut self, pointer: &str, mut inner: Self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let value = read(&mut inner);
        inner.reject_unknown();
        let whole = inner.errors.is_empty();
        for error in inner.errors {
            self.reject_at(format!("{pointer}{}", error.pointer), error.invalid);
        }
        value.filter(|_| whole)
    }

    fn reject_unknown(&mut self) {
        for name in std::mem::take(&mut self.left).into_iter().map(|(name, _)| name) {
            self.reject::<()>(&name, Invalid::UnknownField);
        }
    }

    /// As [`finish`](Self::finish), where who gives a field that is unknown is told which there are.
    ///
    /// # Errors
    /// A problem that names every wrong or unknown field.
    pub fn finish_of(mut self, known: &[&str]) -> Result<(), Problem> {
        for name in std::mem::take(&mut self.left).into_iter().map(|(name, _)| name) {
            self.reject_with(FieldError::named(&name, Invalid::UnknownField).with_found(known.join(", ")));
        }
        self.finish()
    }

    /// Ends the reading: nothing may be left over, and nothing may have been wrong.
    ///
    /// # Errors
    /// A problem that names every wrong or unknown field.
    pub fn finish(mut self) -> Result<(), Problem> {
        self.reject_unknown();
        if self.errors.is_empty() {
            return Ok(());
        }
        self.errors.truncate(MAX_ERRORS);
        Err(Problem::invalid(self.errors))
    }
}

/// Reads text as a domain value.
pub fn text<T: FromStr<Err = Invalid>>(value: &Value) -> Result<T, Invalid> {
    value.as_str().ok_or(Invalid::WrongType)?.parse()
}

/// Reads the name of one of the values of an enumeration.
pub fn choice<T: DeserializeOwned>(value: &Value) -> Result<T, Invalid> {
    if !value.is_string() {
        return Err(Invalid::WrongType);
    }
    serde_json::from_value(value.clone()).map_err(|_| Invalid::Choice)
}

/// Reads a whole number as a domain value.
pub fn integer<T: TryFrom<i64, Error = Invalid>>(value: &Value) -> Result<T, Invalid> {
    value.as_i64().ok_or(Invalid::WrongType)?.try_into()
}

/// Reads an instant with its offset (RFC 3339).
pub fn instant(value: &Value) -> Result<Timestamp, Invalid> {
    let text = value.as_str().ok_or(Invalid::WrongType)?;
    text.parse().map_err(|_| Invalid::Instant)
}

/// Reads a whole number.
pub fn integer_value(value: &Value) -> Result<i64, Invalid> {
    value.as_i64().ok_or(Invalid::WrongType)
}

/// Reads a calendar day: `2026-11-22` and no other spelling.
pub fn day(value: &Value) -> Result<Date, Invalid> {
    let text = value.as_str().ok_or(Invalid::WrongType)?;
    let date: Date = text.parse().map_err(|_| Invalid::Date)?;
    // The library would also read times and the basic format.
    if date.to_string() == text { Ok(date) } else { Err(Invalid::Date) }
}

/// Reads `true` or `false`; in a query, the words.
pub fn boolean(value: &Value) -> Result<bool, Invalid> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(text) => text.parse().map_err(|_| Invalid::Choice),
        _ => Err(Invalid::WrongType),
    }
}

/// Reads a list of the names of an enumeration as a domain value.
pub fn choices<C: DeserializeOwned, T: TryFrom<Vec<C>, Error = Invalid>>(value: &Value) -> Result<T, Invalid> {
    let items = value.as_array().ok_or(Invalid::WrongType)?;
    items.iter().map(choice).collect::<Result<Vec<C>, Invalid>>()?.try_into()
}

/// Reads an object of `key: value` pairs as a domain value.
pub fn pairs<K, V, T>(read: impl Fn(&Value) -> Result<V, Invalid>) -> impl FnOnce(&Value) -> Result<T, Invalid>
where
    K: FromStr<Err = Invalid> + Ord,
    T: TryFrom<BTreeMap<K, V>, Error = Invalid>,
{
    move |value| {
        let object = value.as_object().ok_or(Invalid::WrongType)?;
        let pairs = object.iter().map(|(key, value)| Ok((key.parse()?, read(value)?)));
        pairs.collect::<Result<BTreeMap<K, V>, Invalid>>()?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Discount, EmailAddress, Language, Name};

    fn fields(value: Value) -> Fields {
        Fields::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn every_error_is_reported_at_once() {
        let mut fields = fields(json!({"email": "nobody", "discount_bp": "10", "a/b": 1, "name": null}));
        assert_eq!(fields.required::<Name>("name", text), None);
        assert_eq!(fields.required::<EmailAddress>("email", text), None);
        assert_eq!(fields.patch::<Discount>("discount_bp", integer), Patch::Keep);
        let problem = fields.finish().unwrap_err();
        let errors: Vec<_> = problem.errors().iter().map(|error| (error.pointer(), error.invalid)).collect();
        let expected = [
            ("/name", Invalid::Empty),
            ("/email", Invalid::Email),
            ("/discount_bp", Invalid::WrongType),
            ("/a~1b", Invalid::UnknownField),
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn what_is_wrong_within_a_list_is_named_with_its_place() {
        let list = json!([{"quantity": 2}, 7, {"quantity": "x"}, {"quantity": 1, "price": 1}]);
        let mut fields = fields(json!({ "lines": list, "customer": {"name": ""}, "other": [] }));
        let read = |line: &mut Fields| line.required("quantity", integer_value);
        assert_eq!(fields.objects("lines", 4, read), [Some(2), None, None, None]);
        assert_eq!(fields.object("customer", |customer| customer.required::<Name>("name", text)), None);
        assert_eq!(fields.objects("other", 4, read), []);
        let problem = fields.finish().unwrap_err();
        let errors: Vec<_> = problem.errors().iter().map(|error| (error.pointer(), error.invalid)).collect();
        let expected = [
            ("/lines/1", Invalid::WrongType),
            ("/lines/2/quantity", Invalid::WrongType),
            ("/lines/3/price", Invalid::UnknownField),
            ("/customer/name", Invalid::Empty),
            ("/other", Invalid::Empty),
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn an_object_of_a_merge_patch_is_merged_and_its_errors_are_placed() {
        let current = || json!({"a": 1, "b": 2}).as_object().unwrap().clone();
        let read = |nested: &mut Fields| {
            let of = |nested: &mut Fields, name| nested.optional(name, integer_value);
            Some((of(nested, "a"), of(nested, "b")))
        };
        let mut fields = fields(json!({"x": {"a": null, "b": 3}, "y": null, "z": {"a": "1", "c": 0}, "w": 5}));
        assert_eq!(fields.patch_object("x", current(), read), Patch::Set((None, Some(3))));
        assert_eq!(fields.patch_object("y", current(), read), Patch::Clear);
        assert_eq!(fields.patch_object("z", current(), read), Patch::Keep);
        assert_eq!(fields.patch_object("v", current(), read), Patch::Keep);
        assert_eq!(fields.object("w", read), None);
        let problem = fields.finish().unwrap_err();
        let pointers: Vec<_> = problem.errors().iter().map(FieldError::pointer).collect();
        assert_eq!(pointers, ["/z/a", "/z/c", "/w"]);
    }

    #[test]
    fn pairs_of_a_merge_patch_are_merged_and_their_errors_are_placed() {
        let current = || BTreeMap::from([("fr".parse().unwrap(), 1_i64), ("en".parse().unwrap(), 2)]);
        let mut fields =
            fields(json!({"x": {"fr": null, "de": 3}, "y": {"a/b": 1, "fr": "1"}, "z": {"it": 1, "de": 1}}));
        let mut read = |name, max| fields.patch_pairs::<Language, i64>(name, current(), max, integer_value);
        let merged = BTreeMap::from([("en".parse().unwrap(), 2), ("de".parse().unwrap(), 3)]);
        assert_eq!(read("x", 2), Patch::Set(merged));
        assert_eq!((read("y", 3), read("z", 3), read("v", 0)), (Patch::Keep, Patch::Keep, Patch::Keep));
        let problem = fields.finish().unwrap_err();
        let errors: Vec<_> = problem.errors().iter().map(|error| (error.pointer(), error.invalid)).collect();
        let expected =
            [("/y/a~1b", Invalid::Language), ("/y/fr", Invalid::WrongType), ("/z", Invalid::TooMany { max: 3 })];
        assert_eq!(errors, expected);
    }

    #[test]
    fn every_reason_has_a_sentence_in_every_language() {
        let reasons = [
            Invalid::Empty,
            Invalid::TooLong { max: 1 },
            Invalid::ControlCharacter,
            Invalid::Email,
            Invalid::Phone,
            Invalid::Currency,
            Invalid::Language,
            Invalid::Country,
            Invalid::Date,
            Invalid::Instant,
            Invalid::InstantRange,
            Invalid::TimeZone,
            Invalid::Postcode,
            Invalid::VatNumber,
            Invalid::NotUsedThere,
            Invalid::OutOfRange { min: 0, max: 1 },
            Invalid::Choice,
            Invalid::Id,
            Invalid::WebAddress,
            Invalid::TooMany { max: 1 },
            Invalid::UnknownField,
            Invalid::WrongType,
            Invalid::Colour,
            Invalid::Variable,
            Invalid::Expression,
            Invalid::Block,
        ];
        for locale in Locale::ALL {
            for reason in reasons {
                let detail = FieldError::new("/x", reason).detail(locale);
                assert!(detail.ends_with('.') && !detail.contains('{'), "{reason:?} in {locale:?}: {detail}");
            }
            for kind in super::super::ProblemKind::ALL {
                assert!(Problem::new(kind).detail(locale).ends_with('.'), "{kind:?} in {locale:?}");
            }
        }
    }
}
