use crate::ranking::Load;

/// How the day stands after some of the visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    /// Seconds since the start.
    pub(super) time: i64,
    /// What the road and lateness have cost; time itself is added in the end.
    pub(super) spent: i64,
    /// What is on the vehicle.
    pub(super) load: Load,
}

impl Label {
    /// Whether whatever can follow `other` can follow this at no higher cost: being early never makes anything later,
    /// and an emptier vehicle may do whatever a fuller one may, or save the way to the base.
    pub(super) const fn covers(&self, other: &Self) -> bool {
        self.time <= other.time && self.spent <= other.spent && other.load.holds(self.load)
    }
}

/// The ways to stand after the same visits at the same door of which none is covered by another.
#[derive(Debug, Default)]
pub(super) struct Front(Vec<Label>);

impl Clone for Front {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }

    fn clone_from(&mut self, source: &Self) {
        self.0.clone_from(&source.0);
    }
}

impl Front {
    pub(super) fn labels(&self) -> &[Label] {
        &self.0
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a label in unless one covers it already; says whether it did.
    pub(super) fn offer(&mut self, label: Label) -> bool {
        if self.covers(&label) {
            return false;
        }
        self.0.retain(|known| !label.covers(known));
        self.0.push(label);
        true
    }

    /// Whether for each of the others one of these is at least as good.
    pub(super) fn covers_all(&self, others: &Self) -> bool {
        others.0.iter().all(|label| self.covers(label))
    }

    /// Whether one of these is at least as good.
    pub(super) fn covers(&self, label: &Label) -> bool {
        self.0.iter().any(|known| known.covers(label))
    }
}
