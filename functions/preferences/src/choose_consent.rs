//! `POST /p/{token}/consents`: agrees to a purpose in the shop's own words, or takes it back.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use shared::App;
use shared::domain::{ConsentMethod, ConsentPurpose, ConsentState, Locale};
use shared::http::schema::Described;
use shared::http::{Call, Operation, PathToken, Problem, ProblemKind, choice, closed_link, redirect};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::holder::{ATTEMPTS, Holder};
use crate::posted::Posted;
use crate::preferences_page::{self, Notice};
use crate::statement::{Said, Words, state};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let posted = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What a form of the page holds; `version` and `words` name the words that it shows."))
        .property("purpose", <ConsentPurpose as Described>::schema())
        .required("purpose")
        .property("state", <ConsentState as Described>::schema())
        .required("state")
        .property("version", <String as Described>::schema())
        .property("words", <String as Described>::schema())
        .build();
    operation
        .summary("Agree to a purpose, or take it back")
        .body("application/x-www-form-urlencoded", Schema::Object(posted))
        .answers_nothing(StatusCode::SEE_OTHER)
        .answers_page(StatusCode::CONFLICT)
        .refuses(ProblemKind::Malformed)
        .answers_page(StatusCode::TOO_MANY_REQUESTS)
        .shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Some(holder) = Holder::of(&app, &token).await? else {
        return Ok(closed_link(&call));
    };
    let choice = Choice::read(&Posted::read(body)?)?;
    if let Some(wait) = holder.too_fast(&app, &call).await? {
        return Ok(wait);
    }
    for _ in 0..ATTEMPTS {
        let Some(holder) = Holder::of(&app, &token).await? else {
            return Ok(closed_link(&call));
        };
        if choice.stands(&holder) {
            return Ok(redirect(&holder.path("?saved=true")));
        }
        let Some(said) = choice.said(&holder) else {
            return preferences_page::show(&app, &holder, Some(Notice::Changed)).await;
        };
        state(&app, &call, &holder, said).await?;
    }
    Err(shared::Error::Contended.into())
}

/// What was chosen, of the words that the page showed.
struct Choice {
    purpose: ConsentPurpose,
    state: ConsentState,
    version: String,
    words: String,
}

impl Choice {
    fn read(posted: &Posted) -> Result<Self, Problem> {
        let malformed = |_| Problem::new(ProblemKind::Malformed);
        Ok(Self {
            purpose: choice(&Value::from(posted.get("purpose"))).map_err(malformed)?,
            state: choice(&Value::from(posted.get("state"))).map_err(malformed)?,
            version: posted.get("version").to_owned(),
            words: posted.get("words").to_owned(),
        })
    }

    /// Whether the record says so already: by this button, pressed twice, or by another.
    fn stands(&self, holder: &Holder) -> bool {
        holder.customer.consents.get(self.purpose).is_some_and(|consent| {
            let version = consent.version.as_ref().map(|version| version.expose());
            consent.state == self.state && (self.state == ConsentState::Withdrawn || version == Some(&self.version))
        })
    }

    /// What that says; nothing where the words are no longer those that the page showed.
    fn said<'a>(&self, holder: &'a Holder) -> Option<Said<'a>> {
        let method = ConsentMethod::PreferencesPage;
        let words = match self.state {
            ConsentState::Withdrawn => None,
            ConsentState::Granted => Some(self.words(holder)?),
        };
        Some(Said { purpose: self.purpose, state: self.state, method, words })
    }

    fn words<'a>(&self, holder: &'a Holder) -> Option<Words<'a>> {
        let asked = holder.settings.consent_texts.get(&self.purpose)?;
        // The language may have been changed in another tab meanwhile: what counts is what was read.
        let locale = Locale::ALL.into_iter().find(|locale| locale.tag() == self.words).unwrap_or(holder.locale());
        Words::of(asked, locale).filter(|words| words.version.expose() == self.version)
    }
}
