//! One page of a search: along the leading word's entries, each judged once.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Page, Table};
use super::fields::{fields_of, hit_words, join};
use super::{Found, MAX_EXAMINED, STEP, Scope, SearchHit, SearchPage, SearchPosition, Sought};
use crate::Result;
use crate::domain::{Customer, CustomerId, Facets, Field, Fields, ShopId, words};

/// What a page of one word may cost, in half read units: with the settings and what it is led by,
/// no more than four units.
const BUDGET: u32 = 7;

/// And a page for which records have to be read to check them: the next page goes on.
const BUDGET_TO_CHECK: u32 = 300;

/// How many words of notes one step reads: what one read unit holds.
const NOTE_STEP: u32 = 12;

/// How many words of records one read unit holds.
const WORDS_A_UNIT: u32 = 13;

/// How many customers one search finds in notes: a cursor holds them.
const MAX_IN_NOTES: usize = 300;

/// A search under way.
pub(super) struct Walk<'a> {
    table: &'a Table,
    shop: &'a ShopId,
    sought: &'a Sought<'a>,
    leader: &'a str,
    others: Vec<&'a str>,
    limit: usize,
    /// What may still be spent, in half read units.
    budget: u32,
    at: SearchPosition,
    /// Who was judged by their notes on this page.
    judged: BTreeSet<CustomerId>,
    hits: Vec<SearchHit>,
}

/// A customer who may be a hit.
enum Candidate {
    /// Is one.
    Hit(SearchHit),
    /// Depends on the record: what is known so far, and the words that are still missing.
    Unsure { found: Found, missing: Vec<usize> },
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        table: &'a Table,
        shop: &'a ShopId,
        sought: &'a Sought<'a>,
        limit: u32,
        at: SearchPosition,
    ) -> Self {
        let leader = sought.words.get(at.leader).map_or("", String::as_str);
        let others: Vec<&str> = sought.words.iter().map(String::as_str).filter(|word| *word != leader).collect();
        let budget = if others.is_empty() && !sought.is_filtered() { BUDGET } else { BUDGET_TO_CHECK };
        let (judged, hits) = (BTreeSet::new(), Vec::new());
        Self { table, shop, sought, leader, others, limit: limit as usize, budget, at, judged, hits }
    }

    /// For whom the number of hits matters more than what they cost.
    pub(super) fn thorough(mut self) -> Self {
        self.budget = BUDGET_TO_CHECK;
        self
    }

    pub(super) async fn run(mut self) -> Result<SearchPage> {
        loop {
            if self.bounded() && self.at.examined >= MAX_EXAMINED || self.at.seen.len() >= MAX_IN_NOTES {
                return Ok(SearchPage { items: self.hits, next: None, more: true });
            }
            // A step, and of notes a record beside it, is the least that goes on.
            let least = if self.at.notes { 3 } else { 2 };
            if self.hits.len() >= self.limit || self.budget < least {
                return Ok(SearchPage { items: self.hits, next: Some(self.at), more: false });
            }
            let page = self.step().await?;
            let found_all = self.judge(page.items).await?;
            match (page.next, found_all) {
                (_, false) => {}
                (Some(next), true) if !self.at.notes => self.at.after = Some(next),
                // Of notes, what was judged last is passed over, with all of its customer's.
                (Some(_), true) => {}
                (None, true) if self.at.notes || self.sought.scope == Scope::Names => {
                    return Ok(SearchPage { items: self.hits, next: None, more: false });
                }
                (None, true) => {
                    self.at.notes = true;
                    self.at.after = None;
                }
            }
        }
    }

    /// Whether the search ends after so many examined: where each may take a record.
    fn bounded(&self) -> bool {
        !self.others.is_empty() || self.sought.checks_records()
    }

    async fn step(&mut self) -> Result<Page<Found>> {
        let after = self.at.after.clone();
        if self.at.notes {
            let step = if self.budget > BUDGET { STEP } else { NOTE_STEP };
            self.spend(2 * step.div_ceil(NOTE_STEP));
            return self.table.note_words(self.shop, self.leader, step, after).await;
        }
        let left = u32::try_from(self.limit - self.hits.len()).unwrap_or(STEP);
        let step = if self.budget > BUDGET { STEP } else { left };
        let page = self.table.record_words(self.shop, self.leader, step, after).await?;
        self.spend(2 * (page.items.len() as u32).div_ceil(WORDS_A_UNIT).max(1));
        Ok(page)
    }

    fn spend(&mut self, half_units: u32) {
        self.budget = self.budget.saturating_sub(half_units);
    }

    /// Judges what was found, in its order, as far as the page and the budget reach; whether that
    /// was all.
    async fn judge(&mut self, found: Vec<Found>) -> Result<bool> {
        let mut found = found.into_iter().peekable();
        let reading = self.at.notes || self.bounded();
        while found.peek().is_some() {
            let room = self.limit - self.hits.len();
            let mut batch: Vec<Candidate> = Vec::new();
            let mut reads = 0;
            let most = if reading { self.budget.min(STEP) } else { u32::MAX };
            while let Some(next) = found.next_if(|_| batch.len() < room && reads < most) {
                self.at.after = Some(next.end(self.shop));
                self.at.examined += 1;
                let candidate = self.candidate(next);
                reads += u32::from(matches!(candidate, Some(Candidate::Unsure { .. })));
                batch.extend(candidate);
            }
            let stuck = batch.is_empty() && found.peek().is_some();
            self.spend(reads);
            self.settle(batch).await?;
            if stuck || self.bounded() && self.at.examined >= MAX_EXAMINED {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What can be said of an entry without reading more; `None` of who is no hit, or was one
    /// already.
    fn candidate(&mut self, found: Found) -> Option<Candidate> {
        let id = found.customer();
        let word = match found {
            Found::Note(_) => {
                let seen = self.at.seen.holds(id) || self.hits.iter().any(|hit| hit.hit.id == id);
                let missing = (0..self.others.len()).collect();
                return (!seen && self.judged.insert(id)).then_some(Candidate::Unsure { found, missing });
            }
            Found::Record(word) => word,
        };
        if let Some(hit) = self.hits.iter_mut().find(|hit| hit.hit.id == id) {
            join(&mut hit.fields, word.fields.iter().filter(|field| self.sought.scope.allows(**field)));
            return None;
        }
        let on_hit = hit_words(&word.hit, self.sought.scope);
        // Met by an earlier word already, perhaps on an earlier page.
        let met = match self.sought.scope {
            Scope::Everything => word.shares >= self.leader.chars().count(),
            Scope::Names => on_hit.keys().find(|own| own.starts_with(self.leader)) != Some(&word.word),
        };
        let wanted = self.sought.filter.is_none_or(|(filter, _)| filter.status.is_none_or(|s| s == word.hit.status));
        if met || !wanted {
            return None;
        }
        let fields_of = |word: &str| fields_of(&on_hit, word);
        let missing: Vec<usize> =
            (0..self.others.len()).filter(|index| fields_of(self.others[*index]).is_empty()).collect();
        if self.sought.scope == Scope::Names && !missing.is_empty() {
            return None;
        }
        if !missing.is_empty() || self.sought.checks_records() {
            return Some(Candidate::Unsure { found: Found::Record(word), missing });
        }
        let mut fields: Fields = word.fields.into_iter().filter(|field| self.sought.scope.allows(*field)).collect();
        self.others.iter().for_each(|other| join(&mut fields, fields_of(other).iter()));
        Some(Candidate::Hit(SearchHit { hit: word.hit, fields, extract: None }))
    }

    /// The records of `ids`: as they are now where they decide; where they only say who it is, at
    /// half the price, unless one is so new that it is missing.
    async fn records(&self, ids: &[CustomerId]) -> Result<Vec<Customer>> {
        if self.bounded() {
            return self.table.customers_now(self.shop, ids).await;
        }
        let mut records = self.table.customers(self.shop, ids).await?;
        let missing: Vec<CustomerId> =
            ids.iter().filter(|id| records.iter().all(|record| record.id != **id)).copied().collect();
        if !missing.is_empty() {
            records.extend(self.table.customers_now(self.shop, &missing).await?);
        }
        Ok(records)
    }

    /// Takes as hits those of `batch` who are, in its order.
    async fn settle(&mut self, batch: Vec<Candidate>) -> Result<()> {
        let unsure: Vec<CustomerId> = batch
            .iter()
            .filter_map(|candidate| match candidate {
                Candidate::Hit(_) => None,
                Candidate::Unsure { found, .. } => Some(found.customer()),
            })
            .collect();
        let records = self.records(&unsure).await?;
        let records: BTreeMap<CustomerId, &Customer> = records.iter().map(|record| (record.id, record)).collect();
        let decided = batch.into_iter().map(|candidate| {
            let this = &*self;
            let records = &records;
            async move {
                match candidate {
                    Candidate::Hit(hit) => Ok(Some(hit)),
                    Candidate::Unsure { found, missing } => match records.get(&found.customer()) {
                        Some(customer) => this.decide(customer, found, &missing).await,
                        None => Ok(None),
                    },
                }
            }
        });
        let decided: Vec<Option<SearchHit>> = futures::future::try_join_all(decided).await?;
        for hit in decided.into_iter().flatten() {
            if self.at.notes {
                self.at.seen.add(hit.hit.id);
            }
            self.hits.push(hit);
        }
        Ok(())
    }

    /// Whether `customer`, in whose record or note the leading word was found, is a hit.
    async fn decide(&self, customer: &Customer, found: Found, missing: &[usize]) -> Result<Option<SearchHit>> {
        let own = words(customer);
        let wanted = self.sought.filter.is_none_or(|(filter, on)| filter.matches(&Facets::from(customer), on));
        let in_note = matches!(found, Found::Note(_));
        // What the record itself is found by has come before.
        if !wanted || in_note && !fields_of(&own, self.leader).is_empty() {
            return Ok(None);
        }
        let mut fields = Fields::new();
        let shown = match self.sought.scope {
            Scope::Everything => &own,
            Scope::Names => &hit_words(&customer.into(), Scope::Names),
        };
        let asked = self.others.iter().chain([&self.leader]);
        asked.for_each(|word| join(&mut fields, fields_of(shown, word).iter()));
        let absent: Vec<&str> =
            missing.iter().map(|index| self.others[*index]).filter(|word| fields_of(&own, word).is_empty()).collect();
        let Some(extract) = self.table.in_notes(customer, &absent).await? else {
            return Ok(None);
        };
        let extract = match found {
            Found::Note(word) => Some(word.extract),
            Found::Record(_) => extract,
        };
        join(&mut fields, extract.as_ref().map(|_| &Field::Note));
        Ok(Some(SearchHit { hit: customer.into(), fields, extract }))
    }
}
