//! What a magic link's shop costs, and what it bears, on the embedded stack in one process:
//! `cargo bench -p local --bench quick_orders -- 64 5`.
//!
//! A page of shops of 20, 200 and 2,000 products: read units, time, processor, bytes. Then orders of so
//! many customers at once (the first number), each so often (the second), and whether everything that
//! counts them agrees to the cent. Processor time is that of the whole process, gateway, function and
//! store; what the function does itself is apart.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod orders;
mod pages;
#[path = "../forms_load/process.rs"]
#[expect(dead_code, reason = "memory is not measured here")]
mod process;
mod shop;

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let (clients, rounds): (u32, u32) = (numbers.next().unwrap_or(64), numbers.next().unwrap_or(5));
    pages::measure(&[20, 200, 2000]).await;
    orders::measure(clients, rounds).await;
}
