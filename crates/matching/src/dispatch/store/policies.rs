use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{AccountId, Invalid, RegionCode, Timestamp};

use crate::dispatch::{
    Policy, PolicyDraft,
    schema::{dispatch_policy, dispatch_policy_wave},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = dispatch_policy, treat_none_as_default_value = false)]
struct PolicyRow {
    region: String,
    version: i64,
    patience_seconds: i64,
    gather_seconds: Option<i64>,
    set_by: String,
    set_at: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = dispatch_policy_wave)]
struct WaveRow {
    region: String,
    version: i64,
    number: i64,
    collectors: i64,
    wait_seconds: i64,
}

/// Adds a version; one that exists violates `dispatch_policy_region_version_key`.
pub(in crate::dispatch) fn insert_policy(
    conn: &mut Connection,
    region: &RegionCode,
    policy: &Policy,
    by: AccountId,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let draft = policy.draft();
    let row = PolicyRow {
        region: region.to_string(),
        version: policy.version,
        patience_seconds: draft.patience_seconds,
        gather_seconds: draft.gather_seconds,
        set_by: by.to_string(),
        set_at: at.micros(),
    };
    diesel::insert_into(dispatch_policy::table).values(row).execute(conn)?;
    for (number, (collectors, wait_seconds)) in (1..).zip(draft.waves) {
        let (region, version) = (region.to_string(), policy.version);
        let wave = WaveRow { region, version, number, collectors, wait_seconds };
        diesel::insert_into(dispatch_policy_wave::table).values(wave).execute(conn)?;
    }
    Ok(())
}

/// The policy in force in one kabupaten; none while it follows the default.
pub(in crate::dispatch) fn policy_of(
    conn: &mut Connection,
    region: &RegionCode,
) -> Result<Option<Policy>, DatabaseError> {
    let row = dispatch_policy::table
        .filter(dispatch_policy::region.eq(region.as_str()))
        .order(dispatch_policy::version.desc())
        .first::<PolicyRow>(conn)
        .optional()?;
    row.map(|row| with_waves(conn, row)).transpose()
}

/// The policies in force of all kabupaten that have one.
pub(in crate::dispatch) fn policies(
    conn: &mut Connection,
) -> Result<BTreeMap<RegionCode, Policy>, DatabaseError> {
    let regions =
        dispatch_policy::table.select(dispatch_policy::region).distinct().load::<String>(conn)?;
    let mut found = BTreeMap::new();
    for region in regions {
        let code = RegionCode::parse(&region)
            .map_err(|what| DatabaseError::corrupt("dispatch_policy", &region, what))?;
        if let Some(policy) = policy_of(conn, &code)? {
            found.insert(code, policy);
        }
    }
    Ok(found)
}

fn with_waves(conn: &mut Connection, row: PolicyRow) -> Result<Policy, DatabaseError> {
    let waves = dispatch_policy_wave::table
        .filter(dispatch_policy_wave::region.eq(&row.region))
        .filter(dispatch_policy_wave::version.eq(row.version))
        .order(dispatch_policy_wave::number)
        .load::<WaveRow>(conn)?;
    let id = format!("{} {}", row.region, row.version);
    row.read(waves).map_err(|what| DatabaseError::corrupt("dispatch_policy", id, what))
}

impl PolicyRow {
    fn read(self, waves: Vec<WaveRow>) -> Result<Policy, Invalid> {
        let draft = PolicyDraft {
            waves: waves.into_iter().map(|wave| (wave.collectors, wave.wait_seconds)).collect(),
            patience_seconds: self.patience_seconds,
            gather_seconds: self.gather_seconds,
        };
        let set = (AccountId::parse(&self.set_by)?, Timestamp::from_micros(self.set_at));
        draft.parse(self.version, Some(set)).map_err(|problems| {
            Invalid(problems.first().map_or("policy_malformed", |problem| problem.code))
        })
    }
}
