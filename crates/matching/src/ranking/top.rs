use super::{Appraisal, Score};

/// The best so many, in order.
pub(crate) struct Top {
    most: usize,
    ranked: Vec<Appraisal>,
}

impl Top {
    /// Keeps at most so many.
    pub(crate) fn of(most: usize) -> Self {
        Self { most, ranked: Vec::with_capacity(most.saturating_add(1).min(256)) }
    }

    /// Takes one in if it is among the best.
    pub(crate) fn offer(&mut self, appraisal: Appraisal) {
        let key = appraisal.rank_key();
        if self.is_full() && self.ranked.last().is_none_or(|worst| worst.rank_key() <= key) {
            return;
        }
        let place = self.ranked.partition_point(|other| other.rank_key() < key);
        self.ranked.insert(place, appraisal);
        self.ranked.truncate(self.most);
    }

    /// Whether nobody who scores at most `ceiling` can still get in. A tie could, by his id.
    pub(crate) fn is_settled_above(&self, ceiling: Score) -> bool {
        self.is_full() && self.ranked.last().is_none_or(|worst| worst.score > ceiling)
    }

    /// The best, best first.
    pub(crate) fn into_ranked(self) -> Vec<Appraisal> {
        self.ranked
    }

    fn is_full(&self) -> bool {
        self.ranked.len() >= self.most
    }
}
