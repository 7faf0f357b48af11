//! A mail's way through `mailer`, and what becomes of many when the account may send few.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::process::processor_time_of;
use crate::shop::Shop;
use crate::{FUNCTION, STORE};

/// What a new account may send in a second.
const RATE: NonZeroU32 = NonZeroU32::new(14).expect("it is not zero");
/// How often it is looked whether everything has arrived.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// When it is given up.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Sends so many welcomes, as the minute's round does, to a mailbox that takes all of them.
pub async fn measure(store: &Handle, mails: usize) {
    let shop = Shop::of(store, None).await;
    let customers = shop.customers(0, mails + 1, |_| None).await;
    shop.queue(&customers[..1]).await;
    shop.run("mailer", "sweep").await;
    shop.queue(&customers[1..]).await;
    shop.app.table.meter().take();
    let (begun, before) = (Instant::now(), [FUNCTION, STORE].map(processor_time_of));
    while shop.arrived().0 <= mails {
        assert!(begun.elapsed() < PATIENCE);
        shop.run("mailer", "sweep").await;
    }
    let (took, units) = (begun.elapsed().as_secs_f64(), shop.app.table.meter().take());
    assert_eq!(shop.arrived(), (mails + 1, mails + 1));
    let each = |of: usize, name: &str| (processor_time_of(name) - before[of]).as_secs_f64() * 1000.0 / mails as f64;
    println!("\n| mails | mails/s | processor ms a mail: mailer; store and mailbox | read units a mail | written |");
    println!("|---|---|---|---|---|");
    println!(
        "| {mails} | {:.0} | {:.2}; {:.2} | {:.1} | {:.1} |",
        mails as f64 / took,
        each(0, FUNCTION),
        each(1, STORE),
        units.read / mails as f64,
        units.write / mails as f64
    );
}

/// Queues so many welcomes at once, in a stack that runs as it does for a person, and waits until a
/// mailbox that throttles has all of them.
pub async fn measure_throttled(store: &Handle, mails: usize) {
    let shop = Shop::of(store, Some(RATE)).await;
    let customers = shop.customers(0, mails, |_| None).await;
    shop.stack.mailbox().limit_rate(RATE.get());
    let begun = Instant::now();
    shop.queue(&customers).await;
    let mut half = None;
    while shop.arrived().1 < mails {
        assert!(begun.elapsed() < PATIENCE, "{:?} of {mails} arrived", shop.arrived());
        if shop.arrived().1 * 2 >= mails {
            half = half.or_else(|| Some(begun.elapsed()));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    let took = begun.elapsed().as_secs_f64();
    // Whatever is still on its way would arrive twice.
    shop.stack.drain().await.unwrap();
    let (arrived, addresses) = shop.arrived();
    println!("\n| mails | arrived | twice | half of them; all s | too many requests | at least s |");
    println!("|---|---|---|---|---|---|");
    println!(
        "| {mails} | {addresses} | {} | {:.0}; {took:.0} | {} | {:.0} |",
        arrived - addresses,
        half.unwrap_or_default().as_secs_f64(),
        shop.stack.mailbox().over_rate(),
        (mails as f64 - f64::from(RATE.get())).max(0.0) / f64::from(RATE.get())
    );
    assert_eq!(arrived, mails);
}
