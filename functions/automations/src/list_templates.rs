//! `GET /v1/automations/templates`: what the shop's mails say, of every kind in every language it writes.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use shared::App;
use shared::domain::{Locale, MailTemplate, MessageKind};
use shared::http::{List, Operation, Problem, Staff};

use crate::template_view::TemplateView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("List the texts of every kind of e-mail").lists::<TemplateView>()
}

pub async fn handle(State(app): State<App>, staff: Staff) -> Result<Json<List<TemplateView>>, Problem> {
    let (settings, changed) =
        tokio::try_join!(app.table.settings_now(&staff.shop), app.table.mail_templates(&staff.shop))?;
    let settings = settings.ok_or_else(Problem::not_found)?;
    let languages: BTreeSet<Locale> = settings.languages.iter().filter_map(Locale::of).collect();
    let of_kind = |kind| languages.iter().map(move |language| (kind, *language));
    let items = MessageKind::ALL.into_iter().flat_map(of_kind).map(|(kind, language)| {
        let own = changed.iter().find(|template| (template.kind, template.language) == (kind, language));
        let untouched = || MailTemplate::untouched(staff.shop.clone(), kind, language);
        TemplateView::of(&own.cloned().unwrap_or_else(untouched), &settings)
    });
    // As many as there are kinds and languages: one page holds them all.
    Ok(Json(List { items: items.collect(), next: None }))
}
