//! Orders in the making, and what they became: under their link, so that whatever ends the link ends
//! them too (pattern 7).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use super::{Refusal, Step, Table, Transaction, expire, from_item, to_item};
use crate::Result;
use crate::domain::{DraftId, DueDate, OrderDraft, OrderId, OrderLink};
use crate::keyring::TokenHash;

/// What a draft became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedDraft {
    /// The order.
    pub order: OrderId,
    /// Tells what was posted from what else might be posted of the same draft.
    pub posted: String,
}

/// The step that says whether a draft was posted before.
#[derive(Debug, Clone, Copy)]
pub struct DraftStep(Step);

impl DraftStep {
    /// What the draft became earlier, if that is why the transaction was refused.
    pub fn placed_as(&self, refusal: &Refusal) -> Option<PlacedDraft> {
        from_item(refusal.standing(self.0)?.clone()).ok()
    }
}

impl Table {
    /// Pattern 7: the order in the making of a link, read consistently, if one is kept at `now`.
    pub async fn order_draft(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<OrderDraft>> {
        let draft: Option<OrderDraft> = self.get(&keys::order_draft(hash)).await?;
        Ok(draft.filter(|draft| draft.is_kept(now)))
    }

    /// What a draft became, if it was ordered.
    pub async fn placed_draft(&self, hash: &TokenHash, draft: DraftId) -> Result<Option<PlacedDraft>> {
        self.get(&keys::placed_draft(hash, draft)).await
    }
}

impl Transaction {
    /// Stores the next version of a draft: of one that is new, or over what expired before. `due` is that
    /// it was left, which whatever ends the draft ends with it.
    pub fn write_order_draft(&mut self, link: &OrderLink, draft: &OrderDraft, due: Option<&DueDate>) -> Result<Step> {
        let mut item = to_item(keys::order_draft(&link.hash), "order_draft", draft)?;
        if let Some(due) = due {
            super::due_dates::file(&mut item, &draft.shop, due)?;
        }
        expire(&mut item, draft.expires_at);
        Ok(match draft.version {
            0 | 1 => self.create_or_expired(item, draft.changed_at),
            version => self.replace(item, version - 1),
        })
    }

    /// Makes `draft` one order: whoever posts it again finds that.
    pub fn place_draft(&mut self, link: &OrderLink, draft: DraftId, placed: &PlacedDraft) -> Result<DraftStep> {
        let mut placed = to_item(keys::placed_draft(&link.hash, draft), "draft", placed)?;
        expire(&mut placed, link.expires_at);
        Ok(DraftStep(self.create(placed)))
    }

    /// Ends a draft, if it still is as it was read.
    pub fn end_order_draft(&mut self, link: &OrderLink, draft: &OrderDraft) -> Step {
        self.remove_version(keys::order_draft(&link.hash), draft.version)
    }
}
