//! A tab, used as a person does: looking, clicking, typing. Nothing here needs the page's scripts,
//! so that it works alike with script off.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, Instant};

use chromiumoxide::Page;
use chromiumoxide::cdp::browser_protocol::browser::{SetDownloadBehaviorBehavior, SetDownloadBehaviorParams};
use chromiumoxide::cdp::browser_protocol::dom::{
    BackendNodeId, FocusParams, GetBoxModelParams, GetContentQuadsParams, GetDocumentParams, GetOuterHtmlParams, Node,
    NodeId, QuerySelectorAllParams, ScrollIntoViewIfNeededParams, SetOuterHtmlParams,
};
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::InsertTextParams;
use chromiumoxide::cdp::browser_protocol::network::{Headers, SetExtraHttpHeadersParams};
use chromiumoxide::cdp::browser_protocol::page::{
    EventLoadEventFired, GetNavigationHistoryParams, NavigateParams, NavigateToHistoryEntryParams, NavigationEntry,
    ReloadParams, Viewport,
};
use chromiumoxide::layout::Point;
use chromiumoxide::page::ScreenshotParams;
use futures::StreamExt;
use serde_json::{Value, json};

use super::chromium::PATIENCE;
use super::watch::Watch;

/// The widths at which every page is looked at: the narrowest telephone, and a desk.
const WIDTHS: [i64; 2] = [320, 1280];

/// How high a window is.
const WINDOW_HEIGHT: i64 = 800;

/// How often something is looked at that no event announces.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A tab with what it did so far.
pub struct Tab {
    pub page: Page,
    pub watch: Watch,
}

/// Asks until there is an answer, for as long as [`PATIENCE`] lasts.
pub async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

impl Tab {
    pub async fn new(page: Page) -> Self {
        let watch = Watch::over(&page).await;
        Self { page, watch }
    }

    /// The language that the browser asks pages for.
    pub async fn speak(&self, language: &str) {
        let headers = Headers::new(json!({ "Accept-Language": language }));
        self.page.execute(SetExtraHttpHeadersParams::new(headers)).await.unwrap();
    }

    /// Whether pages may run scripts, from the next page on.
    pub async fn scripts(&self, on: bool) {
        self.page.execute(SetScriptExecutionDisabledParams::new(!on)).await.unwrap();
    }

    /// What the browser saves of `address`, and under which name.
    pub async fn download(&self, address: &str) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let allowed = SetDownloadBehaviorParams::builder()
            .behavior(SetDownloadBehaviorBehavior::Allow)
            .download_path(folder.path().to_str().unwrap());
        self.page.execute(allowed.build().unwrap()).await.unwrap();
        // What is saved is no page: the way to it ends here.
        let _ = self.page.execute(NavigateParams::new(address)).await;
        until("a file that is saved", async || {
            let saved = std::fs::read_dir(folder.path()).ok()?.flatten().next()?;
            let name = saved.file_name().into_string().ok()?;
            // Until it is whole it has another name.
            let whole = name.starts_with(|first: char| first.is_ascii_lowercase()) && !name.ends_with(".crdownload");
            let file = whole.then(|| std::fs::read_to_string(saved.path()).ok()).flatten()?;
            Some((name, file))
        })
        .await
    }

    /// Does what leads to another page, and waits until that has loaded.
    pub async fn follow(&self, act: impl Future<Output = ()>) {
        let mut loads = self.page.event_listener::<EventLoadEventFired>().await.unwrap();
        act.await;
        let loaded = tokio::time::timeout(PATIENCE, loads.next()).await;
        assert!(loaded.is_ok_and(|load| load.is_some()), "no page was loaded");
    }

    pub async fn open(&self, url: &str) {
        let navigate = async {
            let answer = self.page.execute(NavigateParams::new(url)).await.unwrap();
            assert_eq!(answer.result.error_text, None, "{url}");
        };
        self.follow(navigate).await;
    }

    pub async fn reload(&self) {
        self.follow(async { drop(self.page.execute(ReloadParams::default()).await.unwrap()) }).await;
    }

    /// The browser's back button. The page comes from the browser's cache of whole pages, with what
    /// was typed and without loading, or anew: either way it shows its button in the end.
    pub async fn back(&self) {
        let history = self.page.execute(GetNavigationHistoryParams::default()).await.unwrap();
        let before = usize::try_from(history.current_index - 1).unwrap();
        let NavigationEntry { id, url, .. } = &history.entries[before];
        self.page.execute(NavigateToHistoryEntryParams::new(*id)).await.unwrap();
        until("the page before", async || (self.address().await == *url).then_some(())).await;
        self.says("</button>").await;
    }

    /// The page's address, as the address bar has it.
    pub async fn address(&self) -> String {
        let history = self.page.execute(GetNavigationHistoryParams::default()).await.unwrap();
        history.entries[usize::try_from(history.current_index).unwrap()].url.clone()
    }

    /// The page's source as it stands now.
    pub async fn html(&self) -> String {
        let root = self.document().await;
        let params = GetOuterHtmlParams::builder().backend_node_id(root.backend_node_id).build();
        self.page.execute(params).await.unwrap().outer_html.clone()
    }

    /// Waits until the page says `text`.
    pub async fn says(&self, text: &str) {
        let begun = Instant::now();
        let mut html = self.html().await;
        while !html.contains(text) {
            assert!(begun.elapsed() < PATIENCE, "the page never says {text:?}: {}", body(&html));
            tokio::time::sleep(LOOK_AGAIN).await;
            html = self.html().await;
        }
    }

    /// Every element that matches the selector.
    pub async fn all(&self, selector: &str) -> Vec<NodeId> {
        let root = self.document().await.node_id;
        self.page.execute(QuerySelectorAllParams::new(root, selector)).await.unwrap().node_ids.clone()
    }

    async fn one(&self, selector: &str) -> NodeId {
        let found = self.all(selector).await;
        assert_eq!(found.len(), 1, "{selector} in {}", body(&self.html().await));
        found[0]
    }

    /// Clicks where a person would; another page may follow.
    pub async fn click(&self, selector: &str) {
        let node = self.one(selector).await;
        self.page.execute(ScrollIntoViewIfNeededParams::builder().node_id(node).build()).await.unwrap();
        let quads = self.page.execute(GetContentQuadsParams::builder().node_id(node).build()).await.unwrap();
        self.click_in(quads.quads[0].inner()).await;
    }

    /// Clicks the first link of a frame whose address begins so.
    pub async fn click_in_frame(&self, address_begins: &str) -> String {
        let (node, address) = until(address_begins, async || {
            let whole = GetDocumentParams::builder().depth(-1).pierce(true).build();
            let root = self.page.execute(whole).await.unwrap().root.clone();
            link(&root, address_begins)
        })
        .await;
        self.page.execute(ScrollIntoViewIfNeededParams::builder().backend_node_id(node).build()).await.unwrap();
        let quads = GetContentQuadsParams::builder().backend_node_id(node).build();
        self.click_in(self.page.execute(quads).await.unwrap().quads[0].inner()).await;
        address
    }

    async fn click_in(&self, quad: &[f64]) {
        let middle = |axis: usize| quad.iter().skip(axis).step_by(2).sum::<f64>() / 4.0;
        self.page.click(Point::new(middle(0), middle(1))).await.unwrap();
    }

    /// Types into a field.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let node = self.one(selector).await;
        self.page.execute(FocusParams::builder().node_id(node).build()).await.unwrap();
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Puts another source in the page's place, as a person with a page inspector does.
    pub async fn rewrite(&self, html: &str) {
        let root = self.all("html").await[0];
        self.page.execute(SetOuterHtmlParams::new(root, html)).await.unwrap();
    }

    /// Runs a script in the page, and awaits what it promises.
    pub async fn run(&self, script: &str) -> Value {
        let answer = tokio::time::timeout(PATIENCE, self.page.evaluate_function(script.to_owned())).await;
        answer.unwrap().unwrap().into_value().unwrap()
    }

    /// Keeps the page as screenshots, narrow and wide, light and dark, and asserts that it is
    /// never wider than its window.
    pub async fn shoot(&self, name: &str) {
        self.shoot_at(WIDTHS, name).await;
    }

    /// As [`Tab::shoot`], at these widths.
    pub async fn shoot_at(&self, widths: [i64; 2], name: &str) {
        let folder = screenshots();
        self.in_each_look_at(widths, async |width, scheme| {
            let size = self.page.layout_metrics().await.unwrap().css_content_size;
            assert!(size.width <= width as f64, "{name} is {} wide in a window of {width}", size.width);
            let whole = Viewport { x: 0.0, y: 0.0, width: width as f64, height: size.height, scale: 1.0 };
            let params = ScreenshotParams::builder().clip(whole).capture_beyond_viewport(true).build();
            let picture = self.page.screenshot(params).await.unwrap();
            std::fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), picture).unwrap();
        })
        .await;
    }

    /// Looks at the page narrow and wide, light and dark.
    pub async fn in_each_look(&self, look: impl AsyncFn(i64, &'static str)) {
        self.in_each_look_at(WIDTHS, look).await;
    }

    /// As [`Tab::in_each_look`], at these widths.
    pub async fn in_each_look_at(&self, widths: [i64; 2], look: impl AsyncFn(i64, &'static str)) {
        for width in widths {
            self.resize(width, WINDOW_HEIGHT).await;
            for scheme in ["light", "dark"] {
                let scheme_is = vec![MediaFeature::new("prefers-color-scheme", scheme)];
                self.page.emulate_media_features(scheme_is).await.unwrap();
                look(width, scheme).await;
            }
        }
    }

    /// Asserts that everything to press or fill is at least so many pixels high and wide.
    pub async fn has_targets_of(&self, pixels: f64) {
        for node in self.all("button:not(.hidden), input:not([type=hidden]), textarea").await {
            let size = self.page.execute(GetBoxModelParams::builder().node_id(node).build()).await.unwrap();
            let (height, width) = (size.model.height as f64, size.model.width as f64);
            assert!(height >= pixels && width >= pixels, "a target of {width} x {height}");
        }
    }

    /// Makes the window as high as the page, so that nothing of it waits to be scrolled to.
    pub async fn unroll(&self, width: i64) {
        let height = self.page.layout_metrics().await.unwrap().css_content_size.height;
        self.resize(width, height.ceil() as i64).await;
    }

    async fn resize(&self, width: i64, height: i64) {
        let metrics = SetDeviceMetricsOverrideParams::new(width, height, 1.0, false);
        self.page.execute(metrics).await.unwrap();
    }

    async fn document(&self) -> Node {
        self.page.execute(GetDocumentParams::default()).await.unwrap().root.clone()
    }
}

/// A page's source without its style.
fn body(html: &str) -> &str {
    html.find("<body").map_or(html, |begin| &html[begin..])
}

fn screenshots() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        std::fs::create_dir_all(&folder).unwrap();
        // Past the harness, which would keep the line of a test that passes.
        let _ = writeln!(std::io::stderr(), "screenshots: {}", folder.display());
    });
    folder
}

fn link(node: &Node, address_begins: &str) -> Option<(BackendNodeId, String)> {
    let attributes = node.attributes.iter().flat_map(|all| all.chunks(2));
    let links = attributes.filter(|pair| node.local_name == "a" && pair[0] == "href");
    if let Some(address) = links.map(|pair| &pair[1]).find(|address| address.starts_with(address_begins)) {
        return Some((node.backend_node_id, address.clone()));
    }
    let below = node.children.iter().flatten().chain(node.content_document.as_deref());
    below.into_iter().find_map(|child| link(child, address_begins))
}
