//! Bodies that no page sends, some of them slowly.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use local::hostile::{HostileBody, hostile_bodies};
use shared::domain::SubmissionState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Shop;
use crate::client::Connection;
use crate::process::{forget_peak, peak_memory};

const CONNECTIONS: usize = 16;
const SLOW: usize = 16;

/// Sends `many` bodies, and says how they were answered.
pub async fn measure(many: usize) {
    let shop = Shop::open().await;
    shop.open_wide().await;
    forget_peak();
    let bodies = Arc::new(Mutex::new(hostile_bodies(2026).take(many)));
    let address = shop.stack.address();
    let slow = (0..SLOW).map(|_| tokio::spawn(slowly(address))).collect::<Vec<_>>();
    let each = (0..CONNECTIONS).map(|_| tokio::spawn(send(address, Arc::clone(&bodies))));
    let mut classes = BTreeMap::<u16, usize>::new();
    for counted in join_all(each).await {
        for (class, count) in counted.unwrap() {
            *classes.entry(class).or_default() += count;
        }
    }
    for answer in join_all(slow).await {
        assert!(answer.unwrap().starts_with("HTTP/1.1 "), "who is slow is answered too");
    }
    let kept = shop.submissions(SubmissionState::Received).await + shop.submissions(SubmissionState::Quarantined).await;
    println!("\n{many} hostile bodies, and {SLOW} slow ones: {classes:?} by hundreds of the status; {kept} kept");
    println!("peak memory {} MiB (of 256)", peak_memory());
    assert!(!classes.contains_key(&5), "a body broke something");
}

async fn send(address: SocketAddr, bodies: Arc<Mutex<impl Iterator<Item = HostileBody>>>) -> BTreeMap<u16, usize> {
    let (mut connection, mut classes) = (Connection::open(address).await, BTreeMap::new());
    loop {
        let Some(body) = bodies.lock().unwrap().next() else { return classes };
        let (status, _) = connection.post(&body.content_type, body.bytes.into()).await;
        *classes.entry(status.as_u16() / 100).or_default() += 1;
    }
}

/// A byte every ten milliseconds.
async fn slowly(address: SocketAddr) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let body = format!("email=slow%40example.com&message={}", "a".repeat(300));
    let head = format!(
        "POST /f/contact HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    for byte in body.bytes() {
        socket.write_all(&[byte]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}
