/// The node at which the day begins.
pub const START: usize = 0;
/// The node at which the vehicle is unloaded and the day ends.
pub const BASE: usize = 1;

/// The node of a visit.
pub const fn node_of(visit: usize) -> usize {
    visit + 2
}

/// How long it takes from everywhere to everywhere, in seconds; the way back takes as long as the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Travel {
    nodes: usize,
    seconds: Vec<i64>,
}

impl Travel {
    /// Asks once for every pair of the start, the base and so many visits.
    pub fn of(visits: usize, between: impl Fn(usize, usize) -> i64) -> Self {
        let nodes = node_of(visits);
        let mut seconds = vec![0; nodes * nodes];
        for from in 0..nodes {
            for to in from + 1..nodes {
                let time = between(from, to).max(0);
                for pair in [from * nodes + to, to * nodes + from] {
                    if let Some(place) = seconds.get_mut(pair) {
                        *place = time;
                    }
                }
            }
        }
        Self { nodes, seconds }
    }

    /// How many places there are: the start, the base and every visit.
    pub const fn nodes(&self) -> usize {
        self.nodes
    }

    /// Seconds from one node to another; both are nodes of this table.
    pub fn between(&self, from: usize, to: usize) -> i64 {
        self.seconds.get(from * self.nodes + to).copied().unwrap_or(0)
    }

    /// No way over other places takes less than this from `origin` to each node: shortest ways, by Dijkstra.
    pub(super) fn shortest_from(&self, origin: usize) -> Vec<i64> {
        let mut known: Vec<i64> = (0..self.nodes).map(|to| self.between(origin, to)).collect();
        let mut open: Vec<usize> = (0..self.nodes).collect();
        let nearest = |open: &[usize], known: &[i64]| {
            (0..open.len())
                .min_by_key(|&at| open.get(at).and_then(|&node| known.get(node).copied()))
        };
        while let Some(at) = nearest(&open, &known) {
            let via = open.swap_remove(at);
            let there = known.get(via).copied().unwrap_or(0);
            for &to in &open {
                let over = there + self.between(via, to);
                if let Some(best) = known.get_mut(to) {
                    *best = over.min(*best);
                }
            }
        }
        known
    }
}
