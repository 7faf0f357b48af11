//! Chromium itself: found, started in a profile of its own, stopped with the test.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;

use chromiumoxide::{Browser, BrowserConfig};
use futures::StreamExt;
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinHandle;

use super::Tab;
use super::tab::until;

/// How long anything in the browser may take, on a machine that is busy with something else.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One browser at a time.
static TURN: Mutex<()> = Mutex::const_new(());

/// A running browser, with a profile that is gone with it.
pub struct Chromium {
    browser: Browser,
    handler: JoinHandle<()>,
    _profile: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Chromium {
    /// Starts it; `None` where there is none and none is required.
    pub async fn start() -> Option<Self> {
        let program = program()?;
        let turn = TURN.lock().await;
        let profile = tempfile::tempdir().unwrap();
        let config = BrowserConfig::builder()
            .chrome_executable(program)
            .new_headless_mode()
            .user_data_dir(profile.path())
            .launch_timeout(PATIENCE)
            .request_timeout(PATIENCE)
            .viewport(None)
            .args(["disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"])
            .args(["disable-component-update", "disable-sync", "hide-scrollbars"])
            // A mail's sandboxed frame stays in its page's process, where DevTools reaches it.
            .arg(("disable-features", "IsolateSandboxedIframes"));
        // Chromium refuses its sandbox to root, which a container often is.
        let config = if is_root() { config.no_sandbox() } else { config };
        let (browser, mut handler) = Browser::launch(config.build().unwrap()).await.unwrap();
        let handler = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Some(Self { browser, handler, _profile: profile, _turn: turn })
    }

    /// A new tab, watched from its first request on.
    pub async fn tab(&self) -> Tab {
        Tab::new(self.browser.new_page("about:blank").await.unwrap()).await
    }

    /// The tab that a click opened at `address`, once it is there.
    pub async fn opened_at(&self, address: &str) -> Tab {
        let page = until("a tab that a link opened", async || {
            for page in self.browser.pages().await.ok()? {
                if page.url().await.ok().flatten().is_some_and(|url| url == address) {
                    return Some(page);
                }
            }
            None
        })
        .await;
        Tab::new(page).await
    }

    /// Ends it and waits for its end.
    pub async fn stop(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
        self.handler.abort();
    }
}

fn program() -> Option<PathBuf> {
    const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = NAMES
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        let required = std::env::var("CLIENTELE_BROWSER").is_ok_and(|browser| browser == "required");
        assert!(!required, "CLIENTELE_BROWSER=required, and no Chromium is on the PATH");
        // Past the harness, which would keep the line of a test that passes.
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            let _ = writeln!(std::io::stderr(), "no Chromium on the PATH: the browser tests are skipped");
        });
    }
    found
}

/// Whether the process runs as root, by the owner of what the kernel says about it.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}
