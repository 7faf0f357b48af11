//! Logs: JSON lines without personal data.
//!
//! A line names the request, the shop, the route and the outcome. What a person typed, where it
//! was typed and whom it is about stay out: types that hold such data mask themselves, and a path
//! is never logged, since a path may hold a token.

use tracing_subscriber::EnvFilter;

/// Starts writing logs to standard output, as `RUST_LOG` says, `info` unless it does.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Lambda adds the instant; a second one only costs bytes.
    tracing_subscriber::fmt().json().with_env_filter(filter).without_time().with_target(false).init();
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
