//! Who lives in the demo: households, collectors of every kind in every kecamatan, and one officer.

use accounts::{NewInvitation, ShortName};
use collectors::{
    CollectorKind, Decider, Limits, Name, NewCollector, NewPriceList, PriceItem, ServiceRadius,
};
use database::Connection;
use http_kit::StaffRole;
use payments::{Maker, NewTopUp};
use primitives::{
    AccountId, CollectorId, Coordinates, Location, PhoneNumber, RegionCode, Rupiah, UnitPrice,
};
use regions::Region;

use crate::house::HouseError;

use super::{
    day::Stage,
    names::{FAMILY, GIVEN, SIGNS},
};

/// How many households the demo has.
const HOUSEHOLDS: u32 = 360;
/// How many collectors each kecamatan has.
const COLLECTORS_EACH: u32 = 3;
/// What a collector brings to his wallet before the first day.
const DEPOSIT: Rupiah = Rupiah::new(5_000_000);
/// The kabupaten.
pub(super) const KABUPATEN: &str = "12.07";

/// Everybody.
pub(super) struct Cast {
    pub(super) households: Vec<Household>,
    pub(super) collectors: Vec<Merchant>,
}

/// A household and its home.
pub(super) struct Household {
    pub(super) account: AccountId,
    pub(super) home: Location,
    pub(super) desa: RegionCode,
}

/// A collector and where his yard is.
pub(super) struct Merchant {
    pub(super) id: CollectorId,
    pub(super) kind: CollectorKind,
    pub(super) yard: Coordinates,
}

/// Opens every account; collectors register, are verified, publish prices and go online.
pub(super) fn move_in(stage: &Stage, conn: &mut Connection) -> Result<Cast, HouseError> {
    let villages = villages(stage)?;
    let officer = appoint_officer(stage, conn)?;
    let households = (0..HOUSEHOLDS)
        .map(|number| settle_household(stage, conn, &villages, number))
        .collect::<Result<_, _>>()?;
    let mut collectors = Vec::new();
    let mut number = 0;
    for (district, inside) in by_district(&villages) {
        for _ in 0..COLLECTORS_EACH {
            collectors.push(establish(stage, conn, &inside, number, (&district, officer))?);
            number += 1;
        }
    }
    stage.follow_log(conn)?;
    Ok(Cast { households, collectors })
}

fn villages(stage: &Stage) -> Result<Vec<Region>, HouseError> {
    let regions = &stage.house.regions;
    let districts = regions.children(&RegionCode::parse(KABUPATEN)?);
    Ok(districts.iter().flat_map(|district| regions.children(&district.code)).collect())
}

fn by_district(villages: &[Region]) -> Vec<(RegionCode, Vec<Region>)> {
    let mut districts: Vec<(RegionCode, Vec<Region>)> = Vec::new();
    for village in villages {
        let Some(parent) = village.code.parent() else { continue };
        match districts.last_mut() {
            Some((district, inside)) if *district == parent => inside.push(village.clone()),
            _ => districts.push((parent, vec![village.clone()])),
        }
    }
    districts
}

fn appoint_officer(stage: &Stage, conn: &mut Connection) -> Result<AccountId, HouseError> {
    let phone = phone("0811", 1)?;
    let account = open_account(stage, conn, &phone, "Kantor Dinas")?;
    let region = RegionCode::parse(KABUPATEN)?;
    let new = NewInvitation { role: StaffRole::Officer, region, phone: Some(phone.clone()) };
    let invitation = accounts::invite_in(conn, &stage.house.ambient, &new)?;
    stage.house.accounts.enrol_in(conn, &phone, &invitation.token)?;
    Ok(account)
}

fn settle_household(
    stage: &Stage,
    conn: &mut Connection,
    villages: &[Region],
    number: u32,
) -> Result<Household, HouseError> {
    let village = stage.pick(villages)?;
    let name = format!("{} {}", stage.pick(&GIVEN)?, stage.pick(&FAMILY)?);
    let account = open_account(stage, conn, &phone("0812", number)?, &name)?;
    Ok(Household { account, home: near(stage, village.center, 900)?, desa: village.code.clone() })
}

fn establish(
    stage: &Stage,
    conn: &mut Connection,
    villages: &[Region],
    number: u32,
    (district, officer): (&RegionCode, AccountId),
) -> Result<Merchant, HouseError> {
    let village = stage.pick(villages)?;
    let (kind, sign, vehicle, radius) = trade(number);
    let name = format!("{sign} {}", village.name);
    let account = open_account(stage, conn, &phone("0813", number)?, &name)?;
    let base = near(stage, village.center, 1_500)?;
    let new = NewCollector {
        id: None,
        kind,
        name: Name::parse(&name)?,
        base,
        desa: Some(village.code.clone()),
        service_radius: ServiceRadius::parse(radius)?,
        vehicle: catalog::VehicleCode::parse(vehicle)?,
        limits: Limits::default(),
    };
    let house = &stage.house;
    let id = house.collectors.register_in(conn, account, &new)?.id;
    let regions = [district.clone()];
    house.collectors.verify_in(conn, Decider { account: officer, regions: &regions }, id)?;
    publish_prices(stage, conn, id)?;
    let version = house.collectors.collector_in(conn, id)?.version;
    house.collectors.set_availability_in(conn, id, version, true)?;
    let reason = "deposit before the first day".to_owned();
    let deposit = NewTopUp { maker: Maker::CommandLine, account, amount: DEPOSIT, reason };
    house.payments.top_up_in(conn, &deposit)?;
    Ok(Merchant { id, kind, yard: base.coordinates })
}

/// Every kind occurs in every part of the kabupaten; vehicles as one sees them.
fn trade(number: u32) -> (CollectorKind, &'static str, &'static str, i64) {
    let [botot, unit, induk, tps3r, tpst] = SIGNS;
    match number % 10 {
        0 | 3 | 6 | 8 => (CollectorKind::Pengepul, botot, "BETOR", 12_000),
        1 | 4 => (CollectorKind::BankSampahUnit, unit, "MOTOR_RODA_TIGA_150", 10_000),
        2 => (CollectorKind::BankSampahInduk, induk, "PICKUP", 20_000),
        5 | 7 => (CollectorKind::Tps3r, tps3r, "MOTOR_RODA_TIGA_250", 14_000),
        _ => (CollectorKind::Tpst, tpst, "DUMP_TRUCK", 25_000),
    }
}

/// A price for everything the open market takes, somewhere within the reference band.
fn publish_prices(stage: &Stage, conn: &mut Connection, id: CollectorId) -> Result<(), HouseError> {
    let mut items = Vec::new();
    for material in stage.house.catalog.materials().iter().filter(|material| material.accepted) {
        let Some(band) = &material.reference_price else { continue };
        let width = band.max.get().saturating_sub(band.min.get());
        let share = i64::from(stage.house.ambient.below(101));
        let price = UnitPrice::parse(band.min.get() + width * share / 100 / 50 * 50)?;
        items.push(PriceItem { material: material.code.clone(), price });
    }
    let collectors = &stage.house.collectors;
    let version = collectors.price_board_in(conn, id)?.version;
    collectors.publish_prices_in(conn, id, version, &NewPriceList { items, valid_from: None })?;
    Ok(())
}

fn open_account(
    stage: &Stage,
    conn: &mut Connection,
    phone: &PhoneNumber,
    name: &str,
) -> Result<AccountId, HouseError> {
    let name = ShortName::parse(name)?;
    Ok(accounts::open_account_in(conn, &stage.house.ambient, phone, Some(&name))?.id)
}

/// Numbers that look real and are easy to type.
pub(super) fn phone(prefix: &str, number: u32) -> Result<PhoneNumber, HouseError> {
    Ok(PhoneNumber::parse(&format!("{prefix}0000{number:04}"))?)
}

/// A place within so many meters of a centre, in each direction.
fn near(stage: &Stage, center: Coordinates, meters: u32) -> Result<Location, HouseError> {
    let offset = || {
        let steps = f64::from(stage.house.ambient.below(2 * meters + 1)) - f64::from(meters);
        // A degree is some 111 km here, in both directions, so close to the equator.
        steps / 111_000.0
    };
    let coordinates = Coordinates::parse(center.lat() + offset(), center.lon() + offset())?;
    Ok(Location { coordinates, accuracy_meters: Some(15) })
}
