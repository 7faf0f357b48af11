//! The connector that stands between the SDK and the store's address.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;

use super::operation::Call;
use super::{Fault, Faults, answers};
use crate::function::Life;
use crate::mailbox::LOSE_ANSWER;

#[derive(Debug)]
pub(super) struct Layer {
    inner: SharedHttpConnector,
    faults: Faults,
}

impl Layer {
    pub(super) fn new(inner: SharedHttpConnector, faults: Faults) -> Self {
        Self { inner, faults }
    }
}

impl HttpConnector for Layer {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let call = Call::read(&request);
        let life = Life::of_this_invocation();
        if life.as_ref().is_some_and(Life::is_over) {
            return HttpConnectorFuture::new(std::future::pending());
        }
        let fault = self.faults.plan().choose(&call, life.as_ref());
        let inner = self.inner.clone();
        let faults = self.faults.clone();
        HttpConnectorFuture::new(async move {
            if fault == Some(Fault::KilledBefore) {
                return lost(life).await;
            }
            let answer = answer(&inner, &faults, request, call, fault).await;
            match fault {
                Some(Fault::KilledAfter) => lost(life).await,
                _ => answer,
            }
        })
    }
}

/// Ends the invocation; whatever waits in it waits for ever.
async fn lost<T>(life: Option<Life>) -> T {
    life.iter().for_each(Life::end);
    std::future::pending().await
}

async fn answer(
    inner: &SharedHttpConnector,
    faults: &Faults,
    mut request: HttpRequest,
    call: Call,
    fault: Option<Fault>,
) -> Result<HttpResponse, ConnectorError> {
    match fault {
        Some(Fault::Conflict) => return Ok(answers::conflict(&call)),
        Some(Fault::Throttled) => return Ok(answers::throttled(call.operation)),
        Some(Fault::Refused) => return Ok(answers::refused(call.operation)),
        Some(Fault::Rejected) => return Ok(answers::rejected()),
        Some(Fault::TimedOut) => return Err(ConnectorError::timeout("nobody answered".into())),
        Some(Fault::Unreachable) => return Err(ConnectorError::io("connection refused".into())),
        Some(Fault::Partial) => return half_done(inner, faults, request, call).await,
        Some(Fault::AnswerLost | Fault::AnswerHeld | Fault::KilledBefore | Fault::KilledAfter) | None => {}
    }
    if let Some(replica) = faults.replica.as_ref().filter(|_| call.reads_index) {
        replica.redirect(&mut request)?;
    }
    let answer = inner.call(request).await;
    if call.changes_table() {
        faults.written.notify_waiters();
    }
    if fault == Some(Fault::AnswerHeld) {
        faults.held.notify_one();
        faults.released.notified().await;
    }
    match fault {
        Some(Fault::AnswerLost) => Err(ConnectorError::timeout("the answer was lost".into())),
        _ => answer,
    }
}

async fn half_done(
    inner: &SharedHttpConnector,
    faults: &Faults,
    mut request: HttpRequest,
    call: Call,
) -> Result<HttpResponse, ConnectorError> {
    let (first, rest) = answers::halves(&call);
    let body = first.to_string();
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
    let answer = inner.call(request).await?;
    if call.changes_table() {
        faults.written.notify_waiters();
    }
    if !answer.status().is_success() {
        return Ok(answer);
    }
    let body = answer.into_body().collect().await.map_err(ConnectorError::io)?;
    Ok(answers::partial(&call, &body.to_bytes(), rest))
}

/// `http` for the mailbox: an answer that the mailbox marks as lost becomes a time-out.
pub fn losing_answers(http: SharedHttpClient) -> SharedHttpClient {
    #[derive(Debug)]
    struct Losing(SharedHttpConnector);
    impl HttpConnector for Losing {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            let inner = self.0.clone();
            HttpConnectorFuture::new(async move {
                let answer = inner.call(request).await?;
                match answer.headers().get(LOSE_ANSWER) {
                    Some(_) => Err(ConnectorError::timeout("the answer was lost".into())),
                    None => Ok(answer),
                }
            })
        }
    }
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Losing(http.http_connector(settings, components)))
    })
}
