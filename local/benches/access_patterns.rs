//! What each access pattern costs and how long it takes, with few customers and with many:
//! `cargo bench --bench access_patterns -- 1000 10000 100000`.
//!
//! Each size is a shop of its own, seeded into a folder that is gone afterwards, on the embedded
//! store. Requests go through the gateway and the function as they do from outside, the audit
//! entry of a consultation included; where there is no such request, the table is asked. The last
//! column compares with the first size.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request};
use local::functions::deploy;
use local::seed;
use local::stack::{Data, Options, Stack};
use shared::App;
use shared::domain::{Customer, CustomerId, DueKind, ShopId};
use shared::table::Units;

/// How often each pattern is measured.
const TIMES: usize = 60;
/// And a filter that reads much.
const TIMES_READING_ALL: usize = 20;

/// What one pattern took, each time.
struct Measured {
    pattern: &'static str,
    units: Vec<Units>,
    times: Vec<Duration>,
}

impl Measured {
    /// The time that `percent` of a hundred did not exceed, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        let at = (times.len() * percent).div_ceil(100).max(1) - 1;
        times[at].as_secs_f64() * 1000.0
    }

    fn mean(&self, of: impl Fn(&Units) -> f64) -> f64 {
        self.units.iter().map(of).sum::<f64>() / self.units.len() as f64
    }
}

/// A seeded shop.
struct Shop {
    stack: Stack,
    app: App,
    shop: ShopId,
    token: String,
    customers: Vec<Customer>,
    _folder: tempfile::TempDir,
}

impl Shop {
    async fn seeded(customers: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let begun = Instant::now();
        seed::fill_folder(&path, true, customers, |_| ()).await.unwrap();
        let took = begun.elapsed().as_secs_f64();
        println!("\n{customers} customers, seeded in {took:.0} s ({:.0}/s)", customers as f64 / took);
        let options = Options { data: Data::Folder { path, fresh: false }, ..Options::in_memory() };
        let stack = Stack::start(options, deploy).await.unwrap();
        let app = stack.services().app();
        let (shop, token): (ShopId, _) = ("main".parse().unwrap(), stack.gateway().token("owner", "main").unwrap());
        let page = app.table.customers_by_first_contact(&shop, 0, 100, None).await.unwrap();
        let ids: Vec<CustomerId> = page.iter().map(|listed| listed.hit.id).collect();
        let customers = app.table.customers(&shop, &ids).await.unwrap();
        Self { stack, app, shop, token, customers, _folder: folder }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> axum::response::Response<Body> {
        let request = Request::builder().method(method).uri(path).header("if-match", "*");
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let request = request.header("content-type", "application/json");
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let source = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let answer = self.stack.gateway().answer(request.body(body).unwrap(), source).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer
    }

    async fn get(&self, path: &str) {
        self.send(Method::GET, path, None).await;
    }

    fn customer(&self, number: usize) -> &Customer {
        &self.customers[number % self.customers.len()]
    }

    async fn measure(&self, pattern: &'static str, times: usize, work: impl AsyncFn(usize)) -> Measured {
        let mut measured = Measured { pattern, units: Vec::new(), times: Vec::new() };
        // Once before, so that what is prepared once counts for nobody.
        for number in 0..=times {
            self.app.table.meter().take();
            let begun = Instant::now();
            work(number).await;
            if number > 0 {
                measured.times.push(begun.elapsed());
                measured.units.push(self.app.table.meter().take());
            }
        }
        measured
    }

    async fn measure_all(&self) -> Vec<Measured> {
        let mut all = self.records().await;
        all.extend(self.lists().await);
        all.extend(self.filters().await);
        all
    }

    /// Patterns 1 and 2, and what is written.
    async fn records(&self) -> Vec<Measured> {
        let of = |number| format!("/v1/customers/{}", self.customer(number).id);
        let (table, shop) = (&self.app.table, &self.shop);
        let by_email = async |number| {
            let digest = self.app.keyring.address_digest(shop, &self.customer(number).email);
            let id = table.customer_id_by_address(shop, &digest).await.unwrap().unwrap();
            table.customer(shop, id).await.unwrap().unwrap();
        };
        let create = async |number| {
            let email = format!("new{number}@example.org");
            let body = serde_json::json!({ "name": "Zoé Dupont", "email": email, "phone": "+33612345678" });
            self.send(Method::POST, "/v1/customers", Some(body)).await;
        };
        let change = async |number| {
            let body = serde_json::json!({ "currency": if number % 2 == 0 { "USD" } else { "CHF" } });
            self.send(Method::PATCH, &of(number), Some(body)).await;
        };
        vec![
            self.measure("1  a record", TIMES, async |number| self.get(&of(number)).await).await,
            self.measure("1b its notes", TIMES, async |number| self.get(&format!("{}/notes", of(number))).await).await,
            self.measure("2  by e-mail", TIMES, by_email).await,
            self.measure("   a creation", TIMES, create).await,
            self.measure("   a change", TIMES, change).await,
        ]
    }

    /// Patterns 3 and 4, 6 and 8 to 10.
    async fn lists(&self) -> Vec<Measured> {
        let (table, shop) = (&self.app.table, &self.shop);
        let settings = table.settings(shop).await.unwrap().unwrap();
        let today = settings.zone.day(self.app.clock.now());
        let due = async |_| {
            let tomorrow = today.tomorrow().unwrap();
            table.due_dates(shop, DueKind::Birthday, tomorrow, tomorrow, 25, None).await.unwrap();
        };
        let outbox = async |_| drop(table.messages_awake(shop, self.app.clock.now(), 25).await.unwrap());
        let requests = [
            ("3  a page by name", "/v1/customers"),
            ("3b a page by first contact", "/v1/customers?sort=first_contact"),
            ("4  one word", "/v1/customers?q=mar"),
            ("4  one word, two letters", "/v1/customers?q=ma"),
            ("4  two words", "/v1/customers?q=mar+le"),
            ("4  a word of notes", "/v1/customers?q=chataign"),
            ("4  nothing found", "/v1/customers?q=zz"),
            ("4  a word, filtered", "/v1/customers?q=mar&temperature=warm"),
            ("8  a page of orders", "/v1/orders"),
        ];
        let mut all = Vec::new();
        for (pattern, path) in requests {
            all.push(self.measure(pattern, TIMES, async |_| self.get(path).await).await);
        }
        all.push(self.measure("6  due on a day", TIMES, due).await);
        all.push(self.measure("9  the outbox, empty", TIMES, outbox).await);
        all.push(
            self.measure("10 audit of a day", TIMES, async |_| {
                drop(table.audit_of_day(shop, today, 25, None).await.unwrap())
            })
            .await,
        );
        all
    }

    /// Pattern 5.
    async fn filters(&self) -> Vec<Measured> {
        let requests = [
            ("5  a common filter", "/v1/customers?status=current&language=fr&temperature=warm"),
            ("5  a segment", "/v1/customers?segment=vip"),
            ("5  nobody matches", "/v1/customers?status=current&last_order_to=2000-01-01"),
            ("5  a count", "/v1/customers?temperature=warm&count=true"),
        ];
        let mut all = Vec::new();
        for (pattern, path) in requests {
            all.push(self.measure(pattern, TIMES_READING_ALL, async |_| self.get(path).await).await);
        }
        all
    }
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1000, 10_000] } else { sizes };
    let mut first: BTreeMap<&str, f64> = BTreeMap::new();
    for size in sizes {
        let shop = Shop::seeded(size).await;
        println!(
            "| {:<28} | {:>7} | {:>7} | {:>8} | {:>8} | {:>6} |",
            "pattern", "read", "write", "p50 ms", "p95 ms", "ratio"
        );
        println!(
            "|{}|",
            ["-".repeat(30), "-".repeat(9), "-".repeat(9), "-".repeat(10), "-".repeat(10), "-".repeat(8)].join("|")
        );
        for measured in shop.measure_all().await {
            let (half, most) = (measured.percentile(50), measured.percentile(95));
            let ratio = half / *first.entry(measured.pattern).or_insert(half);
            let (read, write) = (measured.mean(|units| units.read), measured.mean(|units| units.write));
            println!(
                "| {:<28} | {read:>7.1} | {write:>7.1} | {half:>8.2} | {most:>8.2} | {ratio:>6.2} |",
                measured.pattern
            );
        }
    }
}
