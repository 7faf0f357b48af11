//! What there is to tell of an order on its way.
//!
//! A shop chooses which of it its customers are mailed (K05). That an order was placed is none of it:
//! the confirmation tells that, whatever the shop chooses.

use serde::{Deserialize, Serialize};

use super::{Order, OrderState};

/// That an order came to a state other than the one it was placed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderNews {
    /// The shop accepted it.
    Confirmed,
    /// It is being made.
    InProduction,
    /// It is on its way.
    Shipped,
    /// The customer has it.
    Delivered,
    /// It will not be.
    Cancelled,
}

impl OrderNews {
    /// What there is to tell of an order that comes to `state`.
    pub fn of(state: OrderState) -> Option<Self> {
        match state {
            OrderState::Submitted => None,
            OrderState::Confirmed => Some(Self::Confirmed),
            OrderState::InProduction => Some(Self::InProduction),
            OrderState::Shipped => Some(Self::Shipped),
            OrderState::Delivered => Some(Self::Delivered),
            OrderState::Cancelled => Some(Self::Cancelled),
        }
    }

    /// The state that it tells of.
    pub fn state(self) -> OrderState {
        match self {
            Self::Confirmed => OrderState::Confirmed,
            Self::InProduction => OrderState::InProduction,
            Self::Shipped => OrderState::Shipped,
            Self::Delivered => OrderState::Delivered,
            Self::Cancelled => OrderState::Cancelled,
        }
    }

    /// Whether it is still worth telling: `order` has come there and not been cancelled since.
    pub fn holds_for(self, order: &Order) -> bool {
        let came_there = order.moves.iter().any(|step| step.state == self.state());
        came_there && (order.stands() || self == Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_the_first_is_news_and_news_is_of_its_state() {
        let told: Vec<_> = OrderState::ALL.into_iter().filter_map(OrderNews::of).collect();
        let states: Vec<_> = told.iter().map(|news| news.state()).collect();
        assert_eq!(states, OrderState::ALL[1..]);
    }
}
