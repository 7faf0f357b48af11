//! What to correct, as a page: the visitor's own page has no script to show it.

use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use maud::html;
use shared::domain::{Form, Locale, Settings};
use shared::http::{Call, FieldError, Page, Problem, ProblemKind, page};
use shared::intake::meaning;
use shared::wording::{form_field, say};

use crate::headers::locale_of;

/// The page that says what is wrong, each field by what it means. What went wrong inside is told to the
/// log, as for every other answer.
pub fn problem_page(call: &Call, of: Option<(&Form, &Settings)>, problem: Problem) -> Response {
    let locale = of.map_or(call.locale, |(_, settings)| locale_of(call, settings));
    let title = say(locale, "form-problem-title", &[]);
    let wait = problem.retry_after();
    let to_correct = wait.is_none() && problem.kind().status().is_client_error() && of.is_some();
    let unknown = problem.kind() == ProblemKind::NotFound;
    let content = html! {
        @if to_correct { p { (say(locale, "form-problem-text", &[])) } }
        @if let Some(seconds) = wait {
            p.notice { (say(locale, "form-problem-wait", &[("seconds", &seconds.to_string())])) }
        } @else if unknown {
            p.notice { (say(locale, "form-not-found", &[])) }
        } @else if problem.errors().is_empty() {
            p.notice { (problem.detail(locale)) }
        }
        @if problem.kind().status().is_server_error() { p.soft { (call.request_id) } }
        @for error in problem.errors() {
            p.notice {
                @if let Some(label) = of.and_then(|(form, _)| label(form, error, locale)) { strong { (label) } br; }
                (error.detail(locale))
            }
        }
    };
    let shop = of.map(|(_, settings)| settings.name.expose());
    let mut response = page(problem.kind().status(), Page { locale, title: &title, shop }, content);
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    problem.shown_by(response)
}

/// What a visitor calls the field: what it means to us, else its name on their page.
fn label(form: &Form, error: &FieldError, locale: Locale) -> Option<String> {
    let name = error.name()?;
    form_field(locale, meaning(form, &name)).or(Some(name))
}
