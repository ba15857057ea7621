use catalog::MaterialCode;
use diesel::{AsChangeset, Insertable, Queryable};
use primitives::{
    AccountId, Coordinates, Grams, Invalid, Location, Milliliters, PickupId, Quantity, RegionCode,
    ReportId, Timestamp, Unit,
};

use crate::{
    Address, Belonging, Home, Item, LocatedBy, MinimumShare, PickupWindow, Report, ReportState,
    Selection, Settlement,
    schema::{report, report_item, report_window},
    state::read_state,
};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = report, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct ReportRow {
    pub(super) id: String,
    household_id: String,
    content_digest: String,
    lat: f64,
    lon: f64,
    accuracy_meters: Option<i64>,
    desa: String,
    located_by: String,
    located_distance_meters: Option<i64>,
    street: Option<String>,
    rt: Option<String>,
    rw: Option<String>,
    dusun: Option<String>,
    landmark: Option<String>,
    note: Option<String>,
    settlement: String,
    selection: String,
    state: String,
    state_at: i64,
    pickup_id: Option<String>,
    cancel_reason: Option<String>,
    version: i64,
    occurred_at: i64,
    created_at: i64,
    opened_at: i64,
    expires_at: i64,
    minimum_share_percent: i64,
}

impl From<&Report> for ReportRow {
    fn from(report: &Report) -> Self {
        let Location { coordinates, accuracy_meters } = report.home.location();
        let Address { street, rt, rw, dusun, landmark } = report.address.clone();
        let cancel_reason = match &report.state {
            ReportState::Cancelled { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        Self {
            id: report.id.to_string(),
            household_id: report.household.to_string(),
            content_digest: report.content_digest.clone(),
            lat: coordinates.lat(),
            lon: coordinates.lon(),
            accuracy_meters: accuracy_meters.map(i64::from),
            desa: report.region.desa.to_string(),
            located_by: report.region.by.as_str().to_owned(),
            located_distance_meters: report.region.distance_meters,
            street,
            rt,
            rw,
            dusun,
            landmark,
            note: report.note.clone(),
            settlement: report.settlement.as_str().to_owned(),
            selection: report.selection.as_str().to_owned(),
            state: report.state.name().as_str().to_owned(),
            state_at: report.state.since(report.opened_at).micros(),
            pickup_id: report.state.pickup().map(|pickup| pickup.to_string()),
            cancel_reason,
            version: report.version,
            occurred_at: report.occurred_at.micros(),
            created_at: report.created_at.micros(),
            opened_at: report.opened_at.micros(),
            expires_at: report.expires_at.micros(),
            minimum_share_percent: report.minimum_share.percent(),
        }
    }
}

impl ReportRow {
    pub(super) fn read(
        self,
        items: Vec<ItemRow>,
        windows: Vec<WindowRow>,
    ) -> Result<Report, Invalid> {
        let pickup = self.pickup_id.as_deref().map(PickupId::parse).transpose()?;
        let state_at = Timestamp::from_micros(self.state_at);
        let accuracy_meters = self.accuracy_meters.map(i32::try_from).transpose();
        let location = Location {
            coordinates: Coordinates::parse(self.lat, self.lon)?,
            accuracy_meters: accuracy_meters.map_err(|_huge| Invalid("accuracy_out_of_range"))?,
        };
        Ok(Report {
            id: ReportId::parse(&self.id)?,
            household: AccountId::parse(&self.household_id)?,
            content_digest: self.content_digest,
            home: Home::at(location)?,
            region: Belonging {
                desa: RegionCode::parse(&self.desa)?,
                by: LocatedBy::parse(&self.located_by)?,
                distance_meters: self.located_distance_meters,
            },
            address: Address {
                street: self.street,
                rt: self.rt,
                rw: self.rw,
                dusun: self.dusun,
                landmark: self.landmark,
            },
            items: items.into_iter().map(ItemRow::read).collect::<Result<_, _>>()?,
            photos: Vec::new(),
            windows: windows.iter().map(WindowRow::read).collect::<Result<_, _>>()?,
            note: self.note,
            settlement: Settlement::parse(&self.settlement)?,
            selection: Selection::parse(&self.selection)?,
            minimum_share: MinimumShare::parse(self.minimum_share_percent)?,
            state: read_state(&self.state, state_at, pickup, self.cancel_reason)?,
            version: self.version,
            occurred_at: Timestamp::from_micros(self.occurred_at),
            created_at: Timestamp::from_micros(self.created_at),
            opened_at: Timestamp::from_micros(self.opened_at),
            expires_at: Timestamp::from_micros(self.expires_at),
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_item, treat_none_as_default_value = false)]
pub(super) struct ItemRow {
    pub(super) report_id: String,
    position: i64,
    material: String,
    unit: String,
    quantity: i64,
    grams: i64,
    milliliters: i64,
    note: Option<String>,
}

impl ItemRow {
    pub(super) fn of(report: &Report) -> impl Iterator<Item = Self> {
        let report_id = report.id.to_string();
        (0i64..).zip(&report.items).map(move |(position, item)| Self {
            report_id: report_id.clone(),
            position,
            material: item.material.to_string(),
            unit: item.quantity.unit().as_str().to_owned(),
            quantity: item.quantity.amount(),
            grams: item.grams.get(),
            milliliters: item.milliliters.get(),
            note: item.note.clone(),
        })
    }

    fn read(self) -> Result<Item, Invalid> {
        Ok(Item {
            material: MaterialCode::parse(&self.material)?,
            quantity: Quantity::parse(Unit::parse(&self.unit)?, self.quantity)?,
            grams: Grams::parse(self.grams)?,
            milliliters: Milliliters::parse(self.milliliters)?,
            note: self.note,
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_window)]
pub(super) struct WindowRow {
    pub(super) report_id: String,
    position: i64,
    opens_at: i64,
    closes_at: i64,
}

impl WindowRow {
    pub(super) fn of(report: &Report) -> impl Iterator<Item = Self> {
        let report_id = report.id.to_string();
        (0i64..).zip(&report.windows).map(move |(position, window)| Self {
            report_id: report_id.clone(),
            position,
            opens_at: window.from().micros(),
            closes_at: window.until().micros(),
        })
    }

    fn read(&self) -> Result<PickupWindow, Invalid> {
        let moment = Timestamp::from_micros;
        PickupWindow::parse(moment(self.opens_at), moment(self.closes_at))
    }
}
