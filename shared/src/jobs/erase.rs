//! Erasure (D02–D04): the record goes at once, what belonged to it step by step; orders stay, under
//! a pseudonym that leads to nobody.
//!
//! A ledger keeps a keyed digest of the address, the id and the time, and nothing else: whoever
//! stands in the table again because older data came back is forgotten again.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{PAGE, Progress, alone_if_shared, fits};
use crate::domain::{
    Actor, AuditAction, AuditEntry, AuditId, Customer, CustomerId, Erasure, Job, JobId, RecordField, Settings, ShopId,
    Work,
};
use crate::keyring::AddressDigest;
use crate::table::{Belonging, Belongings, CustomerSteps, CustomerWrites, Transaction};
use crate::{App, Result};

/// How many entries of the ledger are compared with the table at once.
const LEDGER: u32 = 100;

/// An erasure about to begin.
#[derive(Debug)]
pub struct Erasing {
    /// The job that goes on with it.
    pub job: Job,
    /// The steps so far: the record and everything it is found by, the ledger, the job.
    pub transaction: Transaction,
    /// The steps that may be refused.
    pub steps: CustomerSteps,
}

impl Erasing {
    /// Erases `customer`, as it was read, for `by`: what commits this makes every reader behave as
    /// if nothing of them was left.
    ///
    /// # Errors
    /// [`Error`](crate::Error) when the holders of the address can't be read.
    pub async fn begin(
        app: &App,
        settings: &Settings,
        customer: &Customer,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Self> {
        let shop = &customer.shop;
        let pseudonym = CustomerId::new(app.entropy.ulid(now));
        let work = Work::Erase { customer: customer.id, pseudonym };
        let job = Job::new(shop.clone(), JobId::new(app.entropy.ulid(now)), work, by.clone(), now);
        let address = app.keyring.address_digest(shop, &customer.email);
        let holders = app.table.address_holders(shop, &address).await?;
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(now) };
        let mut transaction = Transaction::new();
        let steps = transaction.remove_customer(writes, customer, &holders)?;
        let shared = !holders.besides(customer.id).is_empty();
        transaction.record_erasure(&erasure(&job, customer.id, address, shared))?;
        transaction.create_job(&job)?;
        Ok(Self { job, transaction, steps })
    }
}

fn erasure(job: &Job, customer: CustomerId, address: AddressDigest, shared: bool) -> Erasure {
    Erasure { shop: job.shop.clone(), job: job.id, customer, address, shared, at: job.created_at }
}

/// Throws away a page of what belonged to the customer.
pub(super) async fn step(app: &App, job: &Job, customer: CustomerId, pseudonym: CustomerId) -> Result<Progress> {
    let page = app.table.belongings(&job.shop, customer, PAGE, None).await?;
    let mut transaction = Transaction::new();
    let mut dealt = 0;
    for read in alone_if_shared(&page.items) {
        if !fits(&mut transaction, without(app, job, pseudonym, read).await?)? {
            break;
        }
        dealt += 1;
    }
    if dealt == 0 {
        return suspected(app, job).await;
    }
    // What another worker has dealt with takes no steps.
    if transaction.is_empty() {
        return Ok(Progress::More(0));
    }
    // Refused where another worker was quicker: the next step sees what is left.
    let made = app.table.commit(transaction).await?.is_ok();
    Ok(Progress::More(if made { dealt } else { 0 }))
}

/// Throws away what was suspected of being junk under an address that nobody has any more.
async fn suspected(app: &App, job: &Job) -> Result<Progress> {
    let shop = &job.shop;
    for erasure in app.table.erasures_of(shop, job.id).await?.into_iter().filter(|erasure| !erasure.shared) {
        let ids = app.table.suspected_of(shop, &erasure.address, PAGE).await?;
        if ids.is_empty() {
            continue;
        }
        let mut transaction = Transaction::new();
        ids.iter().for_each(|id| transaction.forget_suspected(shop, *id, &erasure.address));
        let made = app.table.commit(transaction).await?.is_ok();
        return Ok(Progress::More(if made { ids.len() as u64 } else { 0 }));
    }
    Ok(Progress::Nothing)
}

/// The steps that throw one item away.
async fn without(app: &App, job: &Job, pseudonym: CustomerId, read: &Belongings) -> Result<Transaction> {
    let shop = &job.shop;
    let mut own = Transaction::new();
    match &read.what {
        Belonging::Note(note) => drop(own.delete_note(shop, note)),
        Belonging::Order(order) => own.pseudonymise_order(shop, *order, read, pseudonym)?,
        Belonging::Link(hash) => {
            let standing = app.table.link_keys(hash, PAGE).await?;
            // One with many drafts takes several rounds.
            let all = standing.len() < PAGE as usize;
            standing.into_iter().for_each(|key| own.remove(key));
            if all {
                own.remove(read.key.clone());
            }
        }
        Belonging::Merged(other) => merged(app, job, *other, &mut own).await?,
        Belonging::Submission(submission) => {
            own.delete_submission_as_read(shop, *submission, read);
        }
        Belonging::ConsentRequest(hash) => {
            own.remove(read.key.clone());
            own.remove_consent_request(hash);
        }
        Belonging::Other => own.remove(read.key.clone()),
    }
    Ok(own)
}

/// Somebody who was merged into the customer: the way from there, and the address that led here.
async fn merged(app: &App, job: &Job, other: CustomerId, own: &mut Transaction) -> Result<()> {
    let Work::Erase { customer, .. } = job.work else {
        return Ok(());
    };
    let shop = &job.shop;
    let Some(merged) = app.table.merged(shop, customer, other).await? else {
        return Ok(());
    };
    let holders = app.table.address_holders(shop, &merged.address).await?;
    own.leave_address(shop, &merged.address, customer, &holders)?;
    let shared = !holders.besides(customer).is_empty();
    own.record_erasure(&erasure(job, other, merged.address, shared))?;
    own.remove_preferences(&app.keyring, other, merged.preferences_generation);
    own.unpoint(shop, other, customer);
    Ok(())
}

/// Goes through the ledger of a shop, and erases again whoever stands in the table since older data
/// came back. Who came back by themselves, after their erasure, is left alone.
///
/// # Errors
/// [`Error`](crate::Error) when the table can't be read or written.
pub async fn forget_again(app: &App, settings: &Settings, now: Timestamp) -> Result<Vec<Job>> {
    let shop = &settings.shop;
    let (mut begun, mut after) = (Vec::new(), None);
    loop {
        let page = app.table.erasures(shop, LEDGER, after).await?;
        for id in returned(app, shop, &page.items).await? {
            begun.extend(forget(app, settings, id, now).await?);
        }
        after = page.next;
        if after.is_none() {
            return Ok(begun);
        }
    }
}

/// The customers that are in the table although one of `erasures` says they are forgotten.
async fn returned(app: &App, shop: &ShopId, erasures: &[Erasure]) -> Result<BTreeSet<CustomerId>> {
    let addresses: Vec<AddressDigest> =
        erasures.iter().filter(|erasure| !erasure.shared).map(|erasure| erasure.address.clone()).collect();
    let owners = app.table.address_owners(shop, &addresses).await?;
    let ids: BTreeSet<CustomerId> = erasures.iter().map(|erasure| erasure.customer).chain(owners).collect();
    let mut older = BTreeSet::new();
    for some in ids.into_iter().collect::<Vec<_>>().chunks(LEDGER as usize) {
        for customer in app.table.customers(shop, some).await? {
            let address = app.keyring.address_digest(shop, &customer.email);
            // An address may have come to an older record since: what counts is when it did.
            let readdressed = customer.provenance.of(RecordField::Email).map_or(customer.created_at, |stamp| stamp.at);
            let is_told_of = |erasure: &Erasure| {
                let by_address = !erasure.shared && erasure.address == address && readdressed < erasure.at;
                by_address || erasure.customer == customer.id && customer.created_at < erasure.at
            };
            if erasures.iter().any(is_told_of) {
                older.insert(customer.id);
            }
        }
    }
    Ok(older)
}

async fn forget(app: &App, settings: &Settings, id: CustomerId, now: Timestamp) -> Result<Option<Job>> {
    let shop = &settings.shop;
    let Some(customer) = app.table.customer(shop, id).await? else {
        return Ok(None);
    };
    // A merge that brings things here is waited for: the next round finds them.
    if app.table.job_on(shop, id).await?.is_some() {
        return Ok(None);
    }
    let Erasing { job, mut transaction, .. } = Erasing::begin(app, settings, &customer, &Actor::System, now).await?;
    let entry = AuditEntry {
        id: AuditId::new(app.entropy.ulid(now)),
        at: now,
        actor: Actor::System,
        action: AuditAction::CustomerErased,
        records: vec![id.to_string()],
        source_ip: None,
    };
    transaction.audit(shop, &entry, Some(id))?;
    // Refused where the record changed meanwhile: the next round finds it again.
    Ok(app.table.commit(transaction).await?.ok().map(|()| job))
}
