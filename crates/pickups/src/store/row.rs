use catalog::MaterialCode;
use diesel::{AsChangeset, Insertable, Queryable};
use primitives::{
    AccountId, CollectorId, Grams, Invalid, Milliliters, PickupId, Quantity, RegionCode, ReportId,
    Rupiah, Timestamp, Unit, UnitPrice,
};
use reports::Settlement;

use crate::{
    Arrival, Dispute, EndedBy, Ending, FrozenPrice, Handover, JobCollector, Line, Pickup,
    PickupState, Scale, TeraDate, Weighing,
    schema::{pickup, pickup_dispute, pickup_line, pickup_price, pickup_rating, pickup_weighing},
};

const INCOMPLETE: Invalid = Invalid("state_incomplete");

#[derive(Queryable, Insertable)]
#[diesel(table_name = pickup, treat_none_as_default_value = false)]
pub(super) struct PickupRow {
    pub(super) id: String,
    report_id: String,
    household_id: String,
    collector_id: String,
    collector_account_id: String,
    collector_kind: String,
    collector_name: String,
    desa: String,
    settlement: String,
    estimated_grams: i64,
    estimated_milliliters: i64,
    base_distance_meters: i64,
    handover_code: String,
    wrong_codes: i64,
    pickup_at: Option<i64>,
    report_opened_at: i64,
    assigned_at: i64,
    due_at: i64,
    state: String,
    departed_at: Option<i64>,
    arrived_at: Option<i64>,
    arrival_distance_meters: Option<i64>,
    confirmed_at: Option<i64>,
    ended_at: Option<i64>,
    ended_by: Option<String>,
    end_reason: Option<String>,
    version: i64,
}

/// What a transition changes; what it does not know stays as it was.
#[derive(AsChangeset, Default)]
#[diesel(table_name = pickup)]
pub(super) struct StateRow {
    state: String,
    departed_at: Option<i64>,
    arrived_at: Option<i64>,
    arrival_distance_meters: Option<i64>,
    confirmed_at: Option<i64>,
    ended_at: Option<i64>,
    ended_by: Option<String>,
    end_reason: Option<String>,
    version: i64,
}

impl From<&Pickup> for StateRow {
    fn from(pickup: &Pickup) -> Self {
        let known = Self {
            state: pickup.state.name().as_str().to_owned(),
            version: pickup.version,
            ended_at: pickup.state.ended_at().map(Timestamp::micros),
            ..Self::default()
        };
        match &pickup.state {
            PickupState::Assigned | PickupState::Weighed(_) | PickupState::Disputed { .. } => known,
            PickupState::EnRoute { departed_at } => {
                Self { departed_at: Some(departed_at.micros()), ..known }
            }
            PickupState::Arrived(arrival) => Self {
                arrived_at: Some(arrival.at.micros()),
                arrival_distance_meters: Some(arrival.distance_meters),
                ..known
            },
            PickupState::Confirmed { at, .. } => Self { confirmed_at: Some(at.micros()), ..known },
            PickupState::Paid { .. } => known,
            PickupState::Released(ending) | PickupState::Cancelled(ending) => Self {
                ended_by: Some(ending.by.as_str().to_owned()),
                end_reason: Some(ending.reason.clone()),
                ..known
            },
        }
    }
}

impl From<&Pickup> for PickupRow {
    /// A job is inserted once, at acceptance: nothing has happened yet.
    fn from(pickup: &Pickup) -> Self {
        Self {
            id: pickup.id.to_string(),
            report_id: pickup.report.to_string(),
            household_id: pickup.household.to_string(),
            collector_id: pickup.collector.id.to_string(),
            collector_account_id: pickup.collector.account.to_string(),
            collector_kind: pickup.collector.kind.clone(),
            collector_name: pickup.collector.name.clone(),
            desa: pickup.desa.to_string(),
            settlement: pickup.settlement.as_str().to_owned(),
            estimated_grams: pickup.estimated_grams.get(),
            estimated_milliliters: pickup.estimated_milliliters.get(),
            base_distance_meters: pickup.base_distance_meters,
            handover_code: pickup.handover.code().to_owned(),
            wrong_codes: pickup.handover.wrong_codes(),
            pickup_at: pickup.pickup_at.map(Timestamp::micros),
            report_opened_at: pickup.report_opened_at.micros(),
            assigned_at: pickup.assigned_at.micros(),
            due_at: pickup.due_at.micros(),
            state: pickup.state.name().as_str().to_owned(),
            departed_at: None,
            arrived_at: None,
            arrival_distance_meters: None,
            confirmed_at: None,
            ended_at: None,
            ended_by: None,
            end_reason: None,
            version: pickup.version,
        }
    }
}

impl PickupRow {
    pub(super) fn is_weighed(&self) -> bool {
        ["weighed", "disputed", "confirmed", "paid"].contains(&self.state.as_str())
    }

    pub(super) fn is_disputed(&self) -> bool {
        self.state == "disputed"
    }

    pub(super) fn read(
        self,
        prices: Vec<PriceRow>,
        weighed: Option<(WeighingRow, Vec<LineRow>)>,
        disputed: Option<DisputeRow>,
    ) -> Result<Pickup, Invalid> {
        let state = self.read_state(weighed, disputed)?;
        Ok(Pickup {
            id: PickupId::parse(&self.id)?,
            report: ReportId::parse(&self.report_id)?,
            household: AccountId::parse(&self.household_id)?,
            collector: JobCollector {
                id: CollectorId::parse(&self.collector_id)?,
                account: AccountId::parse(&self.collector_account_id)?,
                kind: self.collector_kind,
                name: self.collector_name,
            },
            desa: RegionCode::parse(&self.desa)?,
            settlement: Settlement::parse(&self.settlement)?,
            prices: prices.into_iter().map(PriceRow::read).collect::<Result<_, _>>()?,
            estimated_grams: Grams::parse(self.estimated_grams)?,
            estimated_milliliters: Milliliters::parse(self.estimated_milliliters)?,
            base_distance_meters: self.base_distance_meters,
            handover: Handover::stored(self.handover_code, self.wrong_codes),
            pickup_at: self.pickup_at.map(Timestamp::from_micros),
            report_opened_at: Timestamp::from_micros(self.report_opened_at),
            assigned_at: Timestamp::from_micros(self.assigned_at),
            due_at: Timestamp::from_micros(self.due_at),
            state,
            version: self.version,
        })
    }

    fn read_state(
        &self,
        weighed: Option<(WeighingRow, Vec<LineRow>)>,
        disputed: Option<DisputeRow>,
    ) -> Result<PickupState, Invalid> {
        let weighing = || {
            let (weighing, lines) = weighed.ok_or(INCOMPLETE)?;
            weighing.read(self.arrival()?, lines)
        };
        Ok(match self.state.as_str() {
            "assigned" => PickupState::Assigned,
            "en_route" => PickupState::EnRoute { departed_at: moment(self.departed_at)? },
            "arrived" => PickupState::Arrived(self.arrival()?),
            "weighed" => PickupState::Weighed(weighing()?),
            "disputed" => PickupState::Disputed {
                weighing: weighing()?,
                dispute: disputed.ok_or(INCOMPLETE)?.read(),
            },
            "confirmed" => {
                PickupState::Confirmed { weighing: weighing()?, at: moment(self.confirmed_at)? }
            }
            "paid" => PickupState::Paid {
                weighing: weighing()?,
                confirmed_at: moment(self.confirmed_at)?,
                at: moment(self.ended_at)?,
            },
            "released" => PickupState::Released(self.ending()?),
            "cancelled" => PickupState::Cancelled(self.ending()?),
            _ => return Err(Invalid("state_unknown")),
        })
    }

    fn arrival(&self) -> Result<Arrival, Invalid> {
        Ok(Arrival {
            departed_at: moment(self.departed_at)?,
            at: moment(self.arrived_at)?,
            distance_meters: self.arrival_distance_meters.ok_or(INCOMPLETE)?,
        })
    }

    fn ending(&self) -> Result<Ending, Invalid> {
        Ok(Ending {
            at: moment(self.ended_at)?,
            by: self.ended_by.as_deref().and_then(EndedBy::parse).ok_or(INCOMPLETE)?,
            reason: self.end_reason.clone().ok_or(INCOMPLETE)?,
        })
    }
}

fn moment(column: Option<i64>) -> Result<Timestamp, Invalid> {
    column.map(Timestamp::from_micros).ok_or(INCOMPLETE)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pickup_price)]
pub(super) struct PriceRow {
    pickup_id: String,
    material: String,
    price_rupiah: i64,
}

impl PriceRow {
    pub(super) fn of(pickup: &Pickup) -> impl Iterator<Item = Self> {
        let pickup_id = pickup.id.to_string();
        pickup.prices.iter().map(move |frozen| Self {
            pickup_id: pickup_id.clone(),
            material: frozen.material.to_string(),
            price_rupiah: frozen.price.get(),
        })
    }

    fn read(self) -> Result<FrozenPrice, Invalid> {
        let material = MaterialCode::parse(&self.material)?;
        Ok(FrozenPrice { material, price: UnitPrice::parse(self.price_rupiah)? })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pickup_weighing, treat_none_as_default_value = false)]
pub(super) struct WeighingRow {
    pub(super) pickup_id: String,
    pub(super) weighed_at: i64,
    pub(super) scale_id: Option<String>,
    pub(super) amount_rupiah: i64,
    pub(super) scale_tera_until: Option<String>,
}

impl WeighingRow {
    fn read(self, arrival: Arrival, lines: Vec<LineRow>) -> Result<Weighing, Invalid> {
        Ok(Weighing {
            arrival,
            at: Timestamp::from_micros(self.weighed_at),
            scale: Scale {
                id: self.scale_id,
                tera_until: self.scale_tera_until.map(TeraDate::try_from).transpose()?,
            },
            lines: lines.into_iter().map(LineRow::read).collect::<Result<_, _>>()?,
            amount: Rupiah::new(self.amount_rupiah),
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pickup_line)]
pub(super) struct LineRow {
    pickup_id: String,
    position: i64,
    material: String,
    unit: String,
    quantity: i64,
    grams: i64,
    price_rupiah: i64,
    amount_rupiah: i64,
}

impl LineRow {
    pub(super) fn of(id: &str, lines: &[Line]) -> impl Iterator<Item = Self> {
        (0i64..).zip(lines).map(|(position, line)| Self {
            pickup_id: id.to_owned(),
            position,
            material: line.material.to_string(),
            unit: line.quantity.unit().as_str().to_owned(),
            quantity: line.quantity.amount(),
            grams: line.grams.get(),
            price_rupiah: line.price.get(),
            amount_rupiah: line.amount.get(),
        })
    }

    fn read(self) -> Result<Line, Invalid> {
        Ok(Line {
            material: MaterialCode::parse(&self.material)?,
            quantity: Quantity::parse(Unit::parse(&self.unit)?, self.quantity)?,
            grams: Grams::parse(self.grams)?,
            price: UnitPrice::parse(self.price_rupiah)?,
            amount: Rupiah::new(self.amount_rupiah),
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pickup_dispute, treat_none_as_default_value = false)]
pub(super) struct DisputeRow {
    pub(super) pickup_id: String,
    pub(super) disputed_at: i64,
    pub(super) reason: String,
    pub(super) detail: Option<String>,
    pub(super) resolved_at: Option<i64>,
    pub(super) resolved_by: Option<String>,
    pub(super) outcome: Option<String>,
    pub(super) resolution_reason: Option<String>,
}

impl DisputeRow {
    fn read(self) -> Dispute {
        let at = Timestamp::from_micros(self.disputed_at);
        Dispute { at, reason: self.reason, detail: self.detail }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pickup_rating, treat_none_as_default_value = false)]
pub(super) struct RatingRow {
    pub(super) pickup_id: String,
    pub(super) rated_by: String,
    pub(super) stars: i64,
    pub(super) comment: Option<String>,
    pub(super) created_at: i64,
}
