//! Search by the beginning of words (pattern 4).
//!
//! Words of records carry their hit, so a page of one word is a page of one Query. Words of notes
//! come after them and carry an extract; the customer is read for each, so a page holds a few of
//! those only. Of several words, the rarest found leads and the others check.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::customers::{Hit, Word};
use super::notes::NoteWord;
use super::{Page, Position, Range, Select, Table, keys};
use crate::Result;
use crate::domain::{Customer, CustomerId, Field, Fields, Note, ShopId, fold, name_words, note_words, words};

/// How many words of one query are examined before the search says that there is more.
pub const MAX_EXAMINED: u32 = 2000;

/// How many records a page of one word reads, for what it finds in notes: 5 half units keep it
/// under 4.
const READS: u32 = 5;

/// How many records a page of several words reads to check the other words, so that it answers in
/// time; the next page goes on.
const READS_OF_SEVERAL: u32 = 100;

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
    fn allows(self, fields: &[Field]) -> bool {
        match self {
            Self::Everything => true,
            Self::Names => fields.iter().any(|field| matches!(field, Field::Name | Field::Company)),
        }
    }
}

/// A page of hits.
pub type SearchPage = Page<SearchHit, SearchPosition>;

/// Where a search goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchPosition {
    /// Which word leads.
    leader: usize,
    /// Whether its records are done and notes follow.
    notes: bool,
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

    /// Where this word stands in its partition.
    fn position(&self, shop: &ShopId) -> Position {
        Position::of_key(match self {
            Self::Record(word) => keys::word(shop, &word.word, word.hit.id),
            Self::Note(word) => keys::note_word(shop, &word.word, word.customer, word.note),
        })
    }
}

impl Table {
    /// Pattern 4: customers who have, for each of `query`, a word that begins with it, read
    /// consistently. `query` holds folded words of at least two characters.
    pub async fn search(
        &self,
        shop: &ShopId,
        query: &[String],
        scope: Scope,
        limit: u32,
        from: Option<SearchPosition>,
    ) -> Result<SearchPage> {
        let Some(first) = query.first() else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let from = match from {
            Some(from) => from,
            None if query.len() == 1 => SearchPosition { leader: 0, notes: false, after: None },
            None => SearchPosition { leader: self.rarest(shop, query).await?, notes: false, after: None },
        };
        let leader = query.get(from.leader).unwrap_or(first);
        let others: Vec<&String> = query.iter().filter(|word| *word != leader).collect();
        let mut search =
            Search { table: self, shop, scope, limit, others, hits: BTreeMap::new(), order: Vec::new(), reads: 0 };
        search.run(leader, from).await
    }

    /// Which of `query` leads a search: the one with the fewest words in one step, the longest of
    /// those with more.
    async fn rarest(&self, shop: &ShopId, query: &[String]) -> Result<usize> {
        let mut best = (u32::MAX, 0, 0);
        for (index, word) in query.iter().enumerate() {
            let count = self.record_words(shop, word, STEP, None).await?.items.len()
                + self.note_words(shop, word, STEP, None).await?.items.len();
            let rank = (u32::try_from(count).unwrap_or(u32::MAX).min(STEP), usize::MAX - word.len(), index);
            best = best.min(rank);
        }
        Ok(best.2)
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

    /// Whether each of `words` begins a word of the customer's record or notes.
    async fn has_words(&self, customer: &Customer, wanted: &[&String]) -> Result<bool> {
        let own = words(customer);
        let begins = |word: &String, wanted: &str| word.starts_with(wanted);
        let mut missing: Vec<&&String> =
            wanted.iter().filter(|wanted| !own.keys().any(|word| begins(word, wanted))).collect();
        let mut after = None;
        while !missing.is_empty() {
            let page: Page<Note> = self.notes(&customer.shop, customer.id, false, 25, after).await?;
            let of_notes: BTreeSet<String> = page.items.iter().flat_map(note_words).collect();
            missing.retain(|wanted| !of_notes.iter().any(|word| begins(word, wanted)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(missing.is_empty())
    }
}

/// One search under way.
struct Search<'a> {
    table: &'a Table,
    shop: &'a ShopId,
    scope: Scope,
    limit: u32,
    others: Vec<&'a String>,
    hits: BTreeMap<CustomerId, SearchHit>,
    order: Vec<CustomerId>,
    reads: u32,
}

impl Search<'_> {
    async fn run(&mut self, leader: &str, from: SearchPosition) -> Result<SearchPage> {
        let mut at = from;
        let mut examined = 0;
        let most_reads = if self.others.is_empty() { READS } else { READS_OF_SEVERAL };
        let next = 'pages: loop {
            let step = if self.others.is_empty() { self.limit } else { STEP };
            let page = if at.notes {
                let step = if self.others.is_empty() { READS } else { step };
                self.table.note_words(self.shop, leader, step, at.after.take()).await?
            } else {
                self.table.record_words(self.shop, leader, step, at.after.take()).await?
            };
            for found in page.items {
                let full = self.order.len() as u32 >= self.limit && !self.hits.contains_key(&found.customer());
                if full || self.reads >= most_reads || examined >= MAX_EXAMINED {
                    break 'pages Some(at);
                }
                examined += 1;
                at.after = Some(found.position(self.shop));
                self.add(leader, found).await?;
            }
            match (page.next, at.notes) {
                (Some(next), _) => at.after = Some(next),
                (None, false) if self.scope == Scope::Names => break None,
                (None, false) => at = SearchPosition { leader: at.leader, notes: true, after: None },
                (None, true) => break None,
            }
            // A page that is full looks no further, unless to find that nothing follows; nor does one
            // word go through all the notes of a customer who has many with it.
            let more_notes = at.notes && at.after.is_some() && self.others.is_empty();
            if self.order.len() as u32 >= self.limit || self.reads >= most_reads || more_notes {
                break Some(at);
            }
        };
        let items = self.order.iter().filter_map(|id| self.hits.remove(id)).collect();
        Ok(Page { items, next })
    }

    /// Takes what was found as a hit, if the other words agree.
    async fn add(&mut self, leader: &str, found: Found) -> Result<()> {
        let id = found.customer();
        if let Some(hit) = self.hits.get_mut(&id) {
            if let Found::Record(word) = found {
                let new = word.fields.into_iter().filter(|field| !hit.fields.contains(field)).collect::<Vec<_>>();
                hit.fields.extend(new);
            }
            return Ok(());
        }
        let hit = match found {
            Found::Record(word) => {
                // Met by an earlier word already, perhaps on an earlier page.
                let met = self.scope == Scope::Everything && word.shares >= leader.chars().count();
                if met || !self.scope.allows(&word.fields) || !self.others_agree(&word.hit).await? {
                    return Ok(());
                }
                SearchHit { hit: word.hit, fields: word.fields, extract: None }
            }
            Found::Note(word) => {
                self.reads += 1;
                let Some(customer) = self.table.customers(self.shop, &[id]).await?.pop() else {
                    return Ok(());
                };
                // What the record itself is found by was on an earlier page.
                let found_before = words(&customer).keys().any(|own| own.starts_with(leader));
                if found_before || !self.table.has_words(&customer, &self.others).await? {
                    return Ok(());
                }
                SearchHit { hit: (&customer).into(), fields: vec![Field::Note], extract: Some(word.extract) }
            }
        };
        self.order.push(id);
        self.hits.insert(id, hit);
        Ok(())
    }

    /// Whether the other words are found too: on the hit itself at best, else in the record and its
    /// notes.
    async fn others_agree(&mut self, hit: &Hit) -> Result<bool> {
        if self.scope == Scope::Names {
            let mut own = name_words(hit.name.expose());
            own.extend(name_words(hit.company.as_ref().map_or("", |company| company.expose())));
            return Ok(self.others.iter().all(|wanted| own.iter().any(|word| word.starts_with(wanted.as_str()))));
        }
        let name = fold(&format!("{} {}", hit.name.expose(), hit.email.expose()));
        let on_hit =
            |wanted: &&&String| name.split(|c: char| !c.is_alphanumeric()).any(|w| w.starts_with(wanted.as_str()));
        let missing: Vec<&String> = self.others.iter().filter(|wanted| !on_hit(wanted)).copied().collect();
        if missing.is_empty() {
            return Ok(true);
        }
        self.reads += 1;
        match self.table.customers(self.shop, &[hit.id]).await?.pop() {
            Some(customer) => self.table.has_words(&customer, &missing).await,
            None => Ok(false),
        }
    }
}
