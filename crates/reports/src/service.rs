mod lifecycle;

use catalog::Catalog;
use database::{Connection, DatabaseError};
use diesel::Connection as _;
use event_log::{
    Actor, Entry, Fact,
    fact::{EstimatedItem, ReportChanged, ReportOpened},
};
use http_kit::Fields;
use photos::Subject;
use primitives::{AccountId, Ambient, Invalid, Location, RegionCode, ReportId, Timestamp};
use regions::{Method, Regions};
use sha2::{Digest as _, Sha256};

use crate::{
    Belonging, Home, LocatedBy, NewReport, OpenReport, Patch, Report, ReportChange, ReportError,
    ReportState, ReportStateName, rules, store,
};

/// The use cases around reports. Each `_in` takes part in the caller's unit of work.
#[derive(Clone)]
pub struct Reports {
    ambient: Ambient,
    regions: Regions,
    catalog: Catalog,
}

impl Reports {
    /// Reports by this clock and chance, located by these regions, judged by this catalog.
    pub const fn new(ambient: Ambient, regions: Regions, catalog: Catalog) -> Self {
        Self { ambient, regions, catalog }
    }

    /// A household submits a report. The same id with the same content is the same report.
    pub fn submit_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        new: &NewReport,
    ) -> Result<Report, ReportError> {
        let digest = digest_of(new)?;
        if let Some(id) = new.id
            && let Some(known) = store::find(conn, id)?
        {
            return same_or_taken(known, household, &digest);
        }
        let report = self.judge(household, new, digest)?;
        let inserted = conn.transaction(|conn| store::insert(conn, &report));
        match inserted {
            Ok(()) => {
                let (subject, now) = (Subject::Report(report.id), report.created_at);
                photos::attach_in(conn, &report.photos, household, subject, now)?;
                self.append(conn, Actor::Account(household), &report, opened(&report))?;
            }
            // Two devices of one household sent it at once.
            Err(error) if error.violates("report_id_key") => {
                let known = store::find(conn, report.id)?.ok_or(ReportError::IdTaken)?;
                return same_or_taken(known, household, &report.content_digest);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(report)
    }

    /// A household changes its report while nobody has accepted, over the version it read.
    pub fn change_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: ReportId,
        version: i64,
        change: &ReportChange,
    ) -> Result<Report, ReportError> {
        let before = self.find_owned(conn, household, id)?;
        if before.version != version {
            return Err(ReportError::VersionConflict);
        }
        before.must_be_open()?;
        let after = self.changed(before, change)?;
        if !store::save(conn, version, &after)? {
            return Err(ReportError::VersionConflict);
        }
        store::replace_parts(conn, &after)?;
        if change.photos != Patch::Keep {
            let (subject, now) = (Subject::Report(id), self.ambient.now());
            photos::replace_in(conn, &after.photos, household, subject, now)?;
        }
        let fact = Fact::ReportChanged(ReportChanged { report: id, version: after.version });
        self.append(conn, Actor::Account(household), &after, fact)?;
        Ok(after)
    }

    /// The household's own report.
    pub fn find_owned(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: ReportId,
    ) -> Result<Report, ReportError> {
        store::find_owned(conn, household, id)?.ok_or(ReportError::NotFound)
    }

    /// Any report, for slices that have their own reason to see it.
    pub fn find_in(&self, conn: &mut Connection, id: ReportId) -> Result<Report, ReportError> {
        store::find(conn, id)?.ok_or(ReportError::NotFound)
    }

    /// The household's reports, newest first, after the given place in the list.
    pub fn page_owned(
        &self,
        conn: &mut Connection,
        household: AccountId,
        state: Option<ReportStateName>,
        after: Option<(Timestamp, ReportId)>,
        limit: i64,
    ) -> Result<Vec<Report>, ReportError> {
        Ok(store::page_owned(conn, household, state, after, limit)?)
    }

    /// Everything that waits for a collector, as collectors may see it.
    pub fn open_reports_in(&self, conn: &mut Connection) -> Result<Vec<OpenReport>, ReportError> {
        store::open(conn)?.iter().map(|report| self.as_open(report)).collect()
    }

    /// One report as collectors may see it, while it waits; none when it does not.
    pub fn find_open_in(
        &self,
        conn: &mut Connection,
        id: ReportId,
    ) -> Result<Option<OpenReport>, ReportError> {
        let found = store::find(conn, id)?.filter(|report| report.state == ReportState::Open);
        found.map(|report| self.as_open(&report)).transpose()
    }

    fn as_open(&self, report: &Report) -> Result<OpenReport, ReportError> {
        // The desa of the cell, not of the home: a boundary within the cell must not give the home away.
        let center = report.home.area().center();
        let desa = self.regions.locate(center).map(|located| located.desa);
        OpenReport::of(report, desa).map_err(|what| corrupt(report.id, what))
    }

    fn judge(
        &self,
        household: AccountId,
        new: &NewReport,
        content_digest: String,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        let home = home_at(new.location)?;
        let mut fields = Fields::default();
        let claimed = rules::claimed_moment(new.occurred_at, now);
        let occurred_at = fields.check("/occurred_at", claimed).unwrap_or(now);
        let items = rules::judge_items(&new.items, &self.catalog, &mut fields);
        let windows = rules::judge_windows(&new.windows, occurred_at, &mut fields);
        rules::judge_address(&new.address, &mut fields);
        rules::judge_note(new.note.as_deref(), &mut fields);
        ReportError::unless_acceptable(fields)?;
        let report = Report {
            id: new.id.unwrap_or_else(|| self.ambient.mint()),
            household,
            home,
            region: self.belonging(new.location, new.desa.as_ref())?,
            address: new.address.clone(),
            items,
            photos: new.photos.clone(),
            expires_at: rules::expiry(&windows, now),
            windows,
            note: new.note.clone(),
            settlement: new.settlement,
            selection: new.selection,
            minimum_share: new.minimum_share,
            state: ReportState::Open,
            version: 1,
            occurred_at,
            created_at: now,
            opened_at: now,
            content_digest,
        };
        must_be_fetchable(&report)?;
        Ok(report)
    }

    fn changed(&self, before: Report, change: &ReportChange) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        let mut fields = Fields::default();
        let mut after = before;
        if let Some(items) = &change.items {
            after.items = rules::judge_items(items, &self.catalog, &mut fields);
        }
        after.minimum_share = change.minimum_share.unwrap_or(after.minimum_share);
        match &change.windows {
            Patch::Keep => {}
            Patch::Clear => after.windows.clear(),
            Patch::Set(windows) => {
                after.windows = rules::judge_windows(windows, now, &mut fields);
            }
        }
        after.address = change.address.clone().over(Some(after.address)).unwrap_or_default();
        rules::judge_address(&after.address, &mut fields);
        if let Some(location) = change.location {
            after.home = home_at(location)?;
        }
        after.photos = change.photos.clone().over(Some(after.photos)).unwrap_or_default();
        after.note = change.note.clone().over(after.note);
        rules::judge_note(after.note.as_deref(), &mut fields);
        ReportError::unless_acceptable(fields)?;
        if change.location.is_some() || change.desa.is_some() {
            after.region = self.belonging(after.home.location(), change.desa.as_ref())?;
        }
        after.expires_at = rules::expiry(&after.windows, after.opened_at);
        after.version = after.version.saturating_add(1);
        must_be_fetchable(&after)?;
        Ok(after)
    }

    /// The stated desa; or the one the pin lies in; or the nearest, and we say so.
    fn belonging(
        &self,
        location: Location,
        stated: Option<&RegionCode>,
    ) -> Result<Belonging, ReportError> {
        if let Some(desa) = stated {
            let known = self.regions.get(desa).filter(|it| it.is_village() && it.is_current());
            if known.is_none() {
                return Err(ReportError::field("/desa_code", Invalid("desa_unknown")));
            }
            let by = LocatedBy::Stated;
            return Ok(Belonging { desa: desa.clone(), by, distance_meters: None });
        }
        let located =
            self.regions.locate(location.coordinates).ok_or(ReportError::OutsideRegions)?;
        Ok(match located.method {
            Method::Boundary => {
                Belonging { desa: located.desa, by: LocatedBy::Boundary, distance_meters: None }
            }
            Method::NearestCenter => Belonging {
                desa: located.desa,
                by: LocatedBy::NearestCenter,
                distance_meters: Some(located.distance_meters),
            },
        })
    }

    fn append(
        &self,
        conn: &mut Connection,
        actor: Actor,
        report: &Report,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let occurred_at = match &fact {
            Fact::ReportOpened(_) => report.occurred_at,
            _ => self.ambient.now(),
        };
        let region = Some(report.region.desa.clone());
        event_log::append_in(conn, &self.ambient, Entry { actor, region, occurred_at, fact })?;
        Ok(())
    }
}

fn home_at(location: Location) -> Result<Home, ReportError> {
    Home::at(location).map_err(|what| ReportError::field("/location", what))
}

/// Each estimate may be sane and their sum still beyond anything on wheels.
fn must_be_fetchable(report: &Report) -> Result<(), ReportError> {
    let totals = report.estimated_grams().and(report.estimated_milliliters().map(drop));
    totals.map_err(|what| ReportError::field("/items", what))
}

fn opened(report: &Report) -> Fact {
    let estimate = |item: &crate::Item| EstimatedItem {
        material: item.material.to_string(),
        estimated_grams: item.grams,
    };
    Fact::ReportOpened(ReportOpened {
        report: report.id,
        household: report.household,
        desa: report.region.desa.clone(),
        items: report.items.iter().map(estimate).collect(),
        selection: report.selection.as_str().to_owned(),
    })
}

fn same_or_taken(known: Report, household: AccountId, digest: &str) -> Result<Report, ReportError> {
    if known.household == household && known.content_digest == digest {
        Ok(known)
    } else {
        Err(ReportError::IdTaken)
    }
}

fn digest_of(new: &NewReport) -> Result<String, DatabaseError> {
    let content = serde_json::to_vec(new)
        .map_err(|what| DatabaseError::corrupt("report", "submitted", what))?;
    Ok(Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(crate) fn corrupt(id: ReportId, what: Invalid) -> ReportError {
    DatabaseError::corrupt("report", id, what).into()
}
