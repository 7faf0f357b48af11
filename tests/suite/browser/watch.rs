//! What a tab did beside showing its page: complaints of the browser, and requests.

use std::sync::{Arc, Mutex};

use chromiumoxide::Page;
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel, LogEntrySource};
use chromiumoxide::cdp::browser_protocol::network::EventRequestWillBeSent;
use chromiumoxide::cdp::js_protocol::runtime::{ConsoleApiCalledType, EventConsoleApiCalled, EventExceptionThrown};
use futures::StreamExt;
use url::Url;

/// What was seen so far. Clones are the same watch.
#[derive(Clone, Default)]
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    complaints: Vec<String>,
    requests: Vec<Url>,
}

impl Watch {
    /// Watches `page` from here on.
    pub async fn over(page: &Page) -> Self {
        let watch = Self::default();
        page.enable_log().await.unwrap();
        page.enable_runtime().await.unwrap();
        watch.entries(page).await;
        watch.scripts(page).await;
        watch.requests(page).await;
        watch
    }

    /// The browser's own log, where a refusal by the content security policy stands. An answer of
    /// 4xx stands there too; tests look at those themselves.
    async fn entries(&self, page: &Page) {
        let mut entries = page.event_listener::<EventEntryAdded>().await.unwrap();
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            while let Some(event) = entries.next().await {
                let entry = &event.entry;
                let serious = matches!(entry.level, LogEntryLevel::Error | LogEntryLevel::Warning);
                if serious && entry.source != LogEntrySource::Network {
                    seen.lock().unwrap().complaints.push(entry.text.clone());
                }
            }
        });
    }

    async fn scripts(&self, page: &Page) {
        let mut calls = page.event_listener::<EventConsoleApiCalled>().await.unwrap();
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            while let Some(call) = calls.next().await {
                if matches!(call.r#type, ConsoleApiCalledType::Error | ConsoleApiCalledType::Warning) {
                    seen.lock().unwrap().complaints.push(format!("{:?}", call.args));
                }
            }
        });
        let mut thrown = page.event_listener::<EventExceptionThrown>().await.unwrap();
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            while let Some(event) = thrown.next().await {
                seen.lock().unwrap().complaints.push(event.exception_details.text.clone());
            }
        });
    }

    async fn requests(&self, page: &Page) {
        let mut requests = page.event_listener::<EventRequestWillBeSent>().await.unwrap();
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            while let Some(event) = requests.next().await {
                seen.lock().unwrap().requests.push(event.request.url.parse().unwrap());
            }
        });
    }

    /// The paths that were asked for so far.
    pub fn asked_for(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.iter().map(|url| url.path().to_owned()).collect()
    }

    /// Asserts that the browser complained about nothing, and that every request went to one of
    /// `origins`.
    pub fn assert_quiet(&self, origins: &[&str]) {
        let seen = self.seen.lock().unwrap();
        assert!(seen.complaints.is_empty(), "the browser complains: {:#?}", seen.complaints);
        assert!(!seen.requests.is_empty(), "requests are watched");
        for url in seen.requests.iter().filter(|url| url.scheme().starts_with("http")) {
            let origin = url.origin().ascii_serialization();
            assert!(origins.contains(&origin.as_str()), "a request to {origin}");
        }
    }
}
