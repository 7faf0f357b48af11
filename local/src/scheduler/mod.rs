//! The scheduler plays EventBridge: `plan` for `automations` every hour on the hour and `resume`
//! every five minutes, `sweep` for `mailer` every minute, and the events of SES about what was
//! sent.
//!
//! When the clock is moved, every planned run in between is played in order. Hours at which
//! nothing is planned are skipped: the deployment names the next instant at which anything is due.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};

use crate::clock::{ClockError, LaptopClock};
use crate::faults::{Faults, ReplicaError};
use crate::feedback::Feedback;
use crate::function::{Function, InvokeError};
use crate::stream::{StreamError, StreamPump};

const HOUR: i64 = 3600;
const FIVE_MINUTES: i64 = 300;
const MINUTE: i64 = 60;
/// Rounds after which a drain gives up on things that stay due whatever is run.
const MAX_ROUNDS: usize = 20;

/// The first instant later than the given one at which a due date falls or a message may be sent.
pub type NextDue = Arc<dyn Fn(Timestamp) -> BoxFuture<'static, Result<Option<Timestamp>, String>> + Send + Sync>;

/// Why the clock could not be moved or the stack not drained.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The clock refused.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// A scheduled run failed.
    #[error(transparent)]
    Run(#[from] InvokeError),
    /// The stream stands still.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The late indexes can't catch up.
    #[error(transparent)]
    Indexes(#[from] ReplicaError),
    /// It is unknown what is due.
    #[error("what is due next can't be read: {0}")]
    NextDue(String),
}

/// What the scheduler runs and watches.
pub struct Scheduled {
    /// Gets `plan` and `resume`.
    pub automations: Function,
    /// Gets `sweep`.
    pub mailer: Function,
    /// Tells which hours can't be skipped.
    pub next_due: NextDue,
}

/// The scheduler of one stack. Clones are the same scheduler.
#[derive(Clone)]
pub struct Scheduler(Arc<Inner>);

struct Inner {
    clock: LaptopClock,
    pump: StreamPump,
    faults: Faults,
    feedback: Feedback,
    scheduled: Scheduled,
    ran: Mutex<Ran>,
}

/// The last runs. Its lock makes runs follow one another.
struct Ran {
    plan: Timestamp,
    resume: Timestamp,
    sweep: Timestamp,
}

impl Scheduler {
    /// A scheduler that has run nothing yet.
    pub fn new(clock: LaptopClock, pump: StreamPump, faults: Faults, feedback: Feedback, scheduled: Scheduled) -> Self {
        let ran = Mutex::new(Ran { plan: Timestamp::MIN, resume: Timestamp::MIN, sweep: Timestamp::MIN });
        Self(Arc::new(Inner { clock, pump, faults, feedback, scheduled, ran }))
    }

    /// Runs what the clock says, for ever. Ends when dropped.
    pub async fn run(&self) {
        loop {
            if let Err(error) = self.tick().await {
                tracing::error!(%error, "a scheduled run failed");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Moves the clock to `instant`, playing every planned run on the way, and answers when all of
    /// it is done.
    ///
    /// # Errors
    /// [`ClockError::Backward`] before anything has happened. When a run fails, the clock stands
    /// where it failed.
    pub async fn move_clock(&self, instant: Timestamp) -> Result<(), ScheduleError> {
        let mut ran = self.0.ran.lock().await;
        let mut now = self.0.clock.now();
        if instant < now {
            return Err(ClockError::Backward { now, asked: instant }.into());
        }
        self.do_due(&mut ran).await?;
        while let Some(due) = self.next_due(now).await?.filter(|due| *due <= instant) {
            // Planned an hour ahead: the run before the due hour writes the message, the sweep at
            // the minute sends it.
            let hour = floor(due, HOUR);
            for hour in [hour.checked_sub(SignedDuration::from_hours(1)).unwrap_or(hour), hour] {
                if hour > ran.plan && hour >= floor(now, HOUR) {
                    self.advance(hour)?;
                    self.plan(&mut ran, hour).await?;
                }
            }
            self.advance(due)?;
            self.resume(&mut ran, floor(due, FIVE_MINUTES)).await?;
            self.sweep(&mut ran, floor(due, MINUTE)).await?;
            now = due;
        }
        self.advance(instant)?;
        self.do_due(&mut ran).await
    }

    /// Answers once the stream and all that is due now are done.
    ///
    /// # Errors
    /// When a run fails or the stream can't be read.
    pub async fn drain(&self) -> Result<(), ScheduleError> {
        let mut ran = self.0.ran.lock().await;
        self.do_due(&mut ran).await
    }

    /// Delivers the stream and what SES says, until neither has anything new; then lets the
    /// indexes catch up.
    ///
    /// # Errors
    /// When the stream can't be read or `mailer` refuses an event of SES.
    pub async fn settle(&self) -> Result<(), ScheduleError> {
        loop {
            let delivered = self.0.pump.drain().await? + self.0.feedback.deliver(&self.0.scheduled.mailer).await?;
            self.0.faults.settle()?;
            if delivered == 0 {
                return Ok(());
            }
        }
    }

    /// Hands over what SES reports about mails.
    ///
    /// # Errors
    /// When `mailer` refuses an event.
    pub async fn report(&self) -> Result<(), ScheduleError> {
        self.0.feedback.deliver(&self.0.scheduled.mailer).await?;
        Ok(())
    }

    pub(crate) fn feedback(&self) -> &Feedback {
        &self.0.feedback
    }

    async fn tick(&self) -> Result<(), ScheduleError> {
        let mut ran = self.0.ran.lock().await;
        let now = self.0.clock.now();
        if floor(now, HOUR) > ran.plan {
            self.plan(&mut ran, floor(now, HOUR)).await?;
        }
        if floor(now, FIVE_MINUTES) > ran.resume {
            self.resume(&mut ran, floor(now, FIVE_MINUTES)).await?;
        }
        if floor(now, MINUTE) > ran.sweep {
            self.sweep(&mut ran, floor(now, MINUTE)).await?;
        }
        self.report().await
    }

    /// Runs what is due now until nothing is, or until running it changes nothing.
    async fn do_due(&self, ran: &mut MutexGuard<'_, Ran>) -> Result<(), ScheduleError> {
        let mut before = None;
        for _ in 0..MAX_ROUNDS {
            self.settle().await?;
            let now = self.0.clock.now();
            self.plan(ran, floor(now, HOUR)).await?;
            self.resume(ran, floor(now, FIVE_MINUTES)).await?;
            self.sweep(ran, floor(now, MINUTE)).await?;
            let due = self.next_due(Timestamp::UNIX_EPOCH).await?;
            if due.is_none_or(|due| due > now) || due == before {
                break;
            }
            before = due;
        }
        Ok(())
    }

    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, ScheduleError> {
        (self.0.scheduled.next_due)(after).await.map_err(ScheduleError::NextDue)
    }

    async fn plan(&self, ran: &mut Ran, at: Timestamp) -> Result<(), ScheduleError> {
        self.0.scheduled.automations.invoke(json!({ "run": "plan", "scheduled_time": at })).await?;
        ran.plan = ran.plan.max(at);
        self.settle().await
    }

    async fn resume(&self, ran: &mut Ran, at: Timestamp) -> Result<(), ScheduleError> {
        self.0.scheduled.automations.invoke(json!({ "run": "resume", "scheduled_time": at })).await?;
        ran.resume = ran.resume.max(at);
        self.settle().await
    }

    async fn sweep(&self, ran: &mut Ran, at: Timestamp) -> Result<(), ScheduleError> {
        self.0.scheduled.mailer.invoke(json!({ "run": "sweep", "scheduled_time": at })).await?;
        ran.sweep = ran.sweep.max(at);
        self.settle().await
    }

    /// Moves the clock unless it has gone past `instant` by itself meanwhile.
    fn advance(&self, instant: Timestamp) -> Result<(), ClockError> {
        match self.0.clock.move_to(instant) {
            Err(ClockError::Backward { .. }) => Ok(()),
            moved => moved,
        }
    }
}

/// The last whole `unit` (in seconds) at or before `instant`.
fn floor(instant: Timestamp, unit: i64) -> Timestamp {
    let seconds = instant.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(unit)).unwrap_or(instant)
}

#[cfg(test)]
mod tests;
