//! Whether there is room for one more: token buckets, one for each network and one for the form,
//! which are settings of the form.

use jiff::{SignedDuration, Timestamp};
use shared::domain::{Form, Line};
use shared::http::network;
use shared::table::Bucket;
use shared::{App, Result};

/// Takes one of what the network of `source` may send; how long to wait where that is used up.
///
/// # Errors
/// When the table can't be asked.
pub async fn room_of_network(
    app: &App,
    form: &Form,
    source: Option<&Line<45>>,
    now: Timestamp,
) -> Result<Result<(), SignedDuration>> {
    let of = format!("{}#{}", form.id, app.keyring.network_digest(&form.shop, &network(source)));
    app.table.take(&form.shop, Bucket::per_minute(&of, form.limits.per_address_per_minute), now).await
}

/// Takes one of what `form` takes altogether; `false` where that is used up.
///
/// # Errors
/// When the table can't be asked.
pub async fn room_of_form(app: &App, form: &Form, now: Timestamp) -> Result<bool> {
    let bucket = Bucket::per_minute(form.id.as_str(), form.limits.per_form_per_minute);
    Ok(app.table.take(&form.shop, bucket, now).await?.is_ok())
}
