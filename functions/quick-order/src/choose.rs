//! What was typed becomes the draft of the link.

use std::collections::BTreeMap;

use shared::App;
use shared::domain::{DraftId, DraftLine, DueDate, LinkState, Order, OrderDraft, OrderError, OrderLink, ProductId};
use shared::http::{Call, PathToken, Problem};
use shared::table::{Reading, Transaction};

use crate::catalogue::Catalogue;
use crate::open_link::OpenLink;
use crate::posted::Typed;
use crate::refused::Refused;

/// How often what lost a race is done again on fresh data.
pub const ATTEMPTS: u32 = 20;

/// What became of it.
pub enum Kept {
    /// The draft is what was chosen.
    Draft(OrderDraft),
    /// Nothing was kept.
    Refused(Refused),
    /// The link opens nothing any more.
    Closed,
}

/// The draft of the link, or an empty one.
pub async fn draft_of(app: &App, call: &Call, open: &OpenLink) -> Result<OrderDraft, Problem> {
    let stored = app.table.order_draft(&open.link.hash, call.now).await?;
    Ok(stored.unwrap_or_else(|| empty(open, call, DraftId::new(app.entropy.ulid(call.now)))))
}

/// A draft with nothing in it, which is not stored.
pub fn empty(open: &OpenLink, call: &Call, id: DraftId) -> OrderDraft {
    OrderDraft::new(&open.link, open.customer.id, id, call.now)
}

/// Changes the draft of the link by what was typed, and by `last`, what was ordered last, if that is
/// wanted again. Quantities of products that are not on the page stay as they are.
pub async fn keep(
    app: &App,
    call: &Call,
    token: &PathToken,
    open: &mut OpenLink,
    typed: &Typed,
    last: Option<&Order>,
) -> Result<Kept, Problem> {
    for _ in 0..ATTEMPTS {
        if open.link.state(call.now) != LinkState::Open {
            return Ok(Kept::Closed);
        }
        let before = draft_of(app, call, open).await?;
        let catalogue = Catalogue::of(app, open).await?;
        let chosen = match chosen(&catalogue, &before, typed).await? {
            Ok(chosen) => chosen,
            Err(refused) => return Ok(Kept::Refused(refused)),
        };
        let wanted = with_last(chosen, last, &open.link);
        if wanted.lines.len() > Order::MAX_LINES {
            return Ok(Kept::Refused(Refused::Lines(OrderError::TooManyLines)));
        }
        if wanted == before {
            return Ok(Kept::Draft(before));
        }
        if let Some(after) = store(app, call, open, wanted).await? {
            return Ok(Kept::Draft(after));
        }
        // Another page of the link was quicker, or the shop ended the link.
        match OpenLink::of(app, call, token).await? {
            Some(fresh) => *open = fresh,
            None => return Ok(Kept::Closed),
        }
    }
    Err(shared::Error::Contended.into())
}

/// Stores the draft that is `wanted`, of the version it was read with; `None` where something was
/// quicker, or the link or its customer is no more.
pub async fn store(app: &App, call: &Call, open: &OpenLink, wanted: OrderDraft) -> Result<Option<OrderDraft>, Problem> {
    let after = wanted.next(call.now);
    let mut transaction = Transaction::new();
    transaction.require_order_link(&open.link);
    transaction.require_customer(&open.link.shop, open.customer.id);
    let address = app.keyring.address_digest(&open.link.shop, &open.customer.email);
    let left = DueDate::of_draft(&after, &open.link, &address, &open.settings.zone);
    transaction.write_order_draft(&open.link, &after, left.as_ref())?;
    Ok(app.table.commit(transaction).await?.is_ok().then_some(after))
}

/// `draft` with what was typed in it. What stayed as it was is not looked at again.
pub async fn chosen(
    catalogue: &Catalogue<'_>,
    draft: &OrderDraft,
    typed: &Typed,
) -> Result<Result<OrderDraft, Refused>, Problem> {
    let note = match typed.note() {
        Ok(note) => note.unwrap_or_else(|| draft.note.clone()),
        Err(refused) => return Ok(Err(refused)),
    };
    let (quantities, mut faults) = typed.quantities();
    let mut lines = draft.lines.clone();
    let mut new = BTreeMap::new();
    for (product, quantity) in quantities {
        match quantity {
            None => drop(lines.remove(&product)),
            Some(quantity) if lines.get(&product).is_none_or(|line| line.quantity != quantity) => {
                new.insert(product, quantity);
            }
            Some(_) => {}
        }
    }
    if lines.len() + new.keys().filter(|product| !lines.contains_key(product)).count() > Order::MAX_LINES {
        return Ok(Err(Refused::Lines(OrderError::TooManyLines)));
    }
    let offers = catalogue.these(&new.keys().copied().collect(), Reading::Show).await?;
    if offers.len() < new.len() {
        return Ok(Err(Refused::Changed));
    }
    for offer in offers {
        let quantity = new[&offer.product];
        match (offer.check(quantity), offer.line(quantity)) {
            (Ok(()), Some(line)) => drop(lines.insert(offer.product, DraftLine::from(&line))),
            (Ok(()), None) => return Ok(Err(Refused::Changed)),
            (Err(fault), _) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Ok(Err(Refused::Quantities(faults)));
    }
    Ok(Ok(OrderDraft { lines, note, ..draft.clone() }))
}

/// `draft` with what was ordered last in it, however many lines each product stood in. Whether all of
/// it is still to be had is told by the page that shows what was chosen.
fn with_last(mut draft: OrderDraft, last: Option<&Order>, link: &OrderLink) -> OrderDraft {
    let mut again: BTreeMap<ProductId, DraftLine> = BTreeMap::new();
    for line in last.iter().flat_map(|order| &order.lines) {
        let Some(product) = line.product.filter(|product| link.offers(*product)) else { continue };
        again
            .entry(product)
            .and_modify(|chosen| chosen.quantity = chosen.quantity.and(line.quantity))
            .or_insert_with(|| DraftLine::from(line));
    }
    draft.lines.extend(again);
    draft
}
