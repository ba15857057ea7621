use primitives::Timestamp;

use super::{Contender, Job, Record, Sighting, values};

/// What the sentences about a score are made of, besides its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grounds {
    /// From where the way to the household is measured.
    pub origin: Origin,
    /// What is remembered of his work.
    pub record: Record,
    /// How long the household has waited.
    pub waited_seconds: i64,
    /// Whether the household named times at which somebody is at home.
    pub has_windows: bool,
    /// Whether there are reference prices for what it offers.
    pub has_reference: bool,
}

/// From where the way to a household is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Where he was seen lately.
    Seen,
    /// His base; he tells nobody where he is.
    Base,
    /// His base; he has been lost from sight, which costs him something.
    Lost {
        /// What is added to the way.
        delay_seconds: u32,
    },
}

impl From<Sighting> for Origin {
    fn from(sighting: Sighting) -> Self {
        match sighting {
            Sighting::Fresh(_) => Self::Seen,
            Sighting::Never => Self::Base,
            Sighting::Stale => Self::Lost { delay_seconds: values::delay_seconds(sighting) },
        }
    }
}

impl Grounds {
    /// What there is to say about this collector and this job at this moment.
    pub fn of(contender: &Contender, job: &Job, now: Timestamp) -> Self {
        Self {
            origin: contender.sighting.into(),
            record: contender.record,
            waited_seconds: now.seconds_since(job.waiting_since).max(0),
            has_windows: !job.windows.is_empty(),
            has_reference: job.top_payout.get() > 0,
        }
    }
}
