use std::ops::Range;

use super::{
    plane::{Flat, whole, whole_meters_below},
    pyramid::{PARTS, SIDE, Square},
};

/// Cells are not made smaller than this.
const SMALLEST_EDGE_METERS: f64 = 100.0;
/// How many points a cell holds on average, were they spread evenly. They never are: a cell of a town holds many more.
/// The small worlds of the tests get small cells, so that there are many of them.
const POINTS_PER_CELL: usize = if cfg!(test) { 1 } else { 16 };
/// Taken off every bound, so that rounding in the last binary place can never make one too high.
const ROUNDING_METERS: f64 = 0.01;

/// Square cells, row by row from the south-west; the points of a cell, and of neighbours in a row, lie side by side.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    west: f64,
    south: f64,
    edge: f64,
    columns: i64,
    rows: i64,
    /// Where each cell's slots begin; one more at the end.
    starts: Vec<u32>,
}

impl Default for Grid {
    /// A grid without cells.
    fn default() -> Self {
        let (west, south, edge) = (0.0, 0.0, SMALLEST_EDGE_METERS);
        Self { west, south, edge, columns: 0, rows: 0, starts: Vec::new() }
    }
}

impl Grid {
    /// Lays a grid around the points and says in which order they fill its slots. Within a cell the order stays.
    pub(super) fn around(points: &[Flat]) -> (Self, Vec<usize>) {
        let mut grid = Self::frame(points);
        let cells: Vec<usize> = points.iter().map(|&point| grid.cell_of(point)).collect();
        grid.starts = starts_of(&cells, grid.cells());
        let order = in_cell_order(&cells, grid.starts.clone());
        (grid, order)
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        usize::try_from(self.columns * self.rows).unwrap_or(0)
    }

    /// The slots of neighbouring cells.
    pub(super) fn slots(&self, cells: Range<usize>) -> Range<usize> {
        let start_of = |cell: usize| self.starts.get(cell).map_or(0, |&start| whole_number(start));
        start_of(cells.start)..start_of(cells.end)
    }

    /// How many cells lie in a row, and how many rows there are.
    pub(super) fn extent(&self) -> (u32, u32) {
        let count = |cells: i64| u32::try_from(cells).unwrap_or(u32::MAX);
        (count(self.columns), count(self.rows))
    }

    /// All cells by column and row, with their slots.
    pub(super) fn cells_with_slots(&self) -> impl Iterator<Item = ((u32, u32), Range<usize>)> {
        let (columns, rows) = self.extent();
        let cells = (0..rows).flat_map(move |row| (0..columns).map(move |column| (column, row)));
        (0..).zip(cells).map(|(number, cell)| (cell, self.slots(number..number + 1)))
    }

    /// The slots of a square that is a single cell.
    pub(super) fn slots_of(&self, cell: Square) -> Range<usize> {
        let (column, row) = cell.corner();
        let number = i64::from(row) * self.columns + i64::from(column);
        let number = usize::try_from(number).unwrap_or(0);
        self.slots(number..number + 1)
    }

    /// No point of the square is nearer than this on the ground.
    pub(super) fn nearest_meters(&self, square: Square, from: Flat) -> u32 {
        let (column, row) = square.corner();
        let side = self.edge * f64::from(square.side());
        let east = beside(from.x, self.west + self.edge * f64::from(column), side);
        let north = beside(from.y, self.south + self.edge * f64::from(row), side);
        at_least((east * east + north * north).sqrt())
    }

    /// The same for all parts of a square, row by row.
    pub(super) fn nearest_meters_of_parts(&self, square: Square, from: Flat) -> [u32; PARTS] {
        let (column, row) = square.corner();
        let length = self.edge * f64::from(square.side() / SIDE);
        let start = |corner: f64, cells: u32| corner + self.edge * f64::from(cells);
        let (west, south) = (start(self.west, column), start(self.south, row));
        let along = |from: f64, start: f64| {
            [0.0, 1.0, 2.0, 3.0].map(|part| beside(from, start + length * part, length).powi(2))
        };
        let (easts, norths) = (along(from.x, west), along(from.y, south));
        let mut meters = [0; PARTS];
        for (row, north) in meters.chunks_mut(easts.len()).zip(norths) {
            for (meters, east) in row.iter_mut().zip(easts) {
                *meters = at_least((east + north).sqrt());
            }
        }
        meters
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.starts.as_slice())
    }

    /// The corner from which small numbers reach every point.
    pub(super) const fn corner(&self) -> Flat {
        Flat { x: self.west, y: self.south }
    }

    /// No distance is off by more when a point is seen from the corner and rounded to 32 bits: 24 of them count, and
    /// neither axis is longer than the grid.
    pub(super) fn rounding_meters(&self) -> f64 {
        let longer = self.edge * as_float(self.columns.max(self.rows));
        ROUNDING_METERS + longer / f64::from(1 << 22)
    }

    /// The rings of cells around a point that meet the grid, from the inside out.
    pub(super) fn rings(&self, from: Flat) -> impl Iterator<Item = Ring<'_>> {
        let (column, row) = self.column_and_row(from);
        let (last_column, last_row) = (self.columns - 1, self.rows - 1);
        let first = [-column, column - last_column, -row, row - last_row, 0].into_iter().max();
        let last = [column, last_column - column, row, last_row - row].into_iter().max();
        let numbers =
            if self.columns == 0 { 1..1 } else { first.unwrap_or(0)..last.unwrap_or(0) + 1 };
        let margin = self.margin(from, column, row);
        numbers.map(move |number| Ring { grid: self, column, row, number, margin })
    }

    fn frame(points: &[Flat]) -> Self {
        let Some(&first) = points.first() else { return Self::default() };
        let (mut west, mut south, mut east, mut north) = (first.x, first.y, first.x, first.y);
        for point in points {
            (west, east) = (west.min(point.x), east.max(point.x));
            (south, north) = (south.min(point.y), north.max(point.y));
        }
        let cells = u32::try_from(points.len() / POINTS_PER_CELL).unwrap_or(u32::MAX).max(1);
        let area_per_cell = (east - west) * (north - south) / f64::from(cells);
        let edge = area_per_cell.sqrt().max(SMALLEST_EDGE_METERS);
        let count = |length: f64| whole(length / edge) + 1;
        let (columns, rows) = (count(east - west), count(north - south));
        Self { west, south, edge, columns, rows, starts: Vec::new() }
    }

    fn column_and_row(&self, point: Flat) -> (i64, i64) {
        (whole((point.x - self.west) / self.edge), whole((point.y - self.south) / self.edge))
    }

    fn cell_of(&self, point: Flat) -> usize {
        let (column, row) = self.column_and_row(point);
        usize::try_from(row * self.columns + column).unwrap_or(0)
    }

    /// How far the point is from the nearest side of its own cell.
    fn margin(&self, from: Flat, column: i64, row: i64) -> f64 {
        let east = from.x - self.west - self.edge * as_float(column);
        let north = from.y - self.south - self.edge * as_float(row);
        east.min(self.edge - east).min(north).min(self.edge - north)
    }

    /// The numbers of neighbouring cells of one row; there are none outside the grid.
    fn run(&self, row: i64, columns: Range<i64>) -> Range<usize> {
        let (first, end) = (columns.start.max(0), columns.end.min(self.columns));
        if !(0..self.rows).contains(&row) || first >= end {
            return 0..0;
        }
        let number = |column: i64| usize::try_from(row * self.columns + column).unwrap_or(0);
        number(first)..number(end)
    }
}

/// Where each cell's points begin when they lie in the order of their cells; one more at the end.
fn starts_of(cells: &[usize], count: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; count + 1];
    for &cell in cells {
        if let Some(after) = starts.get_mut(cell + 1) {
            *after += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// The points in the order of their cells; `next` says where each cell's next one goes.
fn in_cell_order(cells: &[usize], mut next: Vec<u32>) -> Vec<usize> {
    let mut order = vec![0; cells.len()];
    for (point, &cell) in cells.iter().enumerate() {
        if let Some(slot) = next.get_mut(cell) {
            if let Some(place) = order.get_mut(whole_number(*slot)) {
                *place = point;
            }
            *slot += 1;
        }
    }
    order
}

/// The cells that are exactly `number` cells away from the middle one, sideways, upwards or both.
pub(super) struct Ring<'a> {
    grid: &'a Grid,
    column: i64,
    row: i64,
    number: i64,
    margin: f64,
}

impl Ring<'_> {
    /// No point of this ring, or of one farther out, is nearer than this on the ground.
    pub(super) fn nearest_meters(&self) -> u32 {
        if self.number == 0 {
            return 0;
        }
        let whole_cells = as_float(self.number - 1) * self.grid.edge;
        at_least(whole_cells + self.margin)
    }

    /// The slots of the ring's cells, as few spans as there are.
    pub(super) fn spans(&self) -> impl Iterator<Item = Range<usize>> {
        self.runs().map(|run| self.grid.slots(run))
    }

    /// The numbers of the ring's cells: whole rows at the top and the bottom, two single cells in between.
    fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let (west, east) = (self.column - self.number, self.column + self.number);
        let bottom = self.row - self.number;
        let top = self.row + self.number;
        let rows = bottom.max(0)..=top.min(self.grid.rows - 1);
        rows.flat_map(move |row| {
            if row == bottom || row == top {
                [self.grid.run(row, west..east + 1), 0..0]
            } else {
                [self.grid.run(row, west..west + 1), self.grid.run(row, east..east + 1)]
            }
        })
    }
}

/// How far it is from a number to the nearest one of a span.
fn beside(from: f64, start: f64, length: f64) -> f64 {
    let before = start - from;
    before.max(-before - length).max(0.0)
}

/// Whole meters that are not more than these on the map, however they were rounded.
fn at_least(meters: f64) -> u32 {
    whole_meters_below(meters - ROUNDING_METERS)
}

/// Slots are counted in 32 bits to halve the grid; where they are used they are as wide as everything else.
fn whole_number(slot: u32) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}

/// Cell numbers are small: every one of them is exact as a float.
fn as_float(cells: i64) -> f64 {
    i32::try_from(cells).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use primitives::Coordinates;
    use proptest::{collection::vec, prelude::*};

    use super::{super::plane::whole_meters, *};

    prop_compose! {
        /// Mostly one town, sometimes the far end of the country.
        fn somewhere()(far in 0..20, north in 0i32..40, east in 0i32..40) -> Coordinates {
            let (lat, lon) = if far == 0 { (-8.5, 140.0) } else { (3.5, 98.6) };
            Coordinates::parse(lat + f64::from(north) / 200.0, lon + f64::from(east) / 200.0).unwrap()
        }
    }

    proptest! {
        #[test]
        fn rings_hold_every_point_once_and_none_nearer_than_they_say(
            points in vec(somewhere(), 0..120),
            from in somewhere(),
        ) {
            let flat: Vec<Flat> = points.iter().map(|&point| Flat::of(point)).collect();
            let (grid, order) = Grid::around(&flat);
            let mut seen = vec![0; points.len()];
            for ring in grid.rings(Flat::of(from)) {
                for slot in ring.spans().flatten() {
                    let point = order[slot];
                    seen[point] += 1;
                    let distance = whole_meters(from, points[point]);
                    prop_assert!(ring.nearest_meters() <= distance);
                }
            }
            prop_assert!(seen.iter().all(|&times| times == 1));
        }

        #[test]
        fn bounds_only_grow(points in vec(somewhere(), 1..50), from in somewhere()) {
            let flat: Vec<Flat> = points.iter().map(|&point| Flat::of(point)).collect();
            let (grid, _) = Grid::around(&flat);
            let bounds: Vec<u32> = grid.rings(Flat::of(from)).map(|ring| ring.nearest_meters()).collect();
            prop_assert!(bounds.is_sorted());
        }
    }

    #[test]
    fn an_empty_grid_has_no_rings() {
        let (grid, order) = Grid::around(&[]);
        assert!(order.is_empty());
        assert_eq!(grid.rings(Flat { x: 1.0, y: 1.0 }).count(), 0);
    }
}
