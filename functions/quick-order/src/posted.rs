//! What a page posted: which button, what was typed, and where. Everything else in the body, prices
//! included, is nobody's business.

use std::collections::BTreeMap;

use shared::domain::{DraftId, ProductId, Quantity, Text};
use shared::http::schema::Described;
use shared::http::{Problem, ProblemKind};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::refused::Refused;
use crate::view::View;

/// Which button was pressed. Each keeps what was typed first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// Shows the same page again, or what was searched on it.
    Keep,
    /// Shows another page.
    Show(View),
    /// Chooses what was ordered last.
    Again,
    /// Orders what was chosen.
    Order(DraftId),
}

/// What was typed into a page.
#[derive(Debug, Clone, Default)]
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
        let pressed = match fields.get("go").ok_or_else(malformed)?.as_str() {
            "keep" => Pressed::Keep,
            "again" => Pressed::Again,
            "order" => Pressed::Order(text("draft").parse().map_err(|_| malformed())?),
            view if view.starts_with('?') => Pressed::Show(View::parse(view)),
            _ => return Err(malformed()),
        };
        let at = View::parse(text("at"));
        let at = if fields.contains_key("q") { at.searched(text("q")) } else { at };
        let quantities = fields.iter().filter_map(|(name, value)| {
            let product = name.strip_prefix("q-")?.parse().ok()?;
            Some((product, value.trim().to_owned()))
        });
        let typed = Typed { quantities: quantities.collect(), note: fields.get("note").cloned() };
        Ok(Self { pressed, at, stamp: text("stamp").to_owned(), typed })
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
    /// The quantities; `None` for nothing of a product.
    pub fn quantities(&self) -> Result<BTreeMap<ProductId, Option<Quantity>>, Refused> {
        let read = |text: &str| match text.parse::<i64>() {
            Ok(0) => Ok(None),
            Ok(number) => Quantity::try_from(number).map(Some).map_err(|_| Refused::Quantity),
            Err(_) if text.is_empty() => Ok(None),
            Err(_) => Err(Refused::Quantity),
        };
        self.quantities.iter().map(|(product, text)| Ok((*product, read(text)?))).collect()
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
