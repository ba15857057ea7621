//! How the goods get from the collectors' yards to the facilities' scales.

use catalog::MaterialCode;
use collectors::CollectorKind;
use database::Connection;
use deliveries::{DeliveryStateName, Load, NewDelivery, Reason, Role, ScaleName, Weighed};
use primitives::{CollectorId, DeliveryId, Grams};

use super::{
    agenda::Agenda,
    cast::{Cast, Merchant},
    day::Stage,
    steps::Step,
};
use crate::house::HouseError;

/// Nobody drives for less.
const WORTH_A_TRIP_GRAMS: i64 = 10_000;

/// A collector brings most of what he carries to the facility next to his yard, unless it is hardly worth the trip.
pub(super) fn bring(
    stage: &Stage,
    conn: &mut Connection,
    cast: &Cast,
    agenda: &mut Agenda,
    merchant: usize,
) -> Result<(), HouseError> {
    let merchant = cast.collectors.get(merchant).ok_or("no such collector")?;
    let deliveries = &stage.house.deliveries;
    let brings = (Some(Role::Collector), Some(DeliveryStateName::Announced));
    if !deliveries.page_of_party_in(conn, merchant.id, brings, None, 1)?.is_empty() {
        return Ok(());
    }
    let mut loads = Vec::new();
    for (goods, carried) in deliveries.carried_in(conn, merchant.id)? {
        let share = i64::from(85 + stage.house.ambient.below(16));
        let grams = Grams::parse((carried.balance * share / 100).min(5_000_000))?;
        if grams.get() > 0 {
            loads.push(Load { material: MaterialCode::parse(&goods.to_string())?, grams });
        }
    }
    let total: i64 = loads.iter().map(|load| load.grams.get()).sum();
    let Some(facility) = nearest_facility(cast, merchant) else { return Ok(()) };
    if total < WORTH_A_TRIP_GRAMS {
        return Ok(());
    }
    let new = NewDelivery { facility, loads };
    let delivery = deliveries.announce_in(conn, merchant.id, &new)?.id;
    // Sometimes nobody is at the gate, and the delivery expires.
    if !stage.chance(3) {
        agenda.put(stage.in_minutes(15, 50), Step::TakeIn { delivery, facility });
    }
    Ok(())
}

/// Somebody else's yard with a scale.
fn nearest_facility(cast: &Cast, merchant: &Merchant) -> Option<CollectorId> {
    let apart = |other: &Merchant| {
        let north = other.yard.lat() - merchant.yard.lat();
        let east = other.yard.lon() - merchant.yard.lon();
        north * north + east * east
    };
    let facilities = cast.collectors.iter().filter(|other| {
        let weighs = !matches!(other.kind, CollectorKind::Pengepul | CollectorKind::BankSampahUnit);
        weighs && other.id != merchant.id
    });
    facilities.min_by(|one, other| apart(one).total_cmp(&apart(other))).map(|found| found.id)
}

/// The facility weighs: mostly a little less arrives than was announced, sometimes a little more.
pub(super) fn take_in(
    stage: &Stage,
    conn: &mut Connection,
    delivery: DeliveryId,
    facility: CollectorId,
) -> Result<(), HouseError> {
    let deliveries = &stage.house.deliveries;
    if stage.chance(2) {
        deliveries.refuse_in(conn, facility, delivery, &Reason::parse("basah semua")?)?;
        return Ok(());
    }
    let (brought, _side) = deliveries.find_party_in(conn, facility, delivery)?;
    let weighed = brought.loads.into_iter().map(|load| {
        let share = i64::from(960 + stage.house.ambient.below(51));
        let grams = Grams::parse(load.grams.get() * share / 1_000)?;
        Ok(Load { grams, ..load })
    });
    let weighed = Weighed {
        loads: weighed.collect::<Result<_, HouseError>>()?,
        scale: Some(ScaleName::parse("TIMBANGAN-LANTAI")?),
    };
    deliveries.receive_in(conn, facility, delivery, &weighed)?;
    Ok(())
}
