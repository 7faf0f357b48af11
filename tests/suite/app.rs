//! A stack in memory for one test: the functions as deployed, a table of their own, nothing that
//! happens unless the test asks for it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use local::faults::Faults;
use local::functions::deploy;
use local::mailbox::Mail;
use local::stack::{Options, Stack};
use serde_json::Value;
use shared::App;

use crate::ask::{Answer, Ask};

/// What the clock of every test shows at its start: a Sunday in Paris.
pub const START: &str = "2026-11-22T10:00:00+01:00";
const TRIES: u32 = 10;

/// An item of the table.
pub type Item = HashMap<String, AttributeValue>;

/// A running stack.
pub struct TestApp {
    pub stack: Stack,
    visitors: AtomicU32,
}

impl TestApp {
    /// A stack as every behaviour must survive it: with `CLIENTELE_FAULTS=on`, over a store where
    /// a little of everything goes wrong and indexes are late until [`TestApp::settle`].
    pub async fn start() -> Self {
        if std::env::var("CLIENTELE_FAULTS").is_ok_and(|value| value == "on") {
            Self::start_with(Options { faults: Faults::suite(seed()), late_indexes: true, ..at_start() }).await
        } else {
            Self::calm().await
        }
    }

    /// A stack where nothing goes wrong unless the test orders it: for what counts units or calls.
    pub async fn calm() -> Self {
        Self::start_with(at_start()).await
    }

    /// As [`TestApp::calm`], at a time that passes only when the test lets it: for what counts by the
    /// clock.
    pub async fn still() -> Self {
        Self::start_with(Options { still: true, ..at_start() }).await
    }

    /// As [`TestApp::calm`], where so many mails a second go out.
    pub async fn at_rate(sending_rate: NonZeroU32) -> Self {
        Self::start_with(Options { sending_rate, ..at_start() }).await
    }

    /// As [`TestApp::calm`], where so much of an export is written at once.
    pub async fn exporting(export_limits: exports::Limits) -> Self {
        Self::start_with(Options { export_limits, ..at_start() }).await
    }

    /// As [`TestApp::still`], with ids, jitter and keys that are the same for the same seed.
    pub async fn repeatable(seed: u64) -> Self {
        Self::start_with(Options { still: true, seed: Some(seed), ..at_start() }).await
    }

    async fn start_with(options: Options) -> Self {
        Self { stack: Stack::start(options, deploy).await.unwrap(), visitors: AtomicU32::new(0) }
    }

    /// The network address of somebody who has not been here yet.
    pub fn somebody(&self) -> IpAddr {
        let before = self.visitors.fetch_add(1, Ordering::Relaxed);
        IpAddr::V4(Ipv4Addr::from_bits(Ipv4Addr::new(203, 0, 113, 7).to_bits() + before))
    }

    /// Sends `ask`, and again while the answer is 503, as a client does that wants it done.
    pub async fn send(&self, ask: Ask) -> Answer {
        let mut answer = self.send_once(&ask).await;
        for _ in 1..TRIES {
            if answer.status != 503 {
                break;
            }
            answer = self.send_once(&ask).await;
        }
        answer
    }

    /// Sends `ask` once, whatever the answer.
    pub async fn send_once(&self, ask: &Ask) -> Answer {
        let gateway = self.stack.gateway();
        let token = ask.member.map(|member| gateway.token(member.role, member.shop).unwrap());
        Answer::of(gateway.answer(ask.request(token), ask.source).await).await
    }

    /// Runs a function on an event, again while it answers 503.
    pub async fn call(&self, function: &str, event: &Value) -> Value {
        for _ in 1..TRIES {
            let answer = self.stack.call(function, event.clone()).await.unwrap();
            if answer["statusCode"] != 503 {
                return answer;
            }
        }
        self.stack.call(function, event.clone()).await.unwrap()
    }

    /// Delivers the stream, runs what is due, lets the indexes catch up.
    pub async fn drain(&self) {
        self.stack.drain().await.unwrap();
    }

    /// Delivers the stream and lets the indexes catch up.
    pub async fn settle(&self) {
        self.stack.settle().await.unwrap();
    }

    /// Moves the clock to `instant` (RFC 3339), with everything that is due on the way.
    pub async fn move_clock(&self, instant: &str) {
        self.stack.move_clock(instant.parse().unwrap()).await.unwrap();
    }

    /// Moves the clock on, with everything that is due on the way.
    pub async fn pass(&self, time: jiff::SignedDuration) {
        let instant = self.stack.clock().now().checked_add(time).unwrap();
        self.stack.move_clock(instant).await.unwrap();
    }

    /// What was mailed, the newest last.
    pub fn mails(&self) -> Vec<Mail> {
        self.stack.mailbox().mails()
    }

    /// The subjects of what was mailed to `address`.
    pub fn subjects(&self, address: &str) -> Vec<String> {
        self.mails().into_iter().filter(|mail| mail.to == [address]).map(|mail| mail.subject).collect()
    }

    /// What the functions are built from, with the meter of what they spend.
    pub fn functions(&self) -> App {
        self.stack.services().app()
    }

    /// What is in the table, by key, but for token buckets: what is refused is counted too.
    pub async fn table(&self) -> BTreeMap<(String, String), Item> {
        let mut items = self.table_with_buckets().await;
        items.retain(|_, item| text(item, "t") != "bucket");
        items
    }

    /// Everything in the table, by key.
    pub async fn table_with_buckets(&self) -> BTreeMap<(String, String), Item> {
        let mut items = BTreeMap::new();
        let mut after = None;
        loop {
            let scan = self.stack.plain_dynamodb().scan().table_name(&self.stack.services().table);
            let page = scan.set_exclusive_start_key(after).limit(1000).send().await.unwrap();
            for item in page.items.unwrap_or_default() {
                items.insert((text(&item, "pk"), text(&item, "sk")), item);
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                return items;
            }
        }
    }

    /// Puts the table back to what it was.
    pub async fn restore(&self, before: &BTreeMap<(String, String), Item>) {
        let (client, name) = (self.stack.plain_dynamodb(), &self.stack.services().table);
        let now = self.table_with_buckets().await;
        for item in now.iter().filter(|(key, _)| !before.contains_key(key)).map(|(_, item)| item) {
            let key = ["pk", "sk"].map(|part| (part.to_owned(), item[part].clone())).into();
            client.delete_item().table_name(name).set_key(Some(key)).send().await.unwrap();
        }
        for (key, item) in before.iter().filter(|(key, item)| now.get(*key) != Some(item)) {
            let put = client.put_item().table_name(name).set_item(Some(item.clone())).send().await;
            assert!(put.is_ok(), "{key:?}");
        }
    }

    /// The items of one type.
    pub async fn items(&self, kind: &str) -> Vec<Item> {
        self.table().await.into_values().filter(|item| text(item, "t") == kind).collect()
    }

    /// The state of every message, with the reason where it was skipped: `birthday skipped unsubscribed`.
    pub async fn messages(&self) -> Vec<String> {
        let state = |item: &Item| {
            let kind = item["occurrence"].as_m().map(|occurrence| text(occurrence, "kind")).unwrap();
            format!("{kind} {} {}", text(item, "state"), text(item, "reason")).trim().to_owned()
        };
        self.items("message").await.iter().map(state).collect()
    }
}

/// A string attribute; empty if there is none.
pub fn text(item: &Item, name: &str) -> String {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

fn at_start() -> Options {
    Options { start: Some(START.parse().unwrap()), ..Options::in_memory() }
}

/// The faults of a test are drawn from its name: other ones for each test, the same each time.
fn seed() -> u64 {
    let mut hasher = DefaultHasher::new();
    std::thread::current().name().hash(&mut hasher);
    hasher.finish()
}
