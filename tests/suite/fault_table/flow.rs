//! What a flow is: somebody wants something done, and mails follow from it.

use local::mailbox::Reports;

use super::stage::Stage;

/// One flow of one customer.
pub trait Flow: Sized {
    /// What it is called where it is counted.
    const NAME: &'static str;

    /// What stands before anything goes wrong, for a customer of its own.
    async fn prepare(stage: &Stage) -> Self;

    /// What is disturbed. Whoever gets a 503 asks again; what is delivered at least once comes again.
    async fn act(&self, stage: &Stage);

    /// The messages that it makes, all of them, each once.
    fn due(&self) -> Vec<Due>;

    /// What it makes beside these where somebody had to ask again, not knowing that it was done.
    fn asked_again(&self) -> Option<Due> {
        None
    }

    /// What else must be so in the end.
    async fn holds(&self, _stage: &Stage, _reports: Reports) {}
}

/// A message that a flow makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The occurrence, as it stands in the table.
    pub kind: &'static str,
    /// Who gets it.
    pub to: String,
    pub end: End,
}

/// How a message ends where it is not known whether one has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Sent,
    /// For this reason, always.
    Skipped(&'static str),
    /// Sent, or not for this reason: what it depends on is disturbed too.
    SentOrSkipped(&'static str),
    /// It goes with its customer, whatever has become of it.
    Gone,
}

impl Due {
    pub fn sent(kind: &'static str, to: &str) -> Self {
        Self { kind, to: to.to_owned(), end: End::Sent }
    }

    pub fn ending(self, end: End) -> Self {
        Self { end, ..self }
    }
}
