//! What was chosen becomes an order, priced here and now, placed once however often it is posted.

use shared::App;
use shared::domain::{
    Actor, AuditAction, Channel, DraftId, LinkState, Message, MessageId, Money, Occurrence, Order, OrderDraft, OrderId,
    OrderLine, OrderState,
};
use shared::http::{Call, PathToken, Problem};
use shared::table::{CustomerWrites, PlacedDraft, Transaction};

use crate::catalogue::Catalogue;
use crate::choose::{ATTEMPTS, chosen, empty, store};
use crate::open_link::OpenLink;
use crate::posted::Posted;
use crate::refused::Refused;
use crate::review::Review;

/// What became of it.
pub enum Placed {
    /// It is this order, now or since an earlier try.
    Order(OrderId),
    /// It was this order already, and what was posted since is something else.
    Earlier(OrderId),
    /// Nothing was ordered: what is wrong, and what was chosen, as far as that could be read.
    Refused(Refused, OrderDraft),
    /// The link opens nothing any more.
    Closed,
}

impl Placed {
    fn already(placed: &PlacedDraft, posted: &Posted) -> Self {
        if placed.posted == posted.digest() { Self::Order(placed.order) } else { Self::Earlier(placed.order) }
    }
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
            && let Some(placed) = app.table.placed_draft(&open.link.hash, id).await?
        {
            return Ok(Placed::already(&placed, posted));
        }
        if open.link.state(call.now) != LinkState::Open {
            return Ok(Placed::Closed);
        }
        match tried(app, call, open, posted, (id, stored)).await? {
            Tried::Done(placed) => return Ok(placed),
            // The record changed meanwhile, perhaps the discount and so the prices; or the link did, or
            // what was chosen.
            Tried::Overtaken => match OpenLink::of(app, call, token).await? {
                Some(fresh) => *open = fresh,
                None => return Ok(Placed::Closed),
            },
        }
    }
    Err(shared::Error::Contended.into())
}

/// What became of one try.
enum Tried {
    Done(Placed),
    Overtaken,
}

async fn tried(
    app: &App,
    call: &Call,
    open: &OpenLink,
    posted: &Posted,
    (id, stored): (DraftId, Option<OrderDraft>),
) -> Result<Tried, Problem> {
    let draft = stored.clone().unwrap_or_else(|| empty(open, call, id));
    let catalogue = Catalogue::of(app, open).await?;
    let wanted = match chosen(&catalogue, &draft, &posted.typed).await? {
        Ok(wanted) => wanted,
        Err(refused) => return Ok(Tried::Done(Placed::Refused(refused, draft))),
    };
    let review = Review::of(&catalogue, &wanted).await?;
    let order = match review.order(&posted.stamp) {
        Ok((lines, total)) => order(app, call, open, &wanted, lines, total),
        Err(refused) => return refuse(app, call, open, refused, (&draft, stored.is_some(), wanted)).await,
    };
    let mut transaction = Transaction::new();
    match open.link.ordered_through() {
        Some(after) => transaction.replace_order_link(&after)?,
        None => transaction.require_order_link(&open.link),
    };
    let placed = PlacedDraft { order: order.id, posted: posted.digest() };
    let step = transaction.place_draft(&open.link, id, &placed)?;
    if let Some(stored) = &stored {
        transaction.end_order_draft(&open.link, stored);
    }
    take_stock(&review, &order, &mut transaction);
    write(app, call, open, &order, &mut transaction)?;
    Ok(match app.table.commit(transaction).await? {
        Ok(()) => Tried::Done(Placed::Order(order.id)),
        Err(refusal) => match step.placed_as(&refusal) {
            Some(placed) => Tried::Done(Placed::already(&placed, posted)),
            None => Tried::Overtaken,
        },
    })
}

/// Keeps what was changed on the page that is refused, so that it is what is ordered from the next.
async fn refuse(
    app: &App,
    call: &Call,
    open: &OpenLink,
    refused: Refused,
    (draft, stored, wanted): (&OrderDraft, bool, OrderDraft),
) -> Result<Tried, Problem> {
    let recounted = wanted.lines != draft.lines;
    let refused = if recounted && refused == Refused::Changed { Refused::Recounted } else { refused };
    if !stored || wanted == *draft {
        return Ok(Tried::Done(Placed::Refused(refused, wanted)));
    }
    Ok(match store(app, call, open, wanted).await? {
        Some(kept) => Tried::Done(Placed::Refused(refused, kept)),
        None => Tried::Overtaken,
    })
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
    let writes = CustomerWrites { keyring: &app.keyring, today: order.day };
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
    transaction.create_message(&message)?;
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
