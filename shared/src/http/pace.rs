//! How fast the buttons behind a token may be pressed: what tells one visitor's network from another's,
//! and the page that asks to wait.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use maud::html;

use super::{Page, Problem, page};
use crate::domain::{Line, Locale, Settings};
use crate::wording::say;

/// The page for whoever pressed too many buttons: there is room for one again after `wait`. It leads back
/// to what was typed.
pub fn too_fast(settings: &Settings, locale: Locale, wait: SignedDuration) -> Response {
    let seconds = Problem::too_many(wait).retry_after().unwrap_or(1);
    let title = say(locale, "pace-title", &[]);
    let text = say(locale, "pace-text", &[("seconds", &seconds.to_string())]);
    let shop = Some(settings.name.expose());
    let content = html! { p.notice role="alert" { (text) } };
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, Page { locale, title: &title, shop }, content);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// How long it takes until as many mails may be sent as on any day (UTC).
pub fn until_tomorrow(now: Timestamp) -> SignedDuration {
    let day = SignedDuration::from_hours(24).as_millis();
    let gone = i128::from(now.as_millisecond()).rem_euclid(day);
    SignedDuration::from_millis(i64::try_from(day - gone).unwrap_or_default())
}

/// The network of an address: itself, or of IPv6 the half that one subscriber is given (RFC 6177).
pub fn network(source: Option<&Line<45>>) -> String {
    let source = source.map_or("", Line::expose);
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
            assert_eq!(network(source.parse().ok().as_ref()), of);
        }
    }
}
