use std::ops::Range;

use super::bitmap::{WORD_BITS, Word};
use crate::ranking::{Score, Value};

/// Reliability, rating, spare capacity, fairness and generosity.
const PARTS: usize = 5;
/// A merit is a value in so many parts instead of ten thousand.
const FULL: u32 = 255;
/// A percent of weight counts double, so that a rounded coefficient is at most half a percent too high.
const PER_PERCENT: u32 = 2;
/// No coefficient is higher: times a merit it still fits a lane of sixteen bits.
const HIGHEST_COEFFICIENT: u32 = 257;

/// What speaks for a collector whoever asks, one byte per part and rounded up: good enough to rule him out, and so small
/// that sixty-four collectors are weighed at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Merits([u8; PARTS]);

/// The values behind the merits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standards<T> {
    pub(super) reliability: T,
    pub(super) rating: T,
    pub(super) spare_capacity: T,
    pub(super) fairness: T,
    /// How well he pays beside the best of each market, at the material at which he pays best.
    pub(super) generosity: T,
}

impl<T> Standards<T> {
    fn in_order(self) -> [T; PARTS] {
        [self.reliability, self.rating, self.spare_capacity, self.fairness, self.generosity]
    }
}

impl Merits {
    /// Rounds up.
    pub(super) fn of(values: Standards<Value>) -> Self {
        let byte = |value: Value| (value.ten_thousandths() * FULL).div_ceil(10_000);
        Self(values.in_order().map(|value| u8::try_from(byte(value)).unwrap_or(u8::MAX)))
    }

    /// The better of both in every part.
    fn best(self, other: Self) -> Self {
        let mut others = other.0.into_iter();
        Self(self.0.map(|merit| merit.max(others.next().unwrap_or(0))))
    }
}

/// How much of a score each merit can be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yardstick {
    coefficients: [u16; PARTS],
    /// What the merits cannot tell and everybody is granted, in millionths.
    granted: u32,
}

/// What a payout can count, by generosity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prospect {
    /// In halves of a percent, for the most generous.
    pub(super) half_percents: u32,
    /// Granted to everybody, in millionths of a score.
    pub(super) granted: u32,
}

impl Prospect {
    /// It counts nothing.
    pub(super) const NOTHING: Self = Self { half_percents: 0, granted: 0 };
}

impl Yardstick {
    /// Takes the weights in percent and what a payout can count; without that it may count all it weighs.
    pub(super) fn of(percent: Standards<u32>, prospect: Option<Prospect>) -> Self {
        let fits = |prospect: &Prospect| prospect.half_percents <= HIGHEST_COEFFICIENT;
        let everything = Prospect { half_percents: 0, granted: percent.generosity * 10_000 };
        let prospect = prospect.filter(fits).unwrap_or(everything);
        let mut halves = percent.in_order().map(|percent| percent * PER_PERCENT);
        if let Some(generosity) = halves.last_mut() {
            *generosity = prospect.half_percents;
        }
        let coefficients =
            halves.map(|half| u16::try_from(half.min(HIGHEST_COEFFICIENT)).unwrap_or(0));
        Self { coefficients, granted: prospect.granted }
    }

    /// What the merits must come to when `score` is to be reached and everything else comes to `rest`.
    pub(super) fn least(&self, score: Score, rest: Score) -> u16 {
        let known = rest.millionths().saturating_add(self.granted);
        let missing = u64::from(score.millionths().saturating_sub(known));
        u16::try_from(missing * u64::from(PER_PERCENT * FULL) / 10_000).unwrap_or(u16::MAX)
    }

    /// What the merits come to at most, with what everybody is granted.
    pub(super) fn most(&self, merits: Merits) -> Score {
        let products = self.coefficients.iter().zip(merits.0);
        let sum: u32 = products.map(|(&factor, merit)| u32::from(factor) * u32::from(merit)).sum();
        // A sum is below 2¹⁹ and its ten-thousandfold below 2³³.
        let millionths = (u64::from(sum) * 10_000).div_ceil((PER_PERCENT * FULL).into());
        let millionths = u32::try_from(millionths).unwrap_or(u32::MAX);
        Score::from_millionths(millionths.saturating_add(self.granted))
    }

    fn weigh(&self, merits: Merits) -> u16 {
        let products = self.coefficients.iter().zip(merits.0);
        products
            .fold(0, |sum, (coefficient, merit)| sum.saturating_add(coefficient * u16::from(merit)))
    }
}

/// Everybody's merits, in blocks that match the words of the bitmaps, and the best merits of every cell.
#[derive(Debug, Clone, Default)]
pub(super) struct MeritColumns {
    blocks: Vec<[[u8; WORD_BITS]; PARTS]>,
    cells: Vec<Merits>,
    best: Merits,
}

impl MeritColumns {
    /// Takes everybody's merits in the order of the slots, and the slots of every cell.
    pub(super) fn of(all: &[Merits], cells: impl Iterator<Item = Range<usize>>) -> Self {
        let best = |span: Range<usize>| {
            all.get(span).unwrap_or_default().iter().copied().fold(Merits::default(), Merits::best)
        };
        Self {
            blocks: all.chunks(WORD_BITS).map(block_of).collect(),
            cells: cells.map(best).collect(),
            best: best(0..all.len()),
        }
    }

    /// Whether anybody's merits can come to so much.
    pub(super) fn come_to(&self, yardstick: &Yardstick, least: u16) -> bool {
        yardstick.weigh(self.best) >= least
    }

    /// Whether the best merits of the cell come to so much.
    pub(super) fn cell_comes_to(&self, cell: usize, yardstick: &Yardstick, least: u16) -> bool {
        self.cells.get(cell).is_some_and(|best| yardstick.weigh(*best) >= least)
    }

    /// Those of the word whose merits come to so much.
    pub(super) fn coming_to(&self, word: Word, yardstick: &Yardstick, least: u16) -> Word {
        let Some(block) = self.blocks.get(word.number) else { return Word { bits: 0, ..word } };
        let mut sums = [0_u16; WORD_BITS];
        for (column, coefficient) in block.iter().zip(yardstick.coefficients) {
            for (sum, merit) in sums.iter_mut().zip(column) {
                *sum = sum.saturating_add(coefficient.wrapping_mul(u16::from(*merit)));
            }
        }
        Word { bits: word.bits & bits_of(sums.map(|sum| u8::from(sum >= least))), ..word }
    }

    /// The merits of one collector.
    pub(super) fn of_slot(&self, slot: usize) -> Option<Merits> {
        let block = self.blocks.get(slot / WORD_BITS)?;
        let merit = |column: &[u8; WORD_BITS]| column.get(slot % WORD_BITS).copied();
        Some(Merits(block.each_ref().map(|column| merit(column).unwrap_or(u8::MAX))))
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.blocks.as_slice()) + size_of_val(self.cells.as_slice())
    }
}

fn block_of(merits: &[Merits]) -> [[u8; WORD_BITS]; PARTS] {
    let mut block = [[0; WORD_BITS]; PARTS];
    for (slot, merits) in merits.iter().enumerate() {
        for (column, merit) in block.iter_mut().zip(merits.0) {
            if let Some(place) = column.get_mut(slot) {
                *place = merit;
            }
        }
    }
    block
}

/// One bit per byte that is one, eight at a time: the factor moves the n-th byte's bit to the n-th place of the highest
/// byte, and no two of its products meet.
fn bits_of(flags: [u8; WORD_BITS]) -> u64 {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _none) = flags.as_chunks::<8>();
    let highest = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | highest(eight))
}

#[cfg(test)]
mod tests {
    use proptest::{array::uniform5, collection::vec, prelude::*};

    use super::*;

    fn standards<T: Copy>(
        [reliability, rating, spare_capacity, fairness, generosity]: [T; 5],
    ) -> Standards<T> {
        Standards { reliability, rating, spare_capacity, fairness, generosity }
    }

    proptest! {
        #[test]
        fn nobody_is_ruled_out_who_could_reach_the_score(
            values in vec(uniform5(0i64..=10_000), 1..150),
            percent in uniform5(0u32..=40),
            wanted in 0u32..=1_000_000,
            rest in 0u32..=400_000,
        ) {
            let values: Vec<_> = values.iter().map(|of| of.map(|value| Value::share(value, 10_000))).collect();
            let merits: Vec<_> = values.iter().map(|of| Merits::of(standards(*of))).collect();
            let columns = MeritColumns::of(&merits, std::iter::once(0..merits.len()));
            let yardstick = Yardstick::of(standards(percent), Some(Prospect { half_percents: percent[4] * 2, granted: 0 }));
            let least = yardstick.least(Score::from_millionths(wanted), Score::from_millionths(rest));
            let mut left = Vec::new();
            for number in 0..merits.len().div_ceil(WORD_BITS) {
                let all = Word { number, bits: u64::MAX };
                left.extend(columns.coming_to(all, &yardstick, least).slots());
            }
            for (slot, values) in values.iter().enumerate() {
                let earned: u32 = values.iter().zip(percent).map(|(value, percent)| value.ten_thousandths() * percent).sum();
                if earned + rest >= wanted {
                    prop_assert!(left.contains(&slot));
                    prop_assert!(columns.cell_comes_to(0, &yardstick, least));
                }
                // And hardly anybody stays who could not: each part is at most a 255th too high.
                if left.contains(&slot) {
                    prop_assert!(earned + rest + percent.iter().sum::<u32>() * 10_000 / 255 + 100 >= wanted);
                }
            }
        }
    }

    #[test]
    fn every_flag_finds_its_bit() {
        for bit in 0..WORD_BITS {
            let mut flags = [0; WORD_BITS];
            flags[bit] = 1;
            assert_eq!(bits_of(flags), 1 << bit);
        }
        assert_eq!(bits_of([1; WORD_BITS]), u64::MAX);
    }
}
