//! Bodies that no page sends: each is kept as it was sent or refused with a 4xx, and none of them
//! holds anybody up.

use std::net::{IpAddr, Ipv4Addr};

use futures::stream::{self, StreamExt};
use local::hostile::hostile_bodies;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::{TestApp, text};
use crate::requests::posted;

/// How many are sent. CI asks for ten thousand.
fn bodies() -> usize {
    std::env::var("CLIENTELE_HOSTILE_BODIES").map_or(500, |number| number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hostile_bodies_are_kept_or_refused_and_break_nothing() {
    let app = TestApp::calm().await;
    app.open_wide("contact").await;
    let receipts = std::sync::Mutex::new(Vec::new());
    let sent = hostile_bodies(2026).take(bodies()).enumerate().map(|(number, body)| {
        let source = IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(number).unwrap()));
        let accept = if number % 2 == 0 { "text/html" } else { "application/json" };
        let ask = posted("contact").header("accept", accept).body(&body.content_type, body.bytes.clone()).from(source);
        let (app, receipts) = (&app, &receipts);
        async move {
            let answer = app.send_once(&ask).await;
            assert!(answer.status < 500, "{}: {} of {:?}", answer.status, answer.text(), body);
            if answer.status == 200 {
                receipts.lock().unwrap().push(answer.json()["receipt"].as_str().unwrap().to_owned());
            }
            answer.status < 400
        }
    });
    let accepted =
        stream::iter(sent).buffer_unordered(16).filter(|accepted| std::future::ready(*accepted)).count().await;
    let kept = app.items("submission").await.len() + app.items("quarantined").await.len();
    assert!((1..bodies()).contains(&kept) && kept <= accepted, "{kept} of {accepted} accepted");
    // What is sent again is one submission: each receipt that was given leads to what is kept.
    let mut receipts = receipts.into_inner().unwrap();
    receipts.sort();
    receipts.dedup();
    for receipt in receipts {
        app.send(crate::ask::Ask::get(format!("/v1/submissions/{receipt}")).by(crate::ask::OWNER)).await.expect(200);
    }
    // What was kept can be looked at.
    app.drain().await;
    for item in app.items("customer").await.iter().take(20) {
        app.get_customer(crate::ask::OWNER, &text(item, "id")).await.expect(200);
    }
}

/// What the server says on a connection up to its end.
async fn said(mut socket: TcpStream) -> String {
    let mut said = String::new();
    socket.read_to_string(&mut said).await.unwrap();
    said
}

#[tokio::test]
async fn a_body_that_comes_slowly_holds_nobody_up() {
    // What comes over a socket of its own is not sent again.
    let app = TestApp::calm().await;
    let mut slow = TcpStream::connect(app.stack.address()).await.unwrap();
    let body = "email=slow%40example.com";
    let head = format!(
        "POST /f/contact HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let (last, others) = (body.len() - 1, body.bytes());
    for byte in others.take(last) {
        slow.write_all(&[byte]).await.unwrap();
    }
    slow.flush().await.unwrap();
    let mut ended = TcpStream::connect(app.stack.address()).await.unwrap();
    ended.write_all(&head.as_bytes()[..40]).await.unwrap();
    drop(ended);
    app.submit_contact().await.expect(303);
    slow.write_all(&body.as_bytes()[last..]).await.unwrap();
    assert!(said(slow).await.starts_with("HTTP/1.1 303"));
    assert_eq!(app.items("submission").await.len(), 2);
}
