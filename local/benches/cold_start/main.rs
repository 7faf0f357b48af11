//! What a cold start costs each function:
//! `cargo build --release --workspace --exclude local --exclude tests --bins --examples && cargo bench -p local --bench cold_start -- 9`.
//!
//! Each release binary is started against a small Runtime API and an AWS over TLS, both in this process,
//! and is handed two events, one after the other; beside it, in the same round, a handler that does
//! nothing. The processor time is the kernel's count of the binary's threads: time that passes says
//! little on a machine that does other things. AWS answers the root key on one connection and the table
//! on another, as its two services would, and no session is taken up again.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod aws;
mod binary;
mod runtime_api;

use std::path::PathBuf;

use self::aws::Aws;
use self::binary::{Binary, FUNCTIONS, Start};

const ROUNDS: usize = 9;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let rounds = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(ROUNDS);
    let chosen = |name: &str| {
        let mut names = arguments.iter().filter(|argument| argument.parse::<usize>().is_err()).peekable();
        names.peek().is_none() || names.any(|argument| argument == name)
    };
    let folder = folder_of_binaries();
    let aws = Aws::start().await;
    let empty = Binary::empty(&folder);
    println!(
        "| function | MB; zip MB | ms to the first poll | ÷ empty | ms to the first answer | ms for the first; second request | MiB |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, settings, event) in FUNCTIONS.iter().filter(|(name, ..)| chosen(name)) {
        let function = Binary::of(&folder, name, settings, event);
        let (mut starts, mut empties) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            empties.push(empty.start(&aws).await);
            starts.push(function.start(&aws).await);
        }
        if *name == FUNCTIONS[0].0 {
            row("an empty handler", &empty, &empties, &empties);
        }
        row(name, &function, &starts, &empties);
    }
}

/// Where Cargo puts release binaries: this one is there too.
fn folder_of_binaries() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().to_owned()
}

fn row(name: &str, binary: &Binary, starts: &[Start], empties: &[Start]) {
    let middle = |of: fn(&Start) -> f64| median(starts.iter().map(of));
    let ratio = median(starts.iter().zip(empties).map(|(start, empty)| start.to_poll / empty.to_poll));
    let (size, zip) = binary.sizes();
    println!(
        "| {name} | {size:.1}; {zip:.1} | {:.1} | {ratio:.2} | {:.1} | {:.2}; {:.2} | {:.0} |",
        middle(|start| start.to_poll),
        middle(|start| start.to_poll + start.first),
        middle(|start| start.first),
        middle(|start| start.second),
        middle(|start| start.memory)
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
