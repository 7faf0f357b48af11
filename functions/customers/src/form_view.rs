//! A form as the API shows it, and the markup that a page needs to have it.

use std::collections::BTreeMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use shared::App;
use shared::domain::{
    ConsentText, Destination, EmailAddress, Form, FormField, FormId, FormLimits, Line, Locale, Origin, Settings,
    Temperature,
};
use shared::http::etag;
use utoipa::ToSchema;

use crate::form_snippet::snippet;

/// A form.
#[derive(Serialize, ToSchema)]
pub struct FormView {
    id: FormId,
    version: u64,
    name: Line<100>,
    /// Where a page sends it.
    url: String,
    /// The sites that may send it from a script, and that `_next` may lead to; none: any may send it.
    origins: Vec<Origin>,
    redirect: Option<Destination>,
    /// What fields mean that have names of their own.
    mapping: BTreeMap<Line<100>, FormField>,
    /// What ticking the marketing box means.
    marketing_consent: Option<ConsentText>,
    /// Whether that needs an answer to a mail before it counts.
    double_opt_in: bool,
    /// What is put on whoever sends it.
    tags: Vec<String>,
    temperature: Option<Temperature>,
    /// Who is told by e-mail of what it sends.
    notify: Option<EmailAddress>,
    /// Whether a new customer is welcomed by e-mail.
    welcome: bool,
    limits: FormLimits,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl FormView {
    /// The form, which stands where `app` says.
    pub fn of(app: &App, form: &Form) -> Self {
        let form = form.clone();
        let tag = |(id, label): (_, Option<Line<_>>)| label.map_or_else(|| format!("{id}"), String::from);
        Self {
            url: app.public_url.form(&form.id),
            id: form.id,
            version: form.version,
            name: form.name,
            origins: form.origins,
            redirect: form.redirect,
            mapping: form.mapping,
            marketing_consent: form.marketing_consent,
            double_opt_in: form.double_opt_in,
            tags: form.tags.into_iter().map(tag).collect::<Vec<String>>(),
            temperature: form.temperature,
            notify: form.notify,
            welcome: form.welcome,
            limits: form.limits,
            created_at: form.created_at,
            updated_at: form.updated_at,
        }
    }
}

/// A form, ready to be put on a page.
#[derive(Serialize, ToSchema)]
pub struct WholeFormView {
    #[serde(flatten)]
    form: FormView,
    /// What stands on a page, in each language of the shop.
    #[schema(value_type = BTreeMap<String, String>)]
    snippets: BTreeMap<Locale, String>,
}

impl WholeFormView {
    /// The form of a shop with these settings.
    pub fn of(app: &App, settings: &Settings, form: &Form) -> Self {
        let view = FormView::of(app, form);
        let locales = settings.languages.iter().filter_map(Locale::of);
        let snippets = locales.map(|locale| (locale, snippet(form, &view.url, locale))).collect();
        Self { form: view, snippets }
    }

    /// The form as a response, with its version.
    pub fn answer(app: &App, settings: &Settings, form: &Form) -> Response {
        ([etag(form.version)], Json(Self::of(app, settings, form))).into_response()
    }
}
