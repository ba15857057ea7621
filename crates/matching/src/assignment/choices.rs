/// A collector who could take a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What it would cost, such as meters.
    pub cost: u32,
    /// Which of the collectors.
    pub collector: u32,
}

/// About how many of the cheapest are at hand.
const AT_HAND: usize = 48;
/// So many are asked what the cheapest may come to.
const SAMPLE: usize = 64;

/// The choices of one report: the cheapest at hand, and what all others come to at least.
///
/// That is cost and price when they were last looked through. Prices only rise, so it stays true, and what was too dear
/// stays so.
pub(super) struct Choices {
    all: Vec<Choice>,
    at_hand: Vec<Choice>,
    reach: usize,
    rest_floor: u32,
}

impl Choices {
    pub(super) fn of(all: Vec<Choice>) -> Self {
        Self { all, at_hand: Vec::new(), reach: AT_HAND, rest_floor: 0 }
    }

    /// The cheapest, in no order.
    pub(super) fn at_hand(&self) -> &[Choice] {
        &self.at_hand
    }

    /// What everything that is not at hand comes to at least.
    pub(super) fn rest_floor(&self) -> Option<u32> {
        (self.at_hand.len() < self.all.len()).then_some(self.rest_floor)
    }

    /// Takes the cheapest of all to hand, by the prices of the moment; more of them when those were not enough.
    pub(super) fn take_to_hand(&mut self, wider: bool, prices: &[u32]) {
        self.reach = if wider { self.reach.saturating_mul(2) } else { self.reach };
        let floor = self.threshold(prices);
        self.rest_floor = floor.unwrap_or(u32::MAX);
        self.at_hand.clear();
        let near = |choice: &&Choice| floor.is_none_or(|floor| choice.value(prices) < floor);
        self.at_hand.extend(self.all.iter().filter(near));
    }

    /// Begins from nothing.
    pub(super) fn forget_prices(&mut self) {
        (self.reach, self.rest_floor) = (AT_HAND, 0);
        self.at_hand.clear();
    }

    /// The highest of all costs.
    pub(super) fn highest(&self) -> u32 {
        self.all.iter().map(|choice| choice.cost).max().unwrap_or(0)
    }

    /// What about `reach` of them come to less than, by a sample; nothing where that would be all of them.
    fn threshold(&self, prices: &[u32]) -> Option<u32> {
        if self.all.len() <= self.reach {
            return None;
        }
        let stride = self.all.len().div_ceil(SAMPLE);
        let sample = self.all.iter().step_by(stride).map(|choice| choice.value(prices));
        let mut sample: Vec<u32> = sample.collect();
        let rank = (self.reach / stride).min(sample.len().saturating_sub(1));
        Some(*sample.select_nth_unstable(rank).1)
    }
}

impl Choice {
    /// Cost and price. Beyond the largest number it makes no difference: as a lower bound it stays true.
    pub(super) fn value(self, prices: &[u32]) -> u32 {
        let collector = usize::try_from(self.collector).unwrap_or(usize::MAX);
        self.cost.saturating_add(prices.get(collector).copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn what_is_not_at_hand_is_no_cheaper_than_the_floor(
            choices in vec((0u32..500, 0u32..500), 0..400),
        ) {
            let (costs, prices): (Vec<u32>, Vec<u32>) = choices.into_iter().unzip();
            let all: Vec<Choice> =
                (0..).zip(&costs).map(|(collector, &cost)| Choice { cost, collector }).collect();
            let mut choices = Choices::of(all.clone());
            for _ in 0..8 {
                choices.take_to_hand(true, &prices);
                let floor = choices.rest_floor().unwrap_or(u32::MAX);
                let near: Vec<Choice> =
                    all.iter().copied().filter(|choice| choice.value(&prices) < floor).collect();
                prop_assert_eq!(choices.at_hand(), &near);
            }
            prop_assert_eq!(choices.at_hand(), &all);
        }
    }
}
