//! Bringing one item from a customer to another, with whatever elsewhere leads to it. A merge brings
//! them to the survivor, its undo brings them back.

use crate::domain::{
    CustomerId, Job, Message, MessageClass, MessageState, Note, OrderLink, ShopId, SkipReason, note_words,
};
use crate::keyring::TokenHash;
use crate::table::{Belonging, Belongings, Item, MAX_STEPS, Table, Transaction, from_item};
use crate::{App, Result};

/// What became of an item.
pub(super) enum Relocated {
    /// The steps that bring it; what it was, where it arrives otherwise or not at all.
    Steps(Transaction, Option<Item>),
    /// It is in somebody's hands: a mail that is just being sent. It can be brought later.
    InUse,
}

/// From whom to whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    pub(super) from: CustomerId,
    pub(super) to: CustomerId,
}

/// The steps that bring `read` along `route`.
pub(super) async fn relocate(app: &App, job: &Job, route: Route, read: &Belongings) -> Result<Relocated> {
    let shop = &job.shop;
    let mut own = Transaction::new();
    if read.key.sk.starts_with(crate::table::keys::MESSAGES) {
        return message(app, shop, route, read).await;
    }
    match &read.what {
        Belonging::Note(note) => {
            note_with_words(&app.table, shop, route, note, &mut own).await?;
            own.bring(shop, route.to, &read.item);
        }
        Belonging::Order(order) => {
            own.bring(shop, route.to, &read.item);
            own.derive_order_owner(shop, *order, route.to)?;
        }
        Belonging::Link(hash) => {
            own.bring(shop, route.to, &read.item);
            if let Some(link) = link_of(&app.table, hash, route.to).await? {
                own.replace_order_link(&link)?;
            }
        }
        Belonging::Merged(other) => {
            own.bring(shop, route.to, &read.item);
            merged(app, shop, route, *other, &mut own).await?;
        }
        // A receipt leads by way of the record it was made for, which leads on to the survivor; a link
        // that asks for consent proves the address of that record, and of no other.
        Belonging::Submission(_) | Belonging::ConsentRequest(_) | Belonging::Other => {
            // Both had this mail, for instance: one that says so is enough.
            let standing = app.table.belonging_at(shop, route.to, &read.key.sk).await?;
            if standing.is_some() {
                own.remove_as_read(read);
                return Ok(Relocated::Steps(own, Some(read.item.clone())));
            }
            own.bring(shop, route.to, &read.item);
        }
    }
    own.remove_as_read(read);
    Ok(Relocated::Steps(own, None))
}

/// The words of a note that moves. Those of a long one are more than one transaction holds: the old
/// ones go first, while nobody finds anything by them.
async fn note_with_words(table: &Table, shop: &ShopId, route: Route, note: &Note, own: &mut Transaction) -> Result<()> {
    let words = note_words(note);
    let mut outdated = Transaction::new();
    outdated.remove_note_words(shop, route.from, note, &words);
    // Beside the words: the note, out and in, that it was moved, and who has to be there.
    if 2 * words.len() + 5 <= MAX_STEPS {
        own.append(outdated);
    } else {
        table.commit(outdated).await?.ok();
    }
    own.derive_note_words(shop, route.to, note, words)
}

async fn link_of(table: &Table, hash: &TokenHash, to: CustomerId) -> Result<Option<OrderLink>> {
    Ok(table.order_link_by_token(hash).await?.map(|link| OrderLink { customer: to, version: link.version + 1, ..link }))
}

/// Somebody who was merged into the one from whom things are brought.
async fn merged(app: &App, shop: &ShopId, route: Route, other: CustomerId, own: &mut Transaction) -> Result<()> {
    let Some(merged) = app.table.merged(shop, route.from, other).await? else {
        return Ok(());
    };
    own.redirect(shop, merged.other, route.to)?;
    let holders = app.table.address_holders(shop, &merged.address).await?;
    own.hand_over_address(shop, &merged.address, route.from, route.to, &holders)
}

/// A message goes along unless it is just being sent. Marketing that waits and that the other side
/// has already had, or will have, goes to nobody.
async fn message(app: &App, shop: &ShopId, route: Route, read: &Belongings) -> Result<Relocated> {
    let message: Message = from_item(read.item.clone())?;
    let mut own = Transaction::new();
    match message.state {
        MessageState::Claimed { .. } | MessageState::Sending { .. } | MessageState::Unknown { .. } => {
            return Ok(Relocated::InUse);
        }
        MessageState::Pending if has_had(app, shop, route.to, &message).await? => {
            let at = app.clock.now();
            let state = MessageState::Skipped { reason: SkipReason::CustomerGone, at };
            let to = crate::domain::Addressee::Customer { customer: route.to };
            own.write_message(&Message { version: message.version + 1, to, state, ..message })?;
            own.remove_as_read(read);
            return Ok(Relocated::Steps(own, Some(read.item.clone())));
        }
        _ => {}
    }
    own.bring(shop, route.to, &read.item);
    own.remove_as_read(read);
    Ok(Relocated::Steps(own, None))
}

/// Whether a customer has another marketing mail of the occurrence.
async fn has_had(app: &App, shop: &ShopId, customer: CustomerId, message: &Message) -> Result<bool> {
    if message.kind().class() == MessageClass::Transactional {
        return Ok(false);
    }
    app.table.has_occurrence(shop, customer, message).await
}
