use crate::ranking::Load;

/// A span of time in which somebody is at home, in seconds after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    /// The first second; below zero when it has begun already.
    pub from: i64,
    /// The last second at which the work may begin.
    pub until: i64,
}

/// One door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    openings: Vec<Opening>,
    deadline: i64,
    /// How long it takes to weigh, to agree and to load.
    pub service_seconds: i64,
    /// What is loaded.
    pub load: Load,
}

/// When the work at a door begins, and by how much too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) at: i64,
    pub(super) late: i64,
}

impl Visit {
    /// A door with the times when somebody is at home; none means always.
    pub fn new(mut openings: Vec<Opening>, service_seconds: i64, load: Load) -> Self {
        openings.sort_unstable();
        let deadline = openings.iter().map(|opening| opening.until).max().unwrap_or(i64::MAX);
        Self { openings, deadline, service_seconds: service_seconds.max(0), load }
    }

    /// The work can begin on time until then.
    pub(super) const fn deadline(&self) -> i64 {
        self.deadline
    }

    /// Who comes before a window waits for it; who comes after the last one is late and begins at once.
    pub(super) fn begin(&self, arrival: i64) -> Beginning {
        // Sorted by their first second: the first that is not over opens first.
        let next = self.openings.iter().find(|opening| arrival <= opening.until);
        match next {
            Some(opening) => Beginning { at: arrival.max(opening.from), late: 0 },
            None => Beginning { at: arrival, late: arrival.saturating_sub(self.deadline).max(0) },
        }
    }
}
