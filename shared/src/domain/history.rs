//! What happens to a customer, and what it makes of the record.
//!
//! Each method gives the record of after: the next version, with its figures, status and dates
//! moved. The table writes the difference; whoever asks writes what happened beside it.

use jiff::Timestamp;

use super::{
    Actor, ConsentEvidence, ConsentMethod, Customer, CustomerStatus, EmailStatus, Figures, Interaction,
    InteractionKind, Order, Refund, Settings,
};

impl Customer {
    /// The record once `order` counts: the first one promotes (S01).
    #[must_use]
    pub fn ordered(&self, order: &Order, settings: &Settings, actor: &Actor, now: Timestamp) -> Self {
        self.changed_by(actor, now, |after| {
            after.figures.add(order, settings.currency, &settings.thresholds);
            after.status = CustomerStatus::Current;
            after.last_contact_at = after.last_contact_at.max(now);
        })
    }

    /// The record once `refund` is given back.
    #[must_use]
    pub fn refunded(&self, refund: &Refund, settings: &Settings, actor: &Actor, now: Timestamp) -> Self {
        let day = settings.zone.day(refund.at);
        self.changed_by(actor, now, |after| {
            after.figures.refund(refund, day, settings.currency, &settings.thresholds);
        })
    }

    /// The record once one of its orders is cancelled: `orders` are all there are, that one included.
    /// Its figures are those of the others, as if it had never been.
    #[must_use]
    pub fn without_cancelled(&self, orders: &[Order], settings: &Settings, actor: &Actor, now: Timestamp) -> Self {
        let visited_on = self.figures.visited_on;
        self.changed_by(actor, now, |after| after.figures = Figures { visited_on, ..Figures::of(orders, settings) })
    }

    /// The record once `interaction` is known, if that says anything new: the last contact moves
    /// forward only, and never into the future.
    pub fn met(&self, interaction: &Interaction, settings: &Settings, actor: &Actor, now: Timestamp) -> Option<Self> {
        let mut figures = self.figures.clone();
        if interaction.kind == InteractionKind::Visit && interaction.at <= now {
            figures.visit(settings.zone.day(interaction.at));
        }
        let last_contact_at = self.last_contact_at.max(interaction.at.min(now));
        let news = last_contact_at != self.last_contact_at || figures != self.figures;
        news.then(|| {
            self.changed_by(actor, now, |after| {
                after.figures = figures;
                after.last_contact_at = last_contact_at;
            })
        })
    }

    /// The record once the statement of `evidence` is known, unless a later one stands: then it is
    /// evidence and nothing else. Who answered a mail has the address that it went to.
    pub fn stated(&self, evidence: &ConsentEvidence, actor: &Actor, now: Timestamp) -> Option<Self> {
        self.consents.is_moved_by(evidence).then(|| {
            self.changed_by(actor, now, |after| {
                after.consents.record(evidence);
                after.last_contact_at = after.last_contact_at.max(evidence.at);
                if evidence.method == ConsentMethod::DoubleOptIn {
                    after.email_status = EmailStatus::Confirmed;
                }
            })
        })
    }
}
