//! `POST /o/{token}`: an order, priced here and now, placed once however often it is posted.

use shared::http::schema::Described;
use std::collections::BTreeMap;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{
    Actor, AuditAction, Channel, DraftId, LinkState, Locale, Message, MessageId, Occurrence, Order, OrderError,
    OrderId, OrderLine, OrderQuantity, OrderState, ProductId, Quantity, Text,
};
use shared::http::{Call, Operation, PathToken, Problem, ProblemKind, closed_link, redirect};
use shared::table::{CustomerWrites, Reading, Transaction};
use shared::wording::say;

use crate::catalogue::Catalogue;
use crate::open_link::OpenLink;
use crate::order_page::{self, Typed};

/// How often an order that lost a race for its customer's record is made again on fresh data.
const ATTEMPTS: u32 = 20;

/// What a page posted.
struct Posted {
    draft: DraftId,
    stamp: String,
    quantities: BTreeMap<ProductId, String>,
    note: String,
}

impl Posted {
    /// Reads the fields of our own page; everything else in the body, prices included, is nobody's
    /// business.
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into()).or_insert_with(|| value.into());
        }
        let draft = fields.get("draft").and_then(|draft| draft.parse().ok());
        let draft = draft.ok_or_else(|| Problem::new(ProblemKind::Malformed))?;
        let quantities = fields.iter().filter_map(|(name, value)| {
            let product = name.strip_prefix("q-")?.parse().ok()?;
            Some((product, value.trim().to_owned()))
        });
        Ok(Self {
            draft,
            stamp: fields.get("stamp").cloned().unwrap_or_default(),
            quantities: quantities.filter(|(_, quantity)| !quantity.is_empty()).collect(),
            note: fields.get("note").cloned().unwrap_or_default(),
        })
    }
}

/// Why a page can't be ordered from as it was posted.
enum Refused {
    Quantity,
    /// Too few, too many or none of the steps of this product.
    Portion(String, OrderQuantity),
    /// There are only so many of this product.
    Stock(String, i64),
    Note,
    Changed,
    Lines(OrderError),
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Changed | Self::Stock(..) => StatusCode::CONFLICT,
            Self::Quantity | Self::Portion(..) | Self::Note | Self::Lines(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn notice(&self, locale: Locale) -> String {
        match self {
            Self::Quantity => say(locale, "order-error-quantity", &[("max", &Quantity::MAX.to_string())]),
            Self::Portion(name, quantity) => {
                let [min, max, step] = [quantity.min(), quantity.max(), quantity.step()].map(|n| n.get().to_string());
                let values = [("product", &**name), ("min", &min), ("max", &max), ("step", &step)];
                say(locale, "order-error-portion", &values)
            }
            Self::Stock(name, left) => {
                say(locale, "order-error-stock", &[("product", name), ("left", &left.to_string())])
            }
            Self::Note => say(locale, "order-error-note", &[("max", "500")]),
            Self::Changed => say(locale, "order-error-changed", &[]),
            Self::Lines(OrderError::Empty) => say(locale, "order-error-empty", &[]),
            Self::Lines(OrderError::TooManyLines | OrderError::Total) => say(locale, "order-error-total", &[]),
        }
    }
}

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let posted = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "What the page's form holds: `draft` and `stamp` from the page, and `q-<product>` for each quantity.",
        ))
        .property("draft", <DraftId as Described>::schema())
        .required("draft")
        .property("stamp", <String as Described>::schema())
        .property("note", <Text<500> as Described>::schema())
        .build();
    operation
        .summary("Order from a customer's own shop")
        .body("application/x-www-form-urlencoded", Schema::Object(posted))
        .answers_nothing(StatusCode::SEE_OTHER)
        .shows_problems_as_page()
        .shows_closed_links()
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    token: PathToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Some(mut open) = OpenLink::of(&app, &call, &token).await? else {
        return Ok(closed_link(&call));
    };
    let body = body.map_err(|_| Problem::new(ProblemKind::TooLarge))?;
    let posted = Posted::read(&body)?;
    if let Some(order) = app.table.order_of_draft(&open.link.hash, posted.draft).await? {
        return Ok(placed(order));
    }
    for _ in 0..ATTEMPTS {
        if open.link.state(call.now) != LinkState::Open {
            return Ok(closed_link(&call));
        }
        let catalogue = Catalogue::of(&app, &open, Reading::Order).await?;
        let order = match order(&app, &call, &open, &catalogue, &posted) {
            Ok(order) => order,
            Err(refused) => return Ok(shown_again(&open, &catalogue, posted, &refused)),
        };
        let mut transaction = Transaction::new();
        match open.link.ordered_through() {
            Some(after) => transaction.replace_order_link(&after)?,
            None => transaction.require_order_link(&open.link),
        };
        let draft = transaction.post_draft(&open.link.hash, posted.draft, order.id)?;
        take_stock(&catalogue, &order, &mut transaction)?;
        write(&app, &call, &open, &order, &mut transaction)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(placed(order.id));
        };
        if let Some(order) = draft.posted_as(&refusal) {
            return Ok(placed(order));
        }
        // The record changed meanwhile, perhaps the discount and so the prices; or the link did.
        match OpenLink::of(&app, &call, &token).await? {
            Some(fresh) => open = fresh,
            None => return Ok(closed_link(&call)),
        }
    }
    Err(shared::Error::Contended.into())
}

/// The order that the page asks for, at today's prices.
fn order(app: &App, call: &Call, open: &OpenLink, catalogue: &Catalogue, posted: &Posted) -> Result<Order, Refused> {
    let mut lines: Vec<OrderLine> = Vec::new();
    for (product, text) in &posted.quantities {
        let number: i64 = text.parse().map_err(|_| Refused::Quantity)?;
        if number == 0 {
            continue;
        }
        let quantity = Quantity::try_from(number).map_err(|_| Refused::Quantity)?;
        let offer = catalogue.offer(*product).ok_or(Refused::Changed)?;
        if !offer.quantity.allows(quantity) {
            return Err(Refused::Portion(offer.name.clone(), offer.quantity));
        }
        if !offer.allows(quantity) {
            return Err(Refused::Stock(offer.name.clone(), offer.stock.unwrap_or_default().max(0)));
        }
        lines.push(catalogue.line(offer, quantity).ok_or(Refused::Changed)?);
    }
    let note: Option<Text<500>> = match posted.note.trim() {
        "" => None,
        note => Some(note.parse().map_err(|_| Refused::Note)?),
    };
    let total = Order::total_of(&lines, catalogue.currency).map_err(Refused::Lines)?;
    let counted = |line: &&OrderLine| line.product.and_then(|id| catalogue.offer(id)?.stock).is_some();
    if lines.iter().filter(counted).count() > Order::MAX_COUNTED {
        return Err(Refused::Lines(OrderError::TooManyLines));
    }
    if posted.stamp != catalogue.stamp() {
        return Err(Refused::Changed);
    }
    Ok(Order {
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
        note,
        placed_at: call.now,
        day: open.settings.zone.day(call.now),
    })
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
fn take_stock(catalogue: &Catalogue, order: &Order, transaction: &mut Transaction) -> Result<(), Problem> {
    for line in &order.lines {
        let offer = line.product.and_then(|product| catalogue.offer(product));
        if let Some(offer) = offer.filter(|offer| offer.stock.is_some()) {
            transaction.take_stock(&order.shop, offer.product, line.quantity);
        }
    }
    Ok(())
}

/// A GET of the order, so that a reload posts nothing again.
fn placed(order: OrderId) -> Response {
    redirect(&format!("?order={order}"))
}

fn shown_again(open: &OpenLink, catalogue: &Catalogue, posted: Posted, refused: &Refused) -> Response {
    let notice = Some(refused.notice(open.locale()));
    let typed = Typed { quantities: posted.quantities, note: posted.note, notice };
    order_page::catalogue(refused.status(), open, catalogue, posted.draft, &typed)
}
