//! Fills a shop with customers, a catalogue and a year of orders: a shop to look at, and something
//! to measure on.
//!
//! The same number gives the same people with the same past, told back from today. All of it is
//! written through the transactions that the functions use, so that nothing in the table differs
//! from what they would have written; only the messages are left out, since mails about the past
//! would be sent now.

mod catalogue;
mod chance;
mod folder;
mod history;
mod names;
mod notes;
mod places;

use futures::StreamExt;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use shared::App;
use shared::domain::{
    Actor, AuditAction, AuditEntry, AuditId, Customer, DueDate, FormId, OwnTag, Settings, ShopId, Suppression,
    SuppressionCause,
};
use shared::table::{CustomerWrites, PlacedDraft, Transaction};

use self::chance::Chance;
use self::history::{History, World};
use self::names::Person;
use crate::gateway::staff_subject;

pub use self::folder::{SeedFolderError, fill_folder};

const WELL_FORMED: &str = "our own words are well formed";

/// Transactions under way at once: one is being read by the store while the next is being made.
const AT_ONCE: usize = 4;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Customers.
    pub customers: usize,
    /// Products.
    pub products: usize,
    /// Orders.
    pub orders: usize,
    /// Notes.
    pub notes: usize,
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The same customers are there.
    #[error("the shop has been seeded already: start over with --fresh")]
    Again,
    /// There is no such shop or form to seed.
    #[error("the shop main and its form contact are not there")]
    NoShop,
    /// The table.
    #[error("the table can't be written: {0}")]
    Table(#[from] shared::Error),
}

/// Adds `customers` customers, the catalogue and a year of orders to the shop `main`, telling
/// `progress` how many customers are written.
///
/// # Errors
/// One of [`SeedError`]; the first two before anything is written.
pub async fn fill(app: &App, customers: usize, mut progress: impl FnMut(usize)) -> Result<Seeded, SeedError> {
    let shop: ShopId = "main".parse().expect(WELL_FORMED);
    let form: FormId = "contact".parse().expect(WELL_FORMED);
    let settings = app.table.settings(&shop).await?.ok_or(SeedError::NoShop)?;
    let form = app.table.form(&shop, &form).await?.ok_or(SeedError::NoShop)?;
    let first = app.keyring.address_digest(&shop, &Person::number(0).email.parse().expect(WELL_FORMED));
    if app.table.customer_id_by_address(&shop, &first).await?.is_some() {
        return Err(SeedError::Again);
    }
    let now = app.clock.now();
    let staff = staff_subject(&app.keyring, "owner@main").parse().expect(WELL_FORMED);
    let products = catalogue::products(opening(now));
    let groups = places::groups(opening(now));
    let (keyring, settings, form) = (&app.keyring, &settings, &form);
    let world = World { keyring, settings, form, products: &products, groups: &groups, staff, now };
    open_shop(app, &world).await?;

    let writes = CustomerWrites { keyring, today: first_open_day(settings, now) };
    let mut seeded = Seeded { products: products.len(), ..Seeded::default() };
    let histories = futures::stream::iter(names::country_by_country(customers)).map(|index| {
        let world = &world;
        async move {
            let history = History::number(index, world);
            write(app, writes, &history, now).await?;
            settle(app, writes, world, &history.customer).await.map(|()| history)
        }
    });
    let mut histories = std::pin::pin!(histories.buffer_unordered(AT_ONCE));
    while let Some(history) = histories.next().await {
        let history = history?;
        seeded.customers += 1;
        seeded.orders += history.orders.len();
        seeded.notes += history.notes.len();
        progress(seeded.customers);
    }
    Ok(seeded)
}

/// When the shop began: before anybody was heard of.
fn opening(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * 740)).unwrap_or(now)
}

/// The first day whose mails have not gone out yet: what fell due earlier would have been sent.
fn first_open_day(settings: &Settings, now: Timestamp) -> Date {
    let today = settings.zone.day(now);
    if now < settings.zone.instant(today, DueDate::TIME) { today } else { today.saturating_add(1.day()) }
}

/// The catalogue and the groups, one at a time as staff enter them.
async fn open_shop(app: &App, world: &World<'_>) -> Result<(), SeedError> {
    let mut chance = Chance::of(usize::MAX - 1);
    let shop = &world.settings.shop;
    for product in world.products {
        let mut transaction = Transaction::new();
        transaction.create_product(shop, product, None)?;
        let (id, at) = (product.id.to_string(), product.created_at);
        transaction.audit(shop, &world.entry(&mut chance, AuditAction::ProductCreated, id, at), None)?;
        app.table.commit(transaction).await?.map_err(|_| SeedError::Again)?;
    }
    for group in world.groups {
        let mut transaction = Transaction::new();
        transaction.create_group(shop, group)?;
        let (id, at) = (group.id.to_string(), group.created_at);
        transaction.audit(shop, &world.entry(&mut chance, AuditAction::GroupCreated, id, at), None)?;
        app.table.commit(transaction).await?.map_err(|_| SeedError::Again)?;
    }
    Ok(())
}

impl World<'_> {
    /// The audit entry of something that staff made.
    fn entry(&self, chance: &mut Chance, action: AuditAction, made: String, at: Timestamp) -> AuditEntry {
        let (id, actor) = (AuditId::new(chance.ulid(at)), Actor::Staff { subject: self.staff.clone() });
        AuditEntry { id, at, actor, action, records: vec![made], source_ip: None }
    }
}

/// Writes a customer and their past in one transaction.
async fn write(app: &App, writes: CustomerWrites<'_>, history: &History, now: Timestamp) -> Result<(), SeedError> {
    let transaction = transaction(writes, history, now)?;
    app.table.commit(transaction).await?.map_err(|_| SeedError::Again)
}

/// Deals with what would have been written to the customer until now.
async fn settle(
    app: &App,
    writes: CustomerWrites<'_>,
    world: &World<'_>,
    customer: &Customer,
) -> Result<(), SeedError> {
    let (shop, address) = (&customer.shop, app.keyring.address_digest(&customer.shop, &customer.email));
    let mut transaction = Transaction::new();
    for due in DueDate::of(customer, &address, writes.today) {
        if world.settings.due_at(&due) <= world.now {
            transaction.settle_due_date(shop, &due, writes.today)?;
        }
    }
    if transaction.is_empty() {
        return Ok(());
    }
    app.table.commit(transaction).await?.map_err(|_| SeedError::Again)
}

fn transaction(writes: CustomerWrites<'_>, history: &History, now: Timestamp) -> shared::Result<Transaction> {
    let customer = &history.customer;
    let shop = &customer.shop;
    let mut transaction = Transaction::new();
    transaction.create_customer(writes, customer)?;
    for (id, mark) in customer.tags.iter() {
        if let Some(label) = mark.label.clone() {
            transaction.keep_own_tag(shop, &OwnTag { id: id.clone(), label })?;
        }
    }
    for evidence in &history.consents {
        transaction.create_consent(shop, evidence)?;
    }
    if let Some(at) = history.unsubscribed_at {
        let suppression = Suppression { cause: SuppressionCause::Unsubscribed, at };
        transaction.suppress(shop, &writes.keyring.address_digest(shop, &customer.email), &suppression)?;
    }
    if let Some((submission, card)) = &history.submission {
        transaction.create_submission(shop, submission, card)?;
        transaction.create_receipt(shop, submission)?;
    }
    for note in &history.notes {
        transaction.create_note(shop, note)?;
    }
    // The table has deleted the links that opened no more.
    for link in history.links.iter().filter(|link| link.is_open(now)) {
        transaction.create_order_link(link)?;
    }
    for (order, draft) in &history.orders {
        transaction.create_order(order)?;
        if let Some(link) = history.links.iter().find(|link| Some(link.id) == order.link) {
            transaction.place_draft(link, *draft, &PlacedDraft { order: order.id, posted: String::new() })?;
        }
    }
    for entry in &history.audit {
        transaction.audit(shop, entry, Some(customer.id))?;
    }
    Ok(transaction)
}

#[cfg(test)]
mod tests;
