//! Notes on a customer (pattern 1b).

use super::keys;
use super::{Item, MAX_STEPS, Page, Position, Range, Select, Step, Table, Transaction, to_item};
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
    /// The note with this id, whatever its priority: three half units.
    pub async fn note(&self, shop: &ShopId, customer: CustomerId, id: NoteId) -> Result<Option<Note>> {
        let of = |priority| async move { self.get(&keys::note(shop, customer, priority, id)).await };
        let found: Vec<Option<Note>> = futures::future::try_join_all(Priority::ALL.map(of)).await?;
        Ok(found.into_iter().flatten().next())
    }

    /// Pattern 1b: a page of a customer's notes, High → Medium → None and newest first (N03).
    /// Without `health`, those on health are left out, and the page is as full all the same.
    pub async fn notes(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        health: bool,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Note>> {
        let mut page = Page { items: Vec::new(), next: after };
        loop {
            let range = Range::BeginsWith(keys::NOTES.to_owned());
            let partition = keys::customer_partition(shop, customer);
            let left = limit - u32::try_from(page.items.len()).unwrap_or(limit);
            let select = Select::table(partition, range, left).backwards().after(page.next.take());
            let found: Page<Note> = self.query(select).await?;
            page.items.extend(found.items.into_iter().filter(|note| health || !note.health));
            page.next = found.next;
            if page.next.is_none() || page.items.len() >= limit as usize {
                return Ok(page);
            }
        }
    }

    /// The newest of a customer's notes that is not on health and not `besides`: what a card shows
    /// once that one is gone.
    pub async fn newest_note(&self, shop: &ShopId, customer: CustomerId, besides: NoteId) -> Result<Option<Note>> {
        let newest = |priority| async move {
            let mut after = None;
            loop {
                let range = Range::BeginsWith(keys::notes_of(priority));
                let select = Select::table(keys::customer_partition(shop, customer), range, NEWEST);
                let page: Page<Note> = self.query(select.backwards().after(after)).await?;
                let found = page.items.into_iter().find(|note| !note.health && note.id != besides);
                after = page.next;
                if found.is_some() || after.is_none() {
                    return Ok::<_, crate::Error>(found);
                }
            }
        };
        let found = futures::future::try_join_all(Priority::ALL.map(newest)).await?;
        Ok(found.into_iter().flatten().max_by_key(|note| note.id))
    }
}

/// How many steps come after a note's own: the record, the audit, the request, a job.
const BESIDES: usize = 6;

/// How many notes are read at once to find one that a card may show.
const NEWEST: u32 = 5;

/// The step of a note, and whether words of it are left for which its transaction has no room.
#[derive(Debug, Clone, Copy)]
pub struct NoteSteps {
    /// The note's own step.
    pub note: Step,
    /// Whether [`jobs::finish_note`](crate::jobs::finish_note) has to add the last words.
    pub words_left: bool,
}

impl Transaction {
    /// Writes `note` and the words it is found by: at most 61 steps.
    pub fn create_note(&mut self, shop: &ShopId, note: &Note) -> Result<NoteSteps> {
        let step = self.create(item(shop, note)?);
        Ok(NoteSteps { note: step, words_left: self.add_words(shop, note)? })
    }

    /// Changes `before` to `after`, whose version is the next, with the words that come and go. A
    /// word that stays has its extract renewed.
    pub fn replace_note(&mut self, shop: &ShopId, before: &Note, after: &Note) -> Result<NoteSteps> {
        let step = if before.priority == after.priority {
            self.replace(item(shop, after)?, before.version)
        } else {
            self.create(item(shop, after)?);
            self.remove_version(keys::note(shop, before.customer, before.priority, before.id), before.version)
        };
        let kept = note_words(after);
        for word in note_words(before).iter().filter(|word| !kept.contains(word)) {
            self.remove(keys::note_word(shop, word, before.customer, before.id));
        }
        Ok(NoteSteps { note: step, words_left: self.add_words(shop, after)? })
    }

    /// Adds as many of the note's words as there is room for; whether some are left.
    fn add_words(&mut self, shop: &ShopId, note: &Note) -> Result<bool> {
        let words = note_words(note);
        let room = MAX_STEPS.saturating_sub(BESIDES + self.len());
        let left = words.len() > room;
        for word in words.into_iter().take(room) {
            self.derive(word_item(shop, note, word)?);
        }
        Ok(left)
    }

    /// Writes all words of `note`, if it still is this version.
    pub(crate) fn finish_words(&mut self, shop: &ShopId, note: &Note) -> Result<()> {
        self.require_version(&keys::note(shop, note.customer, note.priority, note.id), note.version);
        for word in note_words(note) {
            self.derive(word_item(shop, note, word)?);
        }
        Ok(())
    }

    /// Takes away the words that lead to `note` with `customer`, whose record leads elsewhere.
    pub(crate) fn remove_note_words(&mut self, shop: &ShopId, customer: CustomerId, note: &Note, words: &[String]) {
        for word in words {
            self.remove(keys::note_word(shop, word, customer, note.id));
        }
    }

    /// Makes `words` lead to `note` with `customer`, where another step writes it.
    pub(crate) fn derive_note_words(
        &mut self,
        shop: &ShopId,
        customer: CustomerId,
        note: &Note,
        words: Vec<String>,
    ) -> Result<()> {
        let note = Note { customer, ..note.clone() };
        for word in words {
            self.derive(word_item(shop, &note, word)?);
        }
        Ok(())
    }

    /// Deletes `note` and its words, if it still is as it was read.
    pub fn delete_note(&mut self, shop: &ShopId, note: &Note) -> Step {
        for word in note_words(note) {
            self.remove(keys::note_word(shop, &word, note.customer, note.id));
        }
        self.remove_version(keys::note(shop, note.customer, note.priority, note.id), note.version)
    }
}

fn item(shop: &ShopId, note: &Note) -> Result<Item> {
    to_item(keys::note(shop, note.customer, note.priority, note.id), "note", note)
}

fn word_item(shop: &ShopId, note: &Note, word: String) -> Result<Item> {
    let key = keys::note_word(shop, &word, note.customer, note.id);
    let extract = note.extract(&word);
    to_item(key, "note_word", &NoteWord { word, customer: note.customer, note: note.id, extract })
}
