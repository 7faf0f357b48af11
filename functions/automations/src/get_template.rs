//! `GET /v1/automations/templates/{kind}/{language}`: what the shop's mails of a kind say in a language.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{Locale, MailTemplate, MessageKind, Settings, ShopId};
use shared::http::{Operation, PathTemplate, Problem, Staff};

use crate::template_view::TemplateView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show the texts of a kind of e-mail").answers::<TemplateView>(StatusCode::OK).versioned()
}

pub async fn handle(
    State(app): State<App>,
    staff: Staff,
    PathTemplate(kind, language): PathTemplate,
) -> Result<Response, Problem> {
    let (settings, template) = standing(&app, &staff.shop, kind, language).await?;
    Ok(TemplateView::answer(&template, &settings))
}

/// The settings and the texts as they stand now: of a kind that the shop never changed, none.
pub async fn standing(
    app: &App,
    shop: &ShopId,
    kind: MessageKind,
    language: Locale,
) -> Result<(Settings, MailTemplate), Problem> {
    let (settings, template) =
        tokio::try_join!(app.table.settings_now(shop), app.table.mail_template_now(shop, kind, language))?;
    let settings = settings.ok_or_else(Problem::not_found)?;
    Ok((settings, template.unwrap_or_else(|| MailTemplate::untouched(shop.clone(), kind, language))))
}
