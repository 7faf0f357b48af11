//! A customer's timeline: everything that happened, of whichever kind, in one order (pattern 1b).
//!
//! Each kind has its own stretch of the partition, sorted by ULIDs, which sort by time; a page is
//! the merge of one page of each. It goes on below the last ULID seen, so that what is added
//! meanwhile moves nothing.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::keys;
use super::{Page, Range, Select, Table};
use crate::Result;
use crate::domain::{ConsentEvidence, CustomerId, Interaction, Message, Order, ShopId, Submission};

/// Something that happened with a customer.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// A reservation, visit, call or message that staff recorded.
    Interaction(Interaction),
    /// An order.
    Order(Box<Order>),
    /// What a form sent.
    Submission(Submission),
    /// A mail that was written to them.
    Message(Box<Message>),
    /// What they said of a consent.
    Consent(ConsentEvidence),
}

impl Happening {
    /// The id, whatever it is of: its time, and its place.
    fn ulid(&self) -> Ulid {
        match self {
            Self::Interaction(interaction) => interaction.id.ulid(),
            Self::Order(order) => order.id.ulid(),
            Self::Submission(submission) => submission.id.ulid(),
            Self::Message(message) => message.id.ulid(),
            Self::Consent(evidence) => evidence.id.ulid(),
        }
    }
}

/// A place in a timeline: the last ULID seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimelinePosition(String);

impl TimelinePosition {
    /// The ULID just below: what comes next is at most that.
    fn below(&self) -> Option<Ulid> {
        let seen = Ulid::from_string(&self.0).ok()?;
        Some(Ulid::from_bytes(u128::from_be_bytes(seen.to_bytes()).saturating_sub(1).to_be_bytes()))
    }
}

impl Table {
    /// Pattern 1b: a page of a customer's timeline, the latest first. Five queries at once: a read
    /// unit per 4 KB of each, so that a page of 25 costs at most five times a page of one kind.
    pub async fn timeline(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<&TimelinePosition>,
    ) -> Result<Page<Happening, TimelinePosition>> {
        let partition = keys::customer_partition(shop, customer);
        let upto = after.and_then(TimelinePosition::below);
        let (interactions, orders, submissions, messages, consents) = tokio::try_join!(
            self.stretch(&partition, keys::INTERACTIONS, upto, limit, Happening::Interaction),
            self.stretch(&partition, keys::ORDERS, upto, limit, |order| Happening::Order(Box::new(order))),
            self.stretch(&partition, keys::SUBMISSIONS, upto, limit, Happening::Submission),
            self.stretch(&partition, keys::MESSAGES, upto, limit, |message| Happening::Message(Box::new(message))),
            self.stretch(&partition, keys::CONSENTS, upto, limit, Happening::Consent),
        )?;
        let stretches = [interactions, orders, submissions, messages, consents];
        let mut more = stretches.iter().any(|stretch| stretch.next.is_some());
        let mut items: Vec<Happening> = stretches.into_iter().flat_map(|stretch| stretch.items).collect();
        items.sort_unstable_by_key(|item| std::cmp::Reverse(item.ulid()));
        more |= items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items.last().filter(|_| more).map(|last| TimelinePosition(last.ulid().to_string()));
        Ok(Page { items, next })
    }

    /// The latest of one kind, at most `upto`.
    async fn stretch<T: DeserializeOwned>(
        &self,
        partition: &str,
        beginning: &str,
        upto: Option<Ulid>,
        limit: u32,
        happening: impl Fn(T) -> Happening,
    ) -> Result<Page<Happening>> {
        let range = match upto {
            Some(upto) => Range::Between(format!("{beginning}0"), format!("{beginning}{upto}")),
            None => Range::BeginsWith(beginning.to_owned()),
        };
        let page: Page<T> = self.query(Select::table(partition.to_owned(), range, limit).backwards()).await?;
        Ok(Page { items: page.items.into_iter().map(happening).collect(), next: page.next })
    }
}
