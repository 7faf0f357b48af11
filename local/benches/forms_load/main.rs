//! What forms bear, over HTTP, on the embedded stack in one process:
//! `cargo bench -p local --bench forms_load -- 2000 20`.
//!
//! Submissions over 8 and 64 connections (the first number, of each), each of them looked up
//! afterwards; 100 junk posts a second with an honest one among them (the second number, in
//! seconds), from one network and from 5,000; ten thousand bodies that no page sends. Processor and
//! memory are those of the whole process: client, gateway, function and store.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod client;
mod flood;
mod hostile;
mod load;
#[expect(dead_code, reason = "threads are not told apart here")]
mod process;

use local::functions::deploy;
use local::stack::{Data, Options, Stack};
use shared::App;
use shared::domain::{FormLimits, Receipt, ShopId, SubmissionId, SubmissionState};
use shared::table::Transaction;

/// A stack on a folder of its own, with the form `contact`.
struct Shop {
    stack: Stack,
    app: App,
    id: ShopId,
    _folder: tempfile::TempDir,
}

impl Shop {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let options = Options { data: Data::Folder { path, fresh: true }, ..Options::in_memory() };
        let stack = Stack::start(options, deploy).await.unwrap();
        let app = stack.services().app();
        Self { stack, app, id: "main".parse().unwrap(), _folder: folder }
    }

    /// Lets the form take whatever comes: what is measured then is the work, not the limit.
    async fn open_wide(&self) {
        let mut form = self.app.table.form(&self.id, &"contact".parse().unwrap()).await.unwrap().unwrap();
        form.limits = FormLimits { per_address_per_minute: FormLimits::MAX, per_form_per_minute: FormLimits::MAX };
        form.version += 1;
        let mut transaction = Transaction::new();
        transaction.replace_form(&form).unwrap();
        self.app.table.commit(transaction).await.unwrap().unwrap();
    }

    /// What became of the submission with this receipt; `None` where it is lost.
    async fn kept(&self, receipt: &str) -> Option<Kept> {
        let id: SubmissionId = receipt.parse().unwrap();
        match self.app.table.receipt(&self.id, id).await.unwrap()? {
            Receipt::Received { customer } => {
                self.app.table.submission(&self.id, customer, id).await.unwrap()?;
                Some(Kept::Received)
            }
            Receipt::Quarantined(_) => Some(Kept::Aside),
        }
    }

    /// How many submissions the form has of a state.
    async fn submissions(&self, state: SubmissionState) -> usize {
        let (form, mut after, mut count) = ("contact".parse().unwrap(), None, 0);
        loop {
            let page = self.app.table.submissions(&self.id, &form, state, 1000, after).await.unwrap();
            count += page.items.len();
            match page.next {
                Some(next) => after = Some(next),
                None => return count,
            }
        }
    }
}

/// Where an accepted submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    Received,
    Aside,
}

/// How many panics there were.
static PANICS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    std::panic::set_hook(Box::new(|panic| {
        println!("{panic}");
        PANICS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }));
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let (requests, seconds): (u32, u32) = (numbers.next().unwrap_or(2000), numbers.next().unwrap_or(20));
    load::measure(requests as usize, &[8, 64]).await;
    flood::measure(seconds).await;
    hostile::measure(10_000).await;
    println!("panics: {}", PANICS.load(std::sync::atomic::Ordering::Relaxed));
}
