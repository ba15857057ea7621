use super::merits::{Height, Merits, Peaks};

/// So many cells in a row, and as many rows of them, make a square; so many squares a larger one, and so on.
pub(super) const SIDE: u32 = 4;
/// So many parts a square has.
pub(super) const PARTS: usize = 16;

/// A cell, or a square of cells: the higher its level, the larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Square {
    level: u32,
    column: u32,
    row: u32,
}

impl Square {
    /// How many cells lie between the corner of the grid and its own, eastwards and northwards.
    pub(super) const fn corner(self) -> (u32, u32) {
        (self.column.saturating_mul(self.side()), self.row.saturating_mul(self.side()))
    }

    /// How many cells make one of its sides.
    pub(super) const fn side(self) -> u32 {
        SIDE.saturating_pow(self.level)
    }

    /// Whether it is a single cell.
    pub(super) const fn is_cell(self) -> bool {
        self.level == 0
    }

    /// The squares that it is made of, row by row.
    pub(super) fn parts(self) -> impl Iterator<Item = Self> {
        (0..SIDE * SIDE).map(move |number| Self {
            level: self.level.saturating_sub(1),
            column: self.column * SIDE + number % SIDE,
            row: self.row * SIDE + number / SIDE,
        })
    }
}

/// How high it goes in all cells and in all squares of them, up to the one that holds everything.
#[derive(Debug, Clone, Default)]
pub(super) struct Pyramid {
    levels: Vec<Level>,
}

/// Squares of one size. Those that make a larger one lie side by side in memory: they are always read together.
#[derive(Debug, Clone)]
struct Level {
    columns: u32,
    rows: u32,
    peaks: Vec<Peaks>,
    /// Per material the highest among its buyers; last of all the highest of everybody.
    heights: Vec<Vec<[Height; PARTS]>>,
}

/// For which materials somebody is wanted, and how much each of them counts.
pub(super) type Mixture = Vec<(usize, u32)>;
/// All counts of a mixture come to a little more than this.
pub(super) const WHOLE: u32 = 1 << 16;

impl Pyramid {
    /// Room for so many cells in so many rows, and for the buyers of so many materials.
    pub(super) fn sized((columns, rows): (u32, u32), materials: usize) -> Self {
        Self { levels: vec![Level::sized(columns, rows, materials)] }
    }

    /// Puts somebody with these merits into a cell.
    pub(super) fn admit(&mut self, (column, row): (u32, u32), merits: Merits) {
        let Some(cells) = self.levels.first_mut() else { return };
        let Some(place) = cells.place(column, row) else { return };
        cells.lift(place, merits);
        let everybody = cells.heights.len().saturating_sub(1);
        cells.raise(everybody, place, Height::of(merits));
    }

    /// Raises a cell to what the buyers of each material come to in it.
    pub(super) fn raise(&mut self, (column, row): (u32, u32), heights: &[Height]) {
        let Some(cells) = self.levels.first_mut() else { return };
        let Some(place) = cells.place(column, row) else { return };
        for (material, height) in heights.iter().enumerate() {
            cells.raise(material, place, *height);
        }
    }

    /// Piles the squares up on the cells.
    pub(super) fn pile_up(&mut self) {
        while let Some(above) = self.levels.last().and_then(Level::above) {
            self.levels.push(above);
        }
    }

    /// The square that holds everything, if there is anything.
    pub(super) fn top(&self) -> Option<Square> {
        let level = u32::try_from(self.levels.len().checked_sub(1)?).ok()?;
        Some(Square { level, column: 0, row: 0 })
    }

    /// The number of the material that everybody buys.
    pub(super) fn anything(&self) -> usize {
        self.levels.first().map_or(0, |cells| cells.heights.len().saturating_sub(1))
    }

    /// The peaks of the parts of a square, and how high each part is in the mixture: nothing at all where nobody buys one
    /// of its materials.
    pub(super) fn parts(
        &self,
        square: Square,
        mixture: &Mixture,
    ) -> Option<(&Peaks, [u32; PARTS])> {
        let below = usize::try_from(square.level.checked_sub(1)?).ok()?;
        let level = self.levels.get(below)?;
        let number = level.number(square.column, square.row)?;
        Some((level.peaks.get(number)?, level.mix(number, mixture)?))
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let heights = |level: &Level| -> usize {
            level.heights.iter().map(|heights| size_of_val(heights.as_slice())).sum()
        };
        let level = |level: &Level| size_of_val(level.peaks.as_slice()) + heights(level);
        self.levels.iter().map(level).sum()
    }
}

impl Level {
    fn sized(columns: u32, rows: u32, materials: usize) -> Self {
        let squares = u64::from(columns.div_ceil(SIDE)) * u64::from(rows.div_ceil(SIDE));
        let squares = usize::try_from(squares).unwrap_or(0);
        Self {
            columns,
            rows,
            peaks: vec![Peaks::default(); squares],
            heights: vec![vec![[Height::default(); PARTS]; squares]; materials + 1],
        }
    }

    /// The larger squares that these make; nothing where this is the one that holds everything.
    fn above(&self) -> Option<Self> {
        let (columns, rows) = (self.columns.div_ceil(SIDE), self.rows.div_ceil(SIDE));
        let mut above = Self::sized(columns, rows, self.heights.len().saturating_sub(1));
        for number in 0..self.peaks.len() {
            let column = u32::try_from(number).ok()? % columns;
            let place = above.place(column, u32::try_from(number).ok()? / columns)?;
            above.lift(place, self.peaks.get(number)?.highest());
            for (material, heights) in self.heights.iter().enumerate() {
                above.raise(material, place, heights.get(number)?.iter().copied().max()?);
            }
        }
        (u64::from(self.columns) * u64::from(self.rows) > 1).then_some(above)
    }

    fn lift(&mut self, (square, part): (usize, usize), merits: Merits) {
        if let Some(peaks) = self.peaks.get_mut(square) {
            peaks.lift(part, merits);
        }
    }

    fn raise(&mut self, material: usize, (square, part): (usize, usize), height: Height) {
        let heights = self.heights.get_mut(material).and_then(|heights| heights.get_mut(square));
        if let Some(own) = heights.and_then(|heights| heights.get_mut(part)) {
            *own = height.max(*own);
        }
    }

    fn mix(&self, number: usize, mixture: &Mixture) -> Option<[u32; PARTS]> {
        let (mut sums, mut lowest) = ([0; PARTS], [Height::HIGHEST; PARTS]);
        for &(material, count) in mixture {
            let heights = self.heights.get(material)?.get(number)?;
            for ((sum, lowest), height) in sums.iter_mut().zip(&mut lowest).zip(heights) {
                *sum += height.weighed() * count;
                *lowest = (*lowest).min(*height);
            }
        }
        let mut lowest = lowest.into_iter();
        Some(sums.map(|sum: u32| match lowest.next() {
            Some(lowest) if lowest > Height::default() => sum.div_ceil(WHOLE).max(1),
            _ => 0,
        }))
    }

    fn place(&self, column: u32, row: u32) -> Option<(usize, usize)> {
        let part = usize::try_from(row % SIDE * SIDE + column % SIDE).ok()?;
        Some((self.number(column / SIDE, row / SIDE)?, part))
    }

    /// The number of a larger square.
    fn number(&self, column: u32, row: u32) -> Option<usize> {
        usize::try_from(u64::from(row) * u64::from(self.columns.div_ceil(SIDE)) + u64::from(column))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{array::uniform5, collection::vec, prelude::*};

    use super::*;
    use crate::{index::merits::Standards, ranking::Value};

    fn merits([reliability, rating, spare_capacity, fairness, generosity]: [i64; 5]) -> Merits {
        let value = |part| Value::share(part, 10_000);
        Merits::of(Standards {
            reliability: value(reliability),
            rating: value(rating),
            spare_capacity: value(spare_capacity),
            fairness: value(fairness),
            generosity: value(generosity),
        })
    }

    /// All cells below a square that are not left out, with what is known of each.
    fn cells_of(
        pyramid: &Pyramid,
        square: Square,
        mixture: &Mixture,
    ) -> Vec<(Square, Merits, u32)> {
        let (peaks, heights) = pyramid.parts(square, mixture).unwrap();
        let parts = square.parts().enumerate().filter(|(number, _)| heights[*number] > 0);
        let below = parts.flat_map(|(number, part)| match part.is_cell() {
            true => vec![(part, peaks.of_part(number), heights[number])],
            false => cells_of(pyramid, part, mixture)
                .into_iter()
                .inspect(|cell| {
                    assert!(cell.2 <= heights[number], "no cell is higher than its square")
                })
                .collect(),
        });
        below.collect()
    }

    proptest! {
        #[test]
        fn every_cell_is_found_with_the_best_of_its_buyers(
            columns in 2u32..40,
            rows in 1u32..40,
            people in vec((0u32..40, 0u32..40, uniform5(0i64..=10_000), 0usize..3), 0..60),
        ) {
            let mut pyramid = Pyramid::sized((columns, rows), 3);
            let people: Vec<_> = people
                .into_iter()
                .map(|(column, row, parts, material)| ((column % columns, row % rows), merits(parts), material))
                .collect();
            for &(cell, merits, material) in &people {
                let mut heights = [Height::default(); 3];
                heights[material] = Height::of(merits);
                pyramid.admit(cell, merits);
                pyramid.raise(cell, &heights);
            }
            pyramid.pile_up();
            for material in 0..4 {
                let mixture = vec![(material, WHOLE)];
                let found = cells_of(&pyramid, pyramid.top().unwrap(), &mixture);
                let buys = |of: usize| material == 3 || material == of;
                for &(cell, own, of) in people.iter().filter(|(_, _, of)| buys(*of)) {
                    let (_, peak, height) = found.iter().find(|(square, ..)| square.corner() == cell).unwrap();
                    prop_assert!(Height::of(own).weighed() <= *height, "{of}");
                    let mut together = Peaks::default();
                    together.lift(0, *peak);
                    together.lift(0, own);
                    prop_assert_eq!(together.of_part(0), *peak);
                }
                let inhabited = people.iter().filter(|(_, _, of)| buys(*of)).map(|(cell, ..)| cell);
                let inhabited: std::collections::BTreeSet<_> = inhabited.collect();
                prop_assert_eq!(found.len(), inhabited.len());
            }
        }
    }
}
