//! What the cloud delivers at least once: records of the stream and reports of SES, once more.

use super::Stack;
use crate::scheduler::ScheduleError;

/// How far the stream and the reports of SES have been delivered.
#[derive(Debug, Clone)]
pub struct Delivered {
    stream: Option<String>,
    mails: usize,
}

impl Stack {
    /// How far everything has been delivered by now.
    pub async fn delivered(&self) -> Delivered {
        Delivered { stream: self.pump.delivered(), mails: self.scheduler.feedback().reported().await }
    }

    /// Delivers once more what came after `before`, the reports of SES first, and all that follows
    /// from it.
    ///
    /// # Errors
    /// As [`Stack::settle`].
    pub async fn deliver_again(&self, before: &Delivered) -> Result<(), ScheduleError> {
        self.scheduler.feedback().go_back_to(before.mails).await;
        self.report().await?;
        self.pump.go_back_to(before.stream.as_deref())?;
        self.settle().await
    }

    /// Hands over what SES reports about mails, and nothing else.
    ///
    /// # Errors
    /// When `mailer` refuses an event.
    pub async fn report(&self) -> Result<(), ScheduleError> {
        self.scheduler.report().await
    }
}
