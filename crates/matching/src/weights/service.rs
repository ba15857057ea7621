use database::{Connection, DatabaseError};
use event_log::{Actor, Entry, Fact, fact::WeightsChanged};
use primitives::RegionCode;

use super::{
    NewWeights, RegionalWeights, problems_of,
    store::{self, VERSION_KEY},
};
use crate::{Matcher, MatchingError};

impl Matcher {
    /// The weights that hold in a kabupaten now.
    pub fn weights_in(
        &self,
        conn: &mut Connection,
        region: &RegionCode,
    ) -> Result<RegionalWeights, MatchingError> {
        let chosen = store::find(conn, region)?;
        Ok(chosen.unwrap_or_else(|| RegionalWeights::defaults(region.clone())))
    }

    /// A member of staff chooses weights over the version he read. What holds already is an answer, not a conflict.
    pub fn choose_weights_in(
        &self,
        conn: &mut Connection,
        expected_version: i64,
        new: &NewWeights,
    ) -> Result<RegionalWeights, MatchingError> {
        let problems = problems_of(&new.percent);
        if !problems.is_empty() {
            return Err(MatchingError::Refused(problems));
        }
        let before = self.weights_in(conn, &new.region)?;
        if before.percent == new.percent {
            return Ok(before);
        }
        if before.version() != expected_version {
            return Err(MatchingError::VersionConflict);
        }
        let version = expected_version.saturating_add(1);
        match store::insert(conn, new, version, self.ambient().now()) {
            Ok(()) => self.tell_of_weights(conn, new, version)?,
            Err(error) if error.violates(VERSION_KEY) => {
                let present = self.weights_in(conn, &new.region)?;
                let same = present.percent == new.percent;
                return if same { Ok(present) } else { Err(MatchingError::VersionConflict) };
            }
            Err(error) => return Err(error.into()),
        }
        self.weights_in(conn, &new.region)
    }

    fn tell_of_weights(
        &self,
        conn: &mut Connection,
        new: &NewWeights,
        version: i64,
    ) -> Result<(), DatabaseError> {
        let parts = new.percent.in_order();
        let percent = parts.map(|(name, percent)| (name.as_str().to_owned(), percent)).into();
        let fact = WeightsChanged { region: new.region.clone(), version, percent };
        let entry = Entry {
            actor: Actor::Account(new.by),
            region: Some(new.region.clone()),
            occurred_at: self.ambient().now(),
            fact: Fact::WeightsChanged(fact),
        };
        event_log::append_in(conn, self.ambient(), entry)?;
        Ok(())
    }
}
