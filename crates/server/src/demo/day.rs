//! One day on the demo's stage: who reports when, and the clock that moves from step to step.

use std::{sync::Arc, time::Duration};

use database::{Connection, DatabaseError, UnitError};
use primitives::{ManualClock, Timestamp};

use super::{agenda::Agenda, cast::Cast, steps::Step};
use crate::house::{House, HouseError};

/// Reports of an ordinary day; every seventh brings more.
const REPORTS: u32 = 40;
/// Rows a step takes at a time.
const BATCH: i64 = 10_000;

/// The services and the clock they are played with.
#[derive(Clone)]
pub(super) struct Stage {
    pub(super) house: House,
    pub(super) clock: Arc<ManualClock>,
}

/// The play stopped at the first surprise.
#[derive(Debug, thiserror::Error)]
#[error("the demo's play stopped: {0}")]
pub(super) struct Stopped(pub(super) HouseError);

impl From<DatabaseError> for Stopped {
    fn from(error: DatabaseError) -> Self {
        Self(error.into())
    }
}

impl UnitError for Stopped {
    fn database(&self) -> Option<&DatabaseError> {
        None
    }
}

impl Stage {
    /// Plays one day from midnight on and says how many pickups were paid.
    pub(super) fn play_day(
        &self,
        conn: &mut Connection,
        cast: &Cast,
        midnight: Timestamp,
    ) -> Result<usize, HouseError> {
        let mut agenda = self.plan(cast, midnight)?;
        let mut paid = 0;
        while let Some((at, step)) = agenda.next() {
            self.clock.set(at);
            paid += usize::from(step.is_last());
            step.play(self, conn, cast, &mut agenda)?;
        }
        self.clock.set(midnight.plus(Duration::from_secs(86_400)));
        self.end_day(conn)?;
        Ok(paid)
    }

    fn plan(&self, cast: &Cast, midnight: Timestamp) -> Result<Agenda, HouseError> {
        let day = midnight.micros() / 86_400_000_000;
        let reports = if day % 7 == 0 { REPORTS + REPORTS / 2 } else { REPORTS };
        let mut agenda = Agenda::default();
        for _ in 0..reports {
            let household = self.below(cast.households.len())?;
            // Two dice make the middle of the day busier than its ends: from six until half past three.
            let minutes = 360 + self.house.ambient.below(286) + self.house.ambient.below(286);
            agenda.put(midnight.plus(minutes_long(minutes)), Step::Submit { household });
        }
        for merchant in 0..cast.collectors.len() {
            // In the late afternoon, when the vehicle is full or the day over.
            let minutes = 930 + self.house.ambient.below(120);
            if self.chance(60) {
                agenda.put(midnight.plus(minutes_long(minutes)), Step::Bring { merchant });
            }
        }
        Ok(agenda)
    }

    /// What the workers do while nobody looks.
    fn end_day(&self, conn: &mut Connection) -> Result<(), HouseError> {
        let (house, now) = (&self.house, self.house.ambient.now());
        house.reports.expire_due_in(conn, now, BATCH)?;
        house.matcher.expire_offers_in(conn, now, BATCH)?;
        house.pickups.release_overdue_in(conn, now, BATCH)?;
        house.deliveries.expire_due_in(conn, BATCH)?;
        self.follow_log(conn)?;
        house.collectors.follow_log_in(conn, BATCH)?;
        while house.statistics.fold_in(conn, BATCH)? > 0 {}
        Ok(())
    }

    /// Numbers what has happened and lets the matcher see it.
    pub(super) fn follow_log(&self, conn: &mut Connection) -> Result<(), HouseError> {
        event_log::sequence_in(conn, BATCH)?;
        self.house.matcher.catch_up_in(conn)?;
        Ok(())
    }

    /// An index below `length`.
    pub(super) fn below(&self, length: usize) -> Result<usize, HouseError> {
        Ok(usize::try_from(self.house.ambient.below(u32::try_from(length)?))?)
    }

    /// One of the choices.
    pub(super) fn pick<'a, T>(&self, choices: &'a [T]) -> Result<&'a T, HouseError> {
        Ok(choices.get(self.below(choices.len())?).ok_or("nothing to choose from")?)
    }

    /// True with the given chance in a hundred.
    pub(super) fn chance(&self, percent: u32) -> bool {
        self.house.ambient.below(100) < percent
    }

    /// The present moment moved by `least` to `most` minutes.
    pub(super) fn in_minutes(&self, least: u32, most: u32) -> Timestamp {
        let minutes = least + self.house.ambient.below(most - least + 1);
        self.house.ambient.now().plus(minutes_long(minutes))
    }
}

fn minutes_long(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}
