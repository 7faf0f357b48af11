//! Which attempt of which call suffers what: ordered, drawn, or in a trial.

use std::collections::BTreeMap;

use super::operation::Call;
use super::{Fault, Operation, Trial};
use crate::function::Life;

/// One fault that a test ordered.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) fault: Fault,
    pub(super) operation: Operation,
    /// How many matching attempts pass first.
    pub(super) after: u32,
    pub(super) every_attempt: bool,
}

/// How often something goes wrong by itself, as one in so many eligible first attempts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    conflict: u64,
    throttled: u64,
    refused: u64,
    answer_lost: u64,
    partial: u64,
}

pub(super) const SUITE_RATES: Rates = Rates { conflict: 40, throttled: 60, refused: 60, answer_lost: 40, partial: 10 };

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) orders: Vec<Order>,
    /// Invocations of which every attempt fails.
    pub(super) doomed: BTreeMap<String, Fault>,
    pub(super) injected: BTreeMap<Fault, u64>,
    pub(super) rates: Option<Rates>,
    pub(super) random: u64,
    /// What was asked since somebody began to watch.
    pub(super) watched: Option<Vec<Operation>>,
    pub(super) trial: Option<Trial>,
}

impl Plan {
    /// What happens to this attempt of a call.
    pub(super) fn choose(&mut self, call: &Call, life: Option<&Life>) -> Option<Fault> {
        if let Some(watched) = self.watched.as_mut().filter(|_| call.operation.is_of_table()) {
            watched.push(call.operation);
        }
        let fault = self.doomed.get(&call.invocation).copied().or_else(|| self.tried(call, life));
        let fault = fault.or_else(|| self.ordered(call)).or_else(|| self.drawn(call))?;
        *self.injected.entry(fault).or_default() += 1;
        Some(fault)
    }

    fn tried(&mut self, call: &Call, life: Option<&Life>) -> Option<Fault> {
        let trial = self.trial.as_mut().filter(|_| call.first_attempt && call.operation != Operation::Other)?;
        let fault = trial.meet(call, life?)?;
        // What is no answer befalls all attempts that the SDK makes of the call.
        if !matches!(fault, Fault::Conflict | Fault::Partial) {
            self.doomed.insert(call.invocation.clone(), fault);
        }
        Some(fault)
    }

    fn ordered(&mut self, call: &Call) -> Option<Fault> {
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

    fn drawn(&mut self, call: &Call) -> Option<Fault> {
        let rates = self.rates.filter(|_| call.first_attempt && call.operation.is_of_table())?;
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
