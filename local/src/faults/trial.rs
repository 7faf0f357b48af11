//! A flow put through one fault at one of its calls: first it is run to see what it calls, then
//! again and again, with each fault at each call.
//!
//! Counted are the calls that functions make, of the table, of SES and of S3, whatever triggered
//! them; what the stack itself asks for is not the product's and never fails.

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
    /// Whether it writes down that a message is being handed over to SES.
    pub begins_hand_over: bool,
}

/// The calls so far, and what is still to go wrong.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    calls: Vec<NumberedCall>,
    invocations: Vec<Life>,
    planned: Vec<(usize, Fault)>,
    happened: Vec<(usize, Fault)>,
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

    /// What happened, with the numbers of the calls.
    pub fn happened(&self) -> &[(usize, Fault)] {
        &self.happened
    }

    /// How much of what happened [left open](Self::is_ambiguous) whether a mail had left.
    pub fn ambiguous(&self) -> usize {
        self.happened.iter().filter(|(number, fault)| self.is_ambiguous(*number, *fault)).count()
    }

    /// Whether `fault` at the call of this number leaves it open whether a mail has left: from where
    /// its hand-over is written down, on the way to SES and back, until it is written down that SES
    /// has it.
    pub fn is_ambiguous(&self, number: usize, fault: Fault) -> bool {
        let Some(call) = self.calls.get(number) else { return false };
        if call.begins_hand_over {
            return matches!(fault, Fault::AnswerLost | Fault::KilledAfter);
        }
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
        // Of marketing it is a step of a transaction, which takes the address along.
        let steps = call.body["TransactItems"].as_array().into_iter().flatten().map(|step| &step["Put"]);
        let begins_hand_over = steps.chain([&call.body]).any(|put| put["Item"]["state"]["S"] == "sending");
        self.calls.push(NumberedCall { operation: call.operation, invocation, faults, begins_hand_over });
        let due = self.planned.iter().position(|(at, fault)| *at <= number && call.can_suffer(*fault))?;
        let (_, fault) = self.planned.remove(due);
        self.happened.push((number, fault));
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;
    use serde_json::{Value, json};

    use super::*;
    use crate::faults::Faults;
    use crate::function::{Function, InvokeError};
    use crate::store::Store;
    use crate::{sdk, table};

    /// A function that puts two items, one after the other.
    async fn stand(faults: &Faults) -> (Store, Function, aws_sdk_dynamodb::Client) {
        let store = Store::memory().unwrap();
        let client = |faults: &Faults| {
            aws_sdk_dynamodb::Client::new(&sdk::config(store.endpoint(), faults.in_front_of(sdk::plain_http())))
        };
        let (behind, plain) = (client(faults), client(&Faults::none()));
        table::create(&plain, "trial", true).await.unwrap();
        let function = Function::handler("two", move |_: Value| {
            let client = behind.clone();
            async move {
                for sk in ["1", "2"] {
                    let text = |text: &str| AttributeValue::S(text.to_owned());
                    let put = client.put_item().table_name("trial").item("pk", text("a")).item("sk", text(sk));
                    put.send().await.map_err(|error| error.to_string())?;
                }
                Ok::<_, String>(())
            }
        });
        (store, function, plain)
    }

    /// How an invocation ends with `fault` at its call `number`, and how many items are there then.
    async fn ended(number: usize, fault: Fault) -> (Result<Value, InvokeError>, i32) {
        let faults = Faults::none();
        let (_store, function, plain) = stand(&faults).await;
        faults.begin(Trial::calm().with(number, fault));
        let answer = function.invoke(json!({})).await;
        let trial = faults.end().unwrap();
        assert_eq!((trial.left(), trial.happened()), (&[][..], &[(number, fault)][..]));
        (answer, plain.scan().table_name("trial").send().await.unwrap().count)
    }

    #[tokio::test]
    async fn a_process_is_lost_before_a_call_or_after_it() {
        for (number, fault, left) in [
            (0, Fault::KilledBefore, 0),
            (0, Fault::KilledAfter, 1),
            (1, Fault::KilledBefore, 1),
            (1, Fault::KilledAfter, 2),
        ] {
            let (answer, there) = ended(number, fault).await;
            assert!(matches!(answer, Err(InvokeError::Lost { function: "two" })), "{fault:?}");
            assert_eq!(there, left, "{fault:?} at {number}");
        }
    }

    #[tokio::test]
    async fn a_call_fails_for_good_done_or_not() {
        for (fault, left) in [(Fault::TimedOut, 1), (Fault::Refused, 1), (Fault::Throttled, 1), (Fault::AnswerLost, 2)]
        {
            let (answer, there) = ended(1, fault).await;
            assert!(matches!(answer, Err(InvokeError::Failed { .. })), "{fault:?}");
            assert_eq!(there, left, "{fault:?}");
        }
    }

    #[tokio::test]
    async fn only_what_functions_call_is_numbered() {
        let faults = Faults::none();
        let (_store, function, plain) = stand(&faults).await;
        faults.begin(Trial::calm().with(7, Fault::Refused));
        plain.scan().table_name("trial").send().await.unwrap();
        for _ in 0..2 {
            function.invoke(json!({})).await.unwrap();
        }
        let trial = faults.end().unwrap();
        assert_eq!(trial.calls().iter().map(|call| call.invocation).collect::<Vec<_>>(), [0, 0, 1, 1]);
        assert_eq!(trial.left(), [(7, Fault::Refused)]);
        assert!(trial.calls()[0].faults.contains(&Fault::Conflict) && trial.ambiguous() == 0);
    }
}
