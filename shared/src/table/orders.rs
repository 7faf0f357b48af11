//! Orders: in their customer's partition, and in the shop's list by day (pattern 8).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::customers::Owner;
use super::keys::{self, Index};
use super::{Item, Page, Position, Range, Select, Step, Table, Transaction, file_in, to_item};
use crate::Result;
use crate::domain::{
    Channel, Currency, CustomerId, Line, Money, Order, OrderId, OrderLine, OrderNumber, OrderState, Quantity, ShopId,
};

/// What a list shows of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCard {
    /// The order.
    pub id: OrderId,
    /// The number that people say.
    pub number: String,
    /// Who ordered.
    pub customer: CustomerId,
    /// How far it has come.
    pub state: OrderState,
    /// Where it was placed.
    pub channel: Channel,
    /// How many things were ordered.
    pub items: u32,
    /// Of how many lines.
    #[serde(default)]
    pub line_count: u32,
    /// The first lines: at most [`OrderCard::LINES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<CardLine>,
    /// What it comes to.
    pub total: Money,
    /// When it was placed.
    pub placed_at: jiff::Timestamp,
    /// The day it was placed, in the shop's zone.
    pub day: Date,
}

/// What a list shows of an order's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardLine {
    /// What it is of; cut where that is too long for a card.
    pub name: Line<60>,
    /// How many.
    pub quantity: Quantity,
}

impl OrderCard {
    /// The most lines of a card, which has to stay at about 1 KB.
    pub const LINES: usize = 3;
}

impl CardLine {
    fn of(line: &OrderLine) -> Option<Self> {
        let name: String = line.name_and_unit().chars().take(60).collect();
        Some(Self { name: name.parse().ok()?, quantity: line.quantity })
    }
}

impl From<&Order> for OrderCard {
    fn from(order: &Order) -> Self {
        Self {
            id: order.id,
            number: order.number().to_string(),
            customer: order.customer,
            state: order.state,
            channel: order.channel,
            items: order.lines.iter().map(|line| line.quantity.get()).sum(),
            line_count: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
            lines: order.lines.iter().take(Self::LINES).filter_map(CardLine::of).collect(),
            total: order.total,
            placed_at: order.placed_at,
            day: order.day,
        }
    }
}

#[derive(Deserialize)]
struct Carded {
    card: OrderCard,
}

/// Which orders of a shop to list: those that fit everything that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedOrders {
    /// The day they were placed, in the shop's zone.
    pub day: Option<Date>,
    /// The number that people say: of one order, as a rule.
    pub number: Option<OrderNumber>,
    /// How far they have come.
    pub state: Option<OrderState>,
    /// Where they were placed.
    pub channel: Option<Channel>,
    /// Whose they are: of nobody who was merged, whose orders are their survivor's.
    pub customer: Option<CustomerId>,
}

impl WantedOrders {
    /// Whether orders have to be looked at to know: those of a customer don't stand by day.
    fn sifts(&self) -> bool {
        self.number.is_some()
            || self.state.is_some()
            || self.channel.is_some()
            || (self.customer.is_some() && self.day.is_some())
    }

    fn fits(&self, card: &OrderCard) -> bool {
        self.day.is_none_or(|day| day == card.day)
            && self.number.as_ref().is_none_or(|number| number.to_string() == card.number)
            && self.state.is_none_or(|state| state == card.state)
            && self.channel.is_none_or(|channel| channel == card.channel)
    }

    /// Where the orders stand, newest last, at most `limit`: with their customer, or in the shop's list.
    fn select(&self, shop: &ShopId, limit: u32) -> Select {
        if let Some(customer) = self.customer {
            let range = Range::BeginsWith(keys::ORDERS.to_owned());
            return Select::table(keys::customer_partition(shop, customer), range, limit);
        }
        let day = self.day.or_else(|| self.number.as_ref().map(OrderNumber::day));
        let range = day.map_or(Range::All, |day| Range::BeginsWith(format!("{day}#")));
        Select::index(Index::List, keys::orders_list(shop), range, limit)
    }

    /// Where the list goes on behind `card`.
    fn position(&self, shop: &ShopId, card: &OrderCard) -> Position {
        let key = keys::order(shop, card.customer, card.id);
        match self.customer {
            Some(_) => Position::of_key(key),
            None => {
                let (list, sort) = (keys::orders_list(shop), keys::orders_list_sort(card.day, card.id));
                Position::in_index(key, Index::List, list, sort)
            }
        }
    }
}

/// How many orders are looked at for one page of those that fit.
pub const MAX_SIFTED: usize = 1000;

/// How often an order is looked for that is moved just when it is: more often than jobs move one.
const MOVES: u32 = 10;

impl Table {
    /// The order with this id: what leads to its customer, then the order. Where a job moves it
    /// between the two, it is looked for where it went, and perhaps came back from.
    pub async fn order(&self, shop: &ShopId, id: OrderId) -> Result<Option<Order>> {
        for _ in 0..MOVES {
            let Some(owner) = self.get::<Owner>(&keys::order_owner(shop, id)).await? else {
                return Ok(None);
            };
            let order = self.get(&keys::order(shop, owner.customer, id)).await?;
            if order.is_some() {
                return Ok(order);
            }
        }
        Ok(None)
    }

    /// An order of a known customer: 1 GetItem.
    pub async fn order_of_customer(&self, shop: &ShopId, customer: CustomerId, id: OrderId) -> Result<Option<Order>> {
        self.get(&keys::order(shop, customer, id)).await
    }

    /// Pattern 1b: a page of a customer's orders, newest first; in one currency, or in all. Looks
    /// through those of other currencies: at most through all that the customer has.
    pub async fn orders_of_customer(
        &self,
        shop: &ShopId,
        customer: CustomerId,
        currency: Option<Currency>,
        limit: u32,
        mut after: Option<Position>,
    ) -> Result<Page<Order>> {
        let partition = keys::customer_partition(shop, customer);
        // Of one currency, there may be few among many: those are not looked for one by one.
        let at_once = if currency.is_some() { limit.max(100) } else { limit };
        let mut items: Vec<Order> = Vec::new();
        loop {
            let range = Range::BeginsWith(keys::ORDERS.to_owned());
            let select = Select::table(partition.clone(), range, at_once).backwards().after(after);
            let page: Page<Order> = self.query(select).await?;
            let wanted = |order: &Order| currency.is_none_or(|currency| order.total.currency() == currency);
            items.extend(page.items.into_iter().filter(wanted));
            after = page.next;
            if items.len() > limit as usize {
                items.truncate(limit as usize);
                after = items.last().map(|last| Position::of_key(keys::order(shop, customer, last.id)));
            }
            if after.is_none() || items.len() == limit as usize {
                return Ok(Page { items, next: after });
            }
        }
    }

    /// Every order of a customer, newest first: for what needs them all, like a merge.
    pub async fn all_orders_of_customer(&self, shop: &ShopId, customer: CustomerId) -> Result<Vec<Order>> {
        let (mut orders, mut after) = (Vec::new(), None);
        loop {
            let page = self.orders_of_customer(shop, customer, None, 100, after).await?;
            orders.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(orders);
            }
        }
    }

    /// Pattern 8: a page of the orders of a shop that `wanted` fits, newest first; of a customer's,
    /// pattern 1b. Half a read unit per 4 KB of cards, one per 4 KB of a customer's orders; where few fit,
    /// [`MAX_SIFTED`] are looked at and the page may be short.
    pub async fn orders(
        &self,
        shop: &ShopId,
        wanted: &WantedOrders,
        limit: u32,
        mut after: Option<Position>,
    ) -> Result<Page<OrderCard>> {
        let at_once = if wanted.sifts() { limit.max(100) } else { limit };
        let (mut items, mut sifted) = (Vec::new(), 0);
        loop {
            let select = wanted.select(shop, at_once).backwards().after(after);
            let page: Page<Carded> = self.query(select).await?;
            sifted += page.items.len();
            items.extend(page.items.into_iter().map(|filed| filed.card).filter(|card| wanted.fits(card)));
            after = page.next;
            if items.len() > limit as usize {
                items.truncate(limit as usize);
                after = items.last().map(|last| wanted.position(shop, last));
            }
            if after.is_none() || items.len() == limit as usize || sifted >= MAX_SIFTED {
                return Ok(Page { items, next: after });
            }
        }
    }
}

impl Transaction {
    /// Places an order.
    pub fn create_order(&mut self, order: &Order) -> Result<Step> {
        let step = self.create(item(order)?);
        let owner = Owner { shop: order.shop.clone(), customer: order.customer };
        self.create(to_item(keys::order_owner(&order.shop, order.id), "order_owner", &owner)?);
        Ok(step)
    }

    /// Moves an order on to `after`, from the version it was read with.
    pub fn replace_order(&mut self, after: &Order) -> Result<Step> {
        Ok(self.replace(item(after)?, after.version - 1))
    }
}

/// An order, with its place in the shop's list.
fn item(order: &Order) -> Result<Item> {
    let mut item = to_item(keys::order(&order.shop, order.customer, order.id), "order", order)?;
    let sort = keys::orders_list_sort(order.day, order.id);
    file_in(&mut item, Index::List, keys::orders_list(&order.shop), sort, Some(&OrderCard::from(order)))?;
    Ok(item)
}
