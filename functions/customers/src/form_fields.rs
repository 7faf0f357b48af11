//! The fields of a form that staff set: read alike when one is made and when one is changed.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::Value;
use shared::domain::{
    ConsentText, Destination, EmailAddress, Form, FormField, FormId, FormLimits, Invalid, Line, Locale, Origin, OwnTag,
    ShopId, TagId, Tags, Temperature,
};
use shared::http::schema::{AnySchema, Described};
use shared::http::{Fields, Patch, Problem, boolean, choice, integer_value, text};

use crate::consent_text_fields::{consent_text, object};

/// What a request says of a form.
pub struct FormFields {
    name: Option<Line<100>>,
    origins: Patch<Vec<Origin>>,
    redirect: Patch<Destination>,
    mapping: Patch<BTreeMap<Line<100>, FormField>>,
    marketing_consent: Patch<ConsentText>,
    double_opt_in: Option<bool>,
    tags: Patch<Vec<TypedTag>>,
    temperature: Patch<Temperature>,
    notify: Patch<EmailAddress>,
    welcome: Option<bool>,
    limits: Patch<FormLimits>,
}

impl FormFields {
    /// Reads the fields of a new form, or a merge patch of `known`.
    pub fn read(mut fields: Fields, known: Option<&Form>) -> Result<Self, Problem> {
        let mapping = known.map(|known| known.mapping.clone()).unwrap_or_default();
        let limits = known.map(|known| known.limits).unwrap_or_default();
        let read = Self {
            name: match known {
                None => fields.required("name", text),
                Some(_) => fields.replace("name", text),
            },
            origins: fields.patch("origins", |value| list(value, Form::MOST_ORIGINS)),
            redirect: fields.patch("redirect", text),
            mapping: fields.patch_pairs("mapping", mapping, Form::MOST_MAPPED, choice),
            marketing_consent: consent_text(
                &mut fields,
                "marketing_consent",
                known.and_then(|known| known.marketing_consent.as_ref()),
            ),
            double_opt_in: fields.replace("double_opt_in", boolean),
            tags: fields.patch("tags", |value| list(value, Tags::MAX)),
            temperature: fields.patch("temperature", choice),
            notify: fields.patch("notify", text),
            welcome: fields.replace("welcome", boolean),
            limits: read_limits(&mut fields, limits),
        };
        fields.finish()?;
        Ok(read)
    }

    /// A new form of `shop`; its id is made of its name and of `random`.
    pub fn begin(self, shop: ShopId, random: [u8; 5], now: Timestamp) -> Option<Form> {
        let name = self.name.clone()?;
        let form = Form::new(shop, FormId::of_name(&name, random), name, now);
        Some(Form { version: 1, ..self.applied_to(&form, now) })
    }

    /// The next version of `before`.
    pub fn applied_to(self, before: &Form, now: Timestamp) -> Form {
        let mut after = Form { version: before.version + 1, updated_at: now, ..before.clone() };
        after.name = self.name.unwrap_or(after.name);
        after.origins = self.origins.over(after.origins);
        self.redirect.apply(&mut after.redirect);
        after.mapping = self.mapping.over(after.mapping);
        self.marketing_consent.apply(&mut after.marketing_consent);
        after.double_opt_in = self.double_opt_in.unwrap_or(after.double_opt_in);
        after.tags = match self.tags {
            Patch::Keep => after.tags,
            Patch::Clear => BTreeMap::new(),
            Patch::Set(tags) => tags.into_iter().map(|TypedTag { id, label }| (id, label)).collect(),
        };
        self.temperature.apply(&mut after.temperature);
        self.notify.apply(&mut after.notify);
        after.welcome = self.welcome.unwrap_or(after.welcome);
        after.limits = self.limits.over(after.limits);
        after
    }
}

/// The shop's own tags that the form puts.
pub fn own_tags(form: &Form) -> impl Iterator<Item = OwnTag> {
    form.tags.iter().filter_map(|(id, label)| Some(OwnTag { id: id.clone(), label: label.clone()? }))
}

/// A tag as staff type it: what it is called is kept where it is the shop's own.
struct TypedTag {
    id: TagId,
    label: Option<Line<{ TagId::MAX }>>,
}

impl FromStr for TypedTag {
    type Err = Invalid;

    fn from_str(typed: &str) -> Result<Self, Invalid> {
        let id: TagId = typed.parse()?;
        let label = match id.label(Locale::En) {
            Some(_) => None,
            None => Some(typed.parse()?),
        };
        Ok(Self { id, label })
    }
}

impl Described for TypedTag {
    fn schema() -> AnySchema {
        <TagId as Described>::schema()
    }
}

/// At most `max` values, each as text.
fn list<T: FromStr<Err = Invalid>>(value: &Value, max: usize) -> Result<Vec<T>, Invalid> {
    let items = value.as_array().ok_or(Invalid::WrongType)?;
    if items.len() > max { Err(Invalid::TooMany { max }) } else { items.iter().map(text).collect() }
}

/// How much passes: what is not named stays.
fn read_limits(fields: &mut Fields, current: FormLimits) -> Patch<FormLimits> {
    fields.patch_object("limits", object(Some(&current)), |fields| {
        let per_address_per_minute = fields.required("per_address_per_minute", limit);
        let per_form_per_minute = fields.required("per_form_per_minute", limit);
        Some(FormLimits { per_address_per_minute: per_address_per_minute?, per_form_per_minute: per_form_per_minute? })
    })
}

fn limit(value: &Value) -> Result<u32, Invalid> {
    let (min, max) = (1, FormLimits::MAX);
    let number = u32::try_from(integer_value(value)?).ok().filter(|number| (min..=max).contains(number));
    number.ok_or(Invalid::OutOfRange { min: min.into(), max: max.into() })
}
