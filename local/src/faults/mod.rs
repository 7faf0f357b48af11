//! What the embedded store hides and the cloud does: late indexes, conflicting transactions,
//! throttling, refused and lost answers, batches done in part, processes lost in the middle.
//!
//! A layer between SDK and store, so that the code above it can't tell. The SDK itself tries a
//! call three times; a fault on one attempt is mended by the next one (all but conflicts and
//! partial batches, which are answers to it). [`Faults::next_attempt`] faults one attempt,
//! [`Faults::next_call`] all attempts of one call, so that the caller sees it. A [`Trial`] numbers
//! the calls of a flow, SES's included, and faults the one that was chosen.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient, SharedHttpConnector, http_client_fn};
use tokio::sync::Notify;

mod answers;
mod layer;
mod operation;
mod replica;
mod trial;

pub use layer::losing_answers;
pub use operation::Operation;
pub use replica::{Replica, ReplicaError};
pub use trial::{NumberedCall, Trial};

use crate::function::Life;

/// What can go wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Another transaction has hold of an item; nothing was written. Never retried by the SDK.
    Conflict,
    /// Capacity exceeded; nothing was done. Retried by the SDK.
    Throttled,
    /// A server error (500) before anything was done. Retried by the SDK.
    Refused,
    /// No connection; nothing was done. Retried by the SDK.
    Unreachable,
    /// Done, but the connection times out before the answer. Retried by the SDK, with the same
    /// request token.
    AnswerLost,
    /// A batch done by half, the rest handed back. Only for batches of two or more.
    Partial,
    /// No answer within the time; nothing was done. Retried by the SDK.
    TimedOut,
    /// SES does not take the mail. Of no call to the table.
    Rejected,
    /// SES has taken the mail, and answers once [`Faults::release`] lets it.
    AnswerHeld,
    /// The process is lost before the call has left it.
    KilledBefore,
    /// The process is lost when the call is done, before it hears so.
    KilledAfter,
}

impl Fault {
    /// What a trial puts a call through. `Unreachable` looks to its caller as `TimedOut` does, and
    /// after what was only read a lost process is one that is lost before the next call.
    pub const OF_TRIALS: [Self; 10] = [
        Self::Refused,
        Self::Throttled,
        Self::TimedOut,
        Self::AnswerLost,
        Self::Partial,
        Self::Conflict,
        Self::Rejected,
        Self::AnswerHeld,
        Self::KilledBefore,
        Self::KilledAfter,
    ];
}

/// One fault that a test ordered.
#[derive(Debug, Clone)]
struct Order {
    fault: Fault,
    operation: Operation,
    /// How many matching attempts pass first.
    after: u32,
    every_attempt: bool,
}

/// How often something goes wrong by itself, as one in so many eligible first attempts.
#[derive(Debug, Clone, Copy)]
struct Rates {
    conflict: u64,
    throttled: u64,
    refused: u64,
    answer_lost: u64,
    partial: u64,
}

const SUITE_RATES: Rates = Rates { conflict: 40, throttled: 60, refused: 60, answer_lost: 40, partial: 10 };

#[derive(Debug, Default)]
struct Plan {
    orders: Vec<Order>,
    /// Invocations of which every attempt fails.
    doomed: BTreeMap<String, Fault>,
    injected: BTreeMap<Fault, u64>,
    rates: Option<Rates>,
    random: u64,
    /// What was asked since somebody began to watch.
    watched: Option<Vec<Operation>>,
    trial: Option<Trial>,
}

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

impl Plan {
    /// What happens to this attempt of a call.
    fn choose(&mut self, call: &operation::Call, life: Option<&Life>) -> Option<Fault> {
        let of_table = call.operation != Operation::SendEmail;
        if let Some(watched) = self.watched.as_mut().filter(|_| of_table) {
            watched.push(call.operation);
        }
        let fault = self.doomed.get(&call.invocation).copied().or_else(|| self.tried(call, life));
        let fault = fault.or_else(|| self.ordered(call)).or_else(|| self.drawn(call))?;
        *self.injected.entry(fault).or_default() += 1;
        Some(fault)
    }

    fn tried(&mut self, call: &operation::Call, life: Option<&Life>) -> Option<Fault> {
        let trial = self.trial.as_mut().filter(|_| call.first_attempt && call.operation != Operation::Other)?;
        let fault = trial.meet(call, life?)?;
        // What is no answer befalls all attempts that the SDK makes of the call.
        if !matches!(fault, Fault::Conflict | Fault::Partial) {
            self.doomed.insert(call.invocation.clone(), fault);
        }
        Some(fault)
    }

    fn ordered(&mut self, call: &operation::Call) -> Option<Fault> {
        let mut due = None;
        for (index, order) in self.orders.iter_mut().enumerate() {
            if !order.operation.covers(call.operation) || !call.can_suffer(order.fault) {
                continue;
            }
            if order.after == 0 {
                due = Some(index);
                break;
            }
            order.after -= 1;
        }
        let order = self.orders.remove(due?);
        if order.every_attempt {
            self.doomed.insert(call.invocation.clone(), order.fault);
        }
        Some(order.fault)
    }

    fn drawn(&mut self, call: &operation::Call) -> Option<Fault> {
        let rates = self.rates.filter(|_| call.first_attempt && call.operation != Operation::SendEmail)?;
        [
            (Fault::Conflict, rates.conflict),
            (Fault::Partial, rates.partial),
            (Fault::AnswerLost, rates.answer_lost),
            (Fault::Throttled, rates.throttled),
            (Fault::Refused, rates.refused),
        ]
        .into_iter()
        .find(|(fault, one_in)| call.can_suffer(*fault) && self.next_random().is_multiple_of(*one_in))
        .map(|(fault, _)| fault)
    }

    /// SplitMix64: seeded, and nothing to install for it.
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests;
