//! Merging two records of one person (J02): the other's record leads to the survivor's at once, what
//! belonged to it follows step by step. Each step notes what it brought, so that all of it can go
//! back within thirty days.

use jiff::Timestamp;

use super::relocate::{Relocated, Route, relocate};
use super::{PAGE, Progress, alone_if_shared, fits};
use crate::domain::{Actor, Customer, CustomerId, Job, JobId, Settings, Work};
use crate::table::{Before, CustomerSteps, CustomerWrites, MAX_STEPS, Transaction};
use crate::{App, Result};

/// How many steps a first transaction gets after the records and what derives from them: the jobs
/// with their marks, what is kept for the undo, the audit of both, the request.
const BESIDES: usize = 8;

/// A merge about to begin.
#[derive(Debug)]
pub struct Merging {
    /// The job that goes on with it.
    pub job: Job,
    /// The steps so far: both records and everything they are found by, the job.
    pub transaction: Transaction,
    /// The steps that may be refused.
    pub steps: CustomerSteps,
}

impl Merging {
    /// Merges `other` into `survivor`, which becomes `after`, for `by`.
    ///
    /// # Errors
    /// [`Error`](crate::Error) when the holders of the address can't be read.
    pub async fn begin(
        app: &App,
        settings: &Settings,
        [survivor, other]: [&Customer; 2],
        after: &Customer,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Self> {
        let shop = &survivor.shop;
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(now) };
        let [own, address] = [survivor, other].map(|customer| app.keyring.address_digest(shop, &customer.email));
        let holders = app.table.address_holders(shop, &address).await?;
        let mut transaction = Transaction::new();
        let steps = transaction.replace_bare_record(survivor, after)?;
        transaction.lead_away(writes, other)?;
        transaction.hand_over_address(shop, &address, other.id, survivor.id, &holders)?;
        transaction.point(other, survivor.id, address.clone())?;
        let words = words_to_follow(&mut transaction, writes, survivor, after)?;
        let work = Work::Merge { survivor: survivor.id, other: other.id, survivor_version: after.version, words };
        let job = Job::new(shop.clone(), JobId::new(app.entropy.ulid(now)), work, by.clone(), now);
        let other_was_first = own == address && holders.first == Some(other.id);
        let before = Before { survivor: survivor.clone(), other: other.clone(), other_was_first };
        transaction.keep_before(&job, &before)?;
        transaction.create_job(&job)?;
        Ok(Self { job, transaction, steps })
    }
}

/// Adds what derives from the survivor's change. Words that are no more go at once; whether those
/// that come have to follow, since there is no room for them.
pub(super) fn words_to_follow(
    transaction: &mut Transaction,
    writes: CustomerWrites<'_>,
    before: &Customer,
    after: &Customer,
) -> Result<bool> {
    let mut come = Transaction::new();
    transaction.rederive(writes, before, after, &mut come)?;
    let follow = transaction.len() + come.len() + BESIDES > MAX_STEPS;
    if !follow {
        transaction.append(come);
    }
    Ok(follow)
}

/// Brings a page of what belonged to the other.
pub(super) async fn step(app: &App, job: &Job, route: Route) -> Result<Progress> {
    let mut after = None;
    loop {
        let page = app.table.belongings(&job.shop, route.from, PAGE, after).await?;
        let mut transaction = Transaction::new();
        // An erased survivor takes everything with it, and this too.
        transaction.require_customer(&job.shop, route.to);
        let (mut dealt, mut in_use) = (0, false);
        for read in alone_if_shared(&page.items) {
            let Relocated::Steps(mut own, kept) = relocate(app, job, route, read).await? else {
                in_use = true;
                continue;
            };
            own.note_moved(job, route.to, &read.key.sk, kept)?;
            if !fits(&mut transaction, own)? {
                break;
            }
            dealt += 1;
        }
        if dealt > 0 {
            let made = app.table.commit(transaction).await?.is_ok();
            return Ok(Progress::More(if made { dealt } else { 0 }));
        }
        match page.next {
            Some(next) => after = Some(next),
            None if in_use => return Ok(Progress::Later),
            None => return Ok(Progress::Nothing),
        }
    }
}

/// Writes what derives from the survivor and had no room in the first transaction.
pub(super) async fn write_words(app: &App, job: &mut Job, survivor: CustomerId) -> Result<Progress> {
    let shop = &job.shop;
    let (customer, settings) = tokio::try_join!(app.table.customer(shop, survivor), app.table.settings(shop))?;
    let done = job.with_words();
    let mut transaction = Transaction::new();
    if let Some((customer, settings)) = customer.zip(settings) {
        let today = settings.zone.day(app.clock.now());
        let writes = CustomerWrites { keyring: &app.keyring, today };
        transaction.require_customer_version(shop, survivor, customer.version);
        transaction.derive_again(writes, &customer)?;
    }
    transaction.replace_job(job, &done)?;
    if app.table.commit(transaction).await?.is_ok() {
        *job = done;
    } else if let Some(newest) = app.table.job(&job.shop, job.id).await? {
        // The record changed meanwhile, or another worker was quicker.
        *job = newest;
    }
    Ok(Progress::More(0))
}
