//! An honest visitor a second, while a hundred junk posts a second arrive.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::body::to_bytes;
use bytes::Bytes;
use futures::future::join_all;
use http::Request;
use tokio::time::{MissedTickBehavior, interval};

use crate::client::receipt;
use crate::{Kept, Shop};

const JUNK_A_SECOND: u32 = 100;

/// Floods a form for so many seconds, from one network and from five thousand.
pub async fn measure(seconds: u32) {
    println!("\n{JUNK_A_SECOND} junk posts a second for {seconds} s, and an honest one");
    println!("| networks | honest accepted | at once, aside | junk received, aside, told to wait | lost |");
    println!("|---|---|---|---|---|");
    for networks in [1, 5_000] {
        flood(seconds, networks).await;
    }
}

async fn flood(seconds: u32, networks: u32) {
    let shop = Shop::open().await;
    let mut ticks = interval(Duration::from_secs(1) / JUNK_A_SECOND);
    // What comes late comes all the same.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut sent = Vec::new();
    for number in 0..seconds * JUNK_A_SECOND {
        ticks.tick().await;
        let junk = Ipv4Addr::from_bits(Ipv4Addr::new(10, 0, 0, 0).to_bits() + number % networks);
        sent.push(post(&shop, "junk", number, junk));
        if number % JUNK_A_SECOND == JUNK_A_SECOND / 2 {
            let second = number / JUNK_A_SECOND;
            let honest = Ipv4Addr::from_bits(Ipv4Addr::new(192, 0, 2, 0).to_bits() + second);
            sent.push(post(&shop, "honest", second, honest));
        }
    }
    let (mut counted, mut lost) = (BTreeMap::<(&str, Option<Kept>), u32>::new(), 0);
    for answered in join_all(sent).await {
        let (who, receipt) = answered.unwrap();
        let kept = match &receipt {
            Some(receipt) => shop.kept(receipt).await,
            None => None,
        };
        lost += u32::from(receipt.is_some() && kept.is_none());
        *counted.entry((who, kept)).or_default() += 1;
    }
    let of = |who, kept| counted.get(&(who, kept)).copied().unwrap_or(0);
    let (at_once, aside) = (of("honest", Some(Kept::Received)), of("honest", Some(Kept::Aside)));
    let accepted = f64::from(at_once + aside) * 100.0 / f64::from(seconds);
    let junk = [of("junk", Some(Kept::Received)), of("junk", Some(Kept::Aside)), of("junk", None)];
    let [received, kept_aside, refused] = junk;
    println!("| {networks} | {accepted:.1} % | {at_once}, {aside} | {received}, {kept_aside}, {refused} | {lost} |");
    assert_eq!(lost, 0, "something accepted is lost");
}

type Answered = tokio::task::JoinHandle<(&'static str, Option<String>)>;

/// Posts from `source`; the receipt, if it was accepted.
fn post(shop: &Shop, who: &'static str, number: u32, source: Ipv4Addr) -> Answered {
    let gateway = shop.stack.gateway().clone();
    tokio::spawn(async move {
        let body = format!("email={who}{number}%40example.com&message=Message+{number}");
        let request = Request::post("/f/contact")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(Bytes::from(body))
            .unwrap();
        let answer = gateway.answer(request, IpAddr::V4(source)).await;
        let accepted = answer.status().is_success();
        assert!(accepted || answer.status() == 429, "{}", answer.status());
        let body = to_bytes(answer.into_body(), 100_000).await.unwrap();
        (who, accepted.then(|| receipt(&body)))
    })
}
