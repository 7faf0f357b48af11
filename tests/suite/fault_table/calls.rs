//! The rows of the table: what a flow calls, and what can go wrong with each call.

use local::faults::{Fault, Trial};
use local::mailbox::Reports;

use super::flow::Flow;
use super::stage::Stage;

/// One fault at one call.
#[derive(Debug, Clone)]
pub struct Row {
    pub trial: Trial,
    /// The fault, where there is one.
    pub fault: Option<Fault>,
    /// Whether it leaves open whether a mail has left.
    pub ambiguous: bool,
    pub reports: Reports,
}

impl Row {
    /// A run in which nothing goes wrong.
    pub fn calm() -> Self {
        Self { trial: Trial::calm(), fault: None, ambiguous: false, reports: Reports::TwiceReversed }
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
        for fault in call.faults.iter().copied() {
            let ambiguous = trial.is_ambiguous(number, fault);
            let all = [Reports::TwiceReversed, Reports::InOrder, Reports::Withheld];
            let reports = if ambiguous { &all[..] } else { &all[..1] };
            rows.extend(reports.iter().map(|reports| Row {
                trial: Trial::calm().with(number, fault),
                fault: Some(fault),
                ambiguous,
                reports: *reports,
            }));
        }
    }
    (trial.calls().len(), rows)
}
