//! What a submission says of a customer.

use std::collections::BTreeMap;

use super::Visit;
use super::field_names::{is_control, meaning, sent_as};
use crate::domain::{
    Actor, Birthday, Campaign, ConsentEvidence, Customer, CustomerId, EmailAddress, Form, FormField, Invalid, Language,
    Line, Name, Phone, Quarantined, RecordField, SentFields, Settings, Source, TagMark, fold,
};

/// The part of a submission that becomes a customer's; everything else is kept as sent.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Where to write to.
    pub email: EmailAddress,
    /// What they are called.
    pub name: Name,
    /// Whether the name is only what stands before the @.
    named_by_address: bool,
    /// What they read.
    pub language: Language,
    company: Option<Line<200>>,
    phone: Option<Phone>,
    birthday: Option<Birthday>,
    campaign: Option<Campaign>,
    pub(super) marketing: TickBox,
    /// Which words stood beside it, where the page says.
    pub(super) words: Option<WordsRead>,
}

/// The box that agrees to marketing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TickBox {
    /// Not ticked, or not there.
    Empty,
    /// Ticked.
    Ticked,
    /// Something was answered that may mean anything: a question is needed.
    Unclear,
}

/// What a page says of the words beside its box: `2026-11/fr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WordsRead {
    pub(super) version: String,
    pub(super) language: Option<Language>,
}

/// A field that can't be what it must be, by the name it was sent under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The field.
    pub field: FormField,
    /// What the page calls it.
    pub name: String,
    /// Why.
    pub invalid: Invalid,
}

impl Contact {
    /// Reads the fields that are understood. Only the address and the name must be right: a visitor
    /// whose telephone number has a digit too many is still a contact, and what was typed is kept.
    ///
    /// # Errors
    /// Each [`Misread`]: where there is no address, or one that can't be written to, or a name that is
    /// none.
    pub fn read(fields: &SentFields, form: &Form, settings: &Settings, visit: &Visit) -> Result<Self, Vec<Misread>> {
        let sent = |field| sent_as(form, fields, field);
        let value = |field| sent(field).map_or("", |(_, value)| value);
        let misread = |field, own: &str, invalid| {
            let name = sent(field).map_or(own, |(name, _)| name).to_owned();
            Misread { field, name, invalid }
        };
        let email: Result<EmailAddress, _> = value(FormField::Email).parse();
        let email = email.map_err(|invalid| misread(FormField::Email, "email", invalid));
        let named = match name(value(FormField::Name), value(FormField::GivenName), value(FormField::FamilyName)) {
            Ok(name) => Ok(Some(name)),
            Err((_, Invalid::Empty)) => Ok(None),
            Err((field, invalid)) => Err(misread(field, "name", invalid)),
        };
        let (email, named) = match (email, named) {
            (Ok(email), Ok(named)) => (email, named),
            (email, named) => return Err(email.err().into_iter().chain(named.err()).collect()),
        };
        // A form that asks for no name: what stands before the @ will do until somebody knows better.
        let named_by_address = named.is_none();
        let name = named.map_or_else(|| by_address(&email), Ok);
        let name = name.map_err(|invalid| vec![misread(FormField::Email, "email", invalid)])?;
        let language = value(FormField::Language).parse().ok().or_else(|| visit.language.clone());
        Ok(Self {
            email,
            name,
            named_by_address,
            language: language.unwrap_or_else(|| settings.language()),
            company: value(FormField::Company).parse().ok(),
            phone: Phone::parse(settings.country, value(FormField::Phone)).ok(),
            birthday: value(FormField::Birthday).parse().ok(),
            campaign: campaign(fields),
            marketing: marketing(form, fields),
            words: None,
        })
    }

    /// Whether a ticked box may be asked about by a mail, as far as the form and the box tell.
    pub fn may_be_asked_by_mail(&self, form: &Form) -> bool {
        let asks = form.marketing_consent.is_some() && self.marketing != TickBox::Empty;
        asks && (form.double_opt_in || self.marketing == TickBox::Unclear)
    }

    /// With what the page says of the words beside its box, which is no answer and not kept: in the
    /// field `_consent`, as `2026-11/fr`.
    #[must_use]
    pub fn shown(self, sent: &SentFields) -> Self {
        let said = sent.get("_consent").and_then(|values| values.first()).map(|value| value.trim());
        let words = said.filter(|said| !said.is_empty()).map(|said| {
            let (version, language) = said.rsplit_once('/').unwrap_or((said, ""));
            WordsRead { version: version.to_owned(), language: language.parse().ok() }
        });
        Self { words, ..self }
    }

    /// Reads what was suspected once more, as the form is now. The address is the one it was kept
    /// under; where the form's fields mean something else since, the address is all that is certain.
    ///
    /// # Errors
    /// [`Misread`] where even what stands before the @ is no name.
    pub fn of_suspected(suspected: &Quarantined, form: &Form, settings: &Settings) -> Result<Self, Vec<Misread>> {
        let visit = Visit::of_suspected(suspected);
        let email = &suspected.email;
        let read = Self::read(&suspected.fields, form, settings, &visit).or_else(|_| {
            let alone = SentFields::from([("email".to_owned(), vec![email.expose().to_owned()])]);
            let plain = Form { mapping: BTreeMap::new(), ..form.clone() };
            Self::read(&alone, &plain, settings, &visit)
        });
        read.map(|contact| Self { email: email.clone(), ..contact })
    }

    /// The customer that a first submission makes.
    pub fn new_customer(
        &self,
        form: &Form,
        settings: &Settings,
        visit: &Visit,
        id: CustomerId,
        now: jiff::Timestamp,
    ) -> Customer {
        let source = Source::Form { form: form.id.clone(), page: visit.page.clone(), campaign: self.campaign.clone() };
        let mut customer = Customer {
            company: self.company.clone(),
            phone: self.phone.clone(),
            birthday: self.birthday_known_on(settings, now),
            language: self.language.clone(),
            ..Customer::new(settings, id, self.name.clone(), self.email.clone(), source, now)
        };
        self.marked(&mut customer, form, settings, now);
        customer.entered_by(&Actor::Form { form: form.id.clone() })
    }

    /// The customer that a further submission leaves, or `None` where it has nothing to fill in.
    pub fn added_to(
        &self,
        before: &Customer,
        consent: Option<&ConsentEvidence>,
        form: &Form,
        settings: &Settings,
        now: jiff::Timestamp,
    ) -> Option<Customer> {
        let fill = |after: &mut Customer| {
            if !self.named_by_address && is_guessed(before) {
                after.name = self.name.clone();
            }
            after.company = after.company.take().or_else(|| self.company.clone());
            after.phone = after.phone.take().or_else(|| self.phone.clone());
            after.birthday = after.birthday.take().or_else(|| self.birthday_known_on(settings, now));
            self.marked(after, form, settings, now);
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
        Some(before.changed_by(&by, now, |after| {
            fill(after);
            after.last_contact_at = now;
        }))
    }

    /// Puts on the customer what the form puts on everybody: tags that are not there, as many as there
    /// is room for, and a temperature where there is none.
    fn marked(&self, customer: &mut Customer, form: &Form, settings: &Settings, now: jiff::Timestamp) {
        let today = settings.zone.day(now);
        for (tag, label) in &form.tags {
            if customer.tags.on(today).any(|(standing, _)| standing == tag) {
                continue;
            }
            let by = format!("form:{}", form.id).parse().expect("a form's id is short and plain");
            let mark = TagMark { label: label.clone(), reason: None, expires_on: None, at: now, by };
            // A tenth tag is not worth losing a contact.
            customer.tags.put(tag.clone(), mark, today).ok();
        }
        customer.temperature = customer.temperature.or(form.temperature);
    }

    fn birthday_known_on(&self, settings: &Settings, now: jiff::Timestamp) -> Option<Birthday> {
        self.birthday.filter(|birthday| !birthday.is_after(settings.zone.day(now)))
    }
}

/// Whether the name is what a form made of the address, and nobody has said since what it is.
fn is_guessed(customer: &Customer) -> bool {
    let stamp = customer.provenance.of(RecordField::Name);
    let by_form = stamp.is_some_and(|stamp| matches!(stamp.by, Actor::Form { .. }));
    by_form && by_address(&customer.email).is_ok_and(|guessed| guessed == customer.name)
}

/// What the fields that agree to marketing say, all of them: a page may send a hidden `0` beside the
/// box. What is neither yes nor no is not taken for either.
fn marketing(form: &Form, fields: &SentFields) -> TickBox {
    let asked = fields.iter().filter(|(name, _)| meaning(form, name) == FormField::MarketingEmail);
    let answers: Vec<String> = asked.flat_map(|(_, values)| values).map(|value| fold(value.trim())).collect();
    let is = |answer: &str, of: &[&str]| of.contains(&answer);
    if answers.iter().any(|answer| is(answer, &["on", "1", "true", "yes", "oui", "y", "o", "checked"])) {
        return TickBox::Ticked;
    }
    let no = |answer: &String| is(answer, &["", "off", "0", "false", "no", "non", "n"]);
    if answers.iter().all(no) { TickBox::Empty } else { TickBox::Unclear }
}

/// What stands before the @, as a name.
fn by_address(email: &EmailAddress) -> Result<Name, Invalid> {
    email.expose().split('@').next().unwrap_or_default().parse()
}

/// The name of what was sent. `nom` alone is a name; beside `prenom` it is the family's, and `name`
/// beside `surname` is the given one.
fn name(full: &str, given: &str, family: &str) -> Result<Name, (FormField, Invalid)> {
    let part = |field, text: &str| match text {
        "" => Ok(None),
        text => text.parse::<Line<100>>().map(Some).map_err(|invalid| (field, invalid)),
    };
    let (given, family) = match (given, family) {
        ("", "") => return full.parse().map_err(|invalid| (FormField::Name, invalid)),
        (given, "") => (part(FormField::GivenName, given)?, part(FormField::Name, full)?),
        ("", family) => (part(FormField::Name, full)?, part(FormField::FamilyName, family)?),
        (given, family) => (part(FormField::GivenName, given)?, part(FormField::FamilyName, family)?),
    };
    Name::of(None, given, family).map_err(|invalid| (FormField::Name, invalid))
}

/// The UTM parameters that the page put into its form.
fn campaign(fields: &SentFields) -> Option<Campaign> {
    let value = |name: &str| {
        let sent = fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name))?;
        sent.1.first()?.parse::<Line<100>>().ok()
    };
    let campaign = Campaign {
        source: value("utm_source"),
        medium: value("utm_medium"),
        name: value("utm_campaign"),
        term: value("utm_term"),
        content: value("utm_content"),
    };
    (campaign != Campaign::default()).then_some(campaign)
}

/// What of `fields` is an answer and not for us alone: what is kept. `_replyto` is the visitor's
/// address, `_next` and `_gotcha` are for us.
pub fn answers(form: &Form, fields: &SentFields) -> SentFields {
    let kept = |name: &str| !is_control(name) || meaning(form, name) != FormField::Answer;
    fields.iter().filter(|(name, _)| kept(name)).map(|(name, values)| (name.clone(), values.clone())).collect()
}
