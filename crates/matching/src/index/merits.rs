use super::{
    bitmap::{WORD_BITS, Word},
    pyramid::PARTS as SQUARE_PARTS,
};
use crate::ranking::{Score, Value};

/// Reliability, rating, spare capacity, fairness and generosity.
const PARTS: usize = 5;
/// A merit is a value in so many parts instead of ten thousand.
const FULL: u32 = 255;
/// A percent of weight counts double, so that a rounded coefficient is at most half a percent too high.
const PER_PERCENT: u32 = 2;
/// No coefficient is higher: times a merit it still fits a lane of sixteen bits.
const HIGHEST_COEFFICIENT: u32 = 257;

/// The product's weights, in half percents.
const NOMINAL: [u16; PARTS] = [30, 20, 10, 10, 50];

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
        Self(values.in_order().map(byte_of))
    }

    /// The same with another generosity, in 255ths.
    pub(super) const fn with_generosity(self, share: u8) -> Self {
        let Self([reliability, rating, spare_capacity, fairness, _]) = self;
        Self([reliability, rating, spare_capacity, fairness, share])
    }
}

/// The best that is to be found in each part of a square, merit by merit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Peaks([[u8; SQUARE_PARTS]; PARTS]);

impl Peaks {
    /// Raises one part to these merits at least.
    pub(super) fn lift(&mut self, part: usize, merits: Merits) {
        for (column, merit) in self.0.iter_mut().zip(merits.0) {
            if let Some(own) = column.get_mut(part) {
                *own = merit.max(*own);
            }
        }
    }

    /// The best in the whole square.
    pub(super) fn highest(&self) -> Merits {
        Merits(self.0.map(|column| column.into_iter().max().unwrap_or(0)))
    }

    #[cfg(test)]
    pub(super) fn of_part(&self, part: usize) -> Merits {
        Merits(self.0.map(|column| column[part]))
    }

    fn weighed(&self, coefficients: &[u16; PARTS]) -> [u32; SQUARE_PARTS] {
        let mut sums = [0; SQUARE_PARTS];
        for (column, &coefficient) in self.0.iter().zip(coefficients) {
            for (sum, &merit) in sums.iter_mut().zip(column) {
                *sum += u32::from(coefficient) * u32::from(merit);
            }
        }
        sums
    }
}

/// What one collector's merits come to together by the product's weights, in a byte and rounded up; nothing for nobody.
///
/// Who is the best at one thing is seldom the best at the others too, so the highest of some collectors says far more
/// than what is best among them merit by merit. Other weights are near enough to the product's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Height(u8);

impl Height {
    /// No height is higher.
    pub(super) const HIGHEST: Self = Self(u8::MAX);
    const STEP: u32 = 120;

    /// By his generosity.
    pub(super) fn of(merits: Merits) -> Self {
        Self::weighing(weighed(&NOMINAL, merits))
    }

    /// As the buyer of one material, of whose best price he pays so many 255ths.
    pub(super) fn paying(merits: Merits, share: u8) -> Self {
        Self::of(merits.with_generosity(share))
    }

    fn weighing(sum: u32) -> Self {
        Self(u8::try_from(sum.div_ceil(Self::STEP)).unwrap_or(u8::MAX).max(1))
    }

    /// The sum that it stands for.
    pub(super) const fn weighed(self) -> u32 {
        self.0 as u32 * Self::STEP
    }
}

/// How much of a score each merit can be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yardstick {
    coefficients: [u16; PARTS],
    /// By how much they exceed the product's weights.
    beyond_nominal: [u16; PARTS],
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
        let mut nominal = NOMINAL.into_iter();
        let beyond_nominal =
            coefficients.map(|own| own.saturating_sub(nominal.next().unwrap_or(0)));
        Self { coefficients, beyond_nominal, granted: prospect.granted }
    }

    /// What the merits must come to when `score` is to be reached and everything else comes to `rest`.
    pub(super) fn least(&self, score: Score, rest: Score) -> u16 {
        let known = rest.millionths().saturating_add(self.granted);
        let missing = u64::from(score.millionths().saturating_sub(known));
        u16::try_from(missing * u64::from(PER_PERCENT * FULL) / 10_000).unwrap_or(u16::MAX)
    }

    /// What merits that come to such a sum count at most, with what everybody is granted.
    pub(super) fn most_of_sum(&self, sums: &[u16; WORD_BITS], slot: usize) -> Score {
        // A sum that has reached the end is as good as any score.
        self.score_of(sums.get(slot % WORD_BITS).copied().unwrap_or(u16::MAX).into())
    }

    /// What the merits come to at most, with what everybody is granted.
    pub(super) fn most(&self, merits: Merits) -> Score {
        self.score_of(weighed(&self.coefficients, merits))
    }

    /// The same for whoever stands no higher than the peak of his part, and whose merits come to no more than its height.
    ///
    /// Nobody's come to more than the best of all of them, nor to more than by the product's weights and what these weigh
    /// beyond those.
    pub(super) fn most_below(
        &self,
        peaks: &Peaks,
        heights: &[u32; SQUARE_PARTS],
    ) -> [Score; SQUARE_PARTS] {
        let mut sums = peaks.weighed(&self.coefficients);
        let beyond = peaks.weighed(&self.beyond_nominal);
        for ((sum, height), beyond) in sums.iter_mut().zip(heights).zip(beyond) {
            *sum = (*sum).min(height + beyond);
        }
        sums.map(|sum| self.score_of(sum))
    }

    fn score_of(&self, sum: u32) -> Score {
        // No sum is above 5 × 257 × 255, and its ten-thousandfold is below 2³².
        let millionths = (sum * 10_000).div_ceil(PER_PERCENT * FULL);
        Score::from_millionths(millionths.saturating_add(self.granted))
    }
}

fn weighed(coefficients: &[u16; PARTS], merits: Merits) -> u32 {
    let products = coefficients.iter().zip(merits.0);
    products.map(|(&factor, merit)| u32::from(factor) * u32::from(merit)).sum()
}

/// Everybody's merits, in blocks that match the words of the bitmaps.
#[derive(Debug, Clone, Default)]
pub(super) struct MeritColumns {
    blocks: Vec<[[u8; WORD_BITS]; PARTS]>,
}

impl MeritColumns {
    /// Takes everybody's merits in the order of the slots.
    pub(super) fn of(all: &[Merits]) -> Self {
        Self { blocks: all.chunks(WORD_BITS).map(block_of).collect() }
    }

    /// Those of the word whose merits come to so much, and what everybody's come to.
    pub(super) fn coming_to(
        &self,
        word: Word,
        yardstick: &Yardstick,
        least: u16,
    ) -> (Word, [u16; WORD_BITS]) {
        let mut sums = [0_u16; WORD_BITS];
        let Some(block) = self.blocks.get(word.number) else {
            return (Word { bits: 0, ..word }, sums);
        };
        for (column, coefficient) in block.iter().zip(yardstick.coefficients) {
            for (sum, merit) in sums.iter_mut().zip(column) {
                *sum = sum.saturating_add(coefficient.wrapping_mul(u16::from(*merit)));
            }
        }
        let flags = sums.map(|sum| u8::from(sum >= least));
        (Word { bits: word.bits & bits_of(flags), ..word }, sums)
    }

    /// The merits of one collector.
    pub(super) fn of_slot(&self, slot: usize) -> Option<Merits> {
        let block = self.blocks.get(slot / WORD_BITS)?;
        let merit = |column: &[u8; WORD_BITS]| column.get(slot % WORD_BITS).copied();
        Some(Merits(block.each_ref().map(|column| merit(column).unwrap_or(u8::MAX))))
    }

    /// How many bytes it takes.
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(self.blocks.as_slice())
    }
}

/// Rounds up.
fn byte_of(value: Value) -> u8 {
    u8::try_from((value.ten_thousandths() * FULL).div_ceil(10_000)).unwrap_or(u8::MAX)
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
    use crate::ranking::Weights;

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
            let columns = MeritColumns::of(&merits);
            let yardstick = Yardstick::of(standards(percent), Some(Prospect { half_percents: percent[4] * 2, granted: 0 }));
            let least = yardstick.least(Score::from_millionths(wanted), Score::from_millionths(rest));
            let mut left = Vec::new();
            for number in 0..merits.len().div_ceil(WORD_BITS) {
                let all = Word { number, bits: u64::MAX };
                left.extend(columns.coming_to(all, &yardstick, least).0.slots());
            }
            for (slot, values) in values.iter().enumerate() {
                let earned: u32 = values.iter().zip(percent).map(|(value, percent)| value.ten_thousandths() * percent).sum();
                if earned + rest >= wanted {
                    prop_assert!(left.contains(&slot));
                    let (mut peaks, mut heights) = (Peaks::default(), [0; SQUARE_PARTS]);
                    merits.iter().for_each(|&merits| peaks.lift(3, merits));
                    heights[3] = merits.iter().map(|&merits| Height::of(merits)).max().unwrap().weighed();
                    prop_assert!(yardstick.most_below(&peaks, &heights)[3].millionths() + rest >= wanted);
                }
                // And hardly anybody stays who could not: each part is at most a 255th too high.
                if left.contains(&slot) {
                    prop_assert!(earned + rest + percent.iter().sum::<u32>() * 10_000 / 255 + 100 >= wanted);
                }
            }
        }
    }

    #[test]
    fn the_product_weighs_as_its_weights_say() {
        let percent = &Weights::CANDIDATES.percent;
        let own = Standards {
            reliability: percent.reliability,
            rating: percent.rating,
            spare_capacity: percent.spare_capacity,
            fairness: percent.fairness,
            generosity: percent.payout,
        };
        assert_eq!(own.in_order().map(|percent| percent * PER_PERCENT), NOMINAL.map(u32::from));
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
