//! A product gets another image, or none; and what becomes of files that no product shows.
//!
//! A file is written down before it can be there and forgotten after it is gone. What a request leaves
//! that is lost between the two (at most an image a request) is deleted when the shop announces its
//! next one: a file that was taken off at once, one that was never attached a day after.

use jiff::Timestamp;
use shared::domain::{AuditAction, ImageId, LooseImage, Product, ProductId, ProductImage, ShopId};
use shared::http::{Call, Problem, ProblemKind, Staff};
use shared::table::Transaction;
use shared::telemetry::chain;
use shared::{App, Images, Result};

use crate::product_view::ProductView;

/// How many times a hundred files are looked through, and how many of them deleted, for one that is
/// announced.
const PAGES: usize = 10;
const DELETED: usize = 10;

/// Who changes an image, and where.
pub struct ImageChange<'a> {
    pub app: &'a App,
    pub images: &'a Images,
    pub call: &'a Call,
    pub staff: &'a Staff,
}

impl ImageChange<'_> {
    /// Gives `before` this image, whose file is in its place, or none; then deletes the file of the one
    /// it had.
    ///
    /// # Errors
    /// A problem where the product was changed meanwhile.
    pub async fn make(
        &self,
        before: &Product,
        image: Option<ProductImage>,
        action: AuditAction,
    ) -> Result<ProductView, Problem> {
        let Self { app, call, staff, .. } = self;
        let (shop, after) = (&staff.shop, before.showing(image, call.now));
        let mut transaction = Transaction::new();
        transaction.replace_product(shop, before, &after)?;
        if let Some(image) = &after.image {
            transaction.remove_loose_image(shop, image.id);
        }
        take_off(before, shop, call.now, &mut transaction)?;
        let shown = [&before.image, &after.image].into_iter().flatten().map(|image| image.id.to_string());
        let records = [before.id.to_string()].into_iter().chain(shown).collect();
        transaction.audit(shop, &staff.audit(call, &app.entropy, action, records), None)?;
        if app.table.commit(transaction).await?.is_err() {
            if let Some(image) = &after.image {
                self.take_back(before.id, image.id).await?;
            }
            return Err(Problem::new(ProblemKind::Stale));
        }
        if let Some(image) = &before.image {
            delete_file(app, self.images, shop, image.id).await;
        }
        ProductView::read(app, shop, before.id).await
    }

    /// Deletes the file that was copied for nothing, if nothing names it: another request attached it
    /// and it was taken off again before this one's copy was there. It is never attached any more.
    async fn take_back(&self, product: ProductId, id: ImageId) -> Result<()> {
        let (table, shop) = (&self.app.table, &self.staff.shop);
        let (loose, product) = tokio::try_join!(table.loose_image(shop, id), table.product(shop, product))?;
        let shown = product.and_then(|product| product.image).is_some_and(|image| image.id == id);
        if loose.is_none() && !shown { self.images.delete(id).await } else { Ok(()) }
    }
}

/// Writes down that `product` shows its image no more.
pub fn take_off(product: &Product, shop: &ShopId, now: Timestamp, transaction: &mut Transaction) -> Result<()> {
    if let Some(image) = &product.image {
        transaction.create_loose_image(shop, &LooseImage::taken_off(image.id, now))?;
    }
    Ok(())
}

/// Deletes the file of an image that no product shows, then forgets it. What fails here is done when
/// the next image is announced.
pub async fn delete_file(app: &App, images: &Images, shop: &ShopId, id: ImageId) {
    let deleted = async {
        images.delete(id).await?;
        let mut transaction = Transaction::new();
        transaction.remove_loose_image(shop, id);
        // Whoever was quicker did the same.
        app.table.commit(transaction).await.map(drop)
    };
    if let Err(error) = deleted.await {
        tracing::warn!(cause = chain(&error), "the file of an image is left to the next upload");
    }
}

/// Deletes what earlier requests have left, some of it.
pub async fn tidy_up(app: &App, images: &Images, shop: &ShopId, now: Timestamp) {
    match what_is_over(app, shop, now).await {
        Ok(over) => {
            for id in over {
                delete_file(app, images, shop, id).await;
            }
        }
        Err(error) => tracing::warn!(cause = chain(&error), "files of images are left to the next upload"),
    }
}

/// Some of what no product shows and nobody awaits, however much stands among it that was just announced.
async fn what_is_over(app: &App, shop: &ShopId, now: Timestamp) -> Result<Vec<ImageId>> {
    let (mut over, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let page = app.table.loose_images(shop, 100, after).await?;
        over.extend(page.items.iter().filter(|image| image.is_over(now)).map(|image| image.id));
        after = page.next;
        if after.is_none() || over.len() >= DELETED {
            break;
        }
    }
    over.truncate(DELETED);
    Ok(over)
}
