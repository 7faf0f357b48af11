//! What was chosen becomes an order, priced here and now, placed once however often it is posted.

use shared::App;
use shared::domain::{
    Actor, AuditAction, Channel, DraftId, LinkState, Message, MessageId, Money, Occurrence, Order, OrderDraft, OrderId,
    OrderLine, OrderState,
};
use shared::http::{Call, PathToken, Problem};
use shared::table::{CustomerWrites, Transaction};

use crate::catalogue::Catalogue;
use crate::choose::{ATTEMPTS, chosen, empty};
use crate::open_link::OpenLink;
use crate::posted::Posted;
use crate::refused::Refused;
use crate::review::Review;

/// What became of it.
pub enum Placed {
    /// It is this order: now, or since an earlier try.
    Order(OrderId),
    /// Nothing was stored: what is wrong, and what was chosen, as far as that could be read.
    Refused(Refused, OrderDraft),
    /// The link opens nothing any more.
    Closed,
}

/// Orders what the page shows.
pub async fn place(
    app: &App,
    call: &Call,
    token: &PathToken,
    open: &mut OpenLink,
    posted: &Posted,
    id: DraftId,
) -> Result<Placed, Problem> {
    for _ in 0..ATTEMPTS {
        // What ends the draft makes the order: whoever finds no draft finds that.
        let stored = app.table.order_draft(&open.link.hash, call.now).await?.filter(|draft| draft.id == id);
        if stored.is_none()
            && let Some(order) = app.table.order_of_draft(&open.link.hash, id).await?
        {
            return Ok(Placed::Order(order));
        }
        if open.link.state(call.now) != LinkState::Open {
            return Ok(Placed::Closed);
        }
        let draft = stored.clone().unwrap_or_else(|| empty(open, call, id));
        let catalogue = Catalogue::of(app, open).await?;
        let wanted = match chosen(&catalogue, &draft, &posted.typed).await? {
            Ok(wanted) => wanted,
            Err(refused) => return Ok(Placed::Refused(refused, draft)),
        };
        let review = Review::of(&catalogue, &wanted).await?;
        let order = match review.order(&posted.stamp) {
            Ok((lines, total)) => order(app, call, open, &wanted, lines, total),
            Err(refused) => return Ok(Placed::Refused(refused, wanted)),
        };
        let mut transaction = Transaction::new();
        match open.link.ordered_through() {
            Some(after) => transaction.replace_order_link(&after)?,
            None => transaction.require_order_link(&open.link),
        };
        let step = transaction.place_draft(&open.link, id, order.id)?;
        if let Some(stored) = &stored {
            transaction.end_order_draft(&open.link, stored);
        }
        take_stock(&review, &order, &mut transaction);
        write(app, call, open, &order, &mut transaction)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(Placed::Order(order.id));
        };
        if let Some(order) = step.placed_as(&refusal) {
            return Ok(Placed::Order(order));
        }
        // The record changed meanwhile, perhaps the discount and so the prices; or the link did, or
        // what was chosen.
        match OpenLink::of(app, call, token).await? {
            Some(fresh) => *open = fresh,
            None => return Ok(Placed::Closed),
        }
    }
    Err(shared::Error::Contended.into())
}

fn order(app: &App, call: &Call, open: &OpenLink, wanted: &OrderDraft, lines: Vec<OrderLine>, total: Money) -> Order {
    Order {
        shop: open.link.shop.clone(),
        id: OrderId::new(app.entropy.ulid(call.now)),
        version: 1,
        customer: open.customer.id,
        link: Some(open.link.id),
        channel: Channel::Web,
        payment_method: None,
        state: OrderState::Submitted,
        lines,
        total,
        moves: Vec::new(),
        refunds: Vec::new(),
        note: wanted.note.clone(),
        placed_at: call.now,
        day: open.settings.zone.day(call.now),
    }
}

/// Everything an order changes: itself, the customer's figures and status, due dates, the
/// confirmation, the audit.
fn write(app: &App, call: &Call, open: &OpenLink, order: &Order, transaction: &mut Transaction) -> Result<(), Problem> {
    let shop = &order.shop;
    let before = &open.customer;
    let actor = Actor::OrderLink { link: open.link.id };
    let after = before.ordered(order, &open.settings, &actor, call.now);
    let writes = CustomerWrites { keyring: &app.keyring, settings: &open.settings, today: order.day };
    transaction.replace_customer(writes, before, &after)?;
    transaction.create_order(order)?;
    let message = Message::new(
        shop.clone(),
        MessageId::new(app.entropy.ulid(call.now)),
        before.id,
        Occurrence::OrderConfirmation { order: order.id },
        call.now,
        call.now,
    );
    transaction.create_message(&message, &app.keyring.address_digest(shop, &before.email))?;
    let records = vec![before.id.to_string(), order.id.to_string()];
    let entry = call.audit(&app.entropy, actor, AuditAction::OrderPlaced, records);
    transaction.audit(shop, &entry, Some(before.id))?;
    Ok(())
}

/// Takes what is counted out of the stock. Where somebody was quicker, the order is looked at again.
fn take_stock(review: &Review, order: &Order, transaction: &mut Transaction) {
    for chosen in review.chosen.iter().filter(|chosen| chosen.offer.stock.is_some()) {
        transaction.take_stock(&order.shop, chosen.offer.product, chosen.quantity);
    }
}
