//! From the token in a path to the consent it asks for, or to what became of it.

use axum::response::Response;
use shared::App;
use shared::domain::{Asking, ConsentAnswer, ConsentPurpose, ConsentRequest, Customer, Locale, Settings};
use shared::http::{Call, PathToken, Problem};
use shared::keyring::TokenHash;
use shared::telemetry::name_shop;

use crate::pace;

/// What a link that asks for consent leads to.
pub enum Link {
    /// To words that can be agreed to.
    Open(Box<Asked>),
    /// To what was answered.
    Answered(Box<Answered>),
}

/// An open request, whom it asks, and for whom.
pub struct Asked {
    pub request: ConsentRequest,
    pub customer: Customer,
    pub settings: Settings,
}

/// What was answered, and still holds.
pub struct Answered {
    pub answer: ConsentAnswer,
    pub settings: Settings,
}

impl Link {
    /// What the token opens; `None` for everything that opens nothing, whatever the reason.
    pub async fn of(app: &App, call: &Call, token: &PathToken) -> Result<Option<Self>, Problem> {
        let Some(hash) = token.0.as_ref().map(|token| token.hash()) else {
            return Ok(None);
        };
        match app.table.consent_request_by_token(&hash).await? {
            Some(request) => Ok(Asked::of(app, call, request).await?.map(|asked| Self::Open(Box::new(asked)))),
            None => Ok(Answered::of(app, call, &hash).await?.map(|answered| Self::Answered(Box::new(answered)))),
        }
    }
}

impl Asked {
    async fn of(app: &App, call: &Call, request: ConsentRequest) -> Result<Option<Self>, Problem> {
        name_shop(&request.shop);
        let (customer, settings) = tokio::try_join!(
            app.table.customer_or_survivor(&request.shop, request.customer),
            app.table.settings(&request.shop)
        )?;
        let Some((customer, settings)) = customer.zip(settings) else {
            return Ok(None);
        };
        // Whoever stands for them since has to have the address: the link was made for that.
        let theirs = app.keyring.address_digest(&request.shop, &customer.email) == request.address;
        let open = request.is_open(call.now) && theirs && customer.block.is_none();
        Ok(open.then_some(Self { request, customer, settings }))
    }

    /// Counts that its button is pressed; the page that asks to wait where there were too many.
    pub async fn too_fast(&self, app: &App, call: &Call) -> Result<Option<Response>, Problem> {
        pace::too_fast(app, call, &self.request.hash, &self.settings, self.locale()).await
    }

    /// What the page is written in: as the words are.
    pub fn locale(&self) -> Locale {
        Locale::of(&self.request.language).unwrap_or_else(|| self.settings.locale(&self.customer.language))
    }

    /// Whether the button asks by mail first: marketing goes to a mailbox, and a link that staff hand
    /// over says nothing of who opens it, whoever has proved the address before (E05).
    pub fn needs_mail(&self) -> bool {
        let staff = matches!(self.request.asking, Asking::Staff { .. });
        staff && self.request.purpose == ConsentPurpose::MarketingEmail
    }
}

impl Answered {
    /// `None` where the consent that was given does not stand by this answer any more.
    async fn of(app: &App, call: &Call, hash: &TokenHash) -> Result<Option<Self>, Problem> {
        let Some(answer) = app.table.consent_answer_by_token(hash, call.now).await? else {
            return Ok(None);
        };
        name_shop(&answer.shop);
        let (customer, settings) = tokio::try_join!(
            app.table.customer_or_survivor(&answer.shop, answer.customer),
            app.table.settings(&answer.shop)
        )?;
        let stands = customer.is_some_and(|customer| match answer.evidence {
            Some(evidence) => {
                let standing = customer.consents.get(answer.purpose).filter(|_| customer.block.is_none());
                standing.is_some_and(|consent| consent.evidence == evidence)
            }
            None => customer.block.is_none(),
        });
        Ok(settings.filter(|_| stands).map(|settings| Self { answer, settings }))
    }

    /// What the page is written in: as the words were.
    pub fn locale(&self) -> Locale {
        Locale::of(&self.answer.language).unwrap_or_else(|| self.settings.locale(&self.settings.language()))
    }
}
