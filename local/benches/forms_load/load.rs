//! Honest submissions over many connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use shared::domain::SubmissionState;

use crate::client::{Connection, receipt};
use crate::process::{forget_peak, peak_memory, processor_time};
use crate::{Kept, Shop};

/// Sends `requests` over each number of `connections`, and looks each of them up.
pub async fn measure(requests: usize, connections: &[usize]) {
    println!("\n{requests} submissions of as many addresses, over HTTP");
    println!("| connections | requests/s | p50 ms | p99 ms | processor ms/request | peak MiB | kept |");
    println!("|---|---|---|---|---|---|---|");
    let shop = Shop::open().await;
    shop.open_wide().await;
    let (mut sent, mut before) = (0, 0);
    // Once before, so that what is prepared once counts for nobody.
    for (many, requests) in [(8, 100)].into_iter().chain(connections.iter().map(|many| (*many, requests))) {
        forget_peak();
        let (begun, processor) = (Instant::now(), processor_time());
        let answers = send(&shop, many, sent, requests).await;
        let (took, processor) = (begun.elapsed(), processor_time() - processor);
        let peak = peak_memory();
        sent += requests;
        let kept = join_all(answers.iter().map(|(_, receipt)| shop.kept(receipt))).await;
        assert!(kept.iter().all(|kept| *kept == Some(Kept::Received)), "something accepted is lost");
        let all = shop.submissions(SubmissionState::Received).await;
        assert_eq!(all - before, requests, "each is kept once");
        before = all;
        if requests == 100 {
            continue;
        }
        let mut times: Vec<Duration> = answers.iter().map(|(time, _)| *time).collect();
        times.sort();
        let at = |percent: usize| times[(times.len() * percent).div_ceil(100) - 1].as_secs_f64() * 1000.0;
        let rate = requests as f64 / took.as_secs_f64();
        let each = processor.as_secs_f64() * 1000.0 / requests as f64;
        println!("| {many} | {rate:.0} | {:.1} | {:.1} | {each:.2} | {peak} | all, once |", at(50), at(99));
    }
}

/// How long each took, and its receipt.
async fn send(shop: &Shop, connections: usize, from: usize, requests: usize) -> Vec<(Duration, String)> {
    let (address, next) = (shop.stack.address(), Arc::new(AtomicUsize::new(from)));
    let each = (0..connections).map(|_| {
        let next = Arc::clone(&next);
        tokio::spawn(async move {
            let (mut connection, mut done) = (Connection::open(address).await, Vec::new());
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= from + requests {
                    return done;
                }
                let body = format!(
                    "name=Zo%C3%A9+Dupont+{number}&email=visitor{number}%40example.com&phone=06+12+34+56+78&\
                     message=Bonjour%2C+avez-vous+du+miel+%3F&marketing_email=on"
                );
                let begun = Instant::now();
                let (status, answer) = connection.post("application/x-www-form-urlencoded", body.into()).await;
                assert_eq!(status, 200, "{answer:?}");
                done.push((begun.elapsed(), receipt(&answer)));
            }
        })
    });
    join_all(each).await.into_iter().flat_map(Result::unwrap).collect()
}
