//! `cargo run`: the laptop stack on a data folder, until Ctrl-C. `cargo run -- seed`: a shop to look
//! at in that folder.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};
use local::seed;
use local::stack::{Options, Stack};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// What is logged unless `RUST_LOG` says otherwise. The embedded store warns of every condition that
/// fails; that is what conditions are for, and whoever set one deals with it.
const QUIET: &str = "warn,dynoxide::server=error";

/// Runs Clientele on this machine: gateway, table, bucket, mailbox and schedule in one process.
#[derive(Parser)]
#[command(version, name = "clientele")]
struct Arguments {
    /// The port of the gateway.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The folder that keeps everything between runs.
    #[arg(long, global = true, default_value = ".local")]
    data: PathBuf,
    /// Drop what an earlier run left in the folder.
    #[arg(long, global = true)]
    fresh: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Fills the folder with a shop to look at: customers, products, a year of orders.
    Seed {
        /// How many customers.
        #[arg(default_value_t = 300)]
        customers: usize,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(QUIET));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&error),
    };
    let ended = runtime.block_on(async {
        match arguments.command {
            None => run(arguments).await,
            Some(Command::Seed { customers }) => fill(&arguments.data, arguments.fresh, customers).await,
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    ended
}

async fn run(arguments: Arguments) -> ExitCode {
    let options = Options::in_folder(arguments.data, arguments.port, arguments.fresh);
    let stack = match Stack::start(options, local::functions::deploy).await {
        Ok(stack) => stack,
        Err(error) => return refuse(&error),
    };
    announce(&stack);
    match stopped().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

/// Seeds the folder, until Ctrl-C.
async fn fill(folder: &Path, fresh: bool, customers: usize) -> ExitCode {
    let started = Instant::now();
    let filling = seed::fill_folder(folder, fresh, customers, |written| tell_progress(written, customers));
    tokio::select! {
        filled = filling => match filled {
            Ok(seeded) => conclude(&seeded, started),
            Err(error) => refuse(&error),
        },
        _ = stopped() => refuse(&Stopped),
    }
}

/// A seeding that was stopped.
#[derive(Debug, thiserror::Error)]
#[error("stopped midway: seed again with --fresh")]
struct Stopped;

/// One line that counts, where somebody watches.
#[expect(clippy::print_stdout, reason = "the person at the terminal sees how far it has come")]
fn tell_progress(written: usize, of: usize) {
    let mut terminal = std::io::stdout();
    if terminal.is_terminal() && (written == of || written.is_multiple_of(50)) {
        print!("\r{written} of {of} customers");
        // A terminal that has gone away is no reason to stop.
        let _ = terminal.flush();
    }
}

#[expect(clippy::print_stdout, reason = "the person at the terminal is told what there is now")]
fn conclude(seeded: &seed::Seeded, started: Instant) -> ExitCode {
    let start = if std::io::stdout().is_terminal() { "\r" } else { "" };
    println!(
        "{start}Seeded {} customers, {} products, {} orders and {} notes in {:.1} s",
        seeded.customers,
        seeded.products,
        seeded.orders,
        seeded.notes,
        started.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}

/// Waits for Ctrl-C or a request to terminate.
async fn stopped() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[expect(clippy::print_stdout, reason = "the person at the terminal is told where everything is")]
fn announce(stack: &Stack) {
    let base = stack.base_url();
    println!("Clientele runs on {base} (Ctrl-C stops it)");
    println!("Mailbox   {base}/local/mailbox");
    for (name, address) in stack.endpoints() {
        println!("{name:<9} {address}");
    }
}

#[expect(clippy::print_stderr, reason = "one line says why the stack does not run")]
fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}
