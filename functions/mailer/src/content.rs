//! What a message says, read when it is sent: whom to, whether it may go, and its text.

use jiff::Timestamp;
use shared::domain::{
    Addressee, Customer, DueDate, EmailAddress, EmailStatus, Locale, Message, MessageClass, MessageKind, Occurrence,
    Settings, SkipReason, Slots, Source,
};
use shared::email::{self, Content, Link, Look, Rendered};
use shared::keyring::Token;
use shared::wording::day;
use shared::{Error, Result};

use crate::State;
use crate::notice;

/// A mail ready to be handed over.
pub struct Mail {
    pub from_name: String,
    pub from: EmailAddress,
    /// In the spelling that mail servers take.
    pub to: String,
    /// Where answers go, unless to the sender; in the same spelling.
    pub reply_to: Option<String>,
    pub rendered: Rendered,
    /// Where one POST unsubscribes; of marketing only.
    pub unsubscribe: Option<String>,
}

/// What a message turns out to be when its time has come.
pub enum Prepared {
    /// It may go.
    Mail(Box<Mail>),
    /// It may not, for good.
    Skip(SkipReason),
    /// It may, but not before this.
    Later(Timestamp),
    /// It has to, and no address takes it: somebody has to look.
    Unreachable,
}

/// Reads everything anew: consent, suppression and the record may have changed since the message
/// was written.
pub async fn prepare(state: &State, message: &Message, now: Timestamp) -> Result<Prepared> {
    let table = &state.app.table;
    let Addressee::Customer { customer } = message.to else {
        return notice::prepare(state, message, now).await;
    };
    let (customer, settings) =
        tokio::try_join!(table.customer_or_survivor(&message.shop, customer), table.settings(&message.shop))?;
    let Some((customer, settings)) = customer.zip(settings) else {
        return Ok(Prepared::Skip(SkipReason::CustomerGone));
    };
    let marketing = message.kind().class() == MessageClass::Marketing;
    if marketing && message.not_after.is_some_and(|until| now > until) {
        return Ok(Prepared::Skip(SkipReason::Missed));
    }
    let Some(to) = customer.email.deliverable() else {
        return Ok(Prepared::Skip(SkipReason::Undeliverable));
    };
    let paused = marketing && table.marketing_pause(&message.shop).await?.is_some();
    if let Some(reason) = table.obstacle(&state.app.keyring, &settings, message.kind(), &customer, paused).await? {
        return Ok(Prepared::Skip(reason));
    }
    let slots = own_texts(state, message.kind(), &settings, settings.locale(&customer.language)).await?;
    let writing = Writing { state, customer: &customer, settings: &settings, slots: &slots, now };
    if let Some(later) = writing.not_before(message).await? {
        return Ok(Prepared::Later(later));
    }
    let Some(rendered) = writing.render(message).await? else {
        return Ok(Prepared::Skip(SkipReason::SubjectGone));
    };
    let unsubscribe = marketing.then(|| state.app.public_url.unsubscribe(&writing.preferences()));
    Ok(Prepared::Mail(Box::new(Mail {
        from_name: settings.name.expose().to_owned(),
        from: settings.sender.clone(),
        to,
        reply_to: None,
        rendered,
        unsubscribe,
    })))
}

/// What the shop has changed of its mails of this kind.
async fn own_texts(state: &State, kind: MessageKind, settings: &Settings, locale: Locale) -> Result<Slots> {
    if kind.slots().is_empty() {
        return Ok(Slots::new());
    }
    let template = state.app.table.mail_template(&settings.shop, kind, locale).await?;
    Ok(template.map(|template| template.slots).unwrap_or_default())
}

/// A mail in the look of a shop. A text of its own that can't be used any more never stops a mail: ours
/// takes its place.
pub fn in_words(settings: &Settings, locale: Locale, content: &Content<'_>, slots: &Slots) -> Result<Rendered> {
    let rendered = email::render(&Look::of(settings), locale, content, slots);
    let rendered = rendered.map_err(|error| Error::Rendering(Box::new(error)))?;
    for slot in &rendered.refused_slots {
        let (kind, slot) = (content.kind().name(), slot.name());
        tracing::warn!(shop = %settings.shop, kind, slot, "a text of the shop's own can't be used");
    }
    Ok(rendered)
}

/// A mail to a customer that is being written.
pub struct Writing<'a> {
    pub state: &'a State,
    pub customer: &'a Customer,
    pub settings: &'a Settings,
    /// The shop's own texts for mails of this kind.
    pub slots: &'a Slots,
    pub now: Timestamp,
}

impl Writing<'_> {
    /// The mail's parts; `None` if what it is about is gone.
    async fn render(&self, message: &Message) -> Result<Option<Rendered>> {
        let page = self.preferences_page();
        let preferences = link(&page)?;
        let name = self.greeting();
        let offer = self.settings.offer(message.kind());
        let rendered = match message.occurrence {
            Occurrence::SubmissionNotice { .. } | Occurrence::Notice { .. } | Occurrence::ExportReady { .. } => {
                return Ok(None);
            }
            Occurrence::ConfirmConsent { request } => return self.consent_to_confirm(request).await,
            Occurrence::ConfirmAddress { code } => return self.address_to_confirm(code).await,
            Occurrence::Welcome => {
                let content = Content::Welcome { addressee: self.addressee(), preferences: Some(preferences) };
                self.in_words(&content)?
            }
            Occurrence::OrderConfirmation { order } => return self.confirmation(order).await,
            Occurrence::OrderState { order, news } => return self.order_state(order, news).await,
            Occurrence::OrderLink { link, .. } => return self.order_link(message.to, link).await,
            Occurrence::AbandonedOrder { ref link, draft } => return self.abandoned_order(link, draft).await,
            Occurrence::Satisfaction { first_order } => return self.satisfaction(first_order).await,
            Occurrence::Birthday { of, .. } if !self.is_kept(of, message) => return Ok(None),
            Occurrence::Birthday { of, .. } => self.in_words(&Content::Birthday {
                customer_name: name,
                soon: self.is_before_birthday(of),
                offer,
                unsubscribe: preferences,
            })?,
            Occurrence::Reactivation { last_order } => {
                // Whoever has ordered meanwhile is not missed.
                let figures = &self.customer.figures;
                let Some(last) = figures.last_order_on().filter(|_| figures.last_order == Some(last_order)) else {
                    return Ok(None);
                };
                let last_order_on = day(self.locale(), last);
                let content = Content::Reactivation {
                    customer_name: name,
                    last_order_on: &last_order_on,
                    offer,
                    unsubscribe: preferences,
                };
                self.in_words(&content)?
            }
        };
        Ok(Some(rendered))
    }

    pub fn in_words(&self, content: &Content<'_>) -> Result<Rendered> {
        in_words(self.settings, self.locale(), content, self.slots)
    }

    pub fn locale(&self) -> Locale {
        self.settings.locale(&self.customer.language)
    }

    /// Whether the message is still about the customer's birthday of that year: it may have been corrected, or
    /// taken back, since it was planned.
    fn is_kept(&self, year: i16, message: &Message) -> bool {
        let due = message.not_after.and_then(|until| until.checked_sub(DueDate::CATCH_UP).ok());
        let due = due.unwrap_or(message.created_at);
        self.customer.birthday.is_some_and(|birthday| self.settings.birthday_is_ahead(birthday, year, due))
    }

    /// Whether the customer's birthday of that year is still to come, where the shop is.
    fn is_before_birthday(&self, year: i16) -> bool {
        let kept = self.customer.birthday.map(|birthday| self.settings.automations.birthday.kept(birthday, year));
        kept.is_some_and(|day| self.settings.zone.day(self.now) < day)
    }

    /// Where consents are chosen, and marketing ends: every marketing mail shows this one page.
    pub fn preferences_page(&self) -> String {
        self.state.app.public_url.preferences(&self.preferences())
    }

    fn preferences(&self) -> Token {
        self.customer.preferences_token(&self.state.app.keyring)
    }

    /// How the customer is greeted. What a visitor typed into a form is not echoed to an address
    /// that nobody has confirmed: it could be anybody's.
    pub fn greeting(&self) -> Option<&str> {
        match self.customer.source {
            Source::Form { .. } if self.customer.email_status == EmailStatus::Unconfirmed => None,
            _ => Some(self.customer.name.given().unwrap_or_else(|| self.customer.name.expose())),
        }
    }

    pub fn addressee(&self) -> email::Addressee<'_> {
        match self.greeting() {
            Some(name) => email::Addressee::Confirmed { name: Some(name) },
            None => email::Addressee::Unconfirmed,
        }
    }
}

/// An address that may stand in a mail.
pub fn link(address: &str) -> Result<Link<'_>> {
    Link::new(address).map_err(|error| Error::Rendering(Box::new(error)))
}
