//! In which fields of a customer words stand.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::super::customers::Hit;
use super::super::{Page, Table};
use super::Scope;
use crate::Result;
use crate::domain::{Customer, Field, Fields, Line, Note, note_words, words_in};

impl Table {
    /// The extract of a note of `customer` by each of `wanted`, which must all stand in some note:
    /// `None` if one does not; `Some(None)` if nothing was wanted.
    pub(super) async fn in_notes(&self, customer: &Customer, wanted: &[&str]) -> Result<Option<Option<String>>> {
        let (mut missing, mut extract, mut after) = (wanted.to_vec(), None, None);
        while !missing.is_empty() {
            let page: Page<Note> = self.notes(&customer.shop, customer.id, false, 25, after).await?;
            for note in &page.items {
                let own = note_words(note);
                missing.retain(|wanted| {
                    let word = own.iter().find(|word| word.starts_with(wanted));
                    extract = extract.take().or_else(|| word.map(|word| note.extract(word)));
                    word.is_none()
                });
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(missing.is_empty().then_some(extract))
    }
}

/// The words that a hit itself shows, with their fields, as far as `scope` goes.
pub(super) fn hit_words(hit: &Hit, scope: Scope) -> BTreeMap<String, Fields> {
    let company = hit.company.as_ref().map_or("", Line::expose);
    let shown = [(Field::Name, hit.name.expose()), (Field::Company, company), (Field::Email, hit.email.expose())];
    words_in(shown.into_iter().filter(|(field, _)| scope.allows(*field)))
}

/// The fields in which a word that begins with `beginning` stands.
pub(super) fn fields_of(words: &BTreeMap<String, Fields>, beginning: &str) -> Fields {
    let mut fields = Fields::new();
    let from = words.range::<str, _>((Bound::Included(beginning), Bound::Unbounded));
    from.take_while(|(word, _)| word.starts_with(beginning)).for_each(|(_, of_word)| join(&mut fields, of_word.iter()));
    fields
}

pub(super) fn join<'f>(fields: &mut Fields, others: impl IntoIterator<Item = &'f Field>) {
    for field in others {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
}
