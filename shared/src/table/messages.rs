//! The outbox (pattern 9), and the addresses that get no mail.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Refusal, Select, Step, Table, Transaction, expire, file_in, to_item};
use crate::Result;
use crate::domain::{
    Addressee, Customer, CustomerId, DueDate, Message, MessageClass, MessageId, MessageKind, MessageRef, Notice,
    Occurrence, Settings, ShopId, SkipReason, Suppression, SuppressionCause,
};
use crate::keyring::{AddressDigest, Keyring};

/// The steps that say whether a message exists already.
#[derive(Debug, Clone)]
pub struct MessageSteps {
    once: Vec<Step>,
}

impl MessageSteps {
    /// Whether the transaction was refused because the message exists: it was sent, or will be.
    pub fn exists(&self, refusal: &Refusal) -> bool {
        self.once.iter().any(|step| refusal.failed(*step))
    }
}

/// What became of the last step before a marketing mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandingOver {
    /// It may leave.
    Done,
    /// Another message of the same occasion has the address.
    Taken,
    /// Another mailer, or the feedback, was quicker.
    Overtaken,
}

/// What the `due` index holds of a message: where it is.
#[derive(serde::Serialize, serde::Deserialize)]
struct Waiting {
    to: Addressee,
    id: MessageId,
}

#[derive(serde::Deserialize)]
struct Filed {
    due: Waiting,
}

impl Table {
    /// The message at `reference`, read consistently; where its addressee has been merged, the one
    /// it has become.
    pub async fn message(&self, reference: &MessageRef) -> Result<Option<Message>> {
        let MessageRef { shop, to, id } = reference;
        let found = self.get(&keys::message(shop, *to, *id)).await?;
        let Some(customer) = to.customer().filter(|_| found.is_none()) else {
            return Ok(found);
        };
        match self.survivor(shop, customer).await? {
            Some(customer) => self.get(&keys::message(shop, Addressee::Customer { customer }, *id)).await,
            None => Ok(None),
        }
    }

    /// Pattern 1b: a page of a customer's messages, newest first.
    pub async fn messages(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Message>> {
        let range = Range::BeginsWith(keys::MESSAGES.to_owned());
        let partition = keys::customer_partition(shop, customer);
        self.query(Select::table(partition, range, limit).backwards().after(after)).await
    }

    /// Pattern 9: the messages to be looked at by `now`, longest waiting first; at most `limit`.
    /// Half a read unit per 4 KB of waiting messages.
    pub async fn messages_awake(&self, shop: &ShopId, now: Timestamp, limit: u32) -> Result<Vec<MessageRef>> {
        let range = Range::Between("0".to_owned(), format!("{}~", keys::instant(now)));
        let page: Page<Filed> = self.query(Select::index(Index::Due, keys::outbox(shop), range, limit)).await?;
        let reference = |Filed { due: Waiting { to, id } }| MessageRef { shop: shop.clone(), to, id };
        Ok(page.items.into_iter().map(reference).collect())
    }

    /// When the next message of a shop is to be looked at, later than `after`, if any waits that
    /// long: what is awake already does not hide it.
    pub async fn next_awake(&self, shop: &ShopId, after: Timestamp) -> Result<Option<Timestamp>> {
        #[derive(serde::Deserialize)]
        struct At {
            due_sk: String,
        }
        // The separator's successor: behind every message of the instant itself.
        let range = Range::Between(format!("{}~", keys::instant(after)), "~".to_owned());
        let select = Select::index(Index::Due, keys::outbox(shop), range, 1);
        let page: Page<At> = self.query(select).await?;
        Ok(page.items.first().and_then(|at| at.due_sk.split('#').next()?.parse().ok()))
    }

    /// Whether a customer has another message of the occurrence of `message`.
    pub(crate) async fn has_occurrence(&self, shop: &ShopId, customer: CustomerId, message: &Message) -> Result<bool> {
        let keys = keys::once_of_customer(shop, customer, &message.occurrence);
        let found: Vec<Once> = self.get_many_now(&keys).await?;
        Ok(found.iter().any(|once| once.message != message.id))
    }

    /// Which of these occurrences, each of one due for it, have a message: it was sent, or is to be. A read
    /// unit for each key.
    pub async fn planned_before(&self, shop: &ShopId, wanted: &[(&DueDate, Occurrence)]) -> Result<Vec<bool>> {
        let keys = |(due, occurrence): &(&DueDate, Occurrence)| {
            let mut keys = keys::once_of_customer(shop, due.customer, occurrence);
            keys.extend(keys::once_of_address(shop, &due.address, occurrence, None));
            keys
        };
        // Two who share an address share a key.
        let all: HashSet<keys::Key> = wanted.iter().flat_map(keys).collect();
        let all = Vec::from_iter(all);
        let mut standing = HashSet::new();
        for batch in all.chunks(100) {
            let found: Vec<Standing> = self.get_many_now(batch).await?;
            standing.extend(found.into_iter().map(|Standing { pk, sk }| keys::Key { pk, sk }));
        }
        Ok(wanted.iter().map(|wanted| keys(wanted).iter().any(|key| standing.contains(key))).collect())
    }

    /// Moves a message on from the version it was read with, and throws away what it told the shop;
    /// `false` if another was quicker.
    pub async fn replace_message(&self, message: &Message) -> Result<bool> {
        if message.told().is_some() {
            let mut transaction = Transaction::new();
            transaction.replace_message(message)?;
            return Ok(self.commit(transaction).await?.is_ok());
        }
        self.replace_one(item(message)?, message.version - 1).await
    }

    /// Moves a marketing message on from the version it was read with, on its way to `address` on `day`
    /// (UTC): what it takes of the address is what keeps another record of it from the same mail.
    pub async fn hand_over(&self, message: &Message, address: &AddressDigest, day: Date) -> Result<HandingOver> {
        let mut transaction = Transaction::new();
        transaction.replace_message(message)?;
        let mut taken = Vec::new();
        for key in keys::once_of_address(&message.shop, address, &message.occurrence, Some(day)) {
            let once = to_item(key, "once", &Once { message: message.id })?;
            taken.push(transaction.create_or_own(once, "message", &message.id.to_string()));
        }
        Ok(match self.commit(transaction).await? {
            Ok(()) => HandingOver::Done,
            Err(refusal) if taken.iter().any(|step| refusal.failed(*step)) => HandingOver::Taken,
            Err(_) => HandingOver::Overtaken,
        })
    }

    /// Whether an address has unsubscribed: whoever has it, or had it.
    pub async fn is_unsubscribed(&self, shop: &ShopId, address: &AddressDigest) -> Result<bool> {
        let key = keys::suppression(shop, address, SuppressionCause::Unsubscribed);
        let standing: Option<Suppression> = self.get(&key).await?;
        Ok(standing.is_some())
    }

    /// Why a mail of `kind` may not go to `customer` now, if it may not: consent, block and settings as
    /// given, the address and the shop's pause as they stand. A read unit; two for marketing.
    pub async fn obstacle(
        &self,
        keyring: &Keyring,
        settings: &Settings,
        kind: MessageKind,
        customer: &Customer,
    ) -> Result<Option<SkipReason>> {
        let digest = keyring.address_digest(&customer.shop, &customer.email);
        let suppressions = self.suppressions(&customer.shop, &digest).await?;
        let marketing = kind.class() == MessageClass::Marketing;
        let paused = marketing && self.marketing_pause(&customer.shop).await?.is_some();
        Ok(settings.obstacle(kind, customer, &suppressions, paused))
    }

    /// Why an address gets no mail, if it doesn't. Read consistently, just before sending.
    pub async fn suppressions(&self, shop: &ShopId, address: &AddressDigest) -> Result<Vec<Suppression>> {
        let range = Range::BeginsWith(keys::SUPPRESSIONS.to_owned());
        let page: Page<Suppression> =
            self.query(Select::table(keys::address_partition(shop, address), range, 10)).await?;
        Ok(page.items)
    }
}

impl Transaction {
    /// Puts `message` into the outbox, unless its addressee has that occurrence already.
    pub fn create_message(&mut self, message: &Message) -> Result<MessageSteps> {
        let mut once = Vec::new();
        for key in keys::once(message) {
            once.push(self.create(to_item(key, "once", &Once { message: message.id })?));
        }
        self.create(item(message)?);
        Ok(MessageSteps { once })
    }

    /// Puts a message to the shop itself into the outbox: of one transaction, which is what makes it one.
    pub fn tell_merchant(&mut self, message: &Message) -> Result<()> {
        self.create(item(message)?);
        Ok(())
    }

    /// Writes a message that another step takes from somebody else.
    pub(crate) fn write_message(&mut self, message: &Message) -> Result<()> {
        self.create(item(message)?);
        Ok(())
    }

    /// Moves a message on, as [`Table::replace_message`] does, beside other steps.
    pub fn replace_message(&mut self, message: &Message) -> Result<Step> {
        let step = self.replace(item(message)?, message.version - 1);
        if let Some(notice) = message.told() {
            self.remove_notice(&message.shop, notice);
        }
        Ok(step)
    }

    /// Suppresses an address: from here on, mail already queued is stopped too.
    pub fn suppress(&mut self, shop: &ShopId, address: &AddressDigest, suppression: &Suppression) -> Result<()> {
        self.derive(to_item(keys::suppression(shop, address, suppression.cause), "suppression", suppression)?);
        Ok(())
    }

    /// Ends a suppression, if it still is the one that was read.
    pub fn lift_suppression(&mut self, shop: &ShopId, address: &AddressDigest, read: &Suppression) -> Step {
        self.remove_of(&keys::suppression(shop, address, read.cause), read.at)
    }
}

/// An item, by where it stands.
#[derive(serde::Deserialize)]
struct Standing {
    pk: String,
    sk: String,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Once {
    message: MessageId,
}

/// A message, with its place in the outbox until its end. Those to the shop belong to nobody whose
/// erasure would take them along: they go by themselves.
fn item(message: &Message) -> Result<Item> {
    let mut item = to_item(keys::message(&message.shop, message.to, message.id), "message", message)?;
    if message.to == Addressee::Merchant {
        expire(&mut item, message.created_at.checked_add(Notice::LIFE).unwrap_or(Timestamp::MAX));
    }
    if let Some(wake_at) = message.wake_at() {
        let sort = keys::outbox_sort(wake_at, message.id);
        let waiting = Waiting { to: message.to, id: message.id };
        file_in(&mut item, Index::Due, keys::outbox(&message.shop), sort, Some(&waiting))?;
    }
    Ok(item)
}
