//! What a page posted: which button, what was typed, and where. Everything else in the body, prices
//! included, is nobody's business.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use shared::domain::{DraftId, ProductId, Quantity, Text};
use shared::http::schema::Described;
use shared::http::{Problem, ProblemKind};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::refused::{Fault, FaultKind, Refused};
use crate::view::View;

/// Which button was pressed. Each keeps what was typed first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// Shows a page: the same again, what is searched on it, or another.
    Show(View),
    /// Chooses what was ordered last.
    Again,
    /// Orders what was chosen.
    Order(DraftId),
}

/// What was typed into a page.
#[derive(Default)]
pub struct Typed {
    /// As it was typed.
    pub quantities: BTreeMap<ProductId, String>,
    /// Where the page asks for it.
    pub note: Option<String>,
}

/// A page, as it came back.
pub struct Posted {
    pub pressed: Pressed,
    /// The page it was.
    pub at: View,
    /// What it was shown to come to.
    pub stamp: String,
    pub typed: Typed,
}

impl Posted {
    /// Reads the fields of our own pages.
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into()).or_insert_with(|| value.into());
        }
        let malformed = || Problem::new(ProblemKind::Malformed);
        let text = |name: &str| fields.get(name).map_or("", String::as_str);
        let at = View::parse(text("at"));
        let pressed = match fields.get("go").ok_or_else(malformed)?.as_str() {
            "keep" if fields.contains_key("q") => Pressed::Show(at.clone().searched(text("q"))),
            "keep" => Pressed::Show(at.clone()),
            "again" => Pressed::Again,
            "order" => Pressed::Order(text("draft").parse().map_err(|_| malformed())?),
            view if view.starts_with('?') => Pressed::Show(View::parse(view)),
            _ => return Err(malformed()),
        };
        let quantities = fields.iter().filter_map(|(name, value)| {
            let product = name.strip_prefix("q-")?.parse().ok()?;
            Some((product, value.trim().to_owned()))
        });
        let typed = Typed { quantities: quantities.collect(), note: fields.get("note").cloned() };
        Ok(Self { pressed, at, stamp: text("stamp").to_owned(), typed })
    }

    /// Tells one order of a draft from another: what the page showed, and what was typed into it.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.stamp);
        for (product, quantity) in &self.typed.quantities {
            hash.update(product.ulid().to_bytes());
            hash.update(quantity);
        }
        hash.update(self.typed.note.as_deref().unwrap_or("").trim());
        BASE64URL_NOPAD.encode(&hash.finalize()[..12])
    }

    /// What the API's document says of the body.
    pub fn schema() -> Object {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "What the page's form holds: `go`, the button; `at`, the page; `q-<product>` for each quantity; \
                 to order, `draft` and `stamp` from the page.",
            ))
            .property("go", <String as Described>::schema())
            .required("go")
            .property("at", <String as Described>::schema())
            .property("q", <String as Described>::schema())
            .property("draft", <DraftId as Described>::schema())
            .property("stamp", <String as Described>::schema())
            .property("note", <Text<500> as Described>::schema())
            .build()
    }
}

impl Typed {
    /// The quantities, `None` for nothing of a product; and what is no quantity.
    pub fn quantities(&self) -> (BTreeMap<ProductId, Option<Quantity>>, Vec<Fault>) {
        let (mut read, mut faults) = (BTreeMap::new(), Vec::new());
        for (product, text) in &self.quantities {
            match quantity(text) {
                Some(quantity) => drop(read.insert(*product, quantity)),
                None => faults.push(Fault { product: *product, kind: FaultKind::NoQuantity }),
            }
        }
        (read, faults)
    }

    /// The words to the shop, where the page asks for them.
    pub fn note(&self) -> Result<Option<Option<Text<500>>>, Refused> {
        match self.note.as_deref().map(str::trim) {
            None => Ok(None),
            Some("") => Ok(Some(None)),
            Some(note) => note.parse().map(|note| Some(Some(note))).map_err(|_| Refused::Note),
        }
    }
}

/// A quantity as it is typed: nothing, or a number that anybody orders.
fn quantity(text: &str) -> Option<Option<Quantity>> {
    match text.parse::<i64>() {
        Ok(0) => Some(None),
        Ok(number) => Quantity::try_from(number).ok().map(Some),
        Err(_) => text.is_empty().then_some(None),
    }
}
