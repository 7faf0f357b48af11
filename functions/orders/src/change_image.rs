//! A product gets another image, or none; and what becomes of files that no product shows.
//!
//! A file is written down before it can be there and forgotten after it is gone. What a request leaves
//! that is lost between the two (at most an image a request) is deleted when the shop announces its
//! next one: a file that was taken off at once, one that was never attached a day after.

use jiff::Timestamp;
use shared::domain::{AuditAction, ImageId, LooseImage, Product, ProductImage, ShopId};
use shared::http::{Call, Problem, ProblemKind, Staff};
use shared::table::Transaction;
use shared::telemetry::chain;
use shared::{App, Images, Result};

use crate::product_view::ProductView;

/// How many files are looked through, and how many of them deleted, for one that is announced.
const LOOKED_AT: u32 = 100;
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
            return Err(Problem::new(ProblemKind::Stale));
        }
        if let Some(image) = &before.image {
            delete_file(app, self.images, shop, image.id).await;
        }
        ProductView::read(app, shop, before.id).await
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
    match app.table.loose_images(shop, LOOKED_AT).await {
        Ok(loose) => {
            for image in loose.iter().filter(|image| image.is_over(now)).take(DELETED) {
                delete_file(app, images, shop, image.id).await;
            }
        }
        Err(error) => tracing::warn!(cause = chain(&error), "files of images are left to the next upload"),
    }
}
