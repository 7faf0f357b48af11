//! What the till sells and a cancellation gives back, where somebody counts.

use std::collections::{BTreeMap, BTreeSet};

use shared::App;
use shared::domain::{Invalid, Order, ShopId};
use shared::http::{FieldError, Problem};
use shared::table::Transaction;

/// Moves the stock of the counted products of `order`: down where it is `sold`, up where it is given
/// back. The till sells what it has at hand, whatever was counted.
///
/// # Errors
/// A problem where the stock can't be read, or more than [`Order::MAX_COUNTED`] products are counted.
pub async fn move_stock(
    app: &App,
    shop: &ShopId,
    order: &Order,
    sold: bool,
    transaction: &mut Transaction,
) -> Result<(), Problem> {
    let products: BTreeSet<_> = order.lines.iter().filter_map(|line| line.product).collect();
    let counted = app.table.stocks_of(shop, &products).await?;
    let mut moved = BTreeMap::new();
    for line in &order.lines {
        if let Some(product) = line.product.filter(|product| counted.contains_key(product)) {
            *moved.entry(product).or_insert(0) += i64::from(line.quantity);
        }
    }
    if sold && moved.len() > Order::MAX_COUNTED {
        return Err(Problem::invalid(vec![FieldError::new("/lines", Invalid::TooMany { max: Order::MAX_COUNTED })]));
    }
    for (product, quantity) in moved {
        transaction.move_stock(shop, product, if sold { -quantity } else { quantity });
    }
    Ok(())
}
