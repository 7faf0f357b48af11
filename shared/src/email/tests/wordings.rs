//! The words: every key in every language, none unused, French set as French.

use std::collections::BTreeSet;

use super::everything;
use crate::domain::{MessageKind, Slot};
use crate::email::template::{LAYOUT, sources};

const FRENCH: &str = include_str!("../../../locales/fr/email.ftl");
const ENGLISH: &str = include_str!("../../../locales/en/email.ftl");

fn keys(source: &str) -> BTreeSet<&str> {
    let entries = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    entries.filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect()
}

/// The keys that templates name as `t("…")`, and those that follow from a wording.
fn used_keys() -> BTreeSet<String> {
    let own = MessageKind::ALL.map(sources).into_iter().chain([LAYOUT]);
    let templates: String = own.flat_map(|sources| [sources.html, sources.text]).collect();
    let mut used: BTreeSet<String> = templates
        .split("t(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(key, _)| key.to_owned())
        .collect();
    used.extend(["greeting".to_owned(), "greeting-named".to_owned()]);
    for (_, _, content) in everything() {
        let closing = content.kind().slots().contains(&Slot::Closing).then_some("closing");
        for part in ["subject", "preheader", "heading", "intro", "reason"].into_iter().chain(closing) {
            used.insert(format!("{}-{part}", content.wording()));
        }
    }
    used
}

#[test]
fn every_language_has_every_key_and_no_key_is_unused() {
    let used = used_keys();
    let used: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    assert_eq!(keys(FRENCH), used);
    assert_eq!(keys(ENGLISH), used);
}

#[test]
fn french_is_set_as_french() {
    for line in FRENCH.lines().filter(|line| !line.starts_with('#')) {
        for (at, mark) in line.match_indices([':', ';', '!', '?', '»']) {
            assert!(line[..at].ends_with('\u{202f}'), "“{mark}” in {line}");
        }
        assert!(line.match_indices('«').all(|(at, mark)| line[at + mark.len()..].starts_with('\u{202f}')));
        assert!(!line.contains('\''), "{line}");
    }
}
