//! What the embedded store hides and the cloud does: late indexes, conflicting transactions,
//! throttling, refused and lost answers, batches done in part, processes lost in the middle.
//!
//! A layer between the SDK and the embedded services, so that the code above it can't tell. The SDK
//! itself tries a call three times; a fault on one attempt is mended by the next one (all but
//! conflicts and partial batches, which are answers to it). [`Faults::next_attempt`] faults one
//! attempt, [`Faults::next_call`] all attempts of one call, so that the caller sees it. A [`Trial`]
//! numbers the calls of a flow, those of SES and S3 included, and faults the one that was chosen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient, SharedHttpConnector, http_client_fn};
use tokio::sync::Notify;

mod answers;
mod fault;
mod layer;
mod operation;
mod plan;
mod replica;
mod trial;

use self::plan::{Order, Plan, SUITE_RATES};

pub use fault::Fault;
pub use layer::losing_answers;
pub use operation::Operation;
pub use replica::{Replica, ReplicaError};
pub use trial::{NumberedCall, Trial};

/// The faults between one stack's clients and its store. Clones are the same faults.
#[derive(Clone)]
pub struct Faults {
    plan: Arc<Mutex<Plan>>,
    replica: Option<Arc<Replica>>,
    written: Arc<Notify>,
    held: Arc<Notify>,
    released: Arc<Notify>,
}

impl Faults {
    /// Nothing goes wrong unless ordered, and indexes are up to date.
    pub fn none() -> Self {
        Self {
            plan: Arc::default(),
            replica: None,
            written: Arc::default(),
            held: Arc::default(),
            released: Arc::default(),
        }
    }

    /// What the whole suite must pass with (`CLIENTELE_FAULTS=on`): low rates of every fault, drawn
    /// from `seed`, on first attempts only: correct code never fails for good.
    pub fn suite(seed: u64) -> Self {
        let plan = Plan { rates: Some(SUITE_RATES), random: seed, ..Plan::default() };
        Self { plan: Arc::new(Mutex::new(plan)), ..Self::none() }
    }

    /// The same faults with index queries answered from `replica`, which lags until settled.
    #[must_use]
    pub fn with_late_indexes(mut self, replica: Replica) -> Self {
        self.replica = Some(Arc::new(replica));
        self
    }

    /// Faults the next attempt of `operation`.
    pub fn next_attempt(&self, fault: Fault, operation: Operation) {
        self.order(Order { fault, operation, after: 0, every_attempt: false });
    }

    /// Faults the next call of `operation`, with all attempts that the SDK makes of it.
    pub fn next_call(&self, fault: Fault, operation: Operation) {
        self.order(Order { fault, operation, after: 0, every_attempt: true });
    }

    /// Faults the `n`-th attempt of `operation` from now, counting from 1.
    pub fn nth_attempt(&self, n: u32, fault: Fault, operation: Operation) {
        self.order(Order { fault, operation, after: n.saturating_sub(1), every_attempt: false });
    }

    /// How often `fault` was injected so far.
    pub fn injected(&self, fault: Fault) -> u64 {
        self.plan().injected.get(&fault).copied().unwrap_or(0)
    }

    /// Whether everything ordered has happened.
    pub fn all_happened(&self) -> bool {
        self.plan().orders.is_empty()
    }

    /// Begins to note what the store is asked.
    pub fn watch(&self) {
        self.plan().watched = Some(Vec::new());
    }

    /// What the store was asked since [`Faults::watch`], in order; nobody watches any more.
    pub fn watched(&self) -> Vec<Operation> {
        self.plan().watched.take().unwrap_or_default()
    }

    /// Begins to number the calls of functions, and faults those that `trial` says.
    pub fn begin(&self, trial: Trial) {
        self.plan().trial = Some(trial);
    }

    /// The trial as it ended, if one had begun. Nothing goes wrong by it any more.
    pub fn end(&self) -> Option<Trial> {
        self.plan().trial.take()
    }

    /// Answers once SES has taken a mail whose answer is held.
    pub async fn held(&self) {
        self.held.notified().await;
    }

    /// Lets the answer go that is held.
    pub fn release(&self) {
        self.released.notify_one();
    }

    /// Lets the indexes catch up with every write acknowledged so far.
    ///
    /// # Errors
    /// When the embedded store refuses, which is a fault of the stack.
    pub fn settle(&self) -> Result<(), ReplicaError> {
        self.replica.as_ref().map_or(Ok(()), |replica| replica.settle())
    }

    /// Told of every write that reached the store, answer lost or not.
    pub fn written(&self) -> &Notify {
        &self.written
    }

    /// `http` with the faults in front of it.
    pub fn in_front_of(&self, http: SharedHttpClient) -> SharedHttpClient {
        let faults = self.clone();
        http_client_fn(move |settings, components| {
            let inner = http.http_connector(settings, components);
            SharedHttpConnector::new(layer::Layer::new(inner, faults.clone()))
        })
    }

    fn order(&self, order: Order) {
        self.plan().orders.push(order);
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faults").field("plan", &*self.plan()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
