use std::sync::Arc;

use catalog::VehicleCode;
use database::DatabaseError;
use diesel::prelude::*;
use primitives::{AccountId, CollectorId, Coordinates, Invalid, Location, RegionCode, Timestamp};
use serde::Serialize;

use crate::{
    Collector, CollectorKind, Limits, Name, Promises, Rating, Reason, ServiceRadius, Verification,
    VerificationState, WorkingHours, schema::collector,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = collector)]
pub(super) struct Row {
    id: String,
    account_id: String,
    kind: String,
    pub(super) name: String,
    pub(super) base_lat: f64,
    pub(super) base_lon: f64,
    pub(super) base_accuracy_meters: Option<i64>,
    pub(super) desa_code: String,
    pub(super) service_radius_meters: i64,
    pub(super) vehicle: String,
    pub(super) verification: String,
    pub(super) decided_at: Option<i64>,
    pub(super) decided_by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) online: bool,
    stars_sum: i64,
    stars_count: i64,
    completed_count: i64,
    released_count: i64,
    no_show_count: i64,
    pub(super) version: i64,
    created_at: i64,
    pub(super) service_area: Option<String>,
    pub(super) working_hours: Option<String>,
}

impl From<&Collector> for Row {
    fn from(collector: &Collector) -> Self {
        let Collector { base, rating, promises, .. } = *collector;
        let (decided_at, decided_by, reason) = columns_of(&collector.verification);
        let Limits { area, hours } = &collector.limits;
        Self {
            id: collector.id.to_string(),
            account_id: collector.account.to_string(),
            kind: collector.kind.as_str().to_owned(),
            name: collector.name.as_str().to_owned(),
            base_lat: base.coordinates.lat(),
            base_lon: base.coordinates.lon(),
            base_accuracy_meters: base.accuracy_meters.map(i64::from),
            desa_code: collector.desa.to_string(),
            service_radius_meters: collector.service_radius.meters(),
            vehicle: collector.vehicle.to_string(),
            verification: collector.verification.state().as_str().to_owned(),
            decided_at: decided_at.map(Timestamp::micros),
            decided_by: decided_by.map(|account| account.to_string()),
            reason,
            online: collector.online,
            stars_sum: rating.sum,
            stars_count: rating.count,
            completed_count: promises.completed,
            released_count: promises.released,
            no_show_count: promises.no_shows,
            version: collector.version,
            created_at: collector.created_at.micros(),
            service_area: area.as_deref().map(json),
            working_hours: (*hours != WorkingHours::default()).then(|| json(hours)),
        }
    }
}

type Decision = (Option<Timestamp>, Option<AccountId>, Option<String>);

fn columns_of(verification: &Verification) -> Decision {
    match verification {
        Verification::Pending => (None, None, None),
        Verification::Verified { at, by } => (Some(*at), Some(*by), None),
        Verification::Suspended { at, by, reason } => {
            (Some(*at), Some(*by), Some(reason.clone().into()))
        }
    }
}

impl TryFrom<Row> for Collector {
    type Error = DatabaseError;

    fn try_from(row: Row) -> Result<Self, DatabaseError> {
        let corrupt = |what: Invalid| DatabaseError::corrupt("collector", &row.id, what);
        Ok(Self {
            id: CollectorId::parse(&row.id).map_err(corrupt)?,
            account: AccountId::parse(&row.account_id).map_err(corrupt)?,
            kind: CollectorKind::parse(&row.kind).map_err(corrupt)?,
            name: Name::parse(&row.name).map_err(corrupt)?,
            base: base_of(&row).map_err(corrupt)?,
            desa: RegionCode::parse(&row.desa_code).map_err(corrupt)?,
            service_radius: ServiceRadius::parse(row.service_radius_meters).map_err(corrupt)?,
            limits: limits_of(&row)
                .map_err(|what| DatabaseError::corrupt("collector", &row.id, what))?,
            vehicle: VehicleCode::parse(&row.vehicle).map_err(corrupt)?,
            verification: verification_of(&row).map_err(corrupt)?,
            online: row.online,
            rating: Rating { sum: row.stars_sum, count: row.stars_count },
            promises: Promises {
                completed: row.completed_count,
                released: row.released_count,
                no_shows: row.no_show_count,
            },
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

fn limits_of(row: &Row) -> Result<Limits, serde_json::Error> {
    let area = row.service_area.as_deref().map(serde_json::from_str).transpose()?;
    let hours = row.working_hours.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Limits { area: area.map(Arc::new), hours: hours.unwrap_or_default() })
}

/// Numbers and texts always have a JSON form.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn base_of(row: &Row) -> Result<Location, Invalid> {
    let accuracy = row.base_accuracy_meters.map(i32::try_from).transpose();
    Ok(Location {
        coordinates: Coordinates::parse(row.base_lat, row.base_lon)?,
        accuracy_meters: accuracy.map_err(|_beyond| Invalid("accuracy_out_of_range"))?,
    })
}

fn verification_of(row: &Row) -> Result<Verification, Invalid> {
    let at = row.decided_at.map(Timestamp::from_micros);
    let by = row.decided_by.as_deref().map(AccountId::parse).transpose()?;
    let state = VerificationState::parse(&row.verification)?;
    let reason = row.reason.as_deref().map(Reason::parse).transpose()?;
    match (state, at, by, reason) {
        (VerificationState::Pending, None, None, None) => Ok(Verification::Pending),
        (VerificationState::Verified, Some(at), Some(by), None) => {
            Ok(Verification::Verified { at, by })
        }
        (VerificationState::Suspended, Some(at), Some(by), Some(reason)) => {
            Ok(Verification::Suspended { at, by, reason })
        }
        _ => Err(Invalid("verification_facts_missing")),
    }
}
