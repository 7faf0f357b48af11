//! Website forms: what a merchant's page posts to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FormId, Language, Line, Locale, Origin, ShopId, Text};

/// The words a visitor agrees to, per language, and their version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentText {
    /// Which wording this is.
    pub version: Line<40>,
    /// The wording in each language.
    pub texts: BTreeMap<Locale, Text<2000>>,
}

impl ConsentText {
    /// The wording that a reader of `language` is shown, and the language it is in.
    pub fn shown_to(&self, language: &Language) -> Option<(Locale, &Text<2000>)> {
        let wanted = Locale::of(language).and_then(|locale| self.texts.get_key_value(&locale));
        wanted.or_else(|| self.texts.iter().next()).map(|(locale, text)| (*locale, text))
    }
}

/// One form of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The form; unique in the deployment, since it is what leads to the shop.
    pub id: FormId,
    /// Whose it is.
    pub shop: ShopId,
    /// The pages that may post it from a script; none listed: any.
    pub origins: Vec<Origin>,
    /// What ticking the marketing box means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketing_consent: Option<ConsentText>,
}

impl Form {
    /// What to answer a script on a page of `origin` (CORS): the origin, or `*` where any may post.
    pub fn allowed_origin<'a>(&'a self, origin: &'a str) -> Option<&'a str> {
        if self.origins.is_empty() {
            return Some("*");
        }
        self.origins.iter().map(Origin::as_str).find(|allowed| *allowed == origin)
    }
}
