//! Search by the beginning of words (pattern 4).
//!
//! Words of records carry their hit, so a page of one word is a page of one Query. Words of notes
//! come after them and carry an extract; the customer is read for each, so a page holds a few of
//! those only. Of several words, the rarest found leads and the others check.

mod fields;
mod seen;
mod walk;

use serde::{Deserialize, Serialize};

use super::customers::{Hit, Word};
use super::facets::Count;
use super::notes::NoteWord;
use super::{Page, Position, Range, Select, Table, keys};
use crate::Result;
use crate::domain::{CustomerId, Field, Fields, Filter, ShopDay, ShopId};
use seen::Seen;
use walk::Walk;

/// How many words of one query are examined, where each takes a reading of records, before the
/// search says that there is more.
pub const MAX_EXAMINED: u32 = 2000;

/// How many words one step of a search of several words reads.
const STEP: u32 = 100;

/// A customer found, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// Who.
    pub hit: Hit,
    /// The fields in which a word was found.
    pub fields: Fields,
    /// The text around the word, of a note.
    pub extract: Option<String>,
}

/// What a search may find a customer by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every field, and notes.
    Everything,
    /// Names and companies: for those who may not see the rest must not find by it either.
    Names,
}

impl Scope {
    fn allows(self, field: Field) -> bool {
        match self {
            Self::Everything => true,
            Self::Names => matches!(field, Field::Name | Field::Company),
        }
    }
}

/// Who is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// Folded words of at least two characters; a customer has, for each, one that begins with it.
    pub words: &'a [String],
    /// What the words may be found in.
    pub scope: Scope,
    /// What else must hold.
    pub filter: Option<(&'a Filter, ShopDay<'a>)>,
}

impl<'a> Sought<'a> {
    /// Whoever has these words.
    pub fn by_words(words: &'a [String], scope: Scope) -> Self {
        Self { words, scope, filter: None }
    }

    fn is_filtered(&self) -> bool {
        self.filter.is_some_and(|(filter, _)| *filter != Filter::default())
    }

    /// Whether each hit has to be checked against its record.
    fn checks_records(&self) -> bool {
        self.filter.is_some_and(|(filter, _)| !filter.is_status_only())
    }
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// Who was found.
    pub items: Vec<SearchHit>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<SearchPosition>,
    /// Whether the search ended before it had seen everything: other words would find more.
    pub more: bool,
}

/// Where a search goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchPosition {
    /// Which word leads.
    leader: usize,
    /// Whether its records are done and notes follow.
    notes: bool,
    /// Who was found in notes: their other notes find them no more.
    seen: Seen,
    /// How many were examined where that is bounded.
    examined: u32,
    after: Option<Position>,
}

/// One word found somewhere.
#[derive(Debug)]
enum Found {
    Record(Word),
    Note(NoteWord),
}

impl Found {
    fn customer(&self) -> CustomerId {
        match self {
            Self::Record(word) => word.hit.id,
            Self::Note(word) => word.customer,
        }
    }

    /// The place in its partition from which the word no longer leads to this customer.
    fn end(&self, shop: &ShopId) -> Position {
        Position::of_key(match self {
            Self::Record(word) => keys::word(shop, &word.word, word.hit.id),
            Self::Note(word) => keys::note_words_end(shop, &word.word, word.customer),
        })
    }
}

impl Table {
    /// Pattern 4: a page of the customers who are `sought`, words read consistently. With one word,
    /// a page costs at most 4 read units and may therefore be short where hits stand in notes;
    /// what has to be checked costs half a unit a record.
    pub async fn search(
        &self,
        shop: &ShopId,
        sought: &Sought<'_>,
        limit: u32,
        from: Option<SearchPosition>,
    ) -> Result<SearchPage> {
        if sought.words.is_empty() {
            return Ok(SearchPage { items: Vec::new(), next: None, more: false });
        }
        let from = match from {
            Some(from) => from,
            None => SearchPosition::of(self.rarest(shop, sought.words).await?),
        };
        Walk::new(self, shop, sought, limit, from).run().await
    }

    /// How many customers are `sought`, and whether that is all of them: counting ends where a
    /// search that is gone through would, or at [`MAX_EXAMINED`] hits.
    pub async fn count_found(&self, shop: &ShopId, sought: &Sought<'_>) -> Result<Count> {
        let mut count = 0;
        if sought.words.is_empty() {
            return Ok(Count { count, complete: true });
        }
        let mut from = SearchPosition::of(self.rarest(shop, sought.words).await?);
        loop {
            let page = Walk::new(self, shop, sought, STEP, from).thorough().run().await?;
            count += page.items.len();
            match page.next {
                Some(next) if count < MAX_EXAMINED as usize => from = next,
                next => return Ok(Count { count, complete: next.is_none() && !page.more }),
            }
        }
    }

    /// Which of `query` leads a search: the one with the fewest words in one step, the longest of
    /// those with more.
    async fn rarest(&self, shop: &ShopId, query: &[String]) -> Result<usize> {
        if query.len() == 1 {
            return Ok(0);
        }
        let ranks = query.iter().enumerate().map(|(index, word)| async move {
            let (records, notes) =
                tokio::try_join!(self.record_words(shop, word, STEP, None), self.note_words(shop, word, STEP, None))?;
            let count = (records.items.len() + notes.items.len()).min(STEP as usize);
            Ok::<_, crate::Error>((count, usize::MAX - word.len(), index))
        });
        let ranks = futures::future::try_join_all(ranks).await?;
        Ok(ranks.into_iter().min().map_or(0, |(_, _, index)| index))
    }

    async fn record_words(
        &self,
        shop: &ShopId,
        word: &str,
        limit: u32,
        after: Option<Position>,
    ) -> Result<Page<Found>> {
        let range = Range::BeginsWith(word.to_owned());
        let page = self.query(Select::table(keys::word_partition(shop, word), range, limit).after(after)).await?;
        Ok(Page { items: page.items.into_iter().map(Found::Record).collect(), next: page.next })
    }

    async fn note_words(&self, shop: &ShopId, word: &str, limit: u32, after: Option<Position>) -> Result<Page<Found>> {
        let range = Range::BeginsWith(word.to_owned());
        let page = self.query(Select::table(keys::note_word_partition(shop, word), range, limit).after(after)).await?;
        Ok(Page { items: page.items.into_iter().map(Found::Note).collect(), next: page.next })
    }
}

impl SearchPosition {
    /// The beginning of a search that the word number `leader` leads.
    fn of(leader: usize) -> Self {
        Self { leader, notes: false, seen: Seen::default(), examined: 0, after: None }
    }
}
