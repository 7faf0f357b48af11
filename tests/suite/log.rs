//! What functions write to their log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use shared::telemetry;

/// The name that metrics are kept under.
pub const NAMESPACE: &str = "Clientele/test";

/// A log.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Keeps the lines of this thread, which a test's functions run on, until the guard is dropped.
    pub fn keep(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let lines = telemetry::lines("info".parse().unwrap(), NAMESPACE.to_owned(), move || log.clone());
        tracing::subscriber::set_default(lines)
    }

    /// The log as it stands.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
