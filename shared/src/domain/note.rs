//! Notes that staff write on a customer (N01–N03).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CustomerId, Line, NoteId, Text};

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
    /// When it was written.
    pub created_at: Timestamp,
    /// Who wrote it: the staff member's subject.
    pub author: Line<128>,
}

impl Note {
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

    /// The note's beginning on one line, for a card.
    pub fn preview(&self) -> Option<Line<{ Self::PREVIEW }>> {
        let line = self.text.expose().split_whitespace().collect::<Vec<_>>().join(" ");
        match line.parse() {
            Ok(preview) => Some(preview),
            Err(_) => {
                let start: String = line.chars().take(Self::PREVIEW - 1).collect();
                format!("{}…", start.trim_end()).parse().ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_preview_is_one_line_of_at_most_140_characters() {
        let preview = |text: &str| {
            let note = Note {
                id: NoteId::new(Ulid::nil()),
                customer: CustomerId::new(Ulid::nil()),
                text: text.parse().unwrap(),
                priority: Priority::None,
                created_at: Timestamp::UNIX_EPOCH,
                author: "staff".parse().unwrap(),
            };
            note.preview().unwrap().expose().to_owned()
        };
        assert_eq!(preview("Rappeler\nlundi"), "Rappeler lundi");
        assert_eq!(preview(&"é".repeat(140)).chars().count(), 140);
        let long = preview(&"é".repeat(141));
        assert_eq!((long.chars().count(), long.chars().last()), (140, Some('…')));
    }
}
