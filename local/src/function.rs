//! A function as Lambda sees it: JSON in, JSON out, each invocation in a task of its own so that a
//! panic ends that invocation only, and so that it can be lost in the middle.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Service};
use lambda_runtime::{Context, LambdaEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Notify;

/// Why an invocation has no answer. In the cloud: a function error.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The event is none that this function's trigger sends.
    #[error("the event of {function} can't be read: {reason}")]
    Event {
        /// The function's name.
        function: &'static str,
        /// What is wrong with the event.
        reason: String,
    },
    /// The handler returned an error.
    #[error("{function} failed: {reason}")]
    Failed {
        /// The function's name.
        function: &'static str,
        /// The error, as the runtime would report it.
        reason: String,
    },
    /// The handler panicked.
    #[error("{function} panicked")]
    Panicked {
        /// The function's name.
        function: &'static str,
    },
    /// The process was lost in the middle.
    #[error("{function} was lost")]
    Lost {
        /// The function's name.
        function: &'static str,
    },
}

/// One invocation while it lasts. Clones are the same one.
#[derive(Clone)]
pub struct Life(Arc<Lasting>);

struct Lasting {
    function: &'static str,
    over: AtomicBool,
    ended: Notify,
}

tokio::task_local! {
    static LIFE: Life;
}

impl Life {
    fn of(function: &'static str) -> Self {
        Self(Arc::new(Lasting { function, over: AtomicBool::default(), ended: Notify::default() }))
    }

    /// The function that is invoked.
    pub(crate) fn function(&self) -> &'static str {
        self.0.function
    }

    /// The invocation that this code runs in; nothing outside of functions.
    pub(crate) fn of_this_invocation() -> Option<Self> {
        LIFE.try_with(Clone::clone).ok()
    }

    /// Ends it where it stands, as a process that is lost: nothing of it runs any more.
    pub(crate) fn end(&self) {
        self.0.over.store(true, Ordering::Relaxed);
        self.0.ended.notify_one();
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.over.load(Ordering::Relaxed)
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Life {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Life").field("function", &self.function()).field("over", &self.is_over()).finish()
    }
}

type Run = dyn Fn(Value, Context) -> BoxFuture<'static, Result<Value, InvokeError>> + Send + Sync;

/// One deployed function.
#[derive(Clone)]
pub struct Function {
    name: &'static str,
    run: Arc<Run>,
}

impl Function {
    /// A function behind API Gateway: its router, run as `lambda_http::run` runs it.
    pub fn http(name: &'static str, router: axum::Router) -> Self {
        Self::new(name, move |event, context| {
            // The adapter can't move between threads; the future that it makes can.
            let call = read(name, event)
                .map(|event: LambdaRequest| Adapter::from(router.clone()).call(LambdaEvent::new(event, context)));
            async move {
                let answer = call?.await.unwrap_or_else(|never| match never {});
                write(name, &answer)
            }
        })
    }

    /// A function of any other trigger: its handler, run as `lambda_runtime::run` runs it.
    pub fn handler<E, A, X, F>(name: &'static str, handle: impl Fn(E) -> F + Send + Sync + 'static) -> Self
    where
        E: DeserializeOwned,
        A: Serialize,
        X: std::fmt::Display,
        F: Future<Output = Result<A, X>> + Send + 'static,
    {
        Self::new(name, move |event, _| {
            let handled = read(name, event).map(&handle);
            async move {
                let answer = handled?.await;
                let answer =
                    answer.map_err(|error| InvokeError::Failed { function: name, reason: error.to_string() })?;
                write(name, &answer)
            }
        })
    }

    fn new<F>(name: &'static str, run: impl Fn(Value, Context) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Value, InvokeError>> + Send + 'static,
    {
        Self { name, run: Arc::new(move |event, context| Box::pin(run(event, context))) }
    }

    /// The function's name, as in `functions/`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Runs it on `event` and answers what it returned.
    ///
    /// # Errors
    /// When the event can't be read, or the handler fails, panics or is lost.
    pub async fn invoke(&self, event: Value) -> Result<Value, InvokeError> {
        let mut context = Context::default();
        context.request_id = ulid::Ulid::generate().to_string();
        let (run, name) = (Arc::clone(&self.run), self.name);
        // Called inside the task: a handler may panic before its first await.
        let life = Life::of(name);
        let mut task = tokio::spawn(LIFE.scope(life.clone(), async move { run(event, context).await }));
        tokio::select! {
            biased;
            () = life.0.ended.notified() => {
                task.abort();
                Err(InvokeError::Lost { function: name })
            }
            answer = &mut task => answer.unwrap_or(Err(InvokeError::Panicked { function: name })),
        }
    }
}

fn read<E: DeserializeOwned>(function: &'static str, event: Value) -> Result<E, InvokeError> {
    serde_json::from_value(event).map_err(|error| InvokeError::Event { function, reason: error.to_string() })
}

fn write(function: &'static str, answer: &impl Serialize) -> Result<Value, InvokeError> {
    serde_json::to_value(answer).map_err(|error| InvokeError::Failed { function, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn each_ending_of_an_invocation_is_told_apart() {
        let function = Function::handler("sum", |numbers: Vec<i64>| async move {
            assert!(numbers.len() < 3, "too many");
            if numbers.is_empty() { Err("nothing to add") } else { Ok(numbers.iter().sum::<i64>()) }
        });
        assert_eq!(function.invoke(json!([1, 2])).await.unwrap(), 3);
        assert!(matches!(function.invoke(json!([])).await, Err(InvokeError::Failed { .. })));
        assert!(matches!(function.invoke(json!([1, 2, 3])).await, Err(InvokeError::Panicked { .. })));
        assert!(matches!(function.invoke(json!({})).await, Err(InvokeError::Event { .. })));
    }
}
