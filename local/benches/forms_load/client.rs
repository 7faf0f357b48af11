//! A browser's connection to the stack, kept open from one request to the next.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub struct Connection {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        Self { address, sender: connected(address).await }
    }

    /// Posts `body` to the form, and reads the answer to its end.
    pub async fn post(&mut self, content_type: &str, body: Bytes) -> (StatusCode, Bytes) {
        // What the server has closed after a refusal is opened again.
        if self.sender.ready().await.is_err() {
            self.sender = connected(self.address).await;
        }
        let request = Request::post("/f/contact").header("host", "localhost").header("accept", "application/json");
        let request = request.header("content-type", content_type).body(Full::new(body)).unwrap();
        let answer = self.sender.send_request(request).await.unwrap();
        let status = answer.status();
        (status, answer.into_body().collect().await.unwrap().to_bytes())
    }
}

async fn connected(address: SocketAddr) -> SendRequest<Full<Bytes>> {
    let (sender, connection) = handshake(TokioIo::new(TcpStream::connect(address).await.unwrap())).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// The receipt in an answer.
pub fn receipt(answer: &[u8]) -> String {
    let answer: serde_json::Value = serde_json::from_slice(answer).unwrap();
    answer["receipt"].as_str().unwrap().to_owned()
}
