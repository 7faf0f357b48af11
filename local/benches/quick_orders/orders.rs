//! Orders of many customers at once, on one shop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use shared::domain::{Currency, Money, ProductId};
use shared::table::WantedOrders;
use tokio::runtime::Handle;

use crate::process::processor_time;
use crate::shop::{STOCK, Shop};

/// Products of one order.
const LINES: usize = 3;

/// Orders two of each of `products` through the link at `path`: chosen, looked at, ordered.
pub async fn order(shop: &Shop, path: &str, products: &[ProductId]) {
    let chosen: Vec<_> = products.iter().map(|product| (format!("q-{product}"), "2")).collect();
    let mut fields: Vec<_> = chosen.iter().map(|(name, value)| (&**name, *value)).collect();
    fields.push(("go", "?review=1"));
    assert_eq!(shop.post(path, &fields).await.location, "?review=1");
    let review = shop.show(&format!("{path}?review=1"), "identity").await;
    let review = String::from_utf8(review.body.to_vec()).unwrap();
    let value = |name: &str| {
        let (_, rest) = review.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (draft, stamp) = (value("draft"), value("stamp"));
    let placed = shop.post(path, &[("go", "order"), ("draft", &draft), ("stamp", &stamp)]).await;
    assert!(placed.location.starts_with("?order="), "{}", placed.status);
}

/// So many clients order `rounds` times each, of the same products; then everything is counted.
pub async fn measure(store: &Handle, clients: u32, rounds: u32) {
    let shop = Arc::new(Shop::of(store, 20).await);
    let mut links = Vec::new();
    for number in 0..clients {
        links.push(shop.customer(number).await);
    }
    let (begun, processor) = (Instant::now(), processor_time());
    let each = links.iter().map(|(_, path)| {
        let (shop, path) = (Arc::clone(&shop), path.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            for _ in 0..rounds {
                let begun = Instant::now();
                order(&shop, &path, &shop.products[..LINES]).await;
                times.push(begun.elapsed());
            }
            times
        })
    });
    let mut times: Vec<Duration> = join_all(each).await.into_iter().flat_map(Result::unwrap).collect();
    let (took, processor) = (begun.elapsed().as_secs_f64(), processor_time() - processor);
    times.sort();
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100) - 1].as_secs_f64() * 1000.0;
    let orders = f64::from(clients * rounds);
    println!("\n| clients | orders | orders/s | p50 ms | p95 ms | processor ms an order |");
    println!("|---|---|---|---|---|---|");
    println!(
        "| {clients} | {orders:.0} | {:.0} | {:.0} | {:.0} | {:.1} |",
        orders / took,
        at(50),
        at(95),
        processor.as_secs_f64() * 1000.0 / orders
    );
    check(&shop, &links, rounds).await;
}

/// The orders of the list, the customers' figures and the stock say the same, to the cent.
async fn check(shop: &Shop, links: &[(String, String)], rounds: u32) {
    // 10 % off 5.00, 5.01 and 5.02, each half up: 4.50, 4.51, 4.52; two of each.
    let each = 2 * (450 + 451 + 452);
    let (table, mut after, mut orders, mut total) = (&shop.app.table, None, 0, Money::zero(Currency::EUR));
    loop {
        let page = table.orders(&shop.id, &WantedOrders::default(), 100, after).await.unwrap();
        orders += page.items.len();
        total = page.items.iter().fold(total, |sum, card| sum.plus(card.total).unwrap());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let placed = links.len() * rounds as usize;
    assert_eq!((orders, total.minor()), (placed, i64::try_from(placed).unwrap() * each));
    for (customer, _) in links {
        let record = table.customer(&shop.id, customer.parse().unwrap()).await.unwrap().unwrap();
        let figures = (record.figures.orders, record.figures.total(Currency::EUR).unwrap().minor());
        assert_eq!(figures, (rounds, i64::from(rounds) * each));
    }
    for product in &shop.products[..LINES] {
        let left = table.stock(&shop.id, *product).await.unwrap().unwrap();
        assert_eq!(left, STOCK - 2 * i64::try_from(placed).unwrap());
    }
    println!(
        "{orders} orders, {} customers' figures and the stock of {LINES} products agree: {}",
        links.len(),
        total.decimal()
    );
}
