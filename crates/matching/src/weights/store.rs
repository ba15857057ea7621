use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{AccountId, Invalid, RegionCode, Timestamp};

use super::{Choice, NewWeights, RegionalWeights};
use crate::{ranking::PerPart, schema::matching_weights};

/// The unique key of a choice.
pub(super) const VERSION_KEY: &str = "matching_weights_region_version_key";

#[derive(Queryable, Insertable)]
#[diesel(table_name = matching_weights)]
struct Row {
    region: String,
    version: i64,
    travel_time: i64,
    payout: i64,
    reliability: i64,
    rating: i64,
    spare_capacity: i64,
    window_fit: i64,
    fairness: i64,
    ageing: i64,
    chosen_by: String,
    chosen_at: i64,
}

/// Writes the choice that follows `version`, as `version`; a rival's choice violates [`VERSION_KEY`].
pub(super) fn insert(
    conn: &mut Connection,
    new: &NewWeights,
    version: i64,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let percent = new.percent.map(i64::from);
    let row = Row {
        region: new.region.to_string(),
        version,
        travel_time: percent.travel_time,
        payout: percent.payout,
        reliability: percent.reliability,
        rating: percent.rating,
        spare_capacity: percent.spare_capacity,
        window_fit: percent.window_fit,
        fairness: percent.fairness,
        ageing: percent.ageing,
        chosen_by: new.by.to_string(),
        chosen_at: at.micros(),
    };
    // A savepoint: that somebody was faster is an expected answer.
    conn.transaction(|conn| {
        diesel::insert_into(matching_weights::table).values(row).execute(conn)?;
        Ok(())
    })
}

/// What a kabupaten chose last.
pub(super) fn find(
    conn: &mut Connection,
    region: &RegionCode,
) -> Result<Option<RegionalWeights>, DatabaseError> {
    let row = matching_weights::table
        .filter(matching_weights::region.eq(region.as_str()))
        .order(matching_weights::version.desc())
        .first::<Row>(conn)
        .optional()?;
    row.map(Row::read).transpose()
}

/// Every choice ever made, the last one of a kabupaten after those before it.
pub(crate) fn all_in(conn: &mut Connection) -> Result<Vec<RegionalWeights>, DatabaseError> {
    let rows = matching_weights::table
        .order((matching_weights::region, matching_weights::version))
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<RegionalWeights, DatabaseError> {
        let name = format!("{}.{}", self.region, self.version);
        self.parse().map_err(|what| DatabaseError::corrupt("matching_weights", name, what))
    }

    fn parse(self) -> Result<RegionalWeights, Invalid> {
        let percent = PerPart {
            travel_time: self.travel_time,
            payout: self.payout,
            reliability: self.reliability,
            rating: self.rating,
            spare_capacity: self.spare_capacity,
            window_fit: self.window_fit,
            fairness: self.fairness,
            ageing: self.ageing,
        };
        Ok(RegionalWeights {
            region: RegionCode::parse(&self.region)?,
            percent: percent.map(|percent| u32::try_from(percent).unwrap_or(0)),
            choice: Some(Choice {
                version: self.version,
                by: AccountId::parse(&self.chosen_by)?,
                at: Timestamp::from_micros(self.chosen_at),
            }),
        })
    }
}
