//! How fast a link may be posted to: token buckets, one for the link and one for the network, far above
//! what hands do. Looking at pages is not counted, since it writes nothing.

use axum::response::Response;
use shared::App;
use shared::http::{Call, Problem, network, too_fast};
use shared::table::Bucket;

use crate::open_link::OpenLink;

/// How many posts a minute one link takes.
const OF_LINK: u32 = 100;

/// How many posts a minute one network may send to the links of a shop: several customers may sit behind
/// one address.
const OF_NETWORK: u32 = 200;

/// Counts a post; the page that asks to wait where there were too many.
///
/// # Errors
/// A problem where the table can't be asked.
pub async fn pressed_too_often(app: &App, call: &Call, open: &OpenLink) -> Result<Option<Response>, Problem> {
    let shop = &open.link.shop;
    let network = app.keyring.network_digest(shop, &network(call.source_ip.as_ref()));
    let (network, link) = (format!("/o#{network}"), format!("/o/{}", open.link.hash.as_str()));
    for (of, per_minute) in [(&network, OF_NETWORK), (&link, OF_LINK)] {
        if let Err(wait) = app.table.take(shop, Bucket::per_minute(of, per_minute), call.now).await? {
            return Ok(Some(too_fast(&open.settings, open.locale(), wait)));
        }
    }
    Ok(None)
}
