//! Undoing a merge: both records are back at once as they were, what the merge brought goes back
//! step by step.

use jiff::Timestamp;

use super::merge::words_to_follow;
use super::relocate::{Relocated, Route, relocate};
use super::{PAGE, Progress, fits};
use crate::domain::{Actor, Customer, Job, JobId, JobState, Settings, Work};
use crate::table::{Before, CustomerSteps, CustomerWrites, Transaction};
use crate::{App, Result};

/// An undo about to begin.
#[derive(Debug)]
pub struct Undoing {
    /// The job that goes on with it.
    pub job: Job,
    /// The steps so far: both records and everything they are found by, both jobs.
    pub transaction: Transaction,
    /// The steps that may be refused.
    pub steps: CustomerSteps,
    /// The customers, the survivor first.
    pub customers: [crate::domain::CustomerId; 2],
}

impl Undoing {
    /// Undoes the merge of `done`, for `by`; `None` where that can't be any more: thirty days have
    /// passed, or one of the two has changed since.
    ///
    /// # Errors
    /// [`Error`](crate::Error) when the table can't be read.
    pub async fn begin(app: &App, settings: &Settings, done: &Job, by: &Actor, now: Timestamp) -> Result<Option<Self>> {
        let Work::Merge { survivor, other, survivor_version, .. } = done.work else {
            return Ok(None);
        };
        let open = done.state == JobState::Done && done.undo_until().is_some_and(|until| now < until);
        let (current, before) = tokio::try_join!(
            app.table.customer(&done.shop, survivor),
            app.table.before_merge(&done.shop, survivor, done.id)
        )?;
        let current = current.filter(|current| current.version == survivor_version);
        let Some((current, before)) = current.zip(before).filter(|_| open) else {
            return Ok(None);
        };
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(now) };
        let mut transaction = Transaction::new();
        let steps = restore(app, writes, &current, &before, now, &mut transaction).await?;
        transaction.remove_before(done, survivor);
        let after = Customer { version: current.version + 1, ..before.survivor.clone() };
        let words = words_to_follow(&mut transaction, writes, &current, &after)?;
        let work = Work::UndoMerge { merge: done.id, survivor, other, words };
        let job = Job::new(done.shop.clone(), JobId::new(app.entropy.ulid(now)), work, by.clone(), now);
        transaction.create_job(&job)?;
        transaction.replace_job(done, &done.undone())?;
        Ok(Some(Self { job, transaction, steps, customers: [survivor, other] }))
    }
}

/// Both records as they were, in versions that nobody has seen.
async fn restore(
    app: &App,
    writes: CustomerWrites<'_>,
    current: &Customer,
    before: &Before,
    now: Timestamp,
    transaction: &mut Transaction,
) -> Result<CustomerSteps> {
    let shop = &current.shop;
    let Before { survivor, other, other_was_first } = before;
    let survivor = Customer { version: current.version + 1, updated_at: now, ..survivor.clone() };
    let other = Customer { version: other.version + 1, updated_at: now, ..other.clone() };
    let steps = transaction.replace_bare_record(current, &survivor)?;
    transaction.bring_back_customer(writes, &other)?;
    transaction.unpoint(shop, other.id, survivor.id);
    let [own, address] = [&survivor, &other].map(|customer| app.keyring.address_digest(shop, &customer.email));
    if own == address {
        transaction.give_back_shared_address(shop, &address, other.id, survivor.id, *other_was_first)?;
    } else {
        let holders = app.table.address_holders(shop, &address).await?;
        transaction.hand_over_address(shop, &address, survivor.id, other.id, &holders)?;
    }
    Ok(steps)
}

/// Takes back a page of what the merge brought.
pub(super) async fn step(app: &App, job: &Job, merge: JobId, route: Route) -> Result<Progress> {
    let moved = app.table.moved(&job.shop, route.from, merge, PAGE).await?;
    let mut transaction = Transaction::new();
    transaction.require_customer(&job.shop, route.to);
    let (mut dealt, mut in_use) = (0, false);
    for moved in &moved {
        let alone = moved.sk.starts_with(crate::table::keys::MERGED);
        if alone && dealt > 0 {
            break;
        }
        let standing = app.table.belonging_at(&job.shop, route.from, &moved.sk).await?;
        let mut own = match (standing, &moved.kept) {
            // It was kept as it was: what may stand in its place is the survivor's, or was made of it.
            (standing, Some(kept)) => {
                let mut own = Transaction::new();
                own.create_again(kept.clone());
                let made = standing.filter(|_| moved.sk.starts_with(crate::table::keys::MESSAGES));
                made.iter().for_each(|made| own.remove_as_read(made));
                own
            }
            // It has gone since: an expired link.
            (None, None) => Transaction::new(),
            (Some(standing), None) => match relocate(app, job, route, &standing).await? {
                Relocated::Steps(own, _) => own,
                Relocated::InUse => {
                    in_use = true;
                    continue;
                }
            },
        };
        own.forget_moved(moved);
        if !fits(&mut transaction, own)? {
            break;
        }
        dealt += 1;
        // As in `alone_if_shared`.
        if alone {
            break;
        }
    }
    if dealt > 0 {
        let made = app.table.commit(transaction).await?.is_ok();
        return Ok(Progress::More(if made { dealt } else { 0 }));
    }
    Ok(if in_use { Progress::Later } else { Progress::Nothing })
}
