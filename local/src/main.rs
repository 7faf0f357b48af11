//! `cargo run`: the laptop stack on a data folder, until Ctrl-C.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use local::stack::{Options, Stack};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Runs Clientele on this machine: gateway, table, bucket, mailbox and schedule in one process.
#[derive(Parser)]
#[command(version, name = "clientele")]
struct Arguments {
    /// The port of the gateway.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The folder that keeps everything between runs.
    #[arg(long, default_value = ".local")]
    data: PathBuf,
    /// Drop what an earlier run left in the folder.
    #[arg(long)]
    fresh: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&error),
    };
    let ended = runtime.block_on(run(arguments));
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
