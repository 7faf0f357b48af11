//! A flow put through one fault at one of its calls: first it is run to see what it calls, then
//! again and again, with each fault at each call.
//!
//! Counted are the calls that functions make, of the table and of SES, whatever triggered them; what
//! the stack itself asks for is not the product's and never fails.

use super::operation::Call;
use super::{Fault, Operation};
use crate::function::Life;

/// A call that a function made during a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedCall {
    /// What was asked for.
    pub operation: Operation,
    /// Which invocation made it, counted from 0 in the order of their first calls.
    pub invocation: usize,
    /// What can go wrong with it.
    pub faults: Vec<Fault>,
}

/// The calls so far, and what is still to go wrong.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    calls: Vec<NumberedCall>,
    invocations: Vec<Life>,
    planned: Vec<(usize, Fault)>,
}

impl Trial {
    /// One in which nothing goes wrong.
    pub fn calm() -> Self {
        Self::default()
    }

    /// Faults the call of this number, counted from 0; where that can't suffer it, the next that can.
    #[must_use]
    pub fn with(mut self, number: usize, fault: Fault) -> Self {
        self.planned.push((number, fault));
        self
    }

    /// What was called, in order.
    pub fn calls(&self) -> &[NumberedCall] {
        &self.calls
    }

    /// What did not happen, since the flow had ended before.
    pub fn left(&self) -> &[(usize, Fault)] {
        &self.planned
    }

    /// Whether `fault` at the call of this number leaves it open whether a mail has left: on the way
    /// to SES or back, or until it is written down that SES has it.
    pub fn is_ambiguous(&self, number: usize, fault: Fault) -> bool {
        let Some(call) = self.calls.get(number) else { return false };
        if call.operation == Operation::SendEmail {
            return !matches!(fault, Fault::Throttled | Fault::Rejected);
        }
        let before = self.calls[..number].iter().rfind(|before| before.invocation == call.invocation);
        before.is_some_and(|before| before.operation == Operation::SendEmail)
    }

    /// Takes note of a call, and says what goes wrong with it.
    pub(super) fn meet(&mut self, call: &Call, life: &Life) -> Option<Fault> {
        let number = self.calls.len();
        let known = self.invocations.iter().position(|known| known.is(life));
        let invocation = known.unwrap_or_else(|| {
            self.invocations.push(life.clone());
            self.invocations.len() - 1
        });
        let faults = Fault::OF_TRIALS.into_iter().filter(|fault| call.can_suffer(*fault)).collect();
        self.calls.push(NumberedCall { operation: call.operation, invocation, faults });
        let due = self.planned.iter().position(|(at, fault)| *at <= number && call.can_suffer(*fault))?;
        Some(self.planned.remove(due).1)
    }
}
