//! Logs: JSON lines without personal data.
//!
//! A line names the request, the shop, the route and the outcome. What a person typed, where it
//! was typed and whom it is about stay out: types that hold such data mask themselves, and a path
//! is never logged, since a path may hold a token. A line with `alarm = true` is for somebody to
//! look at: the deployment raises an alarm at it.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts writing logs to standard output, as `RUST_LOG` says, `info` unless it does.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    lines(filter, std::io::stdout).init();
}

/// What writes such lines to `writer`, as `filter` says.
pub fn lines<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Lambda adds the instant; a second one only costs bytes.
    let format = tracing_subscriber::fmt().json().without_time().with_target(false);
    format.with_env_filter(filter).with_writer(writer).finish()
}

/// An error with everything that caused it, for one line of a log.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
