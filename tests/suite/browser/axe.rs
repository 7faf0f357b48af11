//! axe-core, which finds what keeps people from using a page: a script from npm that CI installs.
//!
//! DevTools hands it to the page, so that the page's own policy, which lets no script run, stays as it
//! is. `CLIENTELE_AXE` says where the script is; where it says nothing, the tests say so on one line
//! and count as skipped, unless `CLIENTELE_BROWSER=required`.

use std::io::Write;
use std::sync::Once;

use serde_json::{Value, json};

use super::Tab;

/// What is looked for: WCAG 2.2, levels A and AA, and what its authors advise.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// The script.
pub struct Axe(String);

impl Axe {
    /// Reads it; `None` where nobody says where it is and nobody requires it.
    pub fn found() -> Option<Self> {
        let Ok(file) = std::env::var("CLIENTELE_AXE") else {
            let required = std::env::var("CLIENTELE_BROWSER").is_ok_and(|browser| browser == "required");
            assert!(!required, "CLIENTELE_BROWSER=required, and CLIENTELE_AXE does not say where axe-core is");
            // Past the harness, which would keep the line of a test that passes.
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                let _ = writeln!(std::io::stderr(), "CLIENTELE_AXE is not set: what needs axe-core is skipped");
            });
            return None;
        };
        Some(Self(std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))))
    }

    /// Asserts that nothing on the page keeps anybody out, narrow and wide, light and dark. What the bar
    /// at the foot of the window covers is scrolled to; here it would count as too small to be pressed.
    pub async fn finds_nothing(&self, tab: &Tab, page: &str) {
        tab.in_each_look(async |width, scheme| {
            tab.unroll(width).await;
            let found = self.found_on(tab).await;
            assert_eq!(found, json!([]), "{page}, {width} wide, {scheme}: {found:#}");
        })
        .await;
    }

    /// What keeps people out as the page is looked at now: each rule, with the elements that break it.
    pub async fn found_on(&self, tab: &Tab) -> Value {
        // What the script itself comes to can't be handed back.
        tab.page.evaluate_expression(format!("{};0", self.0)).await.unwrap();
        let look = format!(
            r#"async () => {{
              const found = await axe.run(document, {{ runOnly: {}, resultTypes: ["violations"] }});
              return found.violations.map(({{ id, nodes }}) => [id, nodes.map((node) => node.html)]);
            }}"#,
            json!(TAGS)
        );
        tab.run(&look).await
    }
}
