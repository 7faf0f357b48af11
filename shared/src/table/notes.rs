//! Notes on a customer (pattern 1b).

use super::keys;
use super::{Page, Position, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{CustomerId, Note, NoteId, Priority, ShopId, note_words};

/// A note's word: what leads from it to the note.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct NoteWord {
    pub(super) word: String,
    pub(super) customer: CustomerId,
    pub(super) note: NoteId,
    /// The text around the word, shown with the hit.
    pub(super) extract: String,
}

impl Table {
    /// The note with this id and priority.
    pub async fn note(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        priority: Priority,
        id: NoteId,
    ) -> Result<Option<Note>> {
        self.get(&keys::note(shop, customer, priority, id)).await
    }

    /// Pattern 1b: a page of a customer's notes, High → Medium → None and newest first (N03).
    pub async fn notes(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Note>> {
        let range = Range::BeginsWith(keys::NOTES.to_owned());
        let partition = keys::customer_partition(shop, customer);
        self.query(Select::table(partition, range, limit).backwards().after(after)).await
    }
}

impl Transaction {
    /// Writes `note` and the words it is found by: at most 61 steps.
    pub fn create_note(&mut self, shop: &ShopId, note: &Note) -> Result<Step> {
        let step = self.create(to_item(keys::note(shop, note.customer, note.priority, note.id), "note", note)?);
        for word in note_words(note) {
            let key = keys::note_word(shop, &word, note.customer, note.id);
            let extract = note.extract(&word);
            self.create(to_item(
                key,
                "note_word",
                &NoteWord { word, customer: note.customer, note: note.id, extract },
            )?);
        }
        Ok(step)
    }
}
