//! How many mails a second are let through: the account's sending rate, by the wall clock.

use std::time::Instant;

/// A bucket of so many mails that fills at so many a second, as SES's does.
pub(super) struct Rate {
    per_second: f64,
    left: f64,
    at: Instant,
    refused: u64,
}

impl Rate {
    pub(super) fn new(per_second: u32, now: Instant) -> Self {
        let per_second = f64::from(per_second);
        Self { per_second, left: per_second, at: now, refused: 0 }
    }

    /// Whether one more mail may pass now.
    pub(super) fn passes(&mut self, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = (self.left + since * self.per_second).min(self.per_second);
        self.at = now;
        let passes = self.left >= 1.0;
        if passes {
            self.left -= 1.0;
        } else {
            self.refused += 1;
        }
        passes
    }

    /// How many were not let through.
    pub(super) fn refused(&self) -> u64 {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn so_many_pass_in_a_second_and_no_more() {
        let began = Instant::now();
        let mut rate = Rate::new(14, began);
        let mut in_second = |second: u64| {
            let each = (0..1000).map(|millis| began + Duration::from_secs(second) + Duration::from_millis(millis));
            each.filter(|now| rate.passes(*now)).count()
        };
        // The bucket is full at first, and after an idle minute again.
        assert_eq!([0, 1, 2].map(&mut in_second), [27, 14, 14]);
        assert_eq!([60, 61].map(&mut in_second), [27, 14]);
        assert_eq!(rate.refused(), 5000 - 96);
        assert!(!Rate::new(0, began).passes(began + Duration::from_secs(9)));
    }
}
