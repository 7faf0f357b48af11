//! Providers of throw-away addresses. Who forwards mail to a mailbox of their own (SimpleLogin,
//! Firefox Relay, DuckDuckGo) is none: behind such an address is somebody who reads.

use std::sync::LazyLock;

use crate::domain::EmailAddress;

/// In the order of their bytes; lines that begin with `#` say where the list is from.
static DOMAINS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("disposable_domains.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// Whether `address` is of such a provider, under a domain of its own or a part of one.
pub fn is_disposable(address: &EmailAddress) -> bool {
    let Some((_, domain)) = address.normalised().rsplit_once('@') else {
        return false;
    };
    let below = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
    std::iter::once(domain).chain(below).any(|domain| DOMAINS.binary_search(&domain).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_spelled_as_addresses_are() {
        assert!(DOMAINS.len() > 5000);
        assert!(DOMAINS.is_sorted_by(|one, next| one < next));
        assert!(DOMAINS.iter().all(|domain| domain.contains('.') && *domain == domain.to_lowercase()));
    }

    #[test]
    fn throw_away_addresses_are_told_from_those_that_people_keep() {
        for (address, disposable) in [
            ("a@yopmail.com", true),
            ("a@Mailinator.com", true),
            ("a@deep.below.guerrillamail.com", true),
            ("a@notyopmail.com", false),
            ("a@gmail.com", false),
            ("a@orange.fr", false),
            ("a@duck.com", false),
            ("a@simplelogin.com", false),
            ("a@mozmail.com", false),
            ("a@example.com", false),
        ] {
            assert_eq!(is_disposable(&address.parse().unwrap()), disposable, "{address}");
        }
    }
}
