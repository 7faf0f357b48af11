//! Images that no product shows (pattern 17): what was announced, and what was taken off.

use super::keys;
use super::{Page, Position, Range, Select, Step, Table, Transaction, to_item};
use crate::Result;
use crate::domain::{ImageId, LooseImage, ShopId};

impl Table {
    /// The image with this id, if no product shows it.
    pub async fn loose_image(&self, shop: &ShopId, id: ImageId) -> Result<Option<LooseImage>> {
        self.get(&keys::loose_image(shop, id)).await
    }

    /// Pattern 17: a page of the images that no product shows, perhaps as they were some seconds ago: half a read unit per 4 KB.
    pub async fn loose_images(&self, shop: &ShopId, limit: u32, after: Option<Position>) -> Result<Page<LooseImage>> {
        let select = Select::table(keys::loose_images_partition(shop), Range::All, limit);
        self.query(select.eventually().after(after)).await
    }
}

impl Transaction {
    /// Writes down an image that no product shows.
    pub fn create_loose_image(&mut self, shop: &ShopId, image: &LooseImage) -> Result<Step> {
        Ok(self.create(to_item(keys::loose_image(shop, image.id), "image", image)?))
    }

    /// Takes an image off those that no product shows: it is attached, or its file is gone. Of two that
    /// would, one does.
    pub fn remove_loose_image(&mut self, shop: &ShopId, id: ImageId) -> Step {
        self.remove_standing(keys::loose_image(shop, id))
    }
}
