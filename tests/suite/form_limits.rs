//! How much of a form passes: of one network, so that nobody is shut out by somebody else; and
//! altogether, so that a flood mails nobody and nothing of it is lost.

use std::net::{IpAddr, Ipv4Addr};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use shared::domain::FormLimits;
use shared::table::Bucket;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask};
use crate::requests::posted;

/// A submission of its own kind, from `source`.
fn numbered(number: usize, source: &str) -> Ask {
    let (email, message) = (format!("visitor{number}@example.com"), format!("Message {number}"));
    posted("contact").form(&[("email", &email), ("message", &message)]).from(source.parse().unwrap())
}

fn as_json(ask: Ask) -> Ask {
    ask.header("accept", "application/json")
}

#[tokio::test]
async fn the_sixth_of_a_minute_from_one_network_is_told_to_wait() {
    let app = TestApp::still().await;
    for number in 0..5 {
        app.send(numbered(number, "203.0.113.7")).await.expect(303);
    }
    // What is not understood takes nobody's turn.
    app.send(posted("contact").form(&[("email", "nobody")])).await.expect(422);
    let problem = app.send(as_json(numbered(5, "203.0.113.7"))).await.expect(429);
    assert_eq!(problem.json()["type"], "urn:clientele:problem:too-many-requests");
    assert_eq!(problem.header("retry-after"), "12");
    let page = app.send(numbered(5, "203.0.113.7")).await.expect(429);
    assert_eq!(page.header("retry-after"), "12");
    assert!(page.text().contains("ce que vous avez écrit y est encore"), "{}", page.text());
    assert_eq!(app.items("submission").await.len(), 5);
    // Neither others, nor another form, nor what was received before.
    app.send(numbered(6, "203.0.113.8")).await.expect(303);
    app.send(Ask { path: "/f/contact-other".to_owned(), ..numbered(5, "203.0.113.7") }).await.expect(303);
    app.send(numbered(0, "203.0.113.7")).await.expect(303);
    assert_eq!(app.items("submission").await.len(), 7);

    app.pass(SignedDuration::from_millis(11_999)).await;
    assert_eq!(app.send(numbered(5, "203.0.113.7")).await.expect(429).header("retry-after"), "1");
    app.pass(SignedDuration::from_millis(1)).await;
    app.send(numbered(5, "203.0.113.7")).await.expect(303);
    app.send(numbered(7, "203.0.113.7")).await.expect(429);
}

#[tokio::test]
async fn neighbours_in_one_network_of_ipv6_share_its_limit() {
    let app = TestApp::still().await;
    for number in 0..5 {
        app.send(numbered(number, &format!("2001:db8:1:1:{number}::1"))).await.expect(303);
    }
    app.send(numbered(5, "2001:db8:1:1::5")).await.expect(429);
    app.send(numbered(5, "2001:db8:1:2::5")).await.expect(303);
    assert!(app.table_with_buckets().await.keys().all(|(pk, _)| !pk.contains("2001:db8")), "a bucket names no address");
}

#[tokio::test]
async fn staff_say_how_much_passes() {
    let app = TestApp::still().await;
    let limits = FormLimits { per_address_per_minute: 2, per_form_per_minute: 3 };
    app.set_form("contact", |form| form.limits = limits).await;
    for (number, status) in [(0, 303), (1, 303), (2, 429)] {
        app.send(numbered(number, "203.0.113.7")).await.expect(status);
    }
    app.send(numbered(3, "203.0.113.8")).await.expect(303);
    app.send(numbered(4, "203.0.113.9")).await.expect(303);
    assert_eq!((app.items("submission").await.len(), app.items("quarantined").await.len()), (3, 1));
}

#[tokio::test]
async fn what_exceeds_the_form_is_kept_aside_and_mails_nobody() {
    let app = TestApp::still().await;
    app.set_form("contact", |form| form.notify = Some("shop@ruche.example".parse().unwrap())).await;
    let mut answers = Vec::new();
    for number in 0..70 {
        answers.push(app.send(numbered(number, &format!("203.0.113.{number}"))).await.expect(303));
    }
    let same = |answer: &Answer| (answer.header("location").to_owned(), answer.text());
    assert!(answers.iter().all(|answer| same(answer) == same(&answers[0])));
    let (received, aside) = (app.items("submission").await.len(), app.items("quarantined").await);
    assert_eq!((received, aside.len()), (60, 10));
    assert!(aside.iter().all(|item| text(item, "suspicion") == "flood"));
    assert_eq!(app.messages().await.len(), 2 * 60, "a welcome and a notice each");
    // Sent again, it is still the one that is kept.
    app.send(numbered(69, "203.0.113.69")).await.expect(303);
    assert_eq!(app.items("submission").await.len() + app.items("quarantined").await.len(), 70);
}

/// How many seconds a flood lasts, and how much of it comes each second.
const SECONDS: usize = 5;
const JUNK: usize = 100;

/// Junk that nothing tells from a message, from the network that `from` says, and an honest visitor
/// a second among it.
async fn flood(from: impl Fn(usize) -> IpAddr) {
    let app = TestApp::still().await;
    let mut accepted = 0;
    for second in 0..SECONDS {
        let junk = (0..JUNK).map(|number| {
            let number = second * JUNK + number;
            let ask = numbered(1_000 + number, "203.0.113.7").from(from(number));
            let app = &app;
            async move { app.send_once(&ask).await }
        });
        let honest = numbered(second, &format!("192.0.2.{second}"));
        let (answers, honest) = tokio::join!(join_all(junk), app.send_once(&honest));
        honest.expect(303);
        assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 429)));
        accepted += 1 + answers.iter().filter(|answer| answer.status == 303).count();
        app.stack.clock().move_to(app.stack.clock().now() + SignedDuration::from_secs(1)).unwrap();
    }
    let (received, aside) = (app.items("submission").await, app.items("quarantined").await);
    assert_eq!(received.len() + aside.len(), accepted, "what was accepted is kept, once");
    // Sixty at once, and one more each second.
    assert!(received.len() <= 60 + SECONDS && app.messages().await.len() == received.len());
    for second in 0..SECONDS {
        let email = format!("visitor{second}@example.com");
        let of = |items: &[crate::app::Item]| {
            items.iter().filter(|item| text(item["card"].as_m().unwrap(), "email") == email).count()
        };
        assert_eq!(of(&received) + of(&aside), 1, "{email}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_from_one_network_shuts_nobody_out() {
    flood(|_| IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_from_five_thousand_networks_shuts_nobody_out_either() {
    flood(|number| IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(number % 5_000).unwrap()))).await;
}

/// A bucket as one would explain it: tokens in a pot, which the clock puts back one by one.
struct Pot {
    tokens: i64,
    interval: i64,
    /// What is in the pot, in microseconds of refilling.
    level: i64,
}

impl Pot {
    fn full(tokens: i64) -> Self {
        let interval = 60_000_000 / tokens;
        Self { tokens, interval, level: tokens * interval }
    }

    fn pass(&mut self, microseconds: i64) {
        self.level = (self.level + microseconds).min(self.tokens * self.interval);
    }

    fn take(&mut self) -> Result<(), SignedDuration> {
        if self.level < self.interval {
            return Err(SignedDuration::from_micros(self.interval - self.level));
        }
        self.level -= self.interval;
        Ok(())
    }
}

#[test]
fn a_bucket_gives_what_a_pot_of_tokens_would() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = runtime.block_on(TestApp::calm());
    let (table, shop) = (app.functions().table, "main".parse().unwrap());
    let buckets = std::cell::Cell::new(0);
    let few_then_many = prop_oneof![1..12u32, 1..FormLimits::MAX];
    let gaps = prop::collection::vec(prop_oneof![0..3_000i64, 0..20_000_000i64], 1..40);
    proptest!(ProptestConfig::with_cases(40), |(per_minute in few_then_many, gaps in gaps)| {
        buckets.set(buckets.get() + 1);
        let of = format!("test-{}", buckets.get());
        let (mut pot, mut now) = (Pot::full(per_minute.into()), Timestamp::UNIX_EPOCH);
        for gap in gaps {
            pot.pass(gap);
            now += SignedDuration::from_micros(gap);
            let taken = runtime.block_on(table.take(&shop, Bucket::per_minute(&of, per_minute), now)).unwrap();
            prop_assert_eq!(taken, pot.take());
        }
    });
}
