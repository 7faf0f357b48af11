//! What a magic link's shop costs, and what it bears, on the embedded stack in one process:
//! `cargo bench -p local --bench quick_orders -- 64 5`.
//!
//! A page of shops of 20, 200 and 2,000 products: read units, time, processor, bytes. Then orders of so
//! many customers at once (the first number), each so often (the second), and whether everything that
//! counts them agrees to the cent. The stack with its store has threads of its own, so that their
//! processor time is told from the function's and the gateway's.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod orders;
mod pages;
#[path = "../forms_load/process.rs"]
#[expect(dead_code, reason = "memory is not measured here")]
mod process;
mod shop;

use tokio::runtime::{Builder, Runtime};

/// The threads of the stack and of its store.
pub const STORE: &str = "store";
/// The threads of the gateway and the function, and of who asks them.
pub const FUNCTION: &str = "function";

fn runtime(name: &str) -> Runtime {
    Builder::new_multi_thread().thread_name(name).worker_threads(2).enable_all().build().unwrap()
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let (clients, rounds): (u32, u32) = (numbers.next().unwrap_or(64), numbers.next().unwrap_or(5));
    let (store, function) = (runtime(STORE), runtime(FUNCTION));
    let handle = store.handle().clone();
    let measured = function.spawn(async move {
        pages::measure(&handle, &[20, 200, 2000]).await;
        orders::measure(&handle, clients, rounds).await;
    });
    function.block_on(measured).unwrap();
}
