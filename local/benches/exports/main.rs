//! What an export costs its worker, against a store that is not what is measured:
//! `cargo bench -p local --bench exports -- 10000 100000 1000000`.
//!
//! Some hundred customers of a seeded shop are read once from the embedded store. Then a server in this
//! process answers the worker's reads with them, over and over under ids of its own, takes the parts
//! that it sends, and passes everything else on to the store. The worker is a process of its own: what
//! it spent and held is what the kernel says of it.
//!
//! Beside it, in the same run and against the same server, the same file made by a script on each of
//! AWS's SDKs for Python and Node, where they are found: `CLIENTELE_PYTHON` names a Python with `boto3`,
//! `CLIENTELE_NODE_MODULES` a folder with `@aws-sdk/client-dynamodb` and `@aws-sdk/client-s3`.
//!
//! `cargo bench -p local --bench exports -- embedded 50000 100000` lets the whole laptop stack export
//! shops of so many customers instead, and compares each file with the table.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod embedded;
#[path = "../forms_load/process.rs"]
#[expect(dead_code, reason = "threads are not told apart here")]
mod process;
mod replay;
mod worker;

use std::process::Command;

use local::functions::deploy;
use local::seed;
use local::stack::{Options, Stack};

use self::replay::Replay;

/// How many customers stand for all of them.
const PATTERNS: usize = 400;

/// What somebody made of the customers.
struct Measured {
    /// Seconds of processor time.
    processor: f64,
    /// Seconds that passed.
    passed: f64,
    /// Most memory at once, in MiB.
    memory: u64,
}

impl Measured {
    /// What a child says on its last line: three numbers.
    fn said(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let numbers: Vec<f64> = said.lines().last().unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        Self { processor: numbers[0], passed: numbers[1], memory: numbers[2] as u64 }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().is_some_and(|first| first == "worker") {
        return worker::main(&arguments[1..]);
    }
    let mut sizes: Vec<u64> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if arguments.first().is_some_and(|first| first == "embedded") {
        return sizes.iter().for_each(|size| runtime.block_on(embedded::measure(*size as usize)));
    }
    runtime.block_on(measure(&sizes));
}

async fn measure(sizes: &[u64]) {
    let stack = Stack::start(Options::in_memory(), deploy).await.unwrap();
    seed::fill(&stack.services().app(), PATTERNS, |_| ()).await.unwrap();
    let replay = Replay::start(&stack).await;
    println!("| customers | by | processor µs a row | rows/s | MiB | processor time to the worker's |");
    println!("|---|---|---|---|---|---|");
    for size in sizes {
        replay.play(*size);
        let worker = one(&stack, &replay, "csv").await;
        row(*size, "the worker, CSV", &worker, &worker, replay.taken());
        for (by, command) in peers(&replay, *size) {
            let peer = tokio::task::spawn_blocking(move || Measured::said(&mut { command })).await.unwrap();
            row(*size, by, &peer, &worker, replay.taken());
        }
        for (by, format) in [("JSON Lines", "json_lines"), ("vCard", "vcard"), ("workbook", "xlsx")] {
            if format != "xlsx" || *size <= 50_000 {
                row(*size, by, &one(&stack, &replay, format).await, &worker, replay.taken());
            }
        }
    }
}

/// One job by a worker of its own.
async fn one(stack: &Stack, replay: &Replay, format: &str) -> Measured {
    let job = worker::ask(stack, format).await;
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("worker").arg(replay.address()).arg(job).arg(&stack.services().table);
    tokio::task::spawn_blocking(move || Measured::said(&mut command)).await.unwrap()
}

fn row(size: u64, by: &str, measured: &Measured, worker: &Measured, bytes: u64) {
    println!(
        "| {size} | {by} ({:.1} MB) | {:.1} | {:.0} | {} | {:.1} |",
        bytes as f64 / 1e6,
        measured.processor * 1e6 / size as f64,
        size as f64 / measured.passed,
        measured.memory,
        measured.processor / worker.processor
    );
}

fn peers(replay: &Replay, size: u64) -> Vec<(&'static str, Command)> {
    let script = |name: &str| format!("{}/benches/exports/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut peers = Vec::new();
    if let Ok(python) = std::env::var("CLIENTELE_PYTHON") {
        let mut command = Command::new(python);
        command.arg(script("peer.py")).arg(replay.address());
        peers.push(("boto3 and csv", command));
    }
    if let Ok(modules) = std::env::var("CLIENTELE_NODE_MODULES") {
        let mut command = Command::new("node");
        command.arg(script("peer.mjs")).arg(replay.address()).arg(modules);
        peers.push(("Node's SDK", command));
    }
    for (_, command) in &mut peers {
        command.env("AWS_ACCESS_KEY_ID", "laptop").env("AWS_SECRET_ACCESS_KEY", "laptop").arg(size.to_string());
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_REGION", "eu-west-3");
    }
    peers
}
