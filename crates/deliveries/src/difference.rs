use collectors::{Collector, CollectorKind};
use primitives::CollectorId;

/// What became of the goods that a collector carried, within a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Who carried them.
    pub collector: CollectorId,
    /// What households call him.
    pub name: String,
    /// What sort of buyer he is.
    pub kind: CollectorKind,
    /// What he carries now.
    pub carried_grams: i64,
    /// The sums of the period.
    pub delivered: Delivered,
}

/// The received deliveries of a collector within a period, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// How many there were.
    pub deliveries: i64,
    /// What he said that he brought.
    pub announced_grams: i64,
    /// What the facilities' scales said.
    pub received_grams: i64,
}

impl Difference {
    pub(crate) fn new(collector: Collector, carried_grams: i64, delivered: Delivered) -> Self {
        let Collector { id, name, kind, .. } = collector;
        Self { collector: id, name: name.into(), kind, carried_grams, delivered }
    }
}

impl Delivered {
    /// What did not arrive; negative when more arrived than was announced.
    pub const fn difference_grams(&self) -> i64 {
        self.announced_grams.saturating_sub(self.received_grams)
    }

    /// Of a thousand grams announced, how many did not arrive, towards zero; none when nothing was announced.
    pub fn difference_permille(&self) -> Option<i64> {
        self.difference_grams().saturating_mul(1_000).checked_div(self.announced_grams)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_a_thousand_and_absent_of_nothing() {
        let share = |announced_grams, received_grams| {
            Delivered { deliveries: 1, announced_grams, received_grams }.difference_permille()
        };
        assert_eq!(share(10_000, 9_500), Some(50));
        assert_eq!(share(10_000, 10_200), Some(-20));
        assert_eq!(share(10_000, 9_999), Some(0));
        assert_eq!(share(0, 0), None);
    }
}
