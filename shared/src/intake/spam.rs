//! What suspects a submission to be junk. Nothing is thrown away for it.

use jiff::{SignedDuration, Timestamp};

use crate::domain::{SentFields, Suspicion};

/// Fields that people don't see, as our snippets, Formspree and Netlify call them.
pub const HONEYPOTS: [&str; 4] = ["_gotcha", "_honeypot", "_honey", "bot-field"];

/// The least time that a person takes to fill a form in.
pub const LEAST_FILL_TIME: SignedDuration = SignedDuration::from_secs(3);

/// What is known of a submission beside its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
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

/// Why the submission is suspected, if it is.
pub fn suspicion(fields: &SentFields, signs: Signs) -> Option<Suspicion> {
    let filled =
        |name: &&str| fields.get(*name).is_some_and(|values| values.iter().any(|value| !value.trim().is_empty()));
    if HONEYPOTS.iter().any(filled) {
        return Some(Suspicion::Honeypot);
    }
    match signs.opened {
        Opened::Forged => return Some(Suspicion::ForgedStamp),
        Opened::At(opened) if signs.at.duration_since(opened) < LEAST_FILL_TIME => return Some(Suspicion::TooFast),
        Opened::At(_) | Opened::Unknown => {}
    }
    None
}
