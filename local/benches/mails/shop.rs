//! A shop on a folder of its own, with customers who agreed to everything and mails that wait.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use futures::StreamExt;
use jiff::ToSpan;
use jiff::civil::Date;
use local::functions::deploy;
use local::stack::{Data, Options, Stack};
use serde_json::json;
use shared::App;
use shared::domain::{Customer, CustomerId, Message, MessageId, Occurrence, Settings, Source};
use shared::table::{CustomerWrites, Transaction};
use tokio::runtime::Handle;

/// How many transactions are under way at once.
const AT_ONCE: usize = 16;
/// Messages of one transaction; each is two steps.
const TOGETHER: usize = 40;

pub struct Shop {
    pub stack: Stack,
    pub app: App,
    pub settings: Settings,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// An empty shop on the threads of `store`. With a `rate`, its schedule runs by itself, and sends no
    /// faster.
    pub async fn of(store: &Handle, rate: Option<NonZeroU32>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let data = Data::Folder { path, fresh: true };
        let unhurried = Options::in_memory();
        let sending_rate = rate.unwrap_or(unhurried.sending_rate);
        let options = Options { data, in_background: rate.is_some(), sending_rate, ..unhurried };
        let stack = store.spawn(Stack::start(options, deploy)).await.unwrap().unwrap();
        let app = stack.services().app();
        let settings = app.table.settings(&"main".parse().unwrap()).await.unwrap().unwrap();
        Self { stack, app, settings, _folder: folder }
    }

    /// The day in the shop.
    pub fn today(&self) -> Date {
        self.settings.zone.day(self.app.clock.now())
    }

    /// Makes so many customers, the first number being `from`, each with the birthday that `born` says;
    /// their due dates are those of yesterday on.
    pub async fn customers(&self, from: usize, count: usize, born: impl Fn(usize) -> Option<Date>) -> Vec<Customer> {
        let writes = CustomerWrites { keyring: &self.app.keyring, today: self.today().saturating_sub(1.day()) };
        let made = futures::stream::iter(from..from + count).map(|number| {
            let customer = self.customer(number, born(number));
            async move {
                let mut transaction = Transaction::new();
                transaction.create_customer(writes, &customer).unwrap();
                self.app.table.commit(transaction).await.unwrap().unwrap();
                customer
            }
        });
        made.buffer_unordered(AT_ONCE).collect().await
    }

    fn customer(&self, number: usize, born: Option<Date>) -> Customer {
        let now = self.app.clock.now();
        let (name, email) = (format!("Zoé N{number:07}"), format!("zoe{number}@example.com"));
        let id = CustomerId::new(self.app.entropy.ulid(now));
        let birthday = born.map(|day| day.strftime("--%m-%d").to_string().parse().unwrap());
        let (name, email) = (name.parse().unwrap(), email.parse().unwrap());
        Customer { birthday, ..Customer::new(&self.settings, id, name, email, Source::Staff, now) }
    }

    /// Puts a welcome of each customer into the outbox, all of them within a moment.
    pub async fn queue(&self, customers: &[Customer]) {
        let (shop, now) = (&self.settings.shop, self.app.clock.now());
        for some in customers.chunks(TOGETHER) {
            let mut transaction = Transaction::new();
            for customer in some {
                let id = MessageId::new(self.app.entropy.ulid(now));
                let message = Message::new(shop.clone(), id, customer.id, Occurrence::Welcome, now, now);
                transaction.create_message(&message).unwrap();
            }
            self.app.table.commit(transaction).await.unwrap().unwrap();
        }
    }

    /// Plays a planned run of a function.
    pub async fn run(&self, function: &str, run: &str) {
        let event = json!({ "run": run, "scheduled_time": self.app.clock.now() });
        self.stack.call(function, event).await.unwrap();
    }

    /// How many mails arrived, and at how many addresses.
    pub fn arrived(&self) -> (usize, usize) {
        let mails = self.stack.mailbox().mails();
        let addresses: BTreeSet<_> = mails.iter().flat_map(|mail| &mail.to).collect();
        (mails.len(), addresses.len())
    }
}
