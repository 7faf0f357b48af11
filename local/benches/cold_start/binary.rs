//! A release binary, started as Lambda starts it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::Value;
use tokio::time::timeout;

use super::aws::Aws;
use super::runtime_api::RuntimeApi;

/// How often a binary that says nothing is looked after.
const PATIENCE: Duration = Duration::from_millis(200);

type Settings = &'static [(&'static str, &'static str)];

/// Every function of the template: its name there, what it is told beside what all are, and what it is
/// asked. The binary is called as the function, up to the dot.
pub const FUNCTIONS: &[(&str, Settings, &str)] = &[
    ("customers", &[], "customers/read-group.json"),
    ("orders", &[("IMAGE_BUCKET", "images")], "orders/read-product.json"),
    ("forms", &[], "forms/thanks.json"),
    ("quick-order", &[("IMAGE_BUCKET", "images")], "quick-order/show-page.json"),
    ("preferences", &[], "preferences/show-preferences.json"),
    ("exports", &[("EXPORT_BUCKET", "exports"), ("TRIGGER", "http")], "exports/read.json"),
    ("exports.worker", &[("EXPORT_BUCKET", "exports"), ("TRIGGER", "stream")], "exports/stream.json"),
    ("automations", &[("TRIGGER", "http")], "automations/read-template.json"),
    ("automations.worker", &[("TRIGGER", "schedule")], "automations/resume.json"),
    ("mailer", &[("SES_TRANSACTIONAL_SET", "t"), ("SES_MARKETING_SET", "m"), ("SES_RATE", "14")], "mailer/sweep.json"),
];

/// What one start cost: milliseconds of processor time, and MiB.
pub struct Start {
    /// Until it asked for its first event.
    pub to_poll: f64,
    /// From then to the answer.
    pub first: f64,
    /// For the same event again.
    pub second: f64,
    /// Resident at the end.
    pub memory: f64,
}

/// A binary, and the event it is handed.
pub struct Binary {
    path: PathBuf,
    settings: Settings,
    event: String,
}

impl Binary {
    /// The handler that does nothing.
    pub fn empty(folder: &Path) -> Self {
        Self { path: folder.join("examples/empty_handler"), settings: &[], event: event("forms/thanks.json") }
    }

    /// The function called `name`.
    pub fn of(folder: &Path, name: &str, settings: Settings, asked: &str) -> Self {
        Self { path: folder.join(name.split('.').next().unwrap()), settings, event: event(asked) }
    }

    /// Its size in MB, as it is and zipped.
    pub fn sizes(&self) -> (f64, f64) {
        let bytes = std::fs::read(&self.path).unwrap();
        let mut zip = DeflateEncoder::new(Vec::new(), Compression::default());
        zip.write_all(&bytes).unwrap();
        (bytes.len() as f64 / 1e6, zip.finish().unwrap().len() as f64 / 1e6)
    }

    /// Starts it, hands it its event twice, and ends it.
    pub async fn start(&self, aws: &Aws) -> Start {
        let api = RuntimeApi::listen().await;
        let mut process = self.spawn(&api, aws);
        let id = process.id();
        let mut polls = api.serve(&self.event);
        let mut spent = Vec::new();
        for _ in 0..3 {
            while timeout(PATIENCE, polls.next()).await.is_err() {
                assert_eq!(process.try_wait().unwrap(), None, "{} ended", self.path.display());
            }
            spent.push(processor_time(id));
        }
        let memory = resident(id);
        process.kill().unwrap();
        process.wait().unwrap();
        Start { to_poll: spent[0], first: spent[1] - spent[0], second: spent[2] - spent[1], memory }
    }

    fn spawn(&self, api: &RuntimeApi, aws: &Aws) -> Child {
        let mut command = Command::new(&self.path);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("AWS_LAMBDA_RUNTIME_API", api.address()).env("AWS_LAMBDA_FUNCTION_NAME", "clientele");
        command.env("AWS_LAMBDA_FUNCTION_VERSION", "1").env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
        command.env("AWS_LAMBDA_LOG_STREAM_NAME", "1").env("AWS_LAMBDA_LOG_GROUP_NAME", "clientele");
        command.env("AWS_REGION", "eu-west-3").env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
        command.env("AWS_ENDPOINT_URL", aws.address()).env("AWS_CA_BUNDLE", aws.certificate());
        command
            .env("METRICS_NAMESPACE", "Clientele/bench")
            .env("TABLE_NAME", "clientele")
            .env("PUBLIC_URL", "https://shop.example.com")
            .env("RUST_LOG", "info");
        command.env("ROOT_KEY_SECRET_ARN", "arn:aws:secretsmanager:eu-west-3:123456789012:secret:root");
        command.envs(self.settings.iter().copied()).spawn().unwrap()
    }
}

/// One of the project's golden events; its blanks filled with what nobody has.
fn event(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(name);
    let text = std::fs::read_to_string(file).unwrap();
    let blank = |part: &str| part.split_once("}}").map_or(part.to_owned(), |(_, rest)| format!("{NOBODY}{rest}"));
    let mut parts = text.split("{{");
    let filled = parts.next().unwrap().to_owned() + &parts.map(blank).collect::<String>();
    serde_json::from_str::<Value>(&filled).unwrap().to_string()
}

const NOBODY: &str = "01KBNTFG0000000000000000AA";

/// The processor time of a process so far, in milliseconds.
fn processor_time(id: u32) -> f64 {
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap().flatten();
    let of = |file: PathBuf| std::fs::read_to_string(file).ok()?.split(' ').next()?.parse::<f64>().ok();
    threads.filter_map(|thread| of(thread.path().join("schedstat"))).sum::<f64>() / 1e6
}

/// What a process holds in memory, in MiB.
fn resident(id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
