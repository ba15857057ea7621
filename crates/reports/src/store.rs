mod row;

use std::collections::HashMap;

use database::{Connection, DatabaseError};
use diesel::prelude::*;
use photos::Subject;
use primitives::{AccountId, PhotoId, ReportId, Timestamp};

use crate::{
    Report, ReportStateName,
    schema::{report, report_item, report_window},
    store::row::{ItemRow, ReportRow, WindowRow},
};

/// Small enough for SQLite's limit on bound values.
const CHUNK: usize = 500;

/// Writes a new report; an id that is taken violates `report_id_key`.
pub(crate) fn insert(conn: &mut Connection, new: &Report) -> Result<(), DatabaseError> {
    diesel::insert_into(report::table).values(ReportRow::from(new)).execute(conn)?;
    insert_parts(conn, new)
}

/// Writes the report only over the version that was read; false means that somebody was faster.
pub(crate) fn save(
    conn: &mut Connection,
    read_version: i64,
    after: &Report,
) -> Result<bool, DatabaseError> {
    let row = report::table
        .filter(report::id.eq(after.id.to_string()))
        .filter(report::version.eq(read_version));
    Ok(diesel::update(row).set(ReportRow::from(after)).execute(conn)? == 1)
}

/// Replaces items and windows, after `save` has won the row.
pub(crate) fn replace_parts(conn: &mut Connection, after: &Report) -> Result<(), DatabaseError> {
    let id = after.id.to_string();
    diesel::delete(report_item::table.filter(report_item::report_id.eq(&id))).execute(conn)?;
    diesel::delete(report_window::table.filter(report_window::report_id.eq(&id))).execute(conn)?;
    insert_parts(conn, after)
}

fn insert_parts(conn: &mut Connection, report: &Report) -> Result<(), DatabaseError> {
    for item in ItemRow::of(report) {
        diesel::insert_into(report_item::table).values(item).execute(conn)?;
    }
    for window in WindowRow::of(report) {
        diesel::insert_into(report_window::table).values(window).execute(conn)?;
    }
    Ok(())
}

/// The household's own report.
pub(crate) fn find_owned(
    conn: &mut Connection,
    household: AccountId,
    id: ReportId,
) -> Result<Option<Report>, DatabaseError> {
    Ok(find(conn, id)?.filter(|report| report.household == household))
}

/// Any report, for slices that have their own reason to see it.
pub(crate) fn find(conn: &mut Connection, id: ReportId) -> Result<Option<Report>, DatabaseError> {
    let row = report::table.find(id.to_string()).first::<ReportRow>(conn).optional()?;
    Ok(with_parts(conn, row.into_iter().collect())?.pop())
}

/// The household's reports, newest first, after the given place in the list.
pub(crate) fn page_owned(
    conn: &mut Connection,
    household: AccountId,
    state: Option<ReportStateName>,
    after: Option<(Timestamp, ReportId)>,
    limit: i64,
) -> Result<Vec<Report>, DatabaseError> {
    let mut query = report::table
        .filter(report::household_id.eq(household.to_string()))
        .order((report::created_at.desc(), report::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(report::state.eq(state.as_str()));
    }
    if let Some((created_at, id)) = after {
        let earlier = report::created_at.lt(created_at.micros());
        let same_moment = report::created_at.eq(created_at.micros());
        query = query.filter(earlier.or(same_moment.and(report::id.lt(id.to_string()))));
    }
    let rows = query.load::<ReportRow>(conn)?;
    with_parts(conn, rows)
}

/// Everything that waits for a collector.
pub(crate) fn open(conn: &mut Connection) -> Result<Vec<Report>, DatabaseError> {
    let rows = report::table
        .filter(report::state.eq(ReportStateName::Open.as_str()))
        .order(report::id)
        .load::<ReportRow>(conn)?;
    with_parts(conn, rows)
}

/// Open reports whose time is over.
pub(crate) fn due(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ReportId>, DatabaseError> {
    let ids = report::table
        .filter(report::state.eq(ReportStateName::Open.as_str()))
        .filter(report::expires_at.le(now.micros()))
        .order((report::expires_at, report::id))
        .limit(limit)
        .select(report::id)
        .load::<String>(conn)?;
    let parse = |id: String| {
        ReportId::parse(&id).map_err(|what| DatabaseError::corrupt("report", &id, what))
    };
    ids.into_iter().map(parse).collect()
}

/// Joins rows with their items, windows and photographs, keeping the rows' order.
fn with_parts(conn: &mut Connection, rows: Vec<ReportRow>) -> Result<Vec<Report>, DatabaseError> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut items: HashMap<String, Vec<ItemRow>> = HashMap::new();
    let mut windows: HashMap<String, Vec<WindowRow>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query =
            report_item::table.order((report_item::report_id, report_item::position)).into_boxed();
        // A list of unknown length is a new statement each time; most often there is one report, whose statement is kept.
        let query = match chunk {
            [id] => query.filter(report_item::report_id.eq(id)),
            ids => query.filter(report_item::report_id.eq_any(ids)),
        };
        for item in query.load::<ItemRow>(conn)? {
            items.entry(item.report_id.clone()).or_default().push(item);
        }
        let query = report_window::table
            .order((report_window::report_id, report_window::position))
            .into_boxed();
        let query = match chunk {
            [id] => query.filter(report_window::report_id.eq(id)),
            ids => query.filter(report_window::report_id.eq_any(ids)),
        };
        for window in query.load::<WindowRow>(conn)? {
            windows.entry(window.report_id.clone()).or_default().push(window);
        }
    }
    let photos = photos_of(conn, &ids)?;
    let read = |(row, photos): (ReportRow, Vec<PhotoId>)| {
        let id = row.id.clone();
        let items = items.remove(&id).unwrap_or_default();
        let windows = windows.remove(&id).unwrap_or_default();
        let report = row.read(items, windows);
        let report = report.map_err(|what| DatabaseError::corrupt("report", id, what))?;
        Ok(Report { photos, ..report })
    };
    rows.into_iter().zip(photos).map(read).collect()
}

fn photos_of(
    conn: &mut Connection,
    reports: &[String],
) -> Result<Vec<Vec<PhotoId>>, DatabaseError> {
    let subject = |id: &String| {
        let id = ReportId::parse(id).map_err(|what| DatabaseError::corrupt("report", id, what))?;
        Ok(Subject::Report(id))
    };
    let subjects: Vec<Subject> =
        reports.iter().map(subject).collect::<Result<_, DatabaseError>>()?;
    photos::attached_to_each_in(conn, &subjects)
}
