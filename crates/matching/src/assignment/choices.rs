/// A collector who could take a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What it would cost, such as meters.
    pub cost: u32,
    /// Which of the collectors.
    pub collector: u32,
}

/// How many of the cheapest are at hand.
const AT_HAND: usize = 48;
/// How many of those are put in order at first.
const FIRST_SORTED: usize = 8;
/// Whoever had to look at more than this finds them in a new order the next time.
const DEEP: usize = 24;

/// A choice, and what it and all that follow come to at least.
#[derive(Clone, Copy)]
pub(super) struct Ranked {
    pub(super) floor: u32,
    pub(super) choice: Choice,
}

/// The choices of one report by what they come to at least, put in order only as far as somebody has looked.
///
/// That is cost and price when they were ordered last. Prices only rise, so it stays true, and what was too dear stays so.
pub(super) struct Choices {
    all: Vec<Choice>,
    /// The cheapest of them, in order up to `sorted`.
    at_hand: Vec<Ranked>,
    sorted: usize,
    looked_at: usize,
    /// How many are taken to hand, and what all others come to at least.
    reach: usize,
    rest_floor: u32,
}

impl Choices {
    pub(super) fn of(all: Vec<Choice>) -> Self {
        let at_hand = Vec::with_capacity(AT_HAND);
        let mut choices =
            Self { all, at_hand, sorted: 0, looked_at: 0, reach: AT_HAND, rest_floor: 0 };
        choices.take_to_hand(false, |_| 0);
        choices
    }

    /// The choice of that rank, from 0, if it is at hand.
    pub(super) fn get(&mut self, rank: usize) -> Option<Ranked> {
        if rank >= self.sorted {
            self.sort_more();
        }
        self.looked_at = self.looked_at.max(rank);
        let Ranked { floor, choice } = self.at_hand.get(rank).copied()?;
        Some(Ranked { floor: floor.min(self.rest_floor), choice })
    }

    /// What everything that is not at hand comes to at least.
    pub(super) fn rest_floor(&self) -> Option<u32> {
        (self.at_hand.len() < self.all.len()).then_some(self.rest_floor)
    }

    /// Orders what is at hand by the prices of the moment, if looking has become a long business.
    pub(super) fn keep_short(&mut self, price_of: impl Fn(u32) -> i64) {
        if self.looked_at > DEEP {
            for Ranked { floor, choice } in &mut self.at_hand {
                *floor = value(*choice, &price_of);
            }
            (self.sorted, self.looked_at) = (0, 0);
        }
    }

    /// Takes the cheapest of all to hand, by the prices of the moment; more of them when those were not enough.
    pub(super) fn take_to_hand(&mut self, wider: bool, price_of: impl Fn(u32) -> i64) {
        self.reach = if wider { self.reach.saturating_mul(2) } else { self.reach };
        let values: Vec<u32> = self.all.iter().map(|&choice| value(choice, &price_of)).collect();
        let takes_all = values.len() <= self.reach;
        self.rest_floor = u32::MAX;
        if !takes_all {
            self.rest_floor = *values.clone().select_nth_unstable(self.reach).1;
        }
        let ranked = self.all.iter().zip(values);
        let ranked = ranked.map(|(&choice, floor)| Ranked { floor, choice });
        self.at_hand.clear();
        self.at_hand.extend(ranked.filter(|it| takes_all || it.floor < self.rest_floor));
        (self.sorted, self.looked_at) = (0, 0);
    }

    /// Orders them by their costs alone.
    pub(super) fn forget_prices(&mut self) {
        self.take_to_hand(false, |_| 0);
    }

    /// The highest of all costs.
    pub(super) fn highest(&self) -> u32 {
        self.all.iter().map(|choice| choice.cost).max().unwrap_or(0)
    }

    /// Puts as many more in order as were before, and no fewer than at first.
    fn sort_more(&mut self) {
        let more = self.sorted.max(FIRST_SORTED);
        let Some(rest) = self.at_hand.get_mut(self.sorted..) else { return };
        if more < rest.len() {
            rest.select_nth_unstable_by_key(more, |ranked| ranked.floor);
        }
        let more = rest.len().min(more);
        if let Some(next) = rest.get_mut(..more) {
            next.sort_unstable_by_key(|ranked| ranked.floor);
        }
        self.sorted += more;
    }
}

/// Beyond the largest number it makes no difference: as a lower bound it stays true.
fn value(choice: Choice, price_of: impl Fn(u32) -> i64) -> u32 {
    u32::try_from(i64::from(choice.cost) + price_of(choice.collector)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Everything that is at hand; the floors are told in order, and none above what the choice comes to.
    fn seen(choices: &mut Choices, value: impl Fn(Choice) -> u32) -> Vec<u32> {
        let ranked: Vec<Ranked> = (0..).map_while(|rank| choices.get(rank)).collect();
        assert!(ranked.is_sorted_by_key(|it| it.floor));
        assert!(ranked.iter().all(|it| it.floor <= value(it.choice)));
        let rest = choices.rest_floor().unwrap_or(u32::MAX);
        assert!(ranked.iter().all(|it| it.floor <= rest));
        ranked.into_iter().map(|it| value(it.choice)).collect()
    }

    /// What is cheaper than the first that has to stay away.
    fn cheapest(mut values: Vec<u32>, reach: usize) -> Vec<u32> {
        values.sort_unstable();
        let floor = values.get(reach).copied();
        values.retain(|&value| floor.is_none_or(|floor| value < floor));
        values
    }

    proptest! {
        #[test]
        fn whoever_looks_sees_the_cheapest_in_order(costs in vec(0u32..500, 0..200), price in 0u32..500) {
            let all = (0..).zip(&costs).map(|(collector, &cost)| Choice { cost, collector });
            let mut choices = Choices::of(all.collect());
            let costs_seen = seen(&mut choices, |choice| choice.cost);
            prop_assert_eq!(costs_seen, cheapest(costs.clone(), AT_HAND));
            // Every other collector has become dearer since.
            let dearer = |collector: u32| if collector.is_multiple_of(2) { price } else { 0 };
            let value = |choice: Choice| choice.cost + dearer(choice.collector);
            choices.keep_short(|collector| i64::from(dearer(collector)));
            seen(&mut choices, value);
            choices.take_to_hand(true, |collector| i64::from(dearer(collector)));
            let values = (0u32..).zip(&costs).map(|(it, cost)| cost + dearer(it));
            prop_assert_eq!(seen(&mut choices, value), cheapest(values.collect(), 2 * AT_HAND));
        }
    }
}
