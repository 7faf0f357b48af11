//! The rows of the table: what a flow calls, and what can go wrong with each call.

use local::faults::{Fault, NumberedCall, Operation, Trial};
use local::mailbox::Reports;

use super::flow::Flow;
use super::stage::Stage;

/// What goes wrong in a run.
#[derive(Debug, Clone)]
pub struct Row {
    pub trial: Trial,
    pub reports: Reports,
}

impl Row {
    /// A run in which nothing goes wrong.
    pub fn calm() -> Self {
        Self { trial: Trial::calm(), reports: Reports::TwiceReversed }
    }
}

/// How many calls a flow makes, and its rows. The first run of a stack is not counted: what it leaves
/// behind stands there in every run that follows.
pub async fn rows<F: Flow>() -> (usize, Vec<Row>) {
    let stage = Stage::start(F::NAME, usize::MAX).await;
    let calm = Row::calm();
    super::run::<F>(&stage, &calm).await;
    super::run::<F>(&stage, &calm).await;
    let first = stage.last_trial();
    super::run::<F>(&stage, &calm).await;
    let trial = stage.last_trial();
    assert_eq!(first.calls(), trial.calls(), "the same again is the same calls");
    let mut rows = vec![calm];
    for (number, call) in trial.calls().iter().enumerate() {
        for fault in call.faults.iter().copied().filter(|fault| is_run(number, call, *fault)) {
            let ambiguous = trial.is_ambiguous(number, fault);
            let all = [Reports::TwiceReversed, Reports::InOrder, Reports::Withheld];
            let reports = if ambiguous { &all[..] } else { &all[..1] };
            rows.extend(
                reports.iter().map(|reports| Row { trial: Trial::calm().with(number, fault), reports: *reports }),
            );
        }
    }
    (trial.calls().len(), rows)
}

/// Whether a row is run. To whoever reads, a store that refuses, is busy or is silent is the same: it
/// could not be read. So, unless somebody asks for the whole table, a call that only reads is put through
/// one of the three.
fn is_run(number: usize, call: &NumberedCall, fault: Fault) -> bool {
    const ALIKE: [Fault; 3] = [Fault::Refused, Fault::Throttled, Fault::TimedOut];
    let reads = matches!(call.operation, Operation::Get | Operation::BatchGet | Operation::Query | Operation::ReadFile);
    super::the_whole_table() || !reads || !ALIKE.contains(&fault) || ALIKE[number % ALIKE.len()] == fault
}
