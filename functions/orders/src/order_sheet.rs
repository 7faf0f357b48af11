//! What a printed order and a packing list have in common: whose it is, where it goes, what was asked
//! for. They hold contact data, and are for those who see it.

use jiff::Timestamp;
use maud::{Markup, html};
use shared::App;
use shared::domain::{AuditAction, Customer, Locale, Order, OrderId, OrderLine, Settings};
use shared::http::{Call, Problem, Staff};
use shared::wording::{day, order_state, say};

/// An order, with what it takes to print it.
pub struct OrderSheet {
    pub order: Order,
    pub settings: Settings,
    pub locale: Locale,
    /// Nobody where they were erased.
    customer: Option<Customer>,
    printed_at: Timestamp,
}

impl OrderSheet {
    /// The order, recorded as seen.
    ///
    /// # Errors
    /// A problem where there is none, or where the audit can't be written.
    pub async fn of(app: &App, call: &Call, staff: &Staff, id: OrderId) -> Result<Self, Problem> {
        let (order, settings) = tokio::try_join!(app.table.order(&staff.shop, id), app.table.settings(&staff.shop))?;
        let (order, settings) = order.zip(settings).ok_or_else(Problem::not_found)?;
        let customer = app.table.customer_or_survivor(&staff.shop, order.customer).await?;
        let records = vec![order.customer.to_string(), id.to_string()];
        let entry = staff.audit(call, &app.entropy, AuditAction::OrderViewed, records);
        app.table.record_consultation(&staff.shop, &entry, Some(order.customer)).await?;
        Ok(Self { order, settings, locale: call.locale, customer, printed_at: call.now })
    }

    /// The words of `key`.
    pub fn say(&self, key: &str) -> String {
        say(self.locale, key, &[])
    }

    /// The title with the order's number, by which a sheet is known.
    pub fn title(&self, key: &str) -> String {
        say(self.locale, key, &[("number", &self.order.number().to_string())])
    }

    /// What stands above the lines of either sheet.
    pub fn head(&self) -> Markup {
        let printed_on = day(self.locale, self.settings.zone.day(self.printed_at));
        html! {
            @if !self.order.stands() { p.stop { (self.say("sheet-cancelled")) } }
            p { (day(self.locale, self.order.day)) " · " (order_state(self.locale, self.order.state)) }
            p.soft { (say(self.locale, "sheet-printed", &[("day", &printed_on)])) }
            @if let Some(customer) = &self.customer { (self.customer(customer)) }
            @if let Some(note) = &self.order.note {
                p.note { b { (self.say("sheet-note")) } (note.expose()) }
            }
        }
    }

    fn customer(&self, customer: &Customer) -> Markup {
        let delivery = customer.delivery_address.as_ref().map(|address| ("sheet-delivery-address", address));
        let billing = customer.billing_address.as_ref().map(|address| ("sheet-billing-address", address));
        html! {
            dl {
                div {
                    dt { (self.say("sheet-customer")) }
                    dd { (customer.name.expose()) }
                    @for line in [&customer.company, &customer.contact_person].into_iter().flatten() {
                        dd { (line.expose()) }
                    }
                }
                @if let Some((label, address)) = delivery.or(billing) {
                    div {
                        dt { (self.say(label)) }
                        dd.lines { (address.lines_from(self.settings.country).join("\n")) }
                    }
                }
                @if let Some(phone) = &customer.phone {
                    div {
                        dt { (self.say("sheet-phone")) }
                        dd { (phone.expose()) }
                    }
                }
            }
        }
    }

    /// The row that names the sheet again on each page.
    pub fn running_head(&self, title: &str, columns: usize) -> Markup {
        html! {
            tr { th colspan=(columns) { (self.settings.name.expose()) " · " (title) } }
        }
    }
}

/// What a line is of.
pub fn product(line: &OrderLine) -> Markup {
    html! {
        (line.name.expose())
        @if let Some(unit) = &line.unit { " " span.soft { (unit.expose()) } }
    }
}
