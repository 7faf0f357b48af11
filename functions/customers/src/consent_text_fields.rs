//! The words by which somebody agrees, as staff write them: of a form, and of the shop.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};
use shared::domain::{ConsentText, Invalid, Locale, Text};
use shared::http::{Fields, Patch, text};

/// Reads the words of the field `name`, or a merge patch of the `known` ones.
pub fn consent_text(fields: &mut Fields, name: &str, known: Option<&ConsentText>) -> Patch<ConsentText> {
    fields.patch_object(name, object(known), |fields| {
        let version = fields.required("version", text);
        let texts = wordings(fields, known.map(|known| &known.texts));
        let new = ConsentText { version: version?, texts: texts? };
        // A version names the words that somebody agreed to.
        let reworded = |known: &ConsentText| {
            let other = |(locale, text)| new.texts.get(locale).is_some_and(|new| new != text);
            known.version == new.version && known.texts.iter().any(other)
        };
        if known.is_some_and(reworded) {
            return fields.reject("version", Invalid::Version);
        }
        Some(new)
    })
}

/// The wording of each language; there must be one.
fn wordings(fields: &mut Fields, known: Option<&BTreeMap<Locale, Text<2000>>>) -> Option<BTreeMap<Locale, Text<2000>>> {
    let given = fields.gives("texts");
    let patch = fields.patch_object("texts", object(known), |fields| {
        let each = Locale::ALL.map(|locale| Some((locale, fields.optional(locale.tag(), text)?)));
        Some(each.into_iter().flatten().collect())
    });
    match patch {
        Patch::Set(texts) if BTreeMap::is_empty(&texts) => fields.reject("texts", Invalid::Empty),
        Patch::Set(texts) => Some(texts),
        Patch::Keep if given => None,
        Patch::Keep | Patch::Clear => fields.reject("texts", Invalid::Empty),
    }
}

/// What stands, as a merge patch finds it.
pub fn object(known: Option<&impl Serialize>) -> Map<String, Value> {
    match known.map(|known| json!(known)) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}
