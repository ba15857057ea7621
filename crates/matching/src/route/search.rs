use super::{Day, Tour, node_of, tour::Change};

/// Pieces of up to so many visits are moved as a whole.
const LONGEST_PIECE: usize = 3;
/// At least so many visits are taken out at once, and less than as many again and these.
const FEWEST_OUT: usize = 3;
const MORE_OUT: usize = 8;

/// A tour that is as cheap as thinking through so many steps from door to door can make it. The same day always gives
/// the same tour.
pub fn good_tour(day: &Day, patience: usize) -> Tour<'_> {
    let mut best = begun(day, patience);
    for order in insertion_orders(day) {
        let mut tour = begun(day, best.patience());
        for visit in order {
            tour.insert(visit);
        }
        best = better(best, tour);
    }
    polish(&mut best);
    shake(best)
}

/// Only what is under way.
fn begun(day: &Day, patience: usize) -> Tour<'_> {
    Tour::of(day, (0..day.underway()).collect(), patience)
}

/// The whole tour that is cheaper, with the patience that is left.
fn better<'day>(known: Tour<'day>, new: Tour<'day>) -> Tour<'day> {
    let patience = new.patience();
    let wins = new.order().len() > known.order().len() || new.cost() < known.cost();
    let mut best = if wins { new } else { known };
    best.set_patience(patience);
    best
}

/// Who cannot wait first; who lives far off first; who lives near first.
fn insertion_orders(day: &Day) -> [Vec<usize>; 3] {
    let free = || day.underway()..day.visits.len();
    let far = |visit: &usize| day.travel.between(super::BASE, node_of(*visit));
    let mut urgent: Vec<usize> = free().collect();
    urgent.sort_by_key(|&visit| day.visits.get(visit).map(super::Visit::deadline));
    let mut near: Vec<usize> = free().collect();
    near.sort_by_key(far);
    let farthest = near.iter().rev().copied().collect();
    [urgent, farthest, near]
}

/// Reverses, moves and exchanges pieces until nothing gets cheaper by it.
fn polish(tour: &mut Tour<'_>) {
    let (first, end) = (tour.day().underway(), tour.order().len());
    loop {
        let before = tour.cost();
        for length in 2..=end.saturating_sub(first) {
            for from in first..=end - length {
                for change in changes(length) {
                    tour.attempt(from, from + length, change);
                }
            }
        }
        if tour.cost() >= before || tour.is_tired() {
            return;
        }
    }
}

fn changes(length: usize) -> impl Iterator<Item = Change> {
    let piece = move |size: usize| {
        let turned = [Change::RotateTurned(size), Change::RotateTurned(length - size)];
        let whole = [Change::Rotate(size), Change::Rotate(length - size)];
        whole.into_iter().chain(turned.into_iter().filter(move |_| size > 1))
    };
    let pieces = (1..=LONGEST_PIECE.min(length - 1)).flat_map(piece);
    [Change::Reverse, Change::Exchange].into_iter().chain(pieces)
}

/// Takes neighbours out and puts each back where it costs least, again and again, and keeps what is cheaper.
fn shake(mut best: Tour<'_>) -> Tour<'_> {
    let day = best.day();
    let free = day.visits.len().saturating_sub(day.underway());
    let mut dice = Dice(1);
    while free > FEWEST_OUT && !best.is_tired() {
        let center = day.underway() + dice.below(free);
        let mut out = neighbours(day, center, FEWEST_OUT + dice.below(MORE_OUT));
        let turn = dice.below(out.len());
        out.rotate_left(turn);
        let kept = best.order().iter().copied().filter(|visit| !out.contains(visit)).collect();
        let mut tour = Tour::of(day, kept, best.patience());
        for visit in out {
            tour.insert(visit);
        }
        best = better(best, tour);
    }
    best
}

/// The nearest that may be moved, itself among them.
fn neighbours(day: &Day, center: usize, count: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (day.underway()..day.visits.len()).collect();
    all.sort_by_key(|&visit| (day.travel.between(node_of(center), node_of(visit)), visit));
    all.truncate(count);
    all
}

/// Numbers without a pattern that are the same every time.
struct Dice(u64);

impl Dice {
    /// From zero to less than `most`.
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }
}
