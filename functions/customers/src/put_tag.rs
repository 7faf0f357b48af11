//! `PUT /v1/customers/{id}/tags/{tag}`: a tag, with a reason and an end where it has them (S03).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use shared::App;
use shared::domain::{AuditAction, CustomerId, Invalid, Line, OwnTag, Settings, TagId, TagMark};
use shared::http::example;
use shared::http::{Call, FieldError, Fields, Input, Operation, PathIds, Problem, Staff, day, text};

use crate::edit_customer::Edit;

struct NewTag {
    tag: TagId,
    /// Set where the tag is the shop's own.
    own: Option<OwnTag>,
    reason: Option<Line<200>>,
    expires_on: Option<Date>,
}

impl NewTag {
    fn read(typed: &str, mut fields: Fields, settings: &Settings, today: Date) -> Result<Self, Problem> {
        let tag: Result<TagId, Invalid> = typed.parse();
        let reason = fields.optional("reason", text);
        let expires_on = fields.optional("expires_on", |value| {
            // A mark that ended yesterday would never be seen.
            day(value).and_then(|day| if day < today { Err(Invalid::Date) } else { Ok(day) })
        });
        fields.finish()?;
        let tag = tag.map_err(|invalid| Problem::invalid(vec![FieldError::new("/tag", invalid)]))?;
        let built_in = tag.label(settings.locale(&settings.language())).is_some();
        let own = || Some(OwnTag { id: tag.clone(), label: typed.parse().ok()? });
        let own = if built_in { None } else { own() };
        Ok(Self { own, tag, reason, expires_on })
    }
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Put a tag on a customer")
        .takes(|fields| NewTag::read("vip", fields, &example::settings(), Date::MIN))
        .answers_object(StatusCode::OK, "The customer.")
        .versioned()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathIds(id, typed): PathIds<CustomerId, String>,
    input: Input,
) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let today = settings.zone.day(call.now);
    let new = NewTag::read(&typed, input.fields, &settings, today)?;
    let unknown = match &new.own {
        Some(own) if !app.table.has_own_tag(&staff.shop, own).await? => Some(own),
        _ => None,
    };
    let edit = Edit { app: &app, call: &call, staff: &staff, settings: &settings, id, action: AuditAction::TagPut };
    let customer = edit.make(|customer, transaction| {
        let mark = TagMark {
            label: new.own.as_ref().map(|own| own.label.clone()),
            reason: new.reason.clone(),
            expires_on: new.expires_on,
            at: call.now,
            by: staff.subject.clone(),
        };
        let put = customer.tags.put(new.tag.clone(), mark, today);
        put.map_err(|invalid| Problem::invalid(vec![FieldError::new("/tag", invalid)]))?;
        if let Some(own) = unknown {
            transaction.keep_own_tag(&staff.shop, own)?;
        }
        Ok(())
    });
    edit.answer(&customer.await?).await
}
