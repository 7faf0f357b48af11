//! What a customer is offered, at which price. Prices are read here and nowhere else: none ever
//! comes from a request.

use std::collections::{BTreeMap, BTreeSet};

use shared::App;
use shared::domain::{Currency, GroupId, Line, OrderDraft, ProductId, Terms, product_words};
use shared::http::{Cursor, Problem};
use shared::table::{Directory, Offered, Reading};

use crate::offer::{Basket, Offer, Offers};
use crate::open_link::OpenLink;
use crate::view::Shelf;

/// Products on one page.
const PAGE: u32 = 60;

/// Products read at once by a search, and the most that one page of it looks at.
const SEARCHED: u32 = 500;
const MOST_SEARCHED: usize = 2000;

/// What the holder of a link is offered, and on which terms.
pub struct Catalogue<'a> {
    app: &'a App,
    open: &'a OpenLink,
    pub currency: Currency,
    terms: Terms,
    group: Option<GroupId>,
    /// The categories there are in that currency: of the whole catalogue only.
    pub categories: Vec<(String, String)>,
    /// About how many products are offered.
    pub size: u64,
    /// What the link offers, where that is not the whole catalogue.
    selection: Option<Vec<Offered>>,
}

impl<'a> Catalogue<'a> {
    /// What is offered now: all of the catalogue, or the link's selection; in the customer's currency,
    /// or in the shop's where nothing has a price in theirs.
    pub async fn of(app: &'a App, open: &'a OpenLink) -> Result<Self, Problem> {
        let OpenLink { link, customer, settings } = open;
        let (shop, own) = (&customer.shop, customer.currency);
        let in_group = async {
            match customer.group {
                Some(id) => app.table.group(shop, id).await,
                None => Ok(None),
            }
        };
        let (group, (sold_in, directory)) = tokio::try_join!(in_group, sold(app, open))?;
        let rate = group.as_ref().map(|group| group.rate_bp);
        let terms = Terms { rate, discount: customer.discount, stacked: settings.stacked_discounts };
        let group = group.map(|group| group.id);
        let Some(selected) = &link.products else {
            let Directory { categories, offers: size } = directory;
            return Ok(Self { app, open, currency: sold_in, terms, group, categories, size, selection: None });
        };
        let selection = app.table.offers_among(shop, selected, directory.offers).await?;
        let priced = |currency| selection.iter().filter(|offered| offered.prices.get(currency).is_some()).count();
        let currency = if priced(own) > 0 { own } else { settings.currency };
        let (categories, size) = (Vec::new(), priced(currency) as u64);
        Ok(Self { app, open, currency, terms, group, categories, size, selection: Some(selection) })
    }

    /// A page of products.
    pub async fn shelf(&self, shelf: &Shelf) -> Result<Offers, Problem> {
        let shop = &self.open.link.shop;
        let [category, search] = [&shelf.category, &shelf.search].map(|text| text.as_ref().map(Line::expose));
        let cursors = Cursor::new(&self.app.keyring, shop, &["offers", category.unwrap_or(""), search.unwrap_or("")]);
        let mut place: Option<String> = shelf.after.as_ref().and_then(|after| cursors.open(after.expose()));
        let words = search.map(product_words).unwrap_or_default();
        if search.is_some() && words.is_empty() {
            return Ok(Offers { offers: Vec::new(), next: None });
        }
        let (mut offers, mut looked_at): (Vec<Offer>, usize) = (Vec::new(), 0);
        let next = 'pages: loop {
            let (batch, ended) = self.batch(category, place.as_deref(), words.is_empty()).await?;
            looked_at += batch.len();
            place = batch.last().map(|offered| offered.place.clone());
            let found = batch.into_iter().filter_map(|offered| self.offer(offered));
            for offer in found.filter(|offer| offer.is_found(&words)) {
                if offers.len() == PAGE as usize {
                    break 'pages offers.last().map(|offer| offer.place.clone());
                }
                offers.push(offer);
            }
            if ended {
                break None;
            }
            if looked_at >= MOST_SEARCHED {
                break place;
            }
        };
        self.count(&mut offers).await?;
        let after = |place: String| cursors.seal(&place).parse().ok();
        let next = next.map(|place| Shelf { after: after(place), ..shelf.clone() });
        Ok(Offers { offers, next })
    }

    /// Products from behind a place on, and whether those are the last.
    async fn batch(
        &self,
        category: Option<&str>,
        place: Option<&str>,
        all: bool,
    ) -> Result<(Vec<Offered>, bool), Problem> {
        if let Some(selection) = &self.selection {
            let behind = |offered: &&Offered| place.is_none_or(|place| *offered.place > *place);
            let beginning = category.map_or_else(String::new, |category| format!("{category}#"));
            let wanted = |offered: &&Offered| behind(offered) && offered.place.starts_with(&beginning);
            return Ok((selection.iter().filter(wanted).cloned().collect(), true));
        }
        let limit = if all { PAGE + 1 } else { SEARCHED };
        let batch = self.app.table.offers(&self.open.link.shop, category, limit, place).await?;
        let ended = batch.len() < limit as usize;
        Ok((batch, ended))
    }

    /// Says of each offer that is counted how many there are.
    async fn count(&self, offers: &mut [Offer]) -> Result<(), Problem> {
        let counted = offers.iter().filter(|offer| offer.counted).map(|offer| offer.product).collect();
        let stocks = self.app.table.stocks(&self.open.link.shop, &counted).await?;
        offers.iter_mut().for_each(|offer| offer.stock = stocks.get(&offer.product).copied());
        Ok(())
    }

    /// What is offered of `products`, at most 100, in the order of the catalogue; with how many there
    /// are now.
    pub async fn these(&self, products: &BTreeSet<ProductId>, reading: Reading) -> Result<Vec<Offer>, Problem> {
        let (shop, link) = (&self.open.link.shop, &self.open.link);
        let products: BTreeSet<_> = products.iter().copied().filter(|product| link.offers(*product)).collect();
        let offered = self.app.table.offers_by_id(shop, &products, reading).await?;
        let mut offers: Vec<Offer> = offered.into_iter().filter_map(|offered| self.offer(offered)).collect();
        let counted = offers.iter().filter(|offer| offer.counted).map(|offer| offer.product).collect();
        let stocks: BTreeMap<ProductId, i64> = self.app.table.stocks_of(shop, &counted).await?;
        offers.iter_mut().for_each(|offer| offer.stock = stocks.get(&offer.product).copied());
        Ok(offers)
    }

    /// The product as this customer is offered it, if it has a price in their currency.
    fn offer(&self, offered: Offered) -> Option<Offer> {
        let base_price = offered.prices.get(self.currency)?;
        let of_group = offered.group_price(self.group, self.currency);
        let (language, fallback) = (&self.open.customer.language, self.open.settings.language());
        let name = offered.name.best(language, &fallback).to_owned();
        Some(Offer {
            product: offered.id,
            name,
            price: self.terms.price(base_price, of_group),
            why: self.terms.reason(base_price, of_group),
            base_price,
            place: offered.place,
            unit: offered.unit,
            category: offered.category,
            image: offered.image,
            described: offered.described,
            quantity: offered.quantity,
            counted: offered.counted,
            stock: None,
        })
    }

    /// What was chosen so far; `shown` are offers that are read already.
    pub async fn basket(&self, draft: &OrderDraft, shown: &[Offer]) -> Result<Basket, Problem> {
        let link = &self.open.link;
        let known = |product: &ProductId| shown.iter().any(|offer| offer.product == *product);
        let others: BTreeSet<_> = draft.lines.keys().copied().filter(|id| link.offers(*id) && !known(id)).collect();
        let others = self.app.table.offers_by_id(&link.shop, &others, Reading::Show).await?;
        let others: Vec<Offer> = others.into_iter().filter_map(|offered| self.offer(offered)).collect();
        Ok(Basket::of(draft, &shown.iter().chain(&others).collect::<Vec<_>>()))
    }

    /// A product, with what there is to say of it.
    pub async fn described(&self, product: ProductId) -> Result<Option<(Offer, Option<String>)>, Problem> {
        let (shop, ids) = (&self.open.link.shop, BTreeSet::from([product]));
        let (offers, product) = tokio::try_join!(self.these(&ids, Reading::Show), async {
            Ok(self.app.table.product(shop, product).await?)
        })?;
        let (language, fallback) = (&self.open.customer.language, self.open.settings.language());
        let said = product.and_then(|product| product.description);
        let said = said.and_then(|texts| texts.best(language, &fallback).map(|text| text.expose().to_owned()));
        Ok(offers.into_iter().next().map(|offer| (offer, said)))
    }
}

/// What is sold in the customer's currency, or in the shop's where nothing is in theirs.
async fn sold(app: &App, open: &OpenLink) -> shared::Result<(Currency, Directory)> {
    let (shop, own, other) = (&open.link.shop, open.customer.currency, open.settings.currency);
    let directory = app.table.directory(shop, own).await?;
    if directory.offers > 0 || own == other {
        return Ok((own, directory));
    }
    Ok((other, app.table.directory(shop, other).await?))
}
