//! Metrics in CloudWatch's embedded metric format: lines of the log that CloudWatch makes figures of.
//!
//! A figure costs money per name and dimension, every month. So the names are few, and but for the
//! state of messages there is no dimension: what else is known, as the route, stands in the line, where a
//! query of the log finds it.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{Format, FormatEvent, FormatFields, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, format};
use tracing_subscriber::registry::LookupSpan;

/// The target of events that are metrics. A field whose name is one of those below is a figure, any
/// other says more about it.
pub const METRICS: &str = "metrics";

/// A figure: its field in events, its name and unit in CloudWatch, and the field by which it is told
/// apart.
struct Metric {
    field: &'static str,
    name: &'static str,
    unit: &'static str,
    dimension: Option<&'static str>,
}

const fn metric(field: &'static str, name: &'static str, unit: &'static str) -> Metric {
    Metric { field, name, unit, dimension: None }
}

const KNOWN: &[Metric] = &[
    metric("requests", "Requests", "Count"),
    metric("latency_ms", "Latency", "Milliseconds"),
    // Answers 409 and 412: somebody or something else was quicker, or already there.
    metric("conflicts", "Conflicts", "Count"),
    // Each time that a message reaches a state.
    Metric { field: "messages", name: "Messages", unit: "Count", dimension: Some("state") },
    metric("export_rows", "ExportRows", "Count"),
];

/// How events become lines: metrics embedded under a namespace, all others as `tracing` has them.
pub(super) struct Lines {
    logs: Format<Json>,
    namespace: String,
}

impl Lines {
    pub(super) fn under(namespace: String) -> Self {
        // With the instant, or Lambda takes no line for more than `INFO`. The span is the request's.
        let logs = format().json().with_target(false).with_current_span(true).with_span_list(false);
        Self { logs, namespace }
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if event.metadata().target() != METRICS {
            return self.logs.format_event(context, writer, event);
        }
        let mut measured = Measured::default();
        event.record(&mut measured);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        writeln!(writer, "{}", measured.embedded(&self.namespace, now.as_millis()))
    }
}

/// What an event says.
#[derive(Default)]
struct Measured {
    figures: Vec<&'static Metric>,
    line: Map<String, Value>,
}

impl Measured {
    fn add(&mut self, field: &Field, value: Value) {
        let known = KNOWN.iter().find(|metric| metric.field == field.name());
        self.figures.extend(known);
        self.line.insert(known.map_or(field.name(), |metric| metric.name).to_owned(), value);
    }

    fn embedded(mut self, namespace: &str, now: u128) -> Value {
        let directive = |figure: &Metric| {
            let dimensions: Vec<&str> = figure.dimension.into_iter().collect();
            let metrics = [json!({ "Name": figure.name, "Unit": figure.unit })];
            json!({ "Namespace": namespace, "Dimensions": [dimensions], "Metrics": metrics })
        };
        let directives: Vec<Value> = self.figures.iter().map(|figure| directive(figure)).collect();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        self.line.insert("_aws".to_owned(), json!({ "Timestamp": now, "CloudWatchMetrics": directives }));
        self.line.into()
    }
}

impl Visit for Measured {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }
}
