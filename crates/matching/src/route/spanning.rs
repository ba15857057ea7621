use super::{BASE, START, Travel, node_of};

/// Prices are finer than seconds by this, so that rounding costs no more than a part of a second.
const SCALE: i64 = 16;
/// The prices are bettered so often at most, and less often for many places.
const MOST_ROUNDS: i64 = 200;
const WORK: i64 = 4_000_000;

/// Seconds on the road that no day undercuts which begins at the start, sees every visit, passes by the base at least
/// `returns` times in between, and ends there.
///
/// Such a walk meets every visit once, hence by two of its legs. Take out, after each return, the first leg from the
/// base: what remains is a tree that spans all places. So a shortest spanning tree, and the shortest legs from the base
/// for what was taken out, take no longer. This stays true when every visit is given a price that both its legs add
/// (and the start one for its leg), and all prices are subtracted again; as long as no leg from the base becomes
/// negative, legs taken out beyond those known of do no harm. Good prices make the tree look like a walk
/// (Held and Karp); `known`, the road of a plan at hand, only steers the search for them.
pub(super) fn road_at_least(travel: &Travel, returns: usize, known: i64) -> i64 {
    let nodes = i64::try_from(travel.nodes()).unwrap_or(i64::MAX);
    let rounds = (WORK / (nodes * nodes).max(1)).clamp(1, MOST_ROUNDS);
    let mut prices = vec![0; travel.nodes()];
    let mut best = 0;
    for round in 0..rounds {
        let Tree { length, excess } = cheapest_tree(travel, &prices, returns);
        best = best.max(length);
        let norm: i64 = excess.iter().map(|excess| excess * excess).sum();
        let missing = (known * SCALE - length).max(0);
        let step = 2 * missing * (rounds - round) / (rounds * norm.max(1));
        if step == 0 {
            break;
        }
        for (node, (price, excess)) in prices.iter_mut().zip(&excess).enumerate() {
            let least = if node == START { i64::MIN } else { -SCALE * travel.between(BASE, node) };
            *price = (*price + step * excess).max(least);
        }
    }
    // The road is a whole number of seconds.
    (best + SCALE - 1) / SCALE
}

/// A relaxed walk: its length without the prices, and how many legs too many each place has.
struct Tree {
    length: i64,
    excess: Vec<i64>,
}

fn cheapest_tree(travel: &Travel, prices: &[i64], returns: usize) -> Tree {
    let price = |node: usize| prices.get(node).copied().unwrap_or(0);
    let leg = |from: usize, to: usize| SCALE * travel.between(from, to) + price(from) + price(to);
    let legs_due = |node: usize| match node {
        START => 1,
        BASE => 0,
        _ => 2,
    };
    let mut excess: Vec<i64> = (0..travel.nodes()).map(|node| -legs_due(node)).collect();
    let mut length: i64 =
        -(0..travel.nodes()).map(|node| legs_due(node) * price(node)).sum::<i64>();
    let mut taken = |from: usize, to: usize| {
        length += leg(from, to);
        for node in [from, to] {
            if let Some(excess) = excess.get_mut(node).filter(|_| node != BASE) {
                *excess += 1;
            }
        }
    };
    span(travel.nodes(), leg, &mut taken);
    let mut first: Vec<usize> = (node_of(0)..travel.nodes()).collect();
    first.sort_by_key(|&node| leg(BASE, node));
    for &node in first.iter().take(returns) {
        taken(BASE, node);
    }
    Tree { length, excess }
}

/// A shortest spanning tree, by Prim.
fn span(nodes: usize, leg: impl Fn(usize, usize) -> i64, taken: &mut impl FnMut(usize, usize)) {
    let mut outside: Vec<(usize, i64, usize)> =
        (1..nodes).map(|node| (node, leg(START, node), START)).collect();
    while let Some(nearest) = (0..outside.len()).min_by_key(|&at| outside.get(at).map(|it| it.1)) {
        let (node, _, from) = outside.swap_remove(nearest);
        taken(from, node);
        for (other, distance, via) in &mut outside {
            let from_here = leg(node, *other);
            if from_here < *distance {
                (*distance, *via) = (from_here, node);
            }
        }
    }
}
