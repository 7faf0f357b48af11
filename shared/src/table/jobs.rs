//! Jobs of more than one transaction (pattern 12), and the ledger of erasures (pattern 13).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Select, Step, Table, Transaction, expire, file_in, to_item};
use crate::Result;
use crate::domain::{CustomerId, Erasure, Job, JobId, JobState, ShopId};

/// What the `due` index holds of a job: where it is.
#[derive(Serialize, Deserialize)]
struct Waiting {
    id: JobId,
}

#[derive(Deserialize)]
struct Filed {
    due: Waiting,
}

/// That a job is at work on a customer.
#[derive(Serialize, Deserialize)]
struct Mark {
    job: JobId,
}

impl Table {
    /// The job with this id, until 90 days after its beginning. One read unit.
    pub async fn job(&self, shop: &ShopId, id: JobId) -> Result<Option<Job>> {
        self.get(&keys::job(shop, id)).await
    }

    /// Pattern 12: the jobs to go on with by `now`, longest waiting first; at most `limit`.
    pub async fn jobs_awake(&self, shop: &ShopId, now: Timestamp, limit: u32) -> Result<Vec<JobId>> {
        let range = Range::Between("0".to_owned(), format!("{}~", keys::instant(now)));
        let page: Page<Filed> = self.query(Select::index(Index::Due, keys::jobs_list(shop), range, limit)).await?;
        Ok(page.items.into_iter().map(|filed| filed.due.id).collect())
    }

    /// When the next job of a shop is to be gone on with, later than `after`.
    pub async fn next_job(&self, shop: &ShopId, after: Timestamp) -> Result<Option<Timestamp>> {
        #[derive(Deserialize)]
        struct At {
            due_sk: String,
        }
        let range = Range::Between(format!("{}~", keys::instant(after)), "~".to_owned());
        let page: Page<At> = self.query(Select::index(Index::Due, keys::jobs_list(shop), range, 1)).await?;
        Ok(page.items.first().and_then(|at| at.due_sk.split('#').next()?.parse().ok()))
    }

    /// The job that is at work on a customer, if one is.
    pub async fn job_on(&self, shop: &ShopId, customer: CustomerId) -> Result<Option<JobId>> {
        let range = Range::BeginsWith(keys::JOB_MARKS.to_owned());
        let select = Select::table(keys::customer_partition(shop, customer), range, 1);
        let page: Page<Mark> = self.query(select).await?;
        Ok(page.items.first().map(|mark| mark.job))
    }

    /// Pattern 13: a page of a shop's erasures, oldest first.
    pub async fn erasures(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<Erasure>> {
        self.query(Select::table(keys::erasures_partition(shop), Range::All, limit).after(after)).await
    }

    /// What one job has erased, read consistently.
    pub(crate) async fn erasures_of(&self, shop: &ShopId, job: JobId) -> Result<Vec<Erasure>> {
        let range = Range::BeginsWith(format!("{job}#"));
        let page: Page<Erasure> = self.query(Select::table(keys::erasures_partition(shop), range, 1000)).await?;
        Ok(page.items)
    }

    /// The newest erasures of a shop, newest first, read consistently.
    pub async fn newest_erasures(&self, shop: &ShopId, limit: u32) -> Result<Vec<Erasure>> {
        let select = Select::table(keys::erasures_partition(shop), Range::All, limit).backwards();
        let page: Page<Erasure> = self.query(select).await?;
        Ok(page.items)
    }
}

impl Transaction {
    /// Begins `job`, and marks whom it is about.
    pub(crate) fn create_job(&mut self, job: &Job) -> Result<Step> {
        for customer in job.work.customers() {
            let key = keys::job_mark(&job.shop, customer, job.id);
            self.create(to_item(key, "job_mark", &Mark { job: job.id })?);
        }
        Ok(self.create(item(job)?))
    }

    /// Changes `before` to `after`, whose version is the next. What is over marks nobody any more.
    pub(crate) fn replace_job(&mut self, before: &Job, after: &Job) -> Result<Step> {
        let free = after.state != JobState::Running && before.state == JobState::Running;
        for customer in after.work.customers().into_iter().filter(|_| free) {
            self.remove(keys::job_mark(&after.shop, customer, after.id));
        }
        Ok(self.replace(item(after)?, before.version))
    }

    /// Notes in the ledger that somebody was erased. The stream brings it to `exports`.
    pub(crate) fn record_erasure(&mut self, erasure: &Erasure) -> Result<()> {
        let key = keys::erasure(&erasure.shop, erasure.job, erasure.customer);
        self.derive(to_item(key, "erasure", erasure)?);
        Ok(())
    }
}

/// A job, with its place among those to go on with until its end.
fn item(job: &Job) -> Result<Item> {
    let mut item = to_item(keys::job(&job.shop, job.id), "job", job)?;
    expire(&mut item, job.created_at.checked_add(Job::LIFE).unwrap_or(Timestamp::MAX));
    if job.state == JobState::Running {
        let sort = keys::jobs_list_sort(job.wake_at, job.id);
        file_in(&mut item, Index::Due, keys::jobs_list(&job.shop), sort, Some(&Waiting { id: job.id }))?;
    }
    Ok(item)
}
