//! Whom a mail may go to: one rule, for the mail that is sent, for what staff are shown beforehand, and
//! for the reasons on a customer's record.

use super::{ConsentPurpose, Customer, DueKind, MessageClass, MessageKind, Settings, SkipReason, Suppression};

impl Settings {
    /// Why a mail of `kind` may not go to `customer`, whose address has these `suppressions`. `None`: it
    /// may. What is asked first is what no consent changes.
    pub fn obstacle(&self, kind: MessageKind, customer: &Customer, suppressions: &[Suppression]) -> Option<SkipReason> {
        let class = kind.class();
        let marketing = class == MessageClass::Marketing;
        // A link opens nothing to whom the shop no longer serves.
        if customer.block.is_some() && (marketing || kind == MessageKind::OrderLink) {
            return Some(SkipReason::Blocked);
        }
        if customer.email.deliverable().is_none() {
            return Some(SkipReason::Undeliverable);
        }
        if let Some(reason) = suppressions.iter().find_map(|suppression| suppression.stops(class)) {
            return Some(reason);
        }
        if marketing && !customer.consents.granted(ConsentPurpose::MarketingEmail) {
            return Some(SkipReason::NoConsent);
        }
        let automation = DueKind::ALL.into_iter().find(|automation| automation.message() == kind);
        let off = automation.is_some_and(|automation| !self.automations.switch(automation).on);
        off.then_some(SkipReason::AutomationOff)
    }
}
