//! What the layer can do to a call.

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
    /// request token where the operation has one.
    AnswerLost,
    /// A batch done by half, the rest handed back. Only for batches of two or more.
    Partial,
    /// No answer within the time; nothing was done. Retried by the SDK.
    TimedOut,
    /// SES does not take the mail. Of no call to the table.
    Rejected,
    /// SES has taken the mail, and answers once [`release`](super::Faults::release) lets it.
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
