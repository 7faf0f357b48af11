//! A shop's groups and its own tags.

use serde::{Deserialize, Serialize};

use super::keys;
use super::{Page, Position, Range, Refusal, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{Group, GroupId, Job, OwnTag, ShopId, same_name};

/// The steps that may be refused when a group is written.
#[derive(Debug, Clone, Copy)]
pub struct GroupSteps {
    group: Step,
    name: Option<Step>,
}

impl GroupSteps {
    /// Whether the group was no longer as it was read, or stood already.
    pub fn lost_race(&self, refusal: &Refusal) -> bool {
        refusal.failed(self.group)
    }

    /// Whether another group has the name.
    pub fn name_taken(&self, refusal: &Refusal) -> bool {
        self.name.is_some_and(|step| refusal.failed(step))
    }
}

#[derive(Serialize, Deserialize)]
struct Named {
    group: GroupId,
}

impl Table {
    /// A group, read consistently; `None` once it is deleted, whoever is still said to be in it.
    pub async fn group(&self, shop: &ShopId, id: GroupId) -> Result<Option<Group>> {
        self.get(&keys::group(shop, id)).await
    }

    /// A page of a shop's groups, oldest first.
    pub async fn groups(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<Group>> {
        let range = Range::BeginsWith(keys::GROUPS.to_owned());
        self.query(Select::table(keys::labels_partition(shop), range, limit).after(after)).await
    }

    /// A page of a shop's own tags, in the order of the alphabet.
    pub async fn own_tags(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<OwnTag>> {
        let range = Range::BeginsWith(keys::TAGS.to_owned());
        self.query(Select::table(keys::labels_partition(shop), range, limit).after(after)).await
    }

    /// Whether the shop has this tag, as of some seconds ago.
    pub async fn has_own_tag(&self, shop: &ShopId, tag: &OwnTag) -> Result<bool> {
        let known: Option<OwnTag> = self.get_eventually(&keys::own_tag(shop, &tag.id)).await?;
        Ok(known.is_some())
    }
}

impl Transaction {
    /// Makes `group`, if no other has its name.
    pub fn create_group(&mut self, shop: &ShopId, group: &Group) -> Result<GroupSteps> {
        let name = Some(self.take_group_name(shop, group)?);
        let step = self.create(to_item(keys::group(shop, group.id), "group", group)?);
        Ok(GroupSteps { group: step, name })
    }

    /// Changes `before` to `after`, whose version is the next.
    pub fn replace_group(&mut self, shop: &ShopId, before: &Group, after: &Group) -> Result<GroupSteps> {
        let (old, new) = (same_name(before.name.expose()), same_name(after.name.expose()));
        let name = if old == new {
            None
        } else {
            self.remove(keys::group_name(shop, &old));
            Some(self.take_group_name(shop, after)?)
        };
        let step = self.replace(to_item(keys::group(shop, after.id), "group", after)?, before.version);
        Ok(GroupSteps { group: step, name })
    }

    /// Deletes `group`, as it was read, and begins the job that takes its members out.
    pub fn delete_group(&mut self, group: &Group, job: &Job) -> Result<GroupSteps> {
        let step = self.remove_version(keys::group(&job.shop, group.id), group.version);
        self.remove(keys::group_name(&job.shop, &same_name(group.name.expose())));
        self.create_job(job)?;
        Ok(GroupSteps { group: step, name: None })
    }

    fn take_group_name(&mut self, shop: &ShopId, group: &Group) -> Result<Step> {
        let key = keys::group_name(shop, &same_name(group.name.expose()));
        Ok(self.create(to_item(key, "group_name", &Named { group: group.id })?))
    }

    /// Requires that the group has not been deleted.
    pub fn require_group(&mut self, shop: &ShopId, id: GroupId) -> Step {
        self.require(&keys::group(shop, id))
    }

    /// Notes that the shop has this tag. Of two who type it at once, the last spelling stands.
    pub fn keep_own_tag(&mut self, shop: &ShopId, tag: &OwnTag) -> Result<()> {
        self.derive(to_item(keys::own_tag(shop, &tag.id), "own_tag", tag)?);
        Ok(())
    }
}
