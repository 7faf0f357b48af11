//! The `filter` index: everybody of a shop by first contact, chosen by what the index itself holds
//! (patterns 3b, 5 and 11).
//!
//! The four shards are read side by side, newest first, and merged. A page ends with its last hit:
//! a shard is read further only while it may still hold somebody newer.

use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::customers::Hit;
use super::keys::{self, Index, SHARDS};
use super::{Item, Page, Range, Select, Table, file_in};
use crate::domain::{Customer, CustomerId, Discount, Facets, Filter, Line, ShopDay, ShopId};
use crate::{Error, Result};

/// The most facets one page examines: more than that goes on with the next page. They are read in
/// some two seconds.
pub const MAX_FACETS: usize = 100_000;

/// The most customers that are counted.
pub const MAX_COUNTED: usize = 500_000;

/// How many facets are read at once from a shard where few may match: about 1 MB, which is what
/// the store gives at once.
const STEP: u32 = 2500;

/// What a list by first contact shows of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Who.
    pub hit: Hit,
    /// The personal discount.
    pub discount: Option<Discount>,
    /// The newest note's beginning, shorter than on a card.
    pub last_note: Option<Line<{ Listed::PREVIEW }>>,
    /// What it was chosen by.
    pub facets: Facets,
}

/// How many customers match a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// So many were found.
    pub count: usize,
    /// Whether everybody was looked at.
    pub complete: bool,
}

impl Listed {
    /// The longest preview, in characters.
    pub const PREVIEW: usize = 60;
}

impl From<&Customer> for Listed {
    fn from(customer: &Customer) -> Self {
        let preview = |text: &str| {
            let start: String = text.chars().take(Self::PREVIEW - 1).collect();
            text.parse().or_else(|_| format!("{}…", start.trim_end()).parse()).ok()
        };
        Self {
            hit: customer.into(),
            discount: customer.discount,
            last_note: customer.last_note.as_ref().and_then(|note| preview(note.text.expose())),
            facets: customer.into(),
        }
    }
}

/// What is shown of a customer, under names as short as those of the facets.
#[derive(Serialize, Deserialize)]
struct Shown {
    #[serde(rename = "n")]
    name: Line<200>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    company: Option<Line<200>>,
    #[serde(rename = "e")]
    email: crate::domain::EmailAddress,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    phone: Option<Line<40>>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    discount: Option<Discount>,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    last_note: Option<Line<{ Listed::PREVIEW }>>,
}

/// Files the record `item` in the `filter` index.
///
/// What is there is text of two lines of JSON, the first to choose by and the second to show: for
/// most of those who are read it ends with the first.
pub(super) fn file_customer(item: &mut Item, customer: &Customer) -> Result<()> {
    let Listed { hit, discount, last_note, facets } = customer.into();
    let Hit { name, company, email, phone, .. } = hit;
    let shown = Shown { name, company, email, phone, discount, last_note };
    let packed = [serde_json::to_string(&facets), serde_json::to_string(&shown)];
    let [facets, shown] = packed.map(|line| line.map_err(|_| Error::Impossible("facets that are no JSON")));
    let shard = keys::customers_shard(&customer.shop, keys::shard_of(customer.id));
    let packed = format!("{}\n{}", facets?, shown?);
    file_in(item, Index::Filter, shard, customer.id.to_string(), Some(&packed))
}

/// An entry of the index.
#[derive(Deserialize)]
struct Entry {
    filter_sk: CustomerId,
    facets: String,
}

impl Entry {
    fn facets(&self) -> Result<Facets> {
        let line = self.facets.lines().next().unwrap_or_default();
        serde_json::from_str(line).map_err(|_| UNREADABLE)
    }

    fn listed(self, facets: Facets) -> Result<Listed> {
        let line = self.facets.lines().nth(1).unwrap_or_default();
        let Shown { name, company, email, phone, discount, last_note } =
            serde_json::from_str(line).map_err(|_| UNREADABLE)?;
        let hit = Hit { id: self.filter_sk, name, company, email, phone, status: facets.status };
        Ok(Listed { hit, discount, last_note, facets })
    }
}

const UNREADABLE: Error = Error::Impossible("facets that can't be read");

/// One shard, read from its newest customer on.
struct Shard {
    number: u8,
    hits: Vec<Listed>,
    /// The last customer read; everybody newer has been looked at.
    read_to: Option<CustomerId>,
    done: bool,
}

impl Table {
    /// Patterns 3b and 5: a page of the customers whom `filter` wants on that day, newest first
    /// contact first, those before `before`. Three read units for a hundred that are examined: twice
    /// to four times the page where all match, and all there are where none does.
    pub async fn customers_by_filter(
        &self,
        shop: &ShopId,
        filter: &Filter,
        on: ShopDay<'_>,
        limit: u32,
        before: Option<CustomerId>,
    ) -> Result<Page<Listed, CustomerId>> {
        let limit = limit as usize;
        let begin = |number| Shard { number, hits: Vec::new(), read_to: before, done: false };
        let mut shards: Vec<Shard> = (0..SHARDS).map(begin).collect();
        // Of a page of everybody, each shard has about a quarter; of others, nobody knows.
        let quarter = u32::try_from(limit.div_ceil(usize::from(SHARDS))).unwrap_or(STEP);
        let mut step = if filter.is_status_only() { quarter + 3 } else { 4 * quarter };
        let mut examined = 0;
        loop {
            let last = last_of_page(&shards, limit);
            let behind =
                |shard: &&mut Shard| !shard.done && last.is_none_or(|last| shard.read_to.is_none_or(|to| to > last));
            let lagging: Vec<&mut Shard> = shards.iter_mut().filter(behind).collect();
            if lagging.is_empty() || examined >= MAX_FACETS {
                return Ok(page(shards, limit));
            }
            let reads = lagging.into_iter().map(|shard| self.read_shard(shop, filter, on, step, shard));
            examined += try_join_all(reads).await?.into_iter().sum::<usize>();
            step = if *filter == Filter::default() { step } else { (step * 4).min(STEP) };
        }
    }

    /// Reads `shard` on, and says how many there were.
    async fn read_shard(
        &self,
        shop: &ShopId,
        filter: &Filter,
        on: ShopDay<'_>,
        limit: u32,
        shard: &mut Shard,
    ) -> Result<usize> {
        let range = shard.read_to.map_or(Range::All, older_than);
        let select = Select::index(Index::Filter, keys::customers_shard(shop, shard.number), range, limit);
        let page: Page<Entry> = self.query(select.backwards()).await?;
        let examined = page.items.len();
        shard.done = page.next.is_none();
        for entry in page.items {
            shard.read_to = Some(entry.filter_sk);
            let facets = entry.facets()?;
            if filter.matches(&facets, on) {
                shard.hits.push(entry.listed(facets)?);
            }
        }
        Ok(examined)
    }

    /// How many customers `filter` wants on that day: exact up to [`MAX_COUNTED`] customers.
    pub async fn count_by_filter(&self, shop: &ShopId, filter: &Filter, on: ShopDay<'_>) -> Result<Count> {
        let most = MAX_COUNTED / usize::from(SHARDS);
        let shards = (0..SHARDS).map(|shard| async move {
            let (mut count, mut examined, mut after) = (0, 0, None);
            loop {
                let partition = keys::customers_shard(shop, shard);
                let select = Select::index(Index::Filter, partition, Range::All, STEP).after(after);
                let page: Page<Entry> = self.query(select).await?;
                examined += page.items.len();
                for entry in page.items {
                    count += usize::from(filter.matches(&entry.facets()?, on));
                }
                after = page.next;
                if after.is_none() || examined >= most {
                    return Ok::<_, Error>((count, after.is_none()));
                }
            }
        });
        let counts = try_join_all(shards).await?;
        let complete = counts.iter().all(|(_, complete)| *complete);
        Ok(Count { count: counts.iter().map(|(count, _)| count).sum(), complete })
    }

    /// Whether `filter` wants more than `most` customers on that day. It looks no further than that, nor
    /// at more than [`MAX_FACETS`] customers: where those are not enough to tell, `false`.
    pub async fn are_more_than(&self, shop: &ShopId, filter: &Filter, on: ShopDay<'_>, most: u64) -> Result<bool> {
        let (mut count, mut examined) = (0, 0);
        for shard in 0..SHARDS {
            let mut after = None;
            while count <= most && examined < MAX_FACETS {
                let stretch = self.chosen_of_shard(shop, shard, filter, on, STEP, after).await?;
                count += stretch.chosen.len() as u64;
                examined += STEP as usize;
                after = stretch.read_to;
                if stretch.done {
                    break;
                }
            }
        }
        Ok(count > most)
    }

    /// Pattern 11: a page of one shard's customers, oldest first contact first, those after
    /// `after`. At most 4 read units for 25 from each of the four shards.
    pub async fn customers_by_first_contact(
        &self,
        shop: &ShopId,
        shard: u8,
        limit: u32,
        after: Option<CustomerId>,
    ) -> Result<Vec<Listed>> {
        let page = self.entries(shop, shard, limit, after).await?;
        let listed = |entry: Entry| entry.facets().and_then(|facets| entry.listed(facets));
        page.items.into_iter().map(listed).collect()
    }

    /// The next entries of one shard, oldest first contact first.
    async fn entries(&self, shop: &ShopId, shard: u8, limit: u32, after: Option<CustomerId>) -> Result<Page<Entry>> {
        // The separator sorts below the character that follows, so the customer itself is left out.
        let newer = |id| Range::Between(format!("{id}!"), "~".to_owned());
        let range = after.map_or(Range::All, newer);
        self.query(Select::index(Index::Filter, keys::customers_shard(shop, shard), range, limit)).await
    }

    /// Pattern 11: whom `filter` wants on that day of the next `limit` customers of one shard, oldest
    /// first contact first, those after `after`. Some 0.03 read units for each that is looked at.
    pub async fn chosen_of_shard(
        &self,
        shop: &ShopId,
        shard: u8,
        filter: &Filter,
        on: ShopDay<'_>,
        limit: u32,
        after: Option<CustomerId>,
    ) -> Result<Stretch> {
        let page = self.entries(shop, shard, limit, after).await?;
        let read_to = page.items.last().map(|entry| entry.filter_sk).or(after);
        let everybody = *filter == Filter::default();
        let wanted = |entry: &Entry| Ok(everybody || filter.matches(&entry.facets()?, on));
        let mut chosen = Vec::with_capacity(page.items.len());
        for entry in page.items {
            if wanted(&entry)? {
                chosen.push(Chosen(entry));
            }
        }
        Ok(Stretch { chosen, read_to, done: page.next.is_none() })
    }
}

/// A customer whom a filter wants.
pub struct Chosen(Entry);

impl Chosen {
    /// Who.
    pub fn id(&self) -> CustomerId {
        self.0.filter_sk
    }

    /// What identifies them at a glance.
    ///
    /// # Errors
    /// When the index holds what no entry of it is.
    pub fn into_hit(self) -> Result<Hit> {
        let facets = self.0.facets()?;
        Ok(self.0.listed(facets)?.hit)
    }
}

/// What was read of a shard.
pub struct Stretch {
    /// Whom the filter wants, in the order of their ids.
    pub chosen: Vec<Chosen>,
    /// The last customer looked at.
    pub read_to: Option<CustomerId>,
    /// Whether nobody follows.
    pub done: bool,
}

fn older_than(id: CustomerId) -> Range {
    let earlier = Ulid::from_bytes(u128::from_be_bytes(id.ulid().to_bytes()).saturating_sub(1).to_be_bytes());
    Range::Between("0".to_owned(), earlier.to_string())
}

/// The last hit of a page, and with it the one that shows that another page follows; `None` while
/// there are not as many.
fn last_of_page(shards: &[Shard], limit: usize) -> Option<CustomerId> {
    let mut ids: Vec<CustomerId> = shards.iter().flat_map(|shard| &shard.hits).map(|listed| listed.hit.id).collect();
    ids.sort_by_key(|id| std::cmp::Reverse(*id));
    ids.get(limit).copied()
}

/// What the shards come to together: as far as all of them have been read.
fn page(shards: Vec<Shard>, limit: usize) -> Page<Listed, CustomerId> {
    let read_to = shards.iter().filter(|shard| !shard.done).filter_map(|shard| shard.read_to).max();
    let mut items: Vec<Listed> = shards.into_iter().flat_map(|shard| shard.hits).collect();
    items.retain(|listed| read_to.is_none_or(|to| listed.hit.id >= to));
    items.sort_by_key(|listed| std::cmp::Reverse(listed.hit.id));
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|listed| listed.hit.id) } else { read_to };
    Page { items, next }
}
