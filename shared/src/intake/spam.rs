//! What suspects a submission to be junk. Nothing is thrown away for it.
//!
//! The signs are few and each is one that honest visitors hardly give: a field that people don't
//! see, a form filled in faster than anybody types, a throw-away address, markup that only pages
//! and boards understand, a list of web addresses.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::disposable::is_disposable;
use crate::Keyring;
use crate::domain::{EmailAddress, FormId, PageAddress, SentFields, Suspicion};

/// Fields that people don't see, as our snippets, Formspree and Netlify call them.
pub const HONEYPOTS: [&str; 4] = ["_gotcha", "_honeypot", "_honey", "bot-field"];

/// The field that says when the page was opened, where our script is on it.
pub const STAMP: &str = "_stamp";

/// The least time that a person takes to fill a form in.
pub const LEAST_FILL_TIME: SignedDuration = SignedDuration::from_secs(3);

/// The most web addresses of other sites in one submission. WordPress holds a comment back from the
/// second; who writes to a shop also names what they mean, and shows where they saw it, so that
/// three are a message still. Junk has its links by the dozen, or one, which nobody can tell.
pub const MOST_LINKS: usize = 3;

/// What is known of a submission beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct Signs<'a> {
    /// The address it is from.
    pub email: &'a EmailAddress,
    /// The page it was sent from.
    pub page: Option<&'a PageAddress>,
    /// What the page says of when it was opened.
    pub opened: Opened,
    /// When the submission came.
    pub at: Timestamp,
}

/// When the page was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// It does not say: it has no script of ours.
    Unknown,
    /// Then, and we wrote it.
    At(Timestamp),
    /// It says something that we did not write.
    Forged,
}

impl Opened {
    /// The stamp of a page of `form` that is opened `now`: sealed, so that nobody can date it back.
    pub fn stamp(keyring: &Keyring, form: &FormId, now: Timestamp) -> String {
        keyring.seal(&[STAMP, form.as_str()], &now.as_millisecond().to_be_bytes())
    }

    /// What the stamp among `fields` says, if there is one.
    pub fn of(fields: &SentFields, keyring: &Keyring, form: &FormId) -> Self {
        let stamped = fields.get(STAMP).into_iter().flatten().map(|stamp| stamp.trim());
        let Some(stamp) = stamped.into_iter().find(|stamp| !stamp.is_empty()) else {
            return Self::Unknown;
        };
        let sealed = keyring.open(&[STAMP, form.as_str()], stamp).and_then(|opened| opened.try_into().ok());
        let at = sealed.and_then(|bytes| Timestamp::from_millisecond(i64::from_be_bytes(bytes)).ok());
        at.map_or(Self::Forged, Self::At)
    }
}

/// Why the submission is suspected, if it is.
pub fn suspicion(fields: &SentFields, signs: &Signs<'_>) -> Option<Suspicion> {
    let filled =
        |name: &&str| fields.get(*name).is_some_and(|values| values.iter().any(|value| !value.trim().is_empty()));
    let texts = || fields.iter().filter(|(name, _)| !super::is_control(name)).flat_map(|(_, values)| values);
    if HONEYPOTS.iter().any(filled) {
        return Some(Suspicion::Honeypot);
    }
    match signs.opened {
        Opened::Forged => return Some(Suspicion::ForgedStamp),
        Opened::At(opened) if signs.at.duration_since(opened) < LEAST_FILL_TIME => return Some(Suspicion::TooFast),
        Opened::At(_) | Opened::Unknown => {}
    }
    if is_disposable(signs.email) {
        return Some(Suspicion::DisposableAddress);
    }
    if texts().any(|text| has_markup(text)) {
        return Some(Suspicion::Markup);
    }
    let site = signs.page.and_then(|page| host(page.as_str()));
    let links: usize = texts().map(|text| links(text, site.as_deref())).sum();
    (links > MOST_LINKS).then_some(Suspicion::Links)
}

/// Whether `text` has a link as pages (HTML) or boards (BBCode) mark them up.
fn has_markup(text: &str) -> bool {
    let text = text.to_lowercase();
    let board = ["[url=", "[url]", "[/url]", "[link=", "[/link]"].iter().any(|mark| text.contains(mark));
    let anchor = |rest: &str| {
        let tag = rest.split('>').next().unwrap_or(rest);
        tag.starts_with(|c: char| c.is_whitespace() || c == '/') && tag.contains("href")
    };
    board || text.split("<a").skip(1).any(anchor)
}

/// How many web addresses stand in `text` that are not of `site`.
fn links(text: &str, site: Option<&str>) -> usize {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']' | ','));
    let foreign = |word: &&str| {
        let word = word.to_lowercase();
        let address = if word.starts_with("www.") { format!("https://{word}") } else { word };
        (address.starts_with("http://") || address.starts_with("https://"))
            && host(&address).is_none_or(|host| Some(host.as_str()) != site)
    };
    words.filter(foreign).count()
}

/// The host of a web address, whether it says `www.` or not.
fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn of(email: &str, fields: &[(&str, &str)], opened: Opened) -> Option<Suspicion> {
        let email = email.parse().unwrap();
        let page = "https://www.ruche.example/contact".parse().unwrap();
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        suspicion(&fields, &Signs { email: &email, page: Some(&page), opened, at: NOW })
    }

    fn saying(message: &str) -> Option<Suspicion> {
        of("zoe@example.com", &[("message", message)], Opened::Unknown)
    }

    #[test]
    fn an_honest_message_is_not_suspected() {
        for message in [
            "Bonjour, avez-vous encore du miel de châtaignier ?",
            "Je l’ai vu sur https://a.example/x, www.b.example et http://c.example.",
            "https://ruche.example/1 https://www.ruche.example/2 www.ruche.example/3 https://ruche.example/4",
            "3 < 4, <br>, <abbr href>, a <b>gift</b>, [1], url=",
            "",
        ] {
            assert_eq!(saying(message), None, "{message}");
        }
    }

    #[test]
    fn what_is_suspected_says_why() {
        for name in HONEYPOTS {
            assert_eq!(of("a@b.fr", &[(name, "x")], Opened::Unknown), Some(Suspicion::Honeypot));
            assert_eq!(of("a@b.fr", &[(name, " ")], Opened::Unknown), None);
        }
        for message in ["[URL=https://x.example]x[/url]", "<A  HREF='//x.example'>x</a>", "<a\nhref=x>", "[link=x]"] {
            assert_eq!(saying(message), Some(Suspicion::Markup), "{message}");
        }
        let four = "https://a.example http://b.example www.c.example (https://d.example)";
        assert_eq!(saying(four), Some(Suspicion::Links));
        assert_eq!(of("a@yopmail.com", &[], Opened::Unknown), Some(Suspicion::DisposableAddress));
    }

    #[test]
    fn a_stamp_tells_when_the_page_was_opened_and_nobody_else_can_write_one() {
        let keyring = Keyring::new(&[7; 32]).unwrap();
        let (form, other) = ("contact".parse().unwrap(), "other".parse().unwrap());
        let sent = |stamp: &str| [(STAMP.to_owned(), vec![String::new(), stamp.to_owned()])].into();
        let stamp = Opened::stamp(&keyring, &form, NOW);
        assert_eq!(Opened::of(&sent(&stamp), &keyring, &form), Opened::At(NOW));
        assert_eq!(Opened::of(&sent(&stamp), &keyring, &other), Opened::Forged);
        assert_eq!(Opened::of(&sent("x"), &keyring, &form), Opened::Forged);
        assert_eq!(Opened::of(&sent(""), &keyring, &form), Opened::Unknown);
        assert_eq!(Opened::of(&SentFields::new(), &keyring, &form), Opened::Unknown);
    }

    #[test]
    fn nobody_fills_a_form_in_within_three_seconds() {
        let before = |milliseconds| Opened::At(NOW - SignedDuration::from_millis(milliseconds));
        for (opened, suspected) in [
            (before(2_999), Some(Suspicion::TooFast)),
            (before(-1), Some(Suspicion::TooFast)),
            (before(3_000), None),
            (before(1_000_000_000), None),
            (Opened::Forged, Some(Suspicion::ForgedStamp)),
        ] {
            assert_eq!(of("a@b.fr", &[], opened), suspected, "{opened:?}");
        }
    }
}
