//! Seeded chance: the same worlds on every machine.

use crate::Fault;

/// SplitMix64.
pub(crate) struct Chance(u64);

impl Chance {
    /// The same seed gives the same numbers.
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below the bound.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or(0)
    }

    /// Between 0 and 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        f64::from(self.below(1 << 30)) / f64::from(1 << 30)
    }

    /// Any of them.
    pub(crate) fn one_of<'a, T>(&mut self, things: &'a [T]) -> Result<&'a T, Fault> {
        let at = usize::try_from(self.below(u32::try_from(things.len())?))?;
        Ok(things.get(at).ok_or("nothing to choose from")?)
    }
}
