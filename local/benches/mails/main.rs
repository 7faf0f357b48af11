//! What mails cost, from the day that causes them to the mailbox, on the embedded stack in one process:
//! `cargo bench -p local --bench mails -- 300 1000 10000 100000 1000000`.
//!
//! Mails written for each processor second, one kind at a time; a mail's whole way through `mailer`; so
//! many transactional mails at once (the first number) to a mailbox that takes fourteen a second; and the
//! run that plans a day of birthdays in shops of so many customers (the others). The stack with its store
//! and its mailbox has threads of its own, so that their processor time is told from the functions'.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod planning;
#[path = "../forms_load/process.rs"]
#[expect(dead_code, reason = "memory is not measured here")]
mod process;
mod rendering;
mod sending;
mod shop;

use tokio::runtime::{Builder, Runtime};

/// The threads of the stack, its store and its mailbox.
pub const STORE: &str = "store";
/// The threads of the functions, and of who calls them.
pub const FUNCTION: &str = "function";

fn runtime(name: &str) -> Runtime {
    Builder::new_multi_thread().thread_name(name).worker_threads(2).enable_all().build().unwrap()
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let mails = numbers.next().unwrap_or(300);
    let mut sizes: Vec<usize> = numbers.collect();
    if sizes.is_empty() {
        sizes = vec![1000, 10_000];
    }
    let (store, function) = (runtime(STORE), runtime(FUNCTION));
    let handle = store.handle().clone();
    let measured = function.spawn(async move {
        rendering::measure();
        sending::measure(&handle, mails).await;
        planning::measure(&handle, &sizes).await;
        sending::measure_throttled(&handle, mails).await;
    });
    function.block_on(measured).unwrap();
}
