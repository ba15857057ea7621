use std::ops::Range;

const WORD_BITS: usize = 64;

/// One bit per slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// All bits down.
    pub(super) fn of(slots: usize) -> Self {
        Self { words: vec![0; slots.div_ceil(WORD_BITS)] }
    }

    /// Raises a bit; beyond the end nothing happens.
    pub(super) fn raise(&mut self, slot: usize) {
        if let Some(word) = self.words.get_mut(slot / WORD_BITS) {
            *word |= 1 << (slot % WORD_BITS);
        }
    }
}

/// The slots of a span whose bit is raised in every one of the bitmaps, in order.
pub(super) fn raised_in_all(
    bitmaps: &[&Bitmap],
    span: Range<usize>,
) -> impl Iterator<Item = usize> {
    let words = span.start / WORD_BITS..span.end.div_ceil(WORD_BITS);
    words.flat_map(move |word| {
        let bits = bitmaps
            .iter()
            .fold(u64::MAX, |bits, bitmap| bits & bitmap.words.get(word).copied().unwrap_or(0));
        let first = word * WORD_BITS;
        Ones(bits & mask(&span, first)).map(move |bit| first + bit)
    })
}

/// The bits of the word that starts at slot `first` which lie inside the span.
fn mask(span: &Range<usize>, first: usize) -> u64 {
    let below = |end: usize| match end.saturating_sub(first) {
        bits if bits >= WORD_BITS => u64::MAX,
        bits => (1 << bits) - 1,
    };
    below(span.end) & !below(span.start)
}

/// The numbers of the raised bits of a word, lowest first.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let lowest = self.0.trailing_zeros();
        self.0 &= self.0.checked_sub(1)?;
        usize::try_from(lowest).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    fn raised(slots: &BTreeSet<usize>) -> Bitmap {
        let mut bitmap = Bitmap::of(300);
        slots.iter().for_each(|&slot| bitmap.raise(slot));
        bitmap
    }

    proptest! {
        #[test]
        fn a_span_holds_what_both_sets_hold(
            one in btree_set(0usize..300, 0..200),
            two in btree_set(0usize..300, 0..200),
            start in 0usize..300,
            length in 0usize..300,
        ) {
            let span = start..(start + length).min(300);
            let found: Vec<_> = raised_in_all(&[&raised(&one), &raised(&two)], span.clone()).collect();
            let expected: Vec<_> = one.intersection(&two).copied().filter(|slot| span.contains(slot)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
