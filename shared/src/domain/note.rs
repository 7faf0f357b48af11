//! Notes that staff write on a customer (N01–N03).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CustomerId, Line, NoteId, NotePreview, Text};

/// How much a note matters (N02).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Informative.
    #[default]
    None,
    /// Important.
    Medium,
    /// Urgent.
    High,
}

impl Priority {
    /// All of them, in the order in which notes are read (N03).
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::None];
}

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The note.
    pub id: NoteId,
    /// Whom it is about.
    pub customer: CustomerId,
    /// What it says.
    pub text: Text<10_000>,
    /// How much it matters.
    pub priority: Priority,
    /// Whether it tells of somebody's health (GDPR Article 9): seen and written by those with the
    /// `health` permission only, found by no search, and left out of exports.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub health: bool,
    /// Raised by every change.
    #[serde(default = "first_version")]
    pub version: u64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Who wrote it: the staff member's subject.
    pub author: Line<128>,
}

fn first_version() -> u64 {
    1
}

impl Note {
    /// A note that `author` writes now, informative and not on health.
    pub fn new(id: NoteId, customer: CustomerId, text: Text<10_000>, author: Line<128>, now: Timestamp) -> Self {
        let priority = Priority::None;
        Self { id, customer, text, priority, health: false, version: 1, created_at: now, updated_at: None, author }
    }

    /// The longest preview, in characters (L02).
    pub const PREVIEW: usize = 140;

    /// The text around the first word that begins with `word`, folded, on one line: what a search
    /// shows. At most [`PREVIEW`](Self::PREVIEW) characters.
    pub fn extract(&self, word: &str) -> String {
        let words: Vec<&str> = self.text.expose().split_whitespace().collect();
        let at = words.iter().position(|text| super::fold(text).contains(word)).unwrap_or(0);
        let from = at.saturating_sub(3);
        let mut extract = if from > 0 { "…".to_owned() } else { String::new() };
        for (index, text) in words[from..].iter().enumerate() {
            if index > 0 {
                extract.push(' ');
            }
            if extract.chars().count() + text.chars().count() >= Self::PREVIEW / 2 && index > at - from {
                extract.push('…');
                break;
            }
            extract.push_str(text);
        }
        extract.chars().take(Self::PREVIEW).collect()
    }

    /// The note's beginning on one line, for a card; `None` of a note on health.
    pub fn preview(&self) -> Option<NotePreview> {
        let line = self.text.expose().split_whitespace().collect::<Vec<_>>().join(" ");
        let text = line.parse().ok().or_else(|| {
            let start: String = line.chars().take(Self::PREVIEW - 1).collect();
            format!("{}…", start.trim_end()).parse().ok()
        });
        text.filter(|_| !self.health).map(|text| NotePreview { id: self.id, text })
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_preview_is_one_line_of_at_most_140_characters() {
        let preview = |text: &str| {
            let (id, customer) = (NoteId::new(Ulid::nil()), CustomerId::new(Ulid::nil()));
            let note = Note::new(id, customer, text.parse().unwrap(), "staff".parse().unwrap(), Timestamp::UNIX_EPOCH);
            note.preview().unwrap().text.expose().to_owned()
        };
        assert_eq!(preview("Rappeler\nlundi"), "Rappeler lundi");
        assert_eq!(preview(&"é".repeat(140)).chars().count(), 140);
        let long = preview(&"é".repeat(141));
        assert_eq!((long.chars().count(), long.chars().last()), (140, Some('…')));
    }
}
