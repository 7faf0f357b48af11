//! As much of Lambda's Runtime API as a function needs.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Where a function asks for its events.
pub struct RuntimeApi {
    listener: TcpListener,
}

/// The moments at which the function asks for an event. It gets one when the next is waited for.
pub struct Polls(Receiver<Sender<()>>, Option<Sender<()>>);

#[derive(Clone)]
struct Shared {
    event: String,
    polls: Sender<Sender<()>>,
}

impl RuntimeApi {
    /// On a free port.
    pub async fn listen() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    /// As the environment names it.
    pub fn address(&self) -> String {
        self.listener.local_addr().unwrap().to_string()
    }

    /// Hands out `event`, as often as it is asked for.
    pub fn serve(self, event: &str) -> Polls {
        let (polls, receiver) = channel(1);
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(|| async {}))
            .with_state(Shared { event: event.to_owned(), polls });
        tokio::spawn(async move { axum::serve(self.listener, router).await.unwrap() });
        Polls(receiver, None)
    }
}

impl Polls {
    /// Lets the function have the event that it asked for, and waits until it asks for the next.
    pub async fn next(&mut self) {
        drop(self.1.take());
        self.1 = self.0.recv().await;
    }
}

async fn next(State(shared): State<Shared>) -> Response<Body> {
    let (held, mut released) = channel::<()>(1);
    shared.polls.send(held).await.unwrap();
    // Ends when the other side is dropped.
    released.recv().await;
    Response::builder()
        .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        .header("lambda-runtime-deadline-ms", "4102444800000")
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-3:123456789012:function:clientele")
        .header("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1")
        .header("content-type", "application/json")
        .body(shared.event.into())
        .unwrap()
}
