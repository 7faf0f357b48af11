//! The template as JSON, with its tags in their long form: `!Sub x` reads as `{"Fn::Sub": "x"}`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use serde_json::{Map, Value, json};

use crate::golden::root;

/// The whole template.
pub static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
    let file = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    read(&YamlOwned::load_from_str(&file).unwrap()[0])
});

fn read(node: &YamlOwned) -> Value {
    match node {
        YamlOwned::Tagged(tag, inner) => {
            let name = match tag.suffix.as_str() {
                "Ref" | "Condition" => tag.suffix.clone(),
                function => format!("Fn::{function}"),
            };
            json!({ name: read(inner) })
        }
        YamlOwned::Value(ScalarOwned::String(text)) => json!(text),
        YamlOwned::Value(ScalarOwned::Integer(number)) => json!(number),
        YamlOwned::Value(ScalarOwned::FloatingPoint(number)) => json!(number.into_inner()),
        YamlOwned::Value(ScalarOwned::Boolean(is)) => json!(is),
        YamlOwned::Sequence(items) => items.iter().map(read).collect(),
        YamlOwned::Mapping(pairs) => {
            let text = |key: &YamlOwned| key.as_str().unwrap_or_else(|| panic!("{key:?} is no name")).to_owned();
            Value::Object(pairs.iter().map(|(key, value)| (text(key), read(value))).collect())
        }
        other => panic!("the template needs no {other:?}"),
    }
}

/// Every resource by its name.
pub fn resources() -> &'static Map<String, Value> {
    TEMPLATE["Resources"].as_object().unwrap()
}

/// The properties of the resource `name`.
#[track_caller]
pub fn properties(name: &str) -> &'static Value {
    &resources().get(name).unwrap_or_else(|| panic!("the template has no {name}"))["Properties"]
}

/// The properties of every resource of a type, by name.
pub fn of_type(kind: &str) -> BTreeMap<&'static str, &'static Value> {
    let of_kind = resources().iter().filter(|(_, resource)| resource["Type"] == kind);
    of_kind.map(|(name, resource)| (name.as_str(), &resource["Properties"])).collect()
}

/// What the template writes for `!Ref name`.
pub fn reference(name: &str) -> Value {
    json!({ "Ref": name })
}

/// What the template writes for `!GetAtt name.attribute`.
pub fn attribute(name: &str, attribute: &str) -> Value {
    json!({ "Fn::GetAtt": format!("{name}.{attribute}") })
}

/// The resource whose ARN, or whose name, `value` says.
#[track_caller]
pub fn named(value: &Value) -> &str {
    let named = value["Ref"].as_str().or_else(|| value["Fn::GetAtt"].as_str()?.split('.').next());
    named.unwrap_or_else(|| panic!("{value} names no resource"))
}

/// Nothing, one thing, or a list of some: policies allow either.
pub fn each(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// Both sides of an `!If`, or what is there without one.
pub fn either(value: &Value) -> &[Value] {
    value["Fn::If"].as_array().map_or(std::slice::from_ref(value), |parts| &parts[1..])
}

/// Every value inside `value`, itself among them.
pub fn all_in(value: &Value) -> Vec<&Value> {
    let inside: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    std::iter::once(value).chain(inside.into_iter().flat_map(all_in)).collect()
}
