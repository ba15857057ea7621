/// The first so many by their keys, in order.
pub(crate) struct Top<K, T> {
    most: usize,
    ranked: Vec<(K, T)>,
}

impl<K: Ord, T> Top<K, T> {
    /// Keeps at most so many.
    pub(crate) fn of(most: usize) -> Self {
        Self { most, ranked: Vec::with_capacity(most.saturating_add(1).min(256)) }
    }

    /// Takes one in if it is among the first.
    pub(crate) fn offer(&mut self, key: K, thing: T) {
        if self.is_full() && self.ranked.last().is_none_or(|(last, _)| *last <= key) {
            return;
        }
        let place = self.ranked.partition_point(|(other, _)| *other < key);
        self.ranked.insert(place, (key, thing));
        self.ranked.truncate(self.most);
    }

    /// The last key that still counts, once nothing behind it does.
    pub(crate) fn last(&self) -> Option<&K> {
        self.ranked.last().filter(|_| self.is_full()).map(|(key, _)| key)
    }

    /// Whether there is no room but for better ones.
    pub(crate) fn is_full(&self) -> bool {
        self.ranked.len() >= self.most
    }

    /// In order.
    pub(crate) fn into_ranked(self) -> impl Iterator<Item = T> {
        self.ranked.into_iter().map(|(_, thing)| thing)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn the_first_are_kept_in_order(numbers in vec(0u8..50, 0..60), most in 0usize..20) {
            let mut top = Top::of(most);
            numbers.iter().zip(0..).for_each(|(&number, place)| top.offer((number, place), number));
            let mut expected = numbers;
            expected.sort_unstable();
            expected.truncate(most);
            prop_assert_eq!(top.into_ranked().collect::<Vec<_>>(), expected);
        }
    }
}
