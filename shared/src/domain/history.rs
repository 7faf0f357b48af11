//! What happens to a customer, and what it makes of the record.
//!
//! Each method gives the record of after: the next version, with its figures, status and dates
//! moved. The table writes the difference; whoever asks writes what happened beside it.

use jiff::Timestamp;

use super::{ConsentEvidence, Customer, CustomerStatus, Interaction, InteractionKind, Order, Refund, Settings};

impl Customer {
    /// The record once `order` counts: the first one promotes (S01).
    pub fn ordered(&self, order: &Order, settings: &Settings, now: Timestamp) -> Self {
        let mut after = self.next(now);
        after.figures.add(order, settings.currency, &settings.thresholds);
        after.status = CustomerStatus::Current;
        after.last_contact_at = self.last_contact_at.max(now);
        after
    }

    /// The record once `refund` is given back.
    pub fn refunded(&self, refund: &Refund, settings: &Settings, now: Timestamp) -> Self {
        let mut after = self.next(now);
        let day = settings.zone.day(refund.at);
        after.figures.refund(refund, day, settings.currency, &settings.thresholds);
        after
    }

    /// The record once `interaction` is known, if it says anything new: the last contact moves
    /// forward only, and never into the future.
    pub fn met(&self, interaction: &Interaction, settings: &Settings, now: Timestamp) -> Option<Self> {
        let mut after = self.next(now);
        after.last_contact_at = self.last_contact_at.max(interaction.at.min(now));
        if interaction.kind == InteractionKind::Visit && interaction.at <= now {
            after.figures.visit(settings.zone.day(interaction.at));
        }
        let news = after.last_contact_at != self.last_contact_at || after.figures != self.figures;
        news.then_some(after)
    }

    /// The record once the statement of `evidence` is known, unless a later one stands: then it is
    /// evidence and nothing else.
    pub fn stated(&self, evidence: &ConsentEvidence, now: Timestamp) -> Option<Self> {
        self.consents.is_moved_by(evidence).then(|| {
            let mut after = self.next(now);
            after.consents.record(evidence);
            after.last_contact_at = self.last_contact_at.max(evidence.at);
            after
        })
    }

    fn next(&self, now: Timestamp) -> Self {
        Self { version: self.version + 1, updated_at: now, ..self.clone() }
    }
}
