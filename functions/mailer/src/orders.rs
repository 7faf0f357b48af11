//! Mails about a customer's orders: that one was received, how far it has come, and the magic link to
//! the page where the next one is placed.
//!
//! An order and a link are read where the customer's job has them just then: a merge takes them along
//! one by one, and the mail may leave before it has come to them.

use jiff::Timestamp;
use shared::Result;
use shared::domain::{
    Addressee, CustomerId, DraftId, DueDate, LinkState, Locale, Message, Occurrence, Order, OrderId, OrderLink,
    OrderLinkId, OrderNews,
};
use shared::email::{ChosenLine, Content, OrderLine, Rendered};
use shared::keyring::TokenHash;
use shared::wording::day;

use crate::content::{Writing, link};

impl Writing<'_> {
    /// The order as it was received; nothing where it is gone.
    pub async fn confirmation(&self, id: OrderId) -> Result<Option<Rendered>> {
        let Some(order) = self.order(id).await? else {
            return Ok(None);
        };
        let (locale, page) = (self.locale(), self.page_of(&order).await?);
        let texts = LineTexts::of(&order, locale);
        let content = Content::OrderConfirmation {
            addressee: self.addressee(),
            number: &order.number().to_string(),
            placed_on: &day(locale, order.day),
            lines: &texts.iter().map(LineTexts::line).collect::<Vec<_>>(),
            total: &order.total.display(locale),
            note: order.note.as_ref().map(|note| note.expose()),
            order: page.as_deref().map(link).transpose()?,
        };
        self.in_words(&content).map(Some)
    }

    /// How far the order has come; nothing where that is not so any more. Why it was cancelled is between
    /// those who work in the shop.
    pub async fn order_state(&self, id: OrderId, news: OrderNews) -> Result<Option<Rendered>> {
        let Some(order) = self.order(id).await?.filter(|order| news.holds_for(order)) else {
            return Ok(None);
        };
        let locale = self.locale();
        // The page of an order that was cancelled thanks for it.
        let page = if order.stands() { self.page_of(&order).await? } else { None };
        let texts = LineTexts::of(&order, locale);
        let content = Content::OrderState {
            addressee: self.addressee(),
            news,
            number: &order.number().to_string(),
            lines: &texts.iter().map(LineTexts::line).collect::<Vec<_>>(),
            total: &order.total.display(locale),
            order: page.as_deref().map(link).transpose()?,
        };
        self.in_words(&content).map(Some)
    }

    /// The magic link with its address, which is made here; nothing where it takes no orders any more.
    pub async fn order_link(&self, to: Addressee, id: OrderLinkId) -> Result<Option<Rendered>> {
        let found = self.link_of(to, id).await?;
        let Some(found) = found.filter(|link| link.state(self.now) == LinkState::Open) else {
            return Ok(None);
        };
        let app = &self.state.app;
        let url = app.public_url.order_page(&found.token(&app.keyring));
        let content = Content::OrderLink {
            addressee: self.addressee(),
            expires_on: &day(self.locale(), found.last_day(&self.settings.zone)),
            order: link(&url)?,
        };
        self.in_words(&content).map(Some)
    }

    /// Until when a message has to wait once more: whoever goes on with an order is not reminded of it.
    pub async fn not_before(&self, message: &Message) -> Result<Option<Timestamp>> {
        let Occurrence::AbandonedOrder { link, draft } = &message.occurrence else {
            return Ok(None);
        };
        let app = &self.state.app;
        let (found, kept) =
            tokio::try_join!(app.table.order_link_by_token(link), app.table.order_draft(link, self.now))?;
        let kept = kept.filter(|kept| kept.id == *draft);
        let address = app.keyring.address_digest(&self.customer.shop, &self.customer.email);
        let left = found.zip(kept);
        let due = left.and_then(|(link, kept)| DueDate::of_draft(&kept, &link, &address, &self.settings.zone));
        Ok(due.map(|due| self.settings.due_at(&due)).filter(|at| *at > self.now))
    }

    /// What was chosen on a magic link's page and is still there; nothing where it was ordered or taken
    /// out since, or where the link opens no more.
    pub async fn abandoned_order(&self, kept_at: &TokenHash, draft: DraftId) -> Result<Option<Rendered>> {
        let app = &self.state.app;
        let found = app.table.order_link_by_token(kept_at).await?;
        let Some(found) = found.filter(|link| link.is_open(self.now)) else {
            return Ok(None);
        };
        let kept = app.table.order_draft(&found.hash, self.now).await?;
        let Some(kept) = kept.filter(|kept| kept.id == draft && !kept.lines.is_empty()) else {
            return Ok(None);
        };
        let quantities: Vec<String> = kept.lines.values().map(|line| line.quantity.get().to_string()).collect();
        let chosen = kept.lines.values().zip(&quantities);
        let lines: Vec<_> = chosen.map(|(line, quantity)| ChosenLine { name: line.name.expose(), quantity }).collect();
        let (page, preferences) = (app.public_url.order_page(&found.token(&app.keyring)), self.preferences_page());
        let content = Content::AbandonedOrder {
            customer_name: self.greeting(),
            lines: &lines,
            offer: None,
            order: link(&page)?,
            unsubscribe: link(&preferences)?,
        };
        self.in_words(&content).map(Some)
    }

    /// How the first order was; nothing where it was cancelled since, or is not the first any more.
    pub async fn satisfaction(&self, id: OrderId) -> Result<Option<Rendered>> {
        let Some(order) = self.order(id).await?.filter(|_| self.customer.figures.first_order == Some(id)) else {
            return Ok(None);
        };
        let preferences = self.preferences_page();
        let content = Content::Satisfaction {
            customer_name: self.greeting(),
            number: &order.number().to_string(),
            placed_on: &day(self.locale(), order.day),
            unsubscribe: link(&preferences)?,
        };
        self.in_words(&content).map(Some)
    }

    /// The order, which is still with a customer who is being merged into this one, perhaps.
    async fn order(&self, id: OrderId) -> Result<Option<Order>> {
        let (table, shop) = (&self.state.app.table, &self.customer.shop);
        match table.order_of_customer(shop, self.customer.id, id).await? {
            Some(order) => Ok(Some(order)),
            None => table.order(shop, id).await,
        }
    }

    /// The link, which is with the one it was to be sent to until a merge has brought it here.
    async fn link_of(&self, to: Addressee, id: OrderLinkId) -> Result<Option<OrderLink>> {
        let before = to.customer().filter(|customer| *customer != self.customer.id);
        let holders: Vec<CustomerId> = before.into_iter().chain([self.customer.id]).collect();
        for holder in holders {
            let found = self.state.app.table.order_link(&self.customer.shop, holder, id).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Where the order is shown, while the magic link it came through opens: to nobody who is blocked.
    async fn page_of(&self, order: &Order) -> Result<Option<String>> {
        let Some(id) = order.link.filter(|_| self.customer.block.is_none()) else {
            return Ok(None);
        };
        let app = &self.state.app;
        let found = app.table.order_link(&order.shop, order.customer, id).await?;
        let open = found.filter(|link| link.is_open(self.now));
        Ok(open.map(|link| format!("{}?order={}", app.public_url.order_page(&link.token(&app.keyring)), order.id)))
    }
}

/// A line of an order as its customer reads it.
struct LineTexts {
    name: String,
    quantity: String,
    unit_price: String,
    discount: Option<String>,
    total: String,
}

impl LineTexts {
    fn of(order: &Order, locale: Locale) -> Vec<Self> {
        let line = |line: &shared::domain::OrderLine| Self {
            name: line.name_and_unit(),
            quantity: line.quantity.get().to_string(),
            unit_price: line.unit_price.display(locale),
            discount: line.discount.map(|discount| format!("−{}", discount.display(locale))),
            total: line.total().map(|total| total.display(locale)).unwrap_or_default(),
        };
        order.lines.iter().map(line).collect()
    }

    fn line(&self) -> OrderLine<'_> {
        OrderLine {
            name: &self.name,
            quantity: &self.quantity,
            unit_price: &self.unit_price,
            discount: self.discount.as_deref(),
            total: &self.total,
        }
    }
}
