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

/// How many steps a change of a note has beside the note's own: record, audit, request.
const BESIDES: usize = 6;

/// How many notes are read at once to find one that a card may show.
const NEWEST: u32 = 5;

impl Transaction {
    /// Writes `note` and the words it is found by: at most 61 steps.
    pub fn create_note(&mut self, shop: &ShopId, note: &Note) -> Result<Step> {
        let step = self.create(item(shop, note)?);
        for word in note_words(note) {
            self.derive(word_item(shop, note, word)?);
        }
        Ok(step)
    }

    /// Changes `before` to `after`, whose version is the next, with the words that come and go. A
    /// word that stays has its extract renewed.
    ///
    /// Where a long note is written anew, the words are more than one transaction holds: what is
    /// returned beside the step adds the last of them, if the note still is this version then.
    pub fn replace_note(&mut self, shop: &ShopId, before: &Note, after: &Note) -> Result<(Step, Option<Self>)> {
        let mut kept = note_words(after);
        let step = if before.priority == after.priority {
            self.replace(item(shop, after)?, before.version)
        } else {
            self.create(item(shop, after)?);
            self.remove_version(keys::note(shop, before.customer, before.priority, before.id), before.version)
        };
        for word in note_words(before).iter().filter(|word| !kept.contains(word)) {
            self.remove(keys::note_word(shop, word, before.customer, before.id));
        }
        let left = kept.split_off(kept.len().min(MAX_STEPS - BESIDES - self.len()));
        for word in kept {
            self.derive(word_item(shop, after, word)?);
        }
        if left.is_empty() {
            return Ok((step, None));
        }
        let mut rest = Self::new();
        rest.require_version(&keys::note(shop, after.customer, after.priority, after.id), after.version);
        for word in left {
            rest.derive(word_item(shop, after, word)?);
        }
        Ok((step, Some(rest)))
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
