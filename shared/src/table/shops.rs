//! Shops and their settings.

use serde::{Deserialize, Serialize};

use super::keys::{self, Index};
use super::{Item, Page, Range, Select, Step, Table, Transaction, file_in, to_item};
use crate::Result;
use crate::domain::{Settings, ShopId};

/// More shops than one deployment has; the list is read whole.
const MAX_SHOPS: u32 = 1000;

#[derive(Serialize, Deserialize)]
struct Named {
    shop: ShopId,
}

#[derive(Deserialize)]
struct Filed {
    card: Named,
}

impl Table {
    /// A shop's settings, perhaps some seconds old: half a read unit.
    pub async fn settings(&self, shop: &ShopId) -> Result<Option<Settings>> {
        self.get_eventually(&keys::settings(shop)).await
    }

    /// A shop's settings as they are now: one read unit.
    pub async fn settings_now(&self, shop: &ShopId) -> Result<Option<Settings>> {
        self.get(&keys::settings(shop)).await
    }

    /// Every shop of the deployment: what a schedule goes through.
    pub async fn shops(&self) -> Result<Vec<ShopId>> {
        let select = Select::index(Index::List, keys::SHOPS.to_owned(), Range::All, MAX_SHOPS);
        let page: Page<Filed> = self.query(select).await?;
        Ok(page.items.into_iter().map(|filed| filed.card.shop).collect())
    }
}

impl Transaction {
    /// Makes a shop, if it does not exist.
    pub fn create_settings(&mut self, settings: &Settings) -> Result<Step> {
        Ok(self.create(item(settings)?))
    }

    /// Changes `before` to `after`, whose version is the next.
    pub fn replace_settings(&mut self, before: &Settings, after: &Settings) -> Result<Step> {
        Ok(self.replace(item(after)?, before.version))
    }
}

/// The settings, with the shop's place among the shops.
fn item(settings: &Settings) -> Result<Item> {
    let mut item = to_item(keys::settings(&settings.shop), "settings", settings)?;
    let named = Named { shop: settings.shop.clone() };
    file_in(&mut item, Index::List, keys::SHOPS.to_owned(), settings.shop.to_string(), Some(&named))?;
    Ok(item)
}
