//! Whom an automated mail will go to and whom not, with why: by the rule that decides when it is sent.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use shared::domain::{
    Cause, ConsentPurpose, ConsentState, Customer, CustomerId, DueDate, DueKind, Line, Locale, RecordField, Settings,
    SkipReason,
};
use shared::table::Upcoming;
use shared::wording::say;
use shared::{App, Result};
use utoipa::ToSchema;

use crate::plan::addressee;

/// A customer who is due, and what stands in the way.
pub struct Forecast {
    upcoming: Upcoming,
    customer: Option<Customer>,
    reason: Option<&'static str>,
}

impl Forecast {
    /// Looks at everybody in `upcoming` as `mailer` will: half a read unit for each record, and a read unit
    /// or two for each address and for each occurrence.
    pub async fn of(app: &App, settings: &Settings, upcoming: Vec<Upcoming>, now: Timestamp) -> Result<Vec<Self>> {
        let shop = &settings.shop;
        let ids: BTreeMap<CustomerId, ()> = upcoming.iter().map(|upcoming| (upcoming.due.customer, ())).collect();
        let wanted: Vec<_> = upcoming
            .iter()
            .map(|Upcoming { due, .. }| (due, due.occurrence(settings.zone.day(settings.due_at(due)))))
            .collect();
        let ids = Vec::from_iter(ids.into_keys());
        let (customers, before) =
            tokio::try_join!(app.table.customers_or_survivors(shop, &ids), app.table.planned_before(shop, &wanted))?;
        drop(wanted);
        let looked_at = upcoming.into_iter().zip(before).map(|(upcoming, before)| {
            let customer = customers.get(&upcoming.due.customer).cloned();
            async move {
                let reason = match (&customer, settings.too_late(&upcoming.due, now)) {
                    (None, _) => Some(SkipReason::CustomerGone.name()),
                    (Some(_), _) if before => Some(ALREADY_WRITTEN),
                    (Some(_), Some(reason)) => Some(reason.name()),
                    (Some(_), None) if !is_open(app, &upcoming.due, now).await? => Some(SkipReason::SubjectGone.name()),
                    (Some(customer), None) => {
                        let kind = upcoming.due.kind().message();
                        app.table.obstacle(&app.keyring, settings, kind, customer).await?.map(SkipReason::name)
                    }
                };
                Ok(Self { upcoming, customer, reason })
            }
        });
        try_join_all(looked_at).await
    }

    /// What for.
    pub fn kind(&self) -> DueKind {
        self.upcoming.due.kind()
    }

    /// The customer it is about.
    pub fn customer(&self) -> Option<CustomerId> {
        self.customer.as_ref().map(|customer| customer.id)
    }

    /// As the API shows it, to whoever sees contact data: the day of a birthday mail tells the birthday.
    pub fn view(&self, settings: &Settings, locale: Locale) -> ForecastView {
        let Upcoming { due, at } = &self.upcoming;
        let person = |customer: &Customer| json!({ "id": customer.id, "name": customer.name.expose(), "email": customer.email.expose() });
        let consent = |customer: &Customer| customer.consents.get(ConsentPurpose::MarketingEmail).map(ConsentView::of);
        ForecastView {
            automation: due.kind(),
            due_at: Some(*at),
            customer: self.customer.as_ref().map(person),
            goes: self.reason.is_none(),
            reason: self.reason,
            explanation: self.reason.map(|reason| explanation(locale, reason)),
            rule: rule(settings, due.kind()),
            data: data(due, settings),
            consent: self.customer.as_ref().and_then(consent),
        }
    }
}

/// Whether the way to what it is about is open.
async fn is_open(app: &App, due: &DueDate, now: Timestamp) -> Result<bool> {
    Ok(addressee(app, due, now).await?.is_some_and(|(_, open)| open))
}

/// The reason of who has had, or will have, the mail of this occasion: by a date that was changed since,
/// or through another record of the same address.
const ALREADY_WRITTEN: &str = "already_written";

/// The reason of who has no birthday, no order, or nothing chosen and left.
const NO_OCCASION: &str = "no_occasion";

/// A mail that will go, or will not.
#[derive(Serialize, ToSchema)]
pub struct ForecastView {
    /// Which automation.
    automation: DueKind,
    /// When it is due; absent where nothing makes it due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    due_at: Option<Timestamp>,
    /// Whom it concerns; absent where they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    customer: Option<Value>,
    /// Whether it goes, as things are now.
    goes: bool,
    /// Why it does not: a stable name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<&'static str>,
    /// The same in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    explanation: Option<String>,
    /// By which rule of the shop.
    #[schema(value_type = Object)]
    rule: Value,
    /// Because of what.
    #[schema(value_type = Object)]
    data: Value,
    /// What the customer last said of marketing e-mails, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    consent: Option<ConsentView>,
}

/// What was said of marketing e-mails.
#[derive(Serialize, ToSchema)]
#[schema(as = ForecastConsent)]
struct ConsentView {
    state: ConsentState,
    at: Timestamp,
    /// The version of the words agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    version: Option<Line<40>>,
}

impl ConsentView {
    fn of(consent: &shared::domain::Consent) -> Self {
        Self { state: consent.state, at: consent.at, version: consent.version.clone() }
    }
}

impl ForecastView {
    /// That nothing makes a mail of `kind` due.
    pub fn without_occasion(settings: &Settings, kind: DueKind, locale: Locale) -> Self {
        Self {
            automation: kind,
            due_at: None,
            customer: None,
            goes: false,
            reason: Some(NO_OCCASION),
            explanation: Some(explanation(locale, NO_OCCASION)),
            rule: rule(settings, kind),
            data: json!({}),
            consent: None,
        }
    }
}

fn explanation(locale: Locale, reason: &str) -> String {
    say(locale, &format!("left-out-{}", reason.replace('_', "-")), &[])
}

/// By which settings a mail of `kind` is due.
fn rule(settings: &Settings, kind: DueKind) -> Value {
    let automations = &settings.automations;
    let mut rule = json!({ "at": DueDate::TIME.strftime("%H:%M").to_string(), "zone": settings.zone });
    match kind {
        DueKind::AbandonedOrder => rule["days_after_last_change"] = automations.abandoned_order.days_after.into(),
        DueKind::Birthday => {
            rule["days_before_birthday"] = automations.birthday.days_before.into();
            rule["leap_day"] = json!(automations.birthday.leap_day);
        }
        DueKind::Reactivation => rule["months_after_last_order"] = settings.thresholds.inactive_after_months.into(),
        DueKind::Satisfaction => rule["days_after_first_order"] = automations.satisfaction.days_after.into(),
    }
    rule
}

/// What of the customer the rule was applied to.
fn data(due: &DueDate, settings: &Settings) -> Value {
    match &due.cause {
        Cause::AbandonedOrder { .. } => json!({ "left_by": due.day }),
        // A shop that has no use for birthdays does not look at them here either.
        Cause::Birthday { .. } if settings.hidden_fields.contains(&RecordField::Birthday) => json!({}),
        Cause::Birthday { birthday } => {
            json!({ "birthday": birthday, "year": settings.zone.day(settings.due_at(due)).year() })
        }
        Cause::Reactivation { last_order } => json!({ "last_order": last_order, "last_order_on": due.day }),
        Cause::Satisfaction { first_order } => json!({ "first_order": first_order, "first_order_on": due.day }),
    }
}
