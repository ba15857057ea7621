use catalog::MaterialCode;
use diesel::{Insertable, Queryable};
use primitives::{
    AccountId, CollectorId, Invalid, OfferId, PickupId, RegionCode, ReportId, Timestamp, UnitPrice,
};

use crate::{
    Offer, OfferState, OfferedPrice,
    schema::{offer, offer_price},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = offer, treat_none_as_default_value = false)]
pub(super) struct OfferRow {
    pub(super) id: String,
    report_id: String,
    report_version: i64,
    household_id: String,
    collector_id: String,
    desa: String,
    pickup_at: i64,
    note: Option<String>,
    state: String,
    pickup_id: Option<String>,
    created_at: i64,
    closed_at: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = offer_price)]
pub(super) struct PriceRow {
    pub(super) offer_id: String,
    material: String,
    price_rupiah: i64,
}

impl From<&Offer> for OfferRow {
    fn from(offer: &Offer) -> Self {
        Self {
            id: offer.id.to_string(),
            report_id: offer.report.to_string(),
            report_version: offer.report_version,
            household_id: offer.household.to_string(),
            collector_id: offer.collector.to_string(),
            desa: offer.desa.to_string(),
            pickup_at: offer.pickup_at.micros(),
            note: offer.note.clone(),
            state: offer.state.name().as_str().to_owned(),
            pickup_id: offer.state.pickup().map(|pickup| pickup.to_string()),
            created_at: offer.created_at.micros(),
            closed_at: offer.state.closed_at().map(Timestamp::micros),
        }
    }
}

impl OfferRow {
    pub(super) fn read(self, prices: Vec<PriceRow>) -> Result<Offer, Invalid> {
        let pickup = self.pickup_id.as_deref().map(PickupId::parse).transpose()?;
        let closed_at = self.closed_at.map(Timestamp::from_micros);
        Ok(Offer {
            id: OfferId::parse(&self.id)?,
            report: ReportId::parse(&self.report_id)?,
            report_version: self.report_version,
            household: AccountId::parse(&self.household_id)?,
            collector: CollectorId::parse(&self.collector_id)?,
            desa: RegionCode::parse(&self.desa)?,
            prices: prices.into_iter().map(PriceRow::read).collect::<Result<_, _>>()?,
            pickup_at: Timestamp::from_micros(self.pickup_at),
            note: self.note,
            state: OfferState::read(&self.state, closed_at, pickup)?,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

impl PriceRow {
    pub(super) fn of(offer: &Offer) -> impl Iterator<Item = Self> {
        offer.prices.iter().map(|line| Self {
            offer_id: offer.id.to_string(),
            material: line.material.to_string(),
            price_rupiah: line.price.get(),
        })
    }

    fn read(self) -> Result<OfferedPrice, Invalid> {
        let material = MaterialCode::parse(&self.material)?;
        Ok(OfferedPrice { material, price: UnitPrice::parse(self.price_rupiah)? })
    }
}
