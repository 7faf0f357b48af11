//! What a submission says of a customer.

use shared::App;
use shared::domain::{
    Actor, ConsentEvidence, ConsentId, ConsentMethod, ConsentPurpose, ConsentState, Consents, Customer, CustomerId,
    EmailAddress, Form, Invalid, Language, Line, Name, PageAddress, Phone, Settings, Source,
};
use shared::http::{Call, FieldError, Problem};

use crate::encoding::Sent;

/// The part of a submission that becomes a customer's; everything else is kept as sent.
pub struct Contact {
    pub email: EmailAddress,
    pub name: Name,
    company: Option<Line<200>>,
    phone: Option<Phone>,
    pub language: Language,
    pub page: Option<PageAddress>,
    wants_marketing: bool,
}

impl Contact {
    /// Reads the known fields. Only the address must be right: a visitor whose telephone number
    /// has a digit too many is still a contact, and what was typed is kept.
    pub fn read(sent: &Sent, call: &Call, settings: &Settings, page: Option<PageAddress>) -> Result<Self, Problem> {
        let field = |name: &str| sent.get(name).and_then(|values| values.first()).map_or("", |value| value.trim());
        let email: EmailAddress =
            field("email").parse().map_err(|invalid| Problem::invalid(vec![FieldError::new("/email", invalid)]))?;
        let name = match field("name").parse::<Name>() {
            Ok(name) => name,
            // A form that asks for no name: what stands before the @ will do until somebody knows better.
            Err(Invalid::Empty) => {
                let local = email.expose().split('@').next().unwrap_or_default().parse();
                local.map_err(|invalid| Problem::invalid(vec![FieldError::new("/email", invalid)]))?
            }
            Err(invalid) => return Err(Problem::invalid(vec![FieldError::new("/name", invalid)])),
        };
        let language = field("language").parse().ok().or_else(|| call.language.clone());
        Ok(Self {
            email,
            name,
            company: field("company").parse().ok(),
            phone: Phone::parse(settings.country, field("phone")).ok(),
            language: language.unwrap_or_else(|| settings.language()),
            page,
            wants_marketing: ["on", "true", "yes", "1"].contains(&field("marketing_email")),
        })
    }

    /// The evidence of the consent that was ticked, unless the form asks for none, or `consents`
    /// were spoken about already: what was withdrawn returns by double opt-in only.
    pub fn marketing_consent(
        &self,
        app: &App,
        call: &Call,
        form: &Form,
        customer: CustomerId,
        consents: &Consents,
    ) -> Option<ConsentEvidence> {
        let purpose = ConsentPurpose::MarketingEmail;
        let asked =
            form.marketing_consent.as_ref().filter(|_| self.wants_marketing && consents.open_to_grant(purpose))?;
        let (locale, text) = asked.shown_to(&self.language)?;
        Some(ConsentEvidence {
            id: ConsentId::new(app.entropy.ulid(call.now)),
            customer,
            purpose,
            state: ConsentState::Granted,
            at: call.now,
            text: Some(text.clone()),
            version: Some(asked.version.clone()),
            language: Some(locale.language()),
            page: self.page.clone(),
            source_ip: call.source_ip.clone(),
            method: ConsentMethod::FormCheckbox,
            recorded_by: None,
        })
    }

    /// The customer that a first submission makes.
    pub fn new_customer(&self, app: &App, call: &Call, form: &Form, settings: &Settings) -> Customer {
        let id = CustomerId::new(app.entropy.ulid(call.now));
        let source = Source::Form { form: form.id.clone(), page: self.page.clone() };
        Customer {
            company: self.company.clone(),
            phone: self.phone.clone(),
            language: self.language.clone(),
            ..Customer::new(settings, id, self.name.clone(), self.email.clone(), source, call.now)
        }
        .entered_by(&Actor::Form { form: form.id.clone() })
    }

    /// The customer that a further submission leaves, or `None` where it has nothing to fill in.
    pub fn added_to(
        &self,
        before: &Customer,
        consent: Option<&ConsentEvidence>,
        call: &Call,
        form: &Form,
    ) -> Option<Customer> {
        let fill = |after: &mut Customer| {
            after.company = after.company.take().or_else(|| self.company.clone());
            after.phone = after.phone.take().or_else(|| self.phone.clone());
            if let Some(evidence) = consent {
                after.consents.record(evidence);
            }
        };
        let mut filled = before.clone();
        fill(&mut filled);
        if filled == *before {
            return None;
        }
        let by = Actor::Form { form: form.id.clone() };
        Some(before.changed_by(&by, call.now, |after| {
            fill(after);
            after.last_contact_at = call.now;
        }))
    }
}
