use std::ops::Range;

/// So many slots share a word.
pub(super) const WORD_BITS: usize = 64;

/// One bit per slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// No bits yet, but room for so many.
    pub(super) fn with_room_for(slots: usize) -> Self {
        Self { words: Vec::with_capacity(slots.div_ceil(WORD_BITS)) }
    }

    /// Adds the bits of the next word.
    pub(super) fn push(&mut self, word: u64) {
        self.words.push(word);
    }

    /// How many bytes it takes.
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(self.words.as_slice())
    }

    /// One word; beyond the end none is raised.
    pub(super) fn word(&self, number: usize) -> u64 {
        self.words.get(number).copied().unwrap_or(0)
    }
}

/// The slots of one word that are left after some have been ruled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) number: usize,
    pub(super) bits: u64,
}

impl Word {
    /// Its slots, in order.
    pub(super) fn slots(self) -> impl Iterator<Item = usize> {
        let first = self.number * WORD_BITS;
        Ones(self.bits).map(move |bit| first + bit)
    }
}

/// Whose bit is raised in all of some bitmaps, or in any of them.
pub(super) enum Raised<'a> {
    All(Vec<&'a Bitmap>),
    Any(Vec<&'a Bitmap>),
}

impl Raised<'_> {
    /// Which slots of a span that are, word by word.
    pub(super) fn within(&self, span: Range<usize>) -> impl Iterator<Item = Word> {
        let words = span.start / WORD_BITS..span.end.div_ceil(WORD_BITS);
        words.map(move |number| {
            let bits = mask(&span, number * WORD_BITS) & self.word(number);
            Word { number, bits }
        })
    }

    fn word(&self, number: usize) -> u64 {
        match self {
            Self::All(bitmaps) => bitmaps.iter().fold(u64::MAX, |bits, it| bits & it.word(number)),
            Self::Any(bitmaps) => bitmaps.iter().fold(0, |bits, it| bits | it.word(number)),
        }
    }
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
        let mut bitmap = Bitmap::with_room_for(300);
        for first in (0..300).step_by(WORD_BITS) {
            let bits = (0..WORD_BITS).filter(|bit| slots.contains(&(first + bit)));
            bitmap.push(bits.map(|bit| 1 << bit).sum());
        }
        bitmap
    }

    proptest! {
        #[test]
        fn a_span_holds_what_both_sets_hold_or_either(
            one in btree_set(0usize..300, 0..200),
            two in btree_set(0usize..300, 0..200),
            start in 0usize..300,
            length in 0usize..300,
        ) {
            let span = start..(start + length).min(300);
            let (first, second) = (raised(&one), raised(&two));
            let found = |raised: Raised<'_>| raised.within(span.clone()).flat_map(Word::slots).collect::<Vec<_>>();
            let both: Vec<_> = one.intersection(&two).copied().filter(|slot| span.contains(slot)).collect();
            prop_assert_eq!(found(Raised::All(vec![&first, &second])), both);
            let either: Vec<_> = one.union(&two).copied().filter(|slot| span.contains(slot)).collect();
            prop_assert_eq!(found(Raised::Any(vec![&first, &second])), either);
        }
    }
}
