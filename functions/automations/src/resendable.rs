//! Whether a mail makes sense once more, and would leave now.

use jiff::Timestamp;
use shared::domain::{
    ConsentRequest, ConsentRequestId, Customer, CustomerId, LinkState, Message, MessageClass, MessageId, MessageRef,
    Occurrence, ShopId, SkipReason,
};
use shared::http::{Call, Problem, ProblemKind};
use shared::{App, Result};

/// The message and its customer, if it may be sent again.
///
/// # Errors
/// What keeps it from that, as a problem; not found where either is gone.
pub async fn resendable(
    app: &App,
    call: &Call,
    shop: &ShopId,
    customer: CustomerId,
    id: MessageId,
) -> Result<(Message, Customer), Problem> {
    let reference = MessageRef::to_customer(shop.clone(), customer, id);
    let (message, customer, settings) =
        tokio::try_join!(app.table.message(&reference), app.table.customer(shop, customer), app.table.settings(shop))?;
    let (message, customer) = message.zip(customer).ok_or_else(Problem::not_found)?;
    let settings = settings.ok_or_else(Problem::not_found)?;
    if message.kind().class() == MessageClass::Marketing {
        return Err(refused("marketing"));
    }
    if !message.state.is_final() {
        return Err(refused("under_way"));
    }
    about_something(app, &message, &customer, call.now).await?;
    // A pause of the shop's marketing stops nothing else.
    match app.table.obstacle(&app.keyring, &settings, message.kind(), &customer, false).await? {
        None => Ok((message, customer)),
        Some(SkipReason::Blocked) => Err(Problem::new(ProblemKind::CustomerBlocked)),
        Some(reason) => Err(Problem::new(ProblemKind::Undeliverable).with("reason", reason.name())),
    }
}

/// Refuses what the mail could not be made of any more: the same that the mailer finds when it makes it.
async fn about_something(app: &App, message: &Message, customer: &Customer, now: Timestamp) -> Result<(), Problem> {
    let shop = &message.shop;
    let holds = match &message.occurrence {
        Occurrence::Welcome => true,
        Occurrence::OrderConfirmation { order } => {
            app.table.order(shop, *order).await?.is_some_and(|order| order.stands())
        }
        Occurrence::OrderState { order, news } => {
            app.table.order(shop, *order).await?.is_some_and(|order| news.holds_for(&order))
        }
        Occurrence::OrderLink { link, .. } => {
            let link = app.table.order_link(shop, customer.id, *link).await?;
            let open = link.is_some_and(|link| link.state(now) == LinkState::Open);
            return if open { Ok(()) } else { Err(Problem::new(ProblemKind::LinkClosed)) };
        }
        Occurrence::ConfirmConsent { request } => {
            let open = asks(app, customer, *request, now).await?;
            return if open { Ok(()) } else { Err(Problem::new(ProblemKind::LinkClosed)) };
        }
        // A code is worth something once, and for minutes: whoever needs one asks for another.
        Occurrence::ConfirmAddress { .. } => return Err(refused("code")),
        Occurrence::AbandonedOrder { .. }
        | Occurrence::Birthday { .. }
        | Occurrence::Reactivation { .. }
        | Occurrence::Satisfaction { .. }
        | Occurrence::ExportReady { .. }
        | Occurrence::SubmissionNotice { .. }
        | Occurrence::Notice { .. } => false,
    };
    if holds { Ok(()) } else { Err(refused("subject_gone")) }
}

/// Whether a link still asks the customer, at the address that it was made for.
async fn asks(app: &App, customer: &Customer, id: ConsentRequestId, now: Timestamp) -> Result<bool> {
    let token = ConsentRequest::token(&app.keyring, id);
    let request = app.table.consent_request_by_token(&token.hash()).await?;
    let address = app.keyring.address_digest(&customer.shop, &customer.email);
    Ok(customer.block.is_none() && request.is_some_and(|request| request.is_open(now) && request.address == address))
}

fn refused(reason: &'static str) -> Problem {
    Problem::new(ProblemKind::NotResendable).with("reason", reason)
}
