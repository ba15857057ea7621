use catalog::MaterialCode;
use database::DatabaseError;
use diesel::{AsChangeset, Insertable, Queryable};
use primitives::{CollectorId, DeliveryId, Grams, Invalid, JournalId, RegionCode, Timestamp};

use crate::{
    Delivery, DeliveryState, Load, Reason, Receipt, ScaleName,
    schema::{delivery, delivery_line},
};

const INCOMPLETE: Invalid = Invalid("state_incomplete");

#[derive(Queryable, Insertable)]
#[diesel(table_name = delivery, treat_none_as_default_value = false)]
pub(super) struct DeliveryRow {
    pub(super) id: String,
    collector_id: String,
    facility_id: String,
    desa: String,
    announced_at: i64,
    expires_at: i64,
    state: String,
    ended_at: Option<i64>,
    reason: Option<String>,
    scale_id: Option<String>,
    journal_id: Option<String>,
    version: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = delivery_line)]
pub(super) struct LineRow {
    pub(super) delivery_id: String,
    material: String,
    grams: i64,
    received_grams: Option<i64>,
}

/// What an ending changes.
#[derive(AsChangeset)]
#[diesel(table_name = delivery)]
pub(super) struct EndRow {
    state: String,
    ended_at: Option<i64>,
    reason: Option<String>,
    scale_id: Option<String>,
    journal_id: Option<String>,
    version: i64,
}

impl From<&Delivery> for EndRow {
    fn from(delivery: &Delivery) -> Self {
        let ended = Self {
            state: delivery.state.name().as_str().to_owned(),
            ended_at: delivery.state.ended_at().map(Timestamp::micros),
            reason: None,
            scale_id: None,
            journal_id: None,
            version: delivery.version,
        };
        match &delivery.state {
            DeliveryState::Received(receipt) => Self {
                scale_id: receipt.scale.clone().map(String::from),
                journal_id: Some(receipt.journal.to_string()),
                ..ended
            },
            DeliveryState::Refused { reason, .. } => {
                Self { reason: Some(reason.as_str().to_owned()), ..ended }
            }
            DeliveryState::Announced
            | DeliveryState::Withdrawn { .. }
            | DeliveryState::Expired { .. } => ended,
        }
    }
}

impl From<&Delivery> for DeliveryRow {
    fn from(delivery: &Delivery) -> Self {
        let EndRow { state, ended_at, reason, scale_id, journal_id, version } =
            EndRow::from(delivery);
        Self {
            id: delivery.id.to_string(),
            collector_id: delivery.collector.to_string(),
            facility_id: delivery.facility.to_string(),
            desa: delivery.desa.to_string(),
            announced_at: delivery.announced_at.micros(),
            expires_at: delivery.expires_at.micros(),
            state,
            ended_at,
            reason,
            scale_id,
            journal_id,
            version,
        }
    }
}

/// The lines of a delivery that is announced now: nothing is weighed yet.
pub(super) fn lines_of(delivery: &Delivery) -> impl Iterator<Item = LineRow> {
    delivery.loads.iter().map(|load| LineRow {
        delivery_id: delivery.id.to_string(),
        material: load.material.to_string(),
        grams: load.grams.get(),
        received_grams: None,
    })
}

impl DeliveryRow {
    pub(super) fn read(self, lines: &[LineRow]) -> Result<Delivery, DatabaseError> {
        let delivery = self.parsed(lines);
        delivery.map_err(|what| DatabaseError::corrupt("delivery", &self.id, what))
    }

    fn parsed(&self, lines: &[LineRow]) -> Result<Delivery, Invalid> {
        Ok(Delivery {
            id: DeliveryId::parse(&self.id)?,
            collector: CollectorId::parse(&self.collector_id)?,
            facility: CollectorId::parse(&self.facility_id)?,
            desa: RegionCode::parse(&self.desa)?,
            loads: lines.iter().map(LineRow::announced).collect::<Result<_, _>>()?,
            announced_at: Timestamp::from_micros(self.announced_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            state: self.state(lines)?,
            version: self.version,
        })
    }

    fn state(&self, lines: &[LineRow]) -> Result<DeliveryState, Invalid> {
        let ended_at = self.ended_at.map(Timestamp::from_micros).ok_or(INCOMPLETE);
        Ok(match self.state.as_str() {
            "announced" => DeliveryState::Announced,
            "received" => DeliveryState::Received(Receipt {
                at: ended_at?,
                loads: lines.iter().map(LineRow::received).collect::<Result<_, _>>()?,
                scale: self.scale_id.as_deref().map(ScaleName::parse).transpose()?,
                journal: JournalId::parse(self.journal_id.as_deref().ok_or(INCOMPLETE)?)?,
            }),
            "refused" => DeliveryState::Refused {
                at: ended_at?,
                reason: Reason::parse(self.reason.as_deref().ok_or(INCOMPLETE)?)?,
            },
            "withdrawn" => DeliveryState::Withdrawn { at: ended_at? },
            "expired" => DeliveryState::Expired { at: ended_at? },
            _ => return Err(Invalid("state_unknown")),
        })
    }
}

impl LineRow {
    fn announced(&self) -> Result<Load, Invalid> {
        self.load(self.grams)
    }

    fn received(&self) -> Result<Load, Invalid> {
        self.load(self.received_grams.ok_or(INCOMPLETE)?)
    }

    fn load(&self, grams: i64) -> Result<Load, Invalid> {
        Ok(Load { material: MaterialCode::parse(&self.material)?, grams: Grams::parse(grams)? })
    }
}
