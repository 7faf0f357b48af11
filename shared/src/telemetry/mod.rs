//! Logs and metrics: JSON lines without personal data.
//!
//! A line of the log names the request, the shop, the route and the outcome. What a person typed, where
//! it was typed and whom it is about stay out: types that hold such data mask themselves, and a path
//! is never logged, since a path may hold a token. A line with `alarm = true` is for somebody to
//! look at: the deployment raises an alarm at it. An event of the target [`METRICS`] becomes figures.

mod metrics;

use tracing::{Span, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{ConfigError, require};
use crate::domain::ShopId;

use metrics::Lines;
pub use metrics::METRICS;

/// Starts writing to standard output: logs as `RUST_LOG` says, `info` unless it does, and metrics under
/// `METRICS_NAMESPACE`.
///
/// # Errors
/// [`ConfigError`] when the namespace is not set.
pub fn start() -> Result<(), ConfigError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    lines(filter, require("METRICS_NAMESPACE")?, std::io::stdout).init();
    Ok(())
}

/// What writes such lines to `writer`: logs as `filter` says, and metrics under `namespace`.
pub fn lines<W>(filter: EnvFilter, namespace: String, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Fewer lines of the log are no reason to count less.
    let all = format!("{METRICS}=info").parse().map_or(filter.clone(), |metrics| filter.add_directive(metrics));
    let lines = tracing_subscriber::fmt().event_format(Lines::under(namespace)).fmt_fields(JsonFields::new());
    lines.with_env_filter(all).with_writer(writer).finish()
}

/// Names the shop that a request turned out to be about, in the lines that follow.
pub fn name_shop(shop: &ShopId) {
    Span::current().record("shop", tracing::field::display(shop));
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
