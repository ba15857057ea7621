use std::collections::{BTreeMap, HashMap};

use database::{Connection, DatabaseError};
use diesel::{dsl::max, prelude::*};
use primitives::{CollectorId, ReportId, Timestamp};

use super::CHUNK;
use crate::dispatch::{
    Announcement,
    schema::{announced_collector, announcement},
};

/// Who was told of a report, and when.
pub(in crate::dispatch) type Heard = BTreeMap<CollectorId, Timestamp>;

/// Writes a wave down; one that another process was faster with violates `announcement_report_id_wave_key`.
pub(in crate::dispatch) fn record(
    conn: &mut Connection,
    wave: &Announcement,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let (report, number, at) = (wave.report.to_string(), i64::from(wave.wave), at.micros());
    let row = (
        announcement::report_id.eq(&report),
        announcement::wave.eq(number),
        announcement::announced_at.eq(at),
    );
    diesel::insert_into(announcement::table).values(row).execute(conn)?;
    for collector in &wave.collectors {
        let row = (
            announced_collector::report_id.eq(&report),
            announced_collector::collector_id.eq(collector.to_string()),
            announced_collector::wave.eq(number),
            announced_collector::announced_at.eq(at),
        );
        diesel::insert_into(announced_collector::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The number and the moment of each report's last wave.
pub(in crate::dispatch) fn waves_of(
    conn: &mut Connection,
    reports: &[ReportId],
) -> Result<HashMap<ReportId, (u32, Timestamp)>, DatabaseError> {
    let mut found = HashMap::new();
    for reports in reports.chunks(CHUNK) {
        let ids = reports.iter().map(ToString::to_string);
        let rows: Vec<(String, Option<i64>, Option<i64>)> = announcement::table
            .filter(announcement::report_id.eq_any(ids))
            .group_by(announcement::report_id)
            .select((
                announcement::report_id,
                max(announcement::wave),
                max(announcement::announced_at),
            ))
            .load(conn)?;
        for (report, wave, at) in rows {
            let wave = wave.and_then(|wave| u32::try_from(wave).ok()).unwrap_or(u32::MAX);
            let at = Timestamp::from_micros(at.unwrap_or(0));
            found.insert(read(&report, ReportId::parse)?, (wave, at));
        }
    }
    Ok(found)
}

/// Who has been told of each of these reports.
pub(in crate::dispatch) fn heard_of(
    conn: &mut Connection,
    reports: &[ReportId],
) -> Result<HashMap<ReportId, Heard>, DatabaseError> {
    let mut found: HashMap<ReportId, Heard> = HashMap::new();
    for reports in reports.chunks(CHUNK) {
        let ids = reports.iter().map(ToString::to_string);
        let rows: Vec<(String, String, i64)> = announced_collector::table
            .filter(announced_collector::report_id.eq_any(ids))
            .select((
                announced_collector::report_id,
                announced_collector::collector_id,
                announced_collector::announced_at,
            ))
            .load(conn)?;
        for (report, collector, at) in rows {
            let heard = found.entry(read(&report, ReportId::parse)?).or_default();
            heard.insert(read(&collector, CollectorId::parse)?, Timestamp::from_micros(at));
        }
    }
    Ok(found)
}

/// When this collector was told of each of these reports; who was not is absent.
pub(in crate::dispatch) fn announced_at(
    conn: &mut Connection,
    collector: CollectorId,
    reports: &[ReportId],
) -> Result<HashMap<ReportId, Timestamp>, DatabaseError> {
    let mut found = HashMap::new();
    for reports in reports.chunks(CHUNK) {
        let ids = reports.iter().map(ToString::to_string);
        let rows: Vec<(String, i64)> = announced_collector::table
            .filter(announced_collector::collector_id.eq(collector.to_string()))
            .filter(announced_collector::report_id.eq_any(ids))
            .select((announced_collector::report_id, announced_collector::announced_at))
            .load(conn)?;
        for (report, at) in rows {
            found.insert(read(&report, ReportId::parse)?, Timestamp::from_micros(at));
        }
    }
    Ok(found)
}

fn read<T>(
    id: &str,
    parse: impl Fn(&str) -> Result<T, primitives::Invalid>,
) -> Result<T, DatabaseError> {
    parse(id).map_err(|what| DatabaseError::corrupt("announcement", id, what))
}
