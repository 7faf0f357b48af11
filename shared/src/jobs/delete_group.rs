//! Deleting a group (S04): it is gone for every reader at once; who was in it is taken out one by one.
//!
//! Members are looked for in an index that may be late, in passes over the whole shop. Nothing is
//! left once a pass finds nobody that began when the index knew of the deletion.

use super::Progress;
use crate::domain::{AuditAction, AuditEntry, AuditId, CustomerId, GroupId, Job, Pass, Settings, Work};
use crate::table::{CustomerWrites, SHARDS, Transaction};
use crate::{App, Error, Result};

/// How many customers a step looks at: their facets say who is in the group.
const BATCH: u32 = 500;

/// How often a member waits for its turn when the record changes meanwhile.
const ATTEMPTS: u32 = 10;

/// Looks at the next customers of the pass, and takes out who is in the group.
pub(super) async fn step(app: &App, job: &mut Job) -> Result<Progress> {
    let now = app.clock.now();
    let Work::DeleteGroup { group, pass } = job.work.clone() else {
        return Ok(Progress::Nothing);
    };
    let mut pass = pass.unwrap_or_else(|| Pass::new(now));
    if pass.shard >= SHARDS {
        let known = pass.began_at.duration_since(job.created_at) > Job::INDEX_LATENESS;
        job.work = Work::DeleteGroup { group, pass: None };
        return Ok(match (pass.found, known) {
            (false, true) => Progress::Nothing,
            (false, false) => Progress::Later,
            (true, _) => Progress::More(0),
        });
    }
    let shop = &job.shop;
    let listed = app.table.customers_by_first_contact(shop, pass.shard, BATCH, pass.after).await?;
    let settings = app.table.settings(shop).await?.ok_or(Error::Impossible("a job of a shop that never was"))?;
    let mut dealt = 0;
    for member in listed.iter().filter(|listed| listed.facets.group == Some(group)) {
        pass.found = true;
        dealt += u64::from(take_out(app, job, &settings, group, member.hit.id).await?);
    }
    match listed.last() {
        Some(last) => pass.after = Some(last.hit.id),
        None => pass.next_shard(),
    }
    job.work = Work::DeleteGroup { group, pass: Some(pass) };
    Ok(Progress::More(dealt))
}

/// Takes a customer out of the group, if it still is in it.
async fn take_out(app: &App, job: &Job, settings: &Settings, group: GroupId, id: CustomerId) -> Result<bool> {
    let (shop, now) = (&job.shop, app.clock.now());
    let entry = AuditEntry {
        id: AuditId::new(app.entropy.ulid(now)),
        at: now,
        actor: job.by.clone(),
        action: AuditAction::GroupLeft,
        records: vec![id.to_string()],
        source_ip: None,
    };
    for _ in 0..ATTEMPTS {
        let customer = app.table.customer(shop, id).await?;
        let Some(before) = customer.filter(|customer| customer.group == Some(group)) else {
            return Ok(false);
        };
        let after = before.changed_by(&job.by, now, |after| after.group = None);
        let writes = CustomerWrites { keyring: &app.keyring, today: settings.zone.day(now) };
        let mut transaction = Transaction::new();
        transaction.replace_customer(writes, &before, &after)?;
        transaction.audit(shop, &entry, Some(id))?;
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(true);
        }
    }
    Err(Error::Contended)
}
