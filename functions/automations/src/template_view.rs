//! What a kind of mail says, as staff see it: which texts may be changed, what stands there.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::domain::{Locale, MailTemplate, MessageClass, MessageKind, Settings, Slot};
use shared::email::{default_text, sample_of};
use shared::http::etag;
use utoipa::ToSchema;

/// The texts of a kind of mail in a language.
#[derive(Serialize, ToSchema)]
#[schema(as = MailTemplate)]
pub struct TemplateView {
    kind: MessageKind,
    language: Locale,
    class: MessageClass,
    /// The `ETag`: 0 until the first change.
    version: u64,
    /// What may be changed: nothing of a mail that proves something, or that goes to the shop itself.
    texts: Vec<TextView>,
    /// The values that a text may name, as `{{ shop_name }}`.
    variables: &'static [&'static str],
}

/// A text that may be changed.
#[derive(Serialize, ToSchema)]
#[schema(as = MailText)]
struct TextView {
    name: Slot,
    /// How many characters it may have.
    limit: usize,
    /// What stands there where the shop has no text of its own. Of a mail with words for each occasion,
    /// those of the first; of a birthday mail, those of the day or of before, as the settings have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    /// The shop's own text.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<String>,
}

impl TemplateView {
    /// The texts of `template`, beside what the settings offer.
    pub fn of(template: &MailTemplate, settings: &Settings) -> Self {
        let (kind, language) = (template.kind, template.language);
        let sample = sample_of(kind, language, settings);
        let texts = kind.slots().iter().map(|slot| TextView {
            name: *slot,
            limit: slot.limit(),
            default: match slot {
                Slot::Offer => settings.offer(kind).map(str::to_owned),
                _ => default_text(&sample, language, *slot),
            },
            own: template.slots.get(slot).cloned(),
        });
        Self {
            kind,
            language,
            class: kind.class(),
            version: template.version,
            texts: texts.collect(),
            variables: kind.variables(),
        }
    }

    /// A response with the texts and their version.
    pub fn answer(template: &MailTemplate, settings: &Settings) -> Response {
        ([etag(template.version)], Json(Self::of(template, settings))).into_response()
    }
}
