//! `POST /v1/automations/templates/{kind}/{language}/preview`: what a mail would say with other texts, in
//! the shop's look. It keeps nothing and names nobody: the values are made up.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use shared::email::{Look, Rendered, render, sample_of};
use shared::http::{Input, Operation, PathTemplate, Problem, Staff};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::get_template::standing;
use crate::template_fields::{described, read_over};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let operation = operation.summary("Show what an e-mail would say with other texts");
    operation.takes(described).answers::<PreviewView>(StatusCode::OK)
}

pub async fn handle(
    State(app): State<App>,
    staff: Staff,
    PathTemplate(kind, language): PathTemplate,
    input: Input,
) -> Result<Json<PreviewView>, Problem> {
    let (settings, saved) = standing(&app, &staff.shop, kind, language).await?;
    let slots = read_over(saved.slots, input.fields, kind)?;
    let content = sample_of(kind, language, &settings);
    let rendered = render(&Look::of(&settings), language, &content, &slots);
    let rendered = rendered.map_err(|error| Error::Rendering(Box::new(error)))?;
    Ok(Json(PreviewView::from(rendered)))
}

/// A mail as it would be read.
#[derive(Serialize, ToSchema)]
#[schema(as = MailPreview)]
pub struct PreviewView {
    subject: String,
    /// What a mailbox shows beside the subject.
    preheader: String,
    html: String,
    /// The part for who reads no HTML.
    text: String,
}

impl From<Rendered> for PreviewView {
    fn from(rendered: Rendered) -> Self {
        let Rendered { subject, preheader, html, text, .. } = rendered;
        Self { subject, preheader, html, text }
    }
}
