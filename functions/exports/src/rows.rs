//! The rows of an export: the shop's customers, chosen by the index and then read by their ids.
//!
//! An id never changes, so whatever else changes meanwhile, nobody present all along is passed over or
//! met twice. The four shards are read side by side, and what belongs to customers several at once;
//! rows come in the order of the shards and ids all the same, so that a place in the file is a place in
//! the table.

use std::collections::HashSet;

use futures::future::try_join_all;
use futures::stream::{self, StreamExt, TryStreamExt};
use shared::Result;
use shared::domain::{
    ConsentEvidence, Customer, CustomerId, ExportJob, ExportWhat, Filter, Message, Note, Order, ShopDay,
};
use shared::table::{Chosen, Kept, Page, SHARDS, Stretch, Table};

use crate::cell::Cell;
use crate::columns::{self, Column, Of, OfLine, Surroundings};
use crate::file::{File, Stop};

/// How many customers are read at once: the most of one batch.
const BATCH: usize = 100;

/// How many batches are asked for before the first is there.
const BATCHES_AHEAD: usize = 4;

/// How many of a shard's customers are looked at before the other shards are: all are wanted, or some.
const STEP_OF_ALL: u32 = 200;
const STEP_OF_SOME: u32 = 500;

/// How many items of a customer are read at once, and of how many customers before the first is done.
const ITEMS: u32 = 25;
const CUSTOMERS_AHEAD: usize = 16;

/// What rows are read from.
pub struct Rows<'a> {
    table: &'a Table,
    job: &'a ExportJob,
    surroundings: &'a Surroundings,
    /// Who was erased lately: a late index may still name them.
    erased: &'a HashSet<CustomerId>,
}

impl<'a> Rows<'a> {
    /// What `job` asks for.
    pub fn of(
        table: &'a Table,
        job: &'a ExportJob,
        surroundings: &'a Surroundings,
        erased: &'a HashSet<CustomerId>,
    ) -> Self {
        Self { table, job, surroundings, erased }
    }

    /// Adds to `file` all that it has not yet.
    pub async fn write(&self, file: &mut File<'_>) -> Result<(), Stop> {
        while file.place.done.contains(&false) {
            for (shard, Stretch { chosen, read_to, done }) in self.stretches(file).await? {
                let chosen: Vec<Chosen> =
                    chosen.into_iter().filter(|chosen| !self.erased.contains(&chosen.id())).collect();
                self.stretch(file, shard, chosen).await?;
                file.reached(shard, read_to, done).await?;
            }
        }
        Ok(())
    }

    /// The next customers of each shard that is not at its end.
    async fn stretches(&self, file: &File<'_>) -> Result<Vec<(u8, Stretch)>> {
        let (shop, filter) = (&self.job.shop, &self.job.request.filter);
        let on = ShopDay { settings: &self.surroundings.settings, today: self.surroundings.today };
        let step = if *filter == Filter::default() { STEP_OF_ALL } else { STEP_OF_SOME };
        let open = (0..SHARDS).filter(|shard| !file.place.done[usize::from(*shard)]);
        let reads = open.map(|shard| async move {
            let after = file.place.after[usize::from(shard)];
            self.table.chosen_of_shard(shop, shard, filter, on, step, after).await.map(|stretch| (shard, stretch))
        });
        try_join_all(reads).await
    }

    async fn stretch(&self, file: &mut File<'_>, shard: u8, chosen: Vec<Chosen>) -> Result<(), Stop> {
        let wanted = &self.job.request.columns;
        match self.job.request.what {
            ExportWhat::Customers if self.job.request.format.is_of_cards() => {
                self.customers(file, shard, chosen, |file, customer| file.card(customer, self.surroundings)).await
            }
            ExportWhat::Customers => {
                let columns = columns::chosen(columns::CUSTOMERS, wanted);
                self.customers(file, shard, chosen, |file, customer| self.row(file, &columns, customer)).await
            }
            ExportWhat::Statistics => {
                let columns = columns::chosen(columns::STATISTICS, wanted);
                self.customers(file, shard, chosen, |file, customer| self.row(file, &columns, customer)).await
            }
            ExportWhat::Orders => {
                let columns = columns::chosen(columns::ORDERS, wanted);
                self.kept(file, shard, chosen, |file, order| self.row(file, &columns, &order)).await
            }
            ExportWhat::OrderLines => {
                let columns = columns::chosen(columns::ORDER_LINES, wanted);
                self.kept(file, shard, chosen, |file, order| self.lines(file, &columns, order)).await
            }
            ExportWhat::Messages => {
                let columns = columns::chosen(columns::MESSAGES, wanted);
                self.kept(file, shard, chosen, |file, message: Of<Message>| self.row(file, &columns, &message)).await
            }
            ExportWhat::Consents => {
                let columns = columns::chosen(columns::CONSENTS, wanted);
                self.kept(file, shard, chosen, |file, said: Of<ConsentEvidence>| self.row(file, &columns, &said)).await
            }
            ExportWhat::Notes => {
                let columns = columns::chosen(columns::NOTES, wanted);
                let health = self.job.request.health;
                let add = |file: &mut File<'_>, note: Of<Note>| match note.own.health && !health {
                    true => Ok(()),
                    false => self.row(file, &columns, &note),
                };
                self.kept(file, shard, chosen, add).await
            }
        }
    }

    /// What `add` makes of each customer.
    async fn customers(
        &self,
        file: &mut File<'_>,
        shard: u8,
        chosen: Vec<Chosen>,
        add: impl Fn(&mut File<'_>, &Customer) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let ids: Vec<CustomerId> = chosen.iter().map(Chosen::id).collect();
        let batches: Vec<Vec<CustomerId>> = ids.chunks(BATCH).map(<[CustomerId]>::to_vec).collect();
        let reads =
            batches.into_iter().map(|ids| async move { self.table.customers_to_export(&self.job.shop, &ids).await });
        let mut batches = stream::iter(reads).buffered(BATCHES_AHEAD);
        while let Some(mut customers) = batches.try_next().await? {
            customers.sort_unstable_by_key(|customer| customer.id);
            for customer in &customers {
                add(file, customer)?;
            }
            file.reached(shard, customers.last().map(|customer| customer.id), false).await?;
        }
        Ok(())
    }

    /// What `add` makes of everything of one kind that the customers have.
    async fn kept<T: Kept>(
        &self,
        file: &mut File<'_>,
        shard: u8,
        chosen: Vec<Chosen>,
        add: impl Fn(&mut File<'_>, Of<T>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let shop = &self.job.shop;
        let reads = chosen.into_iter().map(|chosen| async move {
            let first: Page<T> = self.table.kept(shop, chosen.id(), ITEMS, None).await?;
            Ok::<_, shared::Error>((chosen.into_hit()?, first))
        });
        let mut customers = stream::iter(reads).buffered(CUSTOMERS_AHEAD);
        while let Some((hit, mut page)) = customers.try_next().await? {
            loop {
                for own in page.items {
                    add(file, Of { hit: hit.clone(), own })?;
                }
                let Some(next) = page.next else { break };
                file.relieve().await?;
                page = self.table.kept(shop, hit.id, ITEMS, Some(next)).await?;
            }
            file.reached(shard, Some(hit.id), false).await?;
        }
        Ok(())
    }

    fn lines(&self, file: &mut File<'_>, columns: &[Column<OfLine>], order: Of<Order>) -> Result<(), Stop> {
        let lines = order.own.lines.len();
        let mut line = OfLine { order, index: 0 };
        for index in 0..lines {
            line.index = index;
            self.row(file, columns, &line)?;
        }
        Ok(())
    }

    fn row<R>(&self, file: &mut File<'_>, columns: &[Column<R>], record: &R) -> Result<(), Stop> {
        let cells: Vec<Cell<'_>> = columns.iter().map(|column| (column.cell)(record, self.surroundings)).collect();
        file.row(&cells)
    }
}
