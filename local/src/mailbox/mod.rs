//! The mailbox: an SESv2 endpoint that keeps every mail whole instead of sending it.
//!
//! Mails are appended to a file before they are acknowledged. A test may order the next sendings
//! to fail as SES does: refused for every reason that it documents, unavailable, timed out, or
//! accepted with the answer lost on the way.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::clock::LaptopClock;
use crate::ports;
use rate::Rate;

mod mail;
mod mime;
mod pages;
mod rate;
mod reader;
mod request;
mod ses;

pub use mail::{Attachment, Mail};
pub use pages::pages;

/// The header by which the endpoint tells the layer in front of the SDK to lose this answer.
pub(crate) const LOSE_ANSWER: &str = "x-local-lose-answer";

/// How a sending can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendFailure {
    /// `TooManyRequestsException`: not sent, try later.
    Throttled,
    /// `MessageRejected`: not sent, never will be.
    Rejected,
    /// `SendingPausedException`: not sent, the account's sending is paused.
    Paused,
    /// `AccountSuspendedException`: not sent, the account may send no more.
    AccountSuspended,
    /// `LimitExceededException`: not sent, the account's quota of the day is used up.
    QuotaUsedUp,
    /// `MailFromDomainNotVerifiedException`: not sent, the sender's domain is not set up.
    DomainNotVerified,
    /// `NotFoundException`: not sent, the configuration set does not exist.
    NoConfigurationSet,
    /// A server error (500) before the mail was taken: not sent, which its sender can't know.
    Unavailable,
    /// The connection times out before the mail was taken: not sent, which its sender can't know.
    TimedOut,
    /// The mail is in the mailbox, but its sender's connection times out.
    AnswerLost,
}

/// How SES reports about mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reports {
    /// Each event once, as it happened.
    InOrder,
    /// Each event twice, the last first.
    TwiceReversed,
    /// Not at all.
    Withheld,
}

/// The mails and the failures ordered. Clones are the same mailbox.
#[derive(Clone)]
pub struct Mailbox {
    kept: Arc<Mutex<Kept>>,
    clock: LaptopClock,
}

struct Kept {
    mails: Vec<Mail>,
    failures: VecDeque<SendFailure>,
    rate: Option<Rate>,
    file: Option<File>,
    reports: Reports,
}

impl Mailbox {
    /// A mailbox that is gone with the process.
    pub fn in_memory(clock: LaptopClock) -> Self {
        Self::over(clock, Vec::new(), None)
    }

    /// The mailbox kept in `path`, one mail a line.
    ///
    /// # Errors
    /// When the file can't be read or written.
    pub fn open(path: &Path, clock: LaptopClock) -> std::io::Result<Self> {
        let file = File::options().create(true).read(true).append(true).open(path)?;
        let mut mails = Vec::new();
        for line in BufReader::new(&file).lines() {
            // A process killed while it wrote leaves half a line, whose mail nobody was told of.
            if let Ok(mail) = serde_json::from_str::<Mail>(&line?) {
                mails.push(mail.whole());
            }
        }
        Ok(Self::over(clock, mails, Some(file)))
    }

    fn over(clock: LaptopClock, mails: Vec<Mail>, file: Option<File>) -> Self {
        let kept = Kept { mails, failures: VecDeque::new(), rate: None, file, reports: Reports::InOrder };
        Self { kept: Arc::new(Mutex::new(kept)), clock }
    }

    /// All mails, the newest last.
    pub fn mails(&self) -> Vec<Mail> {
        self.lock().mails.clone()
    }

    /// The mail with this id.
    pub fn mail(&self, id: &str) -> Option<Mail> {
        self.lock().mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// Orders the next sending that nothing else was ordered for to fail.
    pub fn fail_next(&self, failure: SendFailure) {
        self.lock().failures.push_back(failure);
    }

    /// Lets so many mails a second through from now on, by the wall clock, and answers the others
    /// that the account's sending rate is exceeded.
    pub fn limit_rate(&self, per_second: u32) {
        self.lock().rate = Some(Rate::new(per_second, Instant::now()));
    }

    /// How many sendings exceeded the rate since it was limited.
    pub fn over_rate(&self) -> u64 {
        self.lock().rate.as_ref().map_or(0, Rate::refused)
    }

    /// Holds back (or lets through) what SES would report about mails: a test sees what happens
    /// when no report comes.
    pub fn withhold_events(&self, withhold: bool) {
        self.report(if withhold { Reports::Withheld } else { Reports::InOrder });
    }

    /// How SES reports about mails from now on.
    pub fn report(&self, reports: Reports) {
        self.lock().reports = reports;
    }

    /// How SES reports about mails.
    pub fn reports(&self) -> Reports {
        self.lock().reports
    }

    /// The mails from the `index`-th on.
    pub(crate) fn mails_from(&self, index: usize) -> Vec<Mail> {
        self.lock().mails.get(index..).unwrap_or_default().to_vec()
    }

    /// What goes wrong with the sending that comes now.
    fn next_failure(&self) -> Option<SendFailure> {
        let mut kept = self.lock();
        let ordered = kept.failures.pop_front();
        let rate = kept.rate.as_mut().filter(|_| ordered.is_none());
        let passes = rate.is_none_or(|rate| rate.passes(Instant::now()));
        if passes { ordered } else { Some(SendFailure::Throttled) }
    }

    /// Keeps `mail`, on disk first.
    pub(crate) fn keep(&self, mail: Mail) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(&mail)?;
        line.push(b'\n');
        let mut kept = self.lock();
        if let Some(file) = &mut kept.file {
            file.write_all(&line)?;
        }
        kept.mails.push(mail);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The SESv2 endpoint over a mailbox. Dropping it stops the server.
pub struct MailServer {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl MailServer {
    /// Serves `mailbox` at `port`, or at a free one where that is 0 or taken.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start(mailbox: Mailbox, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::from_std(ports::listen(port)?)?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, ses::endpoint(mailbox)).await {
                tracing::error!(%error, "the mailbox ended");
            }
        });
        Ok(Self { address, server })
    }

    /// The address that SDK clients are given.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[cfg(test)]
mod tests;
