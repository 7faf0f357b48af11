//! Whether there is room for one more: token buckets, one for each network and one for the form,
//! which are settings of the form.

use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};
use shared::domain::{Form, Line};
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
    let network = network(source.map_or("", Line::expose));
    let of = format!("{}#{}", form.id, app.keyring.network_digest(&form.shop, &network));
    app.table.take(&form.shop, Bucket { of: &of, per_minute: form.limits.per_address_per_minute }, now).await
}

/// Takes one of what `form` takes altogether; `false` where that is used up.
///
/// # Errors
/// When the table can't be asked.
pub async fn room_of_form(app: &App, form: &Form, now: Timestamp) -> Result<bool> {
    let bucket = Bucket { of: form.id.as_str(), per_minute: form.limits.per_form_per_minute };
    Ok(app.table.take(&form.shop, bucket, now).await?.is_ok())
}

/// The network of an address: itself, or of IPv6 the half that one subscriber is given (RFC 6177).
fn network(source: &str) -> String {
    match source.parse().map(|address: IpAddr| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let prefix = u128::from(address) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(prefix))
        }
        Err(_) => source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_subscriber_are_one_network() {
        for (source, of) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("", ""),
        ] {
            assert_eq!(network(source), of);
        }
    }
}
