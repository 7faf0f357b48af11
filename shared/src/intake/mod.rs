//! How what a form sent becomes a customer's (M01, P05, P09), or is kept aside as suspected junk.
//!
//! Anybody may post from any page, so nothing that is sent overwrites a profile: it appends, and
//! fills what was empty. Whether an address was known is nobody's business: the store is asked the
//! same, in the same order, and the answer is the same.

mod contact;
mod disposable;
mod field_names;
mod spam;

use jiff::Timestamp;

pub use contact::{Contact, Misread, answers};
pub use field_names::{is_control, meaning, message, readable, sent_as};
pub use spam::{HONEYPOTS, LEAST_FILL_TIME, MOST_LINKS, Opened, STAMP, Signs, suspicion};

use contact::{TickBox, WordsRead};

use crate::domain::{
    Actor, Asking, AuditAction, AuditEntry, AuditId, ConsentEvidence, ConsentId, ConsentMethod, ConsentPurpose,
    ConsentRequest, ConsentRequestId, ConsentState, ConsentText, Customer, CustomerId, Earlier, Form, Language, Line,
    Locale, Message, MessageId, Occurrence, Outcome, PageAddress, Quarantined, RequestKey, SentFields, Settings,
    Submission, SubmissionId, Suspicion,
};
use crate::keyring::AddressDigest;
use crate::table::{CustomerWrites, MAILS_A_DAY, Refusal, RequestStep, SubmissionCard, Transaction};
use crate::{App, Error, Result};

/// How often a submission that lost a race for the record is made again on fresh data.
const ATTEMPTS: u32 = 20;

/// Where a submission comes from.
#[derive(Debug, Clone)]
pub struct Visit {
    /// When it came.
    pub at: Timestamp,
    /// The page it was sent from, where the browser told.
    pub page: Option<PageAddress>,
    /// The language the visitor's browser asks for.
    pub language: Option<Language>,
    /// The network address.
    pub source_ip: Option<Line<45>>,
}

impl Visit {
    /// That of a suspected submission.
    pub fn of_suspected(suspected: &Quarantined) -> Self {
        Self {
            at: suspected.at,
            page: suspected.page.clone(),
            language: suspected.language.clone(),
            source_ip: suspected.source_ip.clone(),
        }
    }
}

/// What tells that a submission is sent again.
#[derive(Debug, Clone)]
pub struct SentOnce {
    /// What this request is recorded as.
    pub current: RequestKey,
    /// What it was recorded as if it came a little earlier.
    pub earlier: Option<RequestKey>,
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is kept; or was before, when it was sent the first time.
    Kept(SubmissionId),
    /// Another submission was made under the same key.
    OtherUnderKey,
}

/// A submission on its way into the table.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// What everything is built from.
    pub app: &'a App,
    /// The form.
    pub form: &'a Form,
    /// Its shop.
    pub settings: &'a Settings,
    /// Where it comes from.
    pub visit: &'a Visit,
    /// What was sent, but for what is for us alone.
    pub fields: &'a SentFields,
    /// What of it we understand.
    pub contact: &'a Contact,
    /// Now: of a restored submission, later than the visit.
    pub now: Timestamp,
}

impl std::fmt::Debug for Intake<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Intake({}, {} fields)", self.form.id, self.fields.len())
    }
}

/// A suspected submission that staff say is honest.
#[derive(Debug)]
pub struct Restoring<'a> {
    /// The submission.
    pub id: SubmissionId,
    /// What the audit says of it.
    pub entry: &'a AuditEntry,
    /// What the request that restores it is recorded as, if it may be repeated.
    pub key: Option<&'a RequestKey>,
}

impl Intake<'_> {
    /// Adds the submission to its customer, whom it makes where there is none.
    ///
    /// # Errors
    /// [`Error::Contended`] where others changed the record each time; [`Error::Unavailable`].
    pub async fn receive(&self, id: SubmissionId, once: &SentOnce) -> Result<Received> {
        let entry = AuditEntry {
            id: AuditId::new(self.app.entropy.ulid(self.now)),
            at: self.now,
            actor: self.actor(),
            action: AuditAction::SubmissionReceived,
            records: Vec::new(),
            source_ip: self.visit.source_ip.clone(),
        };
        for _ in 0..ATTEMPTS {
            let (mut transaction, customer) = self.added().await?;
            let requests = self.record(&mut transaction, id, once)?;
            let submission = self.submission(id, customer);
            transaction.create_submission(&self.form.shop, &submission, &self.card(&submission))?;
            transaction.create_receipt(&self.form.shop, &submission)?;
            let records = vec![customer.to_string(), id.to_string()];
            transaction.audit(&self.form.shop, &AuditEntry { records, ..entry.clone() }, Some(customer))?;
            if self.form.notify.is_some() {
                self.tell_merchant(&mut transaction, id)?;
            }
            match self.app.table.commit(transaction).await? {
                Ok(()) => return Ok(Received::Kept(id)),
                Err(refusal) => {
                    if let Some(received) = sent_before(&requests, &refusal)? {
                        return Ok(received);
                    }
                }
            }
        }
        Err(Error::Contended)
    }

    /// Keeps the submission aside for [`Quarantined::LIFE`]. Nobody is mailed.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn quarantine(&self, id: SubmissionId, suspicion: Suspicion, once: &SentOnce) -> Result<Received> {
        let expires_at = self.now.checked_add(Quarantined::LIFE).unwrap_or(Timestamp::MAX);
        let suspected = Quarantined {
            id,
            shop: self.form.shop.clone(),
            form: self.form.id.clone(),
            suspicion,
            email: self.contact.email.clone(),
            fields: self.fields.clone(),
            page: self.visit.page.clone(),
            language: self.visit.language.clone(),
            source_ip: self.visit.source_ip.clone(),
            at: self.visit.at,
            expires_at,
        };
        let mut transaction = Transaction::new();
        let requests = self.record(&mut transaction, id, once)?;
        let card = SubmissionCard::of_suspected(&suspected, message(self.form, self.fields));
        transaction.quarantine(suspected, &self.address(), &card)?;
        match self.app.table.commit(transaction).await? {
            Ok(()) => Ok(Received::Kept(id)),
            Err(refusal) => sent_before(&requests, &refusal)?.ok_or(Error::Contended),
        }
    }

    /// Adds a suspected submission to its customer after all, as if it had come now; `None` if
    /// somebody was quicker.
    ///
    /// # Errors
    /// As [`Intake::receive`].
    pub async fn restore(&self, restoring: &Restoring<'_>) -> Result<Option<CustomerId>> {
        let shop = &self.form.shop;
        for _ in 0..ATTEMPTS {
            let (mut transaction, customer) = self.added().await?;
            let submission = self.submission(restoring.id, customer);
            transaction.create_submission(shop, &submission, &self.card(&submission))?;
            let restored = transaction.restore_receipt(shop, &submission, &self.address())?;
            let records = vec![customer.to_string(), restoring.id.to_string()];
            transaction.audit(shop, &AuditEntry { records, ..restoring.entry.clone() }, Some(customer))?;
            let outcome = Outcome { status: 200, id: restoring.id.to_string(), version: 1 };
            let request = transaction.record_request(shop, restoring.key, outcome, self.now)?;
            match self.app.table.commit(transaction).await? {
                Ok(()) => return Ok(Some(customer)),
                Err(refusal) if refusal.failed(restored) || request.overtaken(&refusal).is_some() => return Ok(None),
                Err(_) => {}
            }
        }
        Err(Error::Contended)
    }

    /// The steps that make the customer, or add to whom there is, and the mails that follow. The same
    /// reads, whether there is one or not.
    async fn added(&self) -> Result<(Transaction, CustomerId)> {
        let (shop, address) = (&self.form.shop, self.address());
        let table = &self.app.table;
        let day = self.today_utc();
        let fresh = CustomerId::new(self.app.entropy.ulid(self.now));
        let (known, mails, unsubscribed) = tokio::try_join!(
            table.customer_id_by_address(shop, &address),
            table.mails_of_day(shop, &address, day),
            table.is_unsubscribed(shop, &address)
        )?;
        let before = table.customer(shop, known.unwrap_or(fresh)).await?;
        let mut transaction = Transaction::new();
        let mut mailing = Mailing { left: MAILS_A_DAY.saturating_sub(mails), written: 0 };
        let customer = match before {
            Some(before) => self.add_to(&mut transaction, &mut mailing, &before, unsubscribed)?,
            None => self.begin(&mut transaction, &mut mailing, fresh, unsubscribed)?,
        };
        if mailing.written > 0 {
            transaction.count_mails(shop, &address, day, mailing.written, self.now);
        }
        Ok((transaction, customer))
    }

    /// The first submission of an address makes the customer, and welcomes them.
    fn begin(
        &self,
        transaction: &mut Transaction,
        mailing: &mut Mailing,
        id: CustomerId,
        unsubscribed: bool,
    ) -> Result<CustomerId> {
        let mut customer = self.contact.new_customer(self.form, self.settings, self.visit, id, self.now);
        let consent = self.consent(&customer, unsubscribed);
        if let Consent::Granted(evidence) = &consent {
            customer.consents.record(evidence);
            transaction.create_consent(&self.form.shop, evidence)?;
        }
        transaction.create_customer(self.writes(), &customer)?;
        // The question first: it is what the visitor waits for where the day has one mail left.
        if let Consent::ToConfirm(request) = &consent {
            self.ask(transaction, mailing, request)?;
        }
        if self.form.welcome {
            self.mail(transaction, mailing, customer.id, Occurrence::Welcome)?;
        }
        Ok(customer.id)
    }

    /// A further one adds to the history, and fills what was empty.
    fn add_to(
        &self,
        transaction: &mut Transaction,
        mailing: &mut Mailing,
        before: &Customer,
        unsubscribed: bool,
    ) -> Result<CustomerId> {
        let shop = &self.form.shop;
        let consent = self.consent(before, unsubscribed);
        let granted = match &consent {
            Consent::Granted(evidence) => Some(&**evidence),
            Consent::ToConfirm(_) | Consent::None => None,
        };
        match self.contact.added_to(before, granted, self.form, self.settings, self.now) {
            Some(after) => drop(transaction.replace_customer(self.writes(), before, &after)?),
            None => drop(transaction.touch_customer(shop, before.id, self.now)),
        }
        if let Some(evidence) = granted {
            transaction.create_consent(shop, evidence)?;
        }
        if let Consent::ToConfirm(request) = &consent {
            self.ask(transaction, mailing, request)?;
        }
        Ok(before.id)
    }

    /// What becomes of the box that was ticked: it counts at once where the form is content with that
    /// and nothing speaks against it; else a mail asks once more, in the words that count.
    fn consent(&self, customer: &Customer, unsubscribed: bool) -> Consent {
        let purpose = ConsentPurpose::MarketingEmail;
        let asked = self.form.marketing_consent.as_ref().filter(|_| self.contact.marketing != TickBox::Empty);
        let shown_in = self.contact.words.as_ref().and_then(|words| words.language.as_ref());
        let language = shown_in.unwrap_or(&self.contact.language);
        let Some((asked, (locale, text))) = asked.and_then(|asked| Some((asked, asked.shown_to(language)?))) else {
            return Consent::None;
        };
        if customer.consents.granted(purpose) || customer.block.is_some() {
            return Consent::None;
        }
        if !self.form.double_opt_in && self.is_beyond_doubt(customer, asked, unsubscribed) {
            return Consent::Granted(Box::new(ConsentEvidence {
                id: ConsentId::new(self.app.entropy.ulid(self.visit.at)),
                customer: customer.id,
                purpose,
                state: ConsentState::Granted,
                at: self.visit.at,
                text: Some(text.clone()),
                version: Some(asked.version.clone()),
                language: Some(locale.language()),
                page: self.visit.page.clone(),
                source_ip: self.visit.source_ip.clone(),
                method: ConsentMethod::FormCheckbox,
                recorded_by: None,
            }));
        }
        let id = ConsentRequestId::new(self.app.entropy.ulid(self.now));
        Consent::ToConfirm(Box::new(ConsentRequest {
            id,
            shop: self.form.shop.clone(),
            customer: customer.id,
            purpose,
            text: text.clone(),
            version: asked.version.clone(),
            language: locale.language(),
            asking: Asking::Form {
                form: self.form.id.clone(),
                page: self.visit.page.clone(),
                source_ip: self.visit.source_ip.clone(),
            },
            // That of the record: the address that was typed may have come to it by a merge.
            address: self.app.keyring.address_digest(&self.form.shop, &customer.email),
            hash: ConsentRequest::token(&self.app.keyring, id).hash(),
            created_at: self.now,
            expires_at: self.now.checked_add(ConsentRequest::LIFE).unwrap_or(Timestamp::MAX),
        }))
    }

    /// Whether a ticked box says all there is to know. Anybody can type an address, so that what was
    /// taken back, by the customer or for the address, returns by a mail only, and so does what was
    /// typed for an address that is not the record's own. The words that were read must be those of
    /// now: a submission of before the form was changed, or a page that says it shows others, is asked
    /// again.
    fn is_beyond_doubt(&self, customer: &Customer, asked: &ConsentText, unsubscribed: bool) -> bool {
        let shown = |words: &WordsRead| {
            let locale = words.language.as_ref().and_then(Locale::of);
            words.version == asked.version.expose() && locale.is_some_and(|locale| asked.texts.contains_key(&locale))
        };
        self.contact.marketing == TickBox::Ticked
            && customer.consents.open_to_grant(ConsentPurpose::MarketingEmail)
            && !unsubscribed
            && customer.email.normalised() == self.contact.email.normalised()
            && self.form.updated_at <= self.visit.at
            && self.contact.words.as_ref().is_none_or(shown)
    }

    /// Asks for an answer to a mail, unless the address has had enough mails today.
    fn ask(&self, transaction: &mut Transaction, mailing: &mut Mailing, request: &ConsentRequest) -> Result<()> {
        let occurrence = Occurrence::ConfirmConsent { request: request.id };
        if self.mail(transaction, mailing, request.customer, occurrence)? {
            transaction.create_consent_request(request)?;
        }
        Ok(())
    }

    /// Puts a mail into the outbox; `false` where the address has had enough today.
    fn mail(
        &self,
        transaction: &mut Transaction,
        mailing: &mut Mailing,
        customer: CustomerId,
        occurrence: Occurrence,
    ) -> Result<bool> {
        if mailing.left == 0 {
            return Ok(false);
        }
        mailing.left -= 1;
        mailing.written += 1;
        let shop = &self.form.shop;
        let id = MessageId::new(self.app.entropy.ulid(self.now));
        let message = Message::new(shop.clone(), id, customer, occurrence, self.now, self.now);
        transaction.create_message(&message)?;
        Ok(true)
    }

    fn tell_merchant(&self, transaction: &mut Transaction, submission: SubmissionId) -> Result<()> {
        let id = MessageId::new(self.app.entropy.ulid(self.now));
        let occurrence = Occurrence::SubmissionNotice { form: self.form.id.clone(), submission };
        transaction.tell_merchant(&Message::to_merchant(self.form.shop.clone(), id, occurrence, self.now))
    }

    /// Records the request, so that it is made once.
    fn record(&self, transaction: &mut Transaction, id: SubmissionId, once: &SentOnce) -> Result<Vec<RequestStep>> {
        let shop = &self.form.shop;
        let outcome = Outcome { status: 200, id: id.to_string(), version: 1 };
        let mut requests = vec![transaction.record_request(shop, Some(&once.current), outcome, self.now)?];
        if let Some(earlier) = &once.earlier {
            requests.push(transaction.require_no_request(shop, earlier));
        }
        Ok(requests)
    }

    /// What was sent, as it was sent.
    fn submission(&self, id: SubmissionId, customer: CustomerId) -> Submission {
        Submission {
            id,
            form: self.form.id.clone(),
            customer,
            fields: self.fields.clone(),
            page: self.visit.page.clone(),
            language: self.contact.language.clone(),
            source_ip: self.visit.source_ip.clone(),
            at: self.visit.at,
        }
    }

    fn card(&self, submission: &Submission) -> SubmissionCard {
        SubmissionCard::of(submission, self.contact.email.clone(), message(self.form, self.fields))
    }

    fn writes(&self) -> CustomerWrites<'_> {
        let today = self.settings.zone.day(self.now);
        CustomerWrites { keyring: &self.app.keyring, today }
    }

    fn address(&self) -> AddressDigest {
        self.app.keyring.address_digest(&self.form.shop, &self.contact.email)
    }

    fn actor(&self) -> Actor {
        Actor::Form { form: self.form.id.clone() }
    }

    fn today_utc(&self) -> jiff::civil::Date {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// What becomes of a ticked box.
enum Consent {
    None,
    Granted(Box<ConsentEvidence>),
    ToConfirm(Box<ConsentRequest>),
}

/// How many mails the address may still get today, and gets.
struct Mailing {
    left: u32,
    written: u32,
}

/// What was made of the submission before, if that is why the transaction was refused.
fn sent_before(requests: &[RequestStep], refusal: &Refusal) -> Result<Option<Received>> {
    match requests.iter().find_map(|step| step.overtaken(refusal)) {
        Some(Earlier::Same(outcome)) => {
            let id = outcome.id.parse().map_err(|_| Error::Impossible("a receipt that is no id"))?;
            Ok(Some(Received::Kept(id)))
        }
        Some(Earlier::Other) => Ok(Some(Received::OtherUnderKey)),
        None => Ok(None),
    }
}
