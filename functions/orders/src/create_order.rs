//! `POST /v1/orders`: a sale by staff or a till (O01, P02): an order born `delivered`, which makes
//! the customer where it must. Nobody is written to: the buyer stands in the shop.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use shared::App;
use shared::domain::{
    AuditAction, Customer, CustomerId, Invalid, Order, OrderId, OrderState, Outcome, Product, Settings, Source,
};
use shared::http::example;
use shared::http::{Call, FieldError, Input, Operation, Problem, Staff, created, first_outcome};
use shared::table::{CustomerWrites, Transaction};

use crate::order_view::view_with_alerts;
use crate::sale::{Buyer, NewSale, Sale};
use crate::stock::move_stock;

/// How often a sale that lost a race for its customer's record is made again on fresh data.
const ATTEMPTS: u32 = 50;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Record a sale")
        .takes(|mut fields| {
            NewSale::read(&mut fields, &example::settings());
            fields.finish()
        })
        .example(json!({
            "customer": { "name": "Élodie Lefèvre", "email": "elodie@example.com" },
            "channel": "store",
            "payment_method": "card",
            "lines": [{ "name": "Pot de miel", "quantity": 2, "unit_price_minor": 950 }],
        }))
        .answers_object(StatusCode::CREATED, "The order.")
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let till = Till { app: &app, call: &call, staff: &staff, settings: &settings };
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return till.again(&outcome).await;
    }
    let mut fields = input.fields;
    let new = NewSale::read(&mut fields, &settings);
    if let Some(id) = new.customer_id()
        && app.table.customer_or_survivor(&staff.shop, id).await?.is_none()
    {
        fields.reject_at("/customer_id", Invalid::Id);
    }
    let products: Vec<Product> = app.table.products_by_id(&staff.shop, &new.products()).await?;
    let sale = new.priced(fields, products, &settings)?;
    let id = OrderId::new(app.entropy.ulid(call.now));
    for _ in 0..ATTEMPTS {
        let Some((known, buyer)) = till.buyer(&sale).await? else {
            continue;
        };
        let order = till.order(&sale, id, &buyer)?;
        let after = buyer.ordered(&order, &settings, &staff.actor(), call.now);
        let mut transaction = Transaction::new();
        let after = till.write_customer(known.as_ref(), after, &mut transaction)?;
        let written = transaction.create_order(&order)?;
        move_stock(&app, &staff.shop, &order, true, &mut transaction).await?;
        let records = vec![after.id.to_string(), id.to_string()];
        let entry = staff.audit(&call, &app.entropy, AuditAction::OrderPlaced, records);
        transaction.audit(&staff.shop, &entry, Some(after.id))?;
        let outcome = Outcome { status: 201, id: id.to_string(), version: order.version };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(till.answer(&order, Some(&after)));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return till.again(&outcome).await;
        }
        // Nobody else has this id: an earlier round was made, and its answer lost.
        if refusal.failed(written) {
            return Ok(till.answer(&order, Some(&after)));
        }
    }
    Err(shared::Error::Contended.into())
}

/// Who sells, where and when.
struct Till<'a> {
    app: &'a App,
    call: &'a Call,
    staff: &'a Staff,
    settings: &'a Settings,
}

impl Till<'_> {
    /// Who buys: the record that is known, if one is, and the one to sell to. `None` where the one
    /// that an address led to is gone meanwhile: where it leads now shows when it is looked up again.
    async fn buyer(&self, sale: &Sale) -> Result<Option<(Option<Customer>, Customer)>, Problem> {
        let (table, shop) = (&self.app.table, &self.staff.shop);
        let (name, email, phone) = match &sale.buyer {
            Buyer::Known(id) => {
                let known = table.customer_or_survivor(shop, *id).await?;
                let gone = || Problem::invalid(vec![FieldError::new("/customer_id", Invalid::Id)]);
                let known = known.ok_or_else(gone)?;
                return Ok(Some((Some(known.clone()), known)));
            }
            Buyer::Introduced { name, email, phone } => (name, email, phone),
        };
        let address = self.app.keyring.address_digest(shop, email);
        if let Some(id) = table.customer_id_by_address(shop, &address).await? {
            let known = table.customer_or_survivor(shop, id).await?;
            return Ok(known.map(|known| (Some(known.clone()), known)));
        }
        let id = CustomerId::new(self.app.entropy.ulid(self.call.now));
        let new = Customer::new(self.settings, id, name.clone(), email.clone(), Source::Staff, self.call.now);
        Ok(Some((None, Customer { phone: phone.clone(), ..new }.entered_by(&self.staff.actor()))))
    }

    fn order(&self, sale: &Sale, id: OrderId, buyer: &Customer) -> Result<Order, Problem> {
        let lines = sale.lines(&buyer.language, self.settings);
        let total = Order::total_of(&lines, sale.currency);
        Ok(Order {
            shop: self.staff.shop.clone(),
            id,
            version: 1,
            customer: buyer.id,
            link: None,
            channel: sale.channel,
            payment_method: sale.payment_method,
            state: OrderState::Delivered,
            total: total.map_err(|_| Problem::internal("a priced sale has a total"))?,
            lines,
            moves: Vec::new(),
            refunds: Vec::new(),
            note: sale.note.clone(),
            placed_at: self.call.now,
            day: self.settings.zone.day(self.call.now),
        })
    }

    /// Writes the buyer's record as the order leaves it: over the one that is `known`, or new.
    fn write_customer(
        &self,
        known: Option<&Customer>,
        after: Customer,
        transaction: &mut Transaction,
    ) -> Result<Customer, Problem> {
        let today = self.settings.zone.day(self.call.now);
        let writes = CustomerWrites { keyring: &self.app.keyring, today };
        let Some(known) = known else {
            let new = Customer { version: 1, ..after };
            transaction.create_customer(writes, &new)?;
            let records = vec![new.id.to_string()];
            let entry = self.staff.audit(self.call, &self.app.entropy, AuditAction::CustomerCreated, records);
            transaction.audit(&self.staff.shop, &entry, Some(new.id))?;
            return Ok(new);
        };
        transaction.replace_customer(writes, known, &after)?;
        Ok(after)
    }

    fn answer(&self, order: &Order, customer: Option<&Customer>) -> Response {
        let view = view_with_alerts(order, self.staff, customer, self.settings.zone.day(self.call.now));
        created(format!("/v1/orders/{}", order.id), order.version, &view)
    }

    /// The first answer, once more, whoever the customer is by now.
    async fn again(&self, outcome: &Outcome) -> Result<Response, Problem> {
        let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
        let order = self.app.table.order(&self.staff.shop, id).await?.ok_or_else(Problem::not_found)?;
        let customer = self.app.table.customer_or_survivor(&self.staff.shop, order.customer).await?;
        Ok(self.answer(&order, customer.as_ref()))
    }
}
