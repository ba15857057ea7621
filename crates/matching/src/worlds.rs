//! Random little worlds for the tests: coarse enough that ties are common.

use std::sync::Arc;

use collectors::ServiceArea;
use primitives::{
    AccountId, CollectorId, Coordinates, Quantity, ReportId, Rupiah, Timestamp, Unit, UnitPrice,
};
use proptest::{collection::vec, prelude::*};
use reports::MinimumShare;

use crate::ranking::{
    Contender, Duty, Item, Job, Load, MaterialSlot, Price, Record, Sighting, Weights, Window,
};

/// The moment all questions are asked.
pub(crate) const NOON: Timestamp = Timestamp::from_micros(1_772_427_600_000_000);
const SECOND: i64 = 1_000_000;

/// The identity of the n-th collector.
pub(crate) fn collector(number: usize) -> CollectorId {
    CollectorId::from_parts(NOON, tail(number))
}

/// The identity of the n-th account.
pub(crate) fn account(number: usize) -> AccountId {
    AccountId::from_parts(NOON, tail(number))
}

/// The identity of the n-th report.
pub(crate) fn report(number: usize) -> ReportId {
    ReportId::from_parts(NOON, tail(number))
}

fn tail(number: usize) -> [u8; 10] {
    let mut tail = [0; 10];
    tail[2..].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
    tail
}

prop_compose! {
    /// Mostly a point of a coarse lattice around one town, seldom the far end of the country.
    pub(crate) fn place()(far in 0..30, north in 0i32..25, east in 0i32..25) -> Coordinates {
        let (lat, lon) = if far == 0 { (-8.5, 140.0) } else { (3.5, 98.6) };
        Coordinates::parse(lat + f64::from(north) / 120.0, lon + f64::from(east) / 120.0).unwrap()
    }
}

fn duty() -> impl Strategy<Value = Duty> {
    prop_oneof![
        8 => Just(Duty::Working),
        1 => Just(Duty::Offline),
        1 => Just(Duty::OffHours),
        1 => Just(Duty::Unverified),
        1 => Just(Duty::Suspended),
    ]
}

fn sighting() -> impl Strategy<Value = Sighting> {
    prop_oneof![
        2 => Just(Sighting::Never),
        1 => Just(Sighting::Stale),
        2 => place().prop_map(Sighting::Fresh),
    ]
}

prop_compose! {
    /// A box whose sides run between the points of the lattice, and sometimes along them.
    fn area()(south in 0i32..40, west in 0i32..40, height in 1i32..30, width in 1i32..30) -> Arc<ServiceArea> {
        let at = |corner: i32| f64::from(corner) / 200.0;
        let (south, west) = (3.5 + at(south), 98.6 + at(west));
        let (north, east) = (south + at(height), west + at(width));
        let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
        Arc::new(ServiceArea::parse(&ring).unwrap())
    }
}

prop_compose! {
    fn record()(
        kept in 0u32..4, broken in 0u32..3, ratings in 0u32..3, mean in 1u32..=5, recent_wins in 0u32..3,
    ) -> Record {
        Record { promised: kept + broken, kept, ratings, stars: ratings * mean, recent_wins }
    }
}

prop_compose! {
    fn load(most: i64)(tens in 0..=most, tenths in 0..=most) -> Load {
        Load { grams: tens * 10_000, milliliters: tenths * 100_000 }
    }
}

fn prices() -> impl Strategy<Value = Vec<Price>> {
    vec(prop_oneof![1 => Just(None), 3 => (1i64..5).prop_map(Some)], 4).prop_map(|prices| {
        let lines = (0u16..).zip(prices).filter_map(|(material, price)| {
            let price = UnitPrice::parse(price? * 1_000).unwrap();
            Some(Price { material: MaterialSlot(material), price })
        });
        lines.collect()
    })
}

prop_compose! {
    /// Somebody; his identity is given to him later.
    fn anybody()(
        duty in duty(),
        base in place(),
        radius in 1u32..8,
        area in prop_oneof![3 => Just(None), 1 => area().prop_map(Some)],
        sighting in sighting(),
        speed in 1u32..4,
        capacity in load(10),
        carried in load(4),
        prices in prices(),
        record in record(),
    ) -> Contender {
        Contender {
            collector: collector(0),
            account: account(0),
            duty,
            base,
            radius_meters: radius * 3_000,
            area,
            sighting,
            crow_meters_per_hour: speed * 10_000,
            capacity,
            carried,
            prices,
            record,
        }
    }
}

/// A crowd of up to `most`; identities do not follow the order.
pub(crate) fn crowd(most: usize) -> impl Strategy<Value = Vec<Contender>> {
    vec(anybody(), 0..most).prop_map(|crowd| {
        let named = crowd.into_iter().enumerate().map(|(number, contender)| {
            let (collector, account) = (collector(number * 7_919 % 1_009), account(number));
            Contender { collector, account, ..contender }
        });
        named.collect()
    })
}

prop_compose! {
    fn window()(start in -4i64..8, hours in 1i64..5) -> Window {
        let from = Timestamp::from_micros(NOON.micros() + start * 3_600 * SECOND);
        Window { from, until: Timestamp::from_micros(from.micros() + hours * 3_600 * SECOND) }
    }
}

/// Mostly everything at once.
fn minimum_share() -> impl Strategy<Value = MinimumShare> {
    prop_oneof![2 => Just(MinimumShare::ALL), 1 => (1i64..=100).prop_map(|it| MinimumShare::parse(it).unwrap())]
}

prop_compose! {
    /// What somebody wants to be rid of.
    pub(crate) fn job()(
        household in 0usize..100,
        place in place(),
        tolerance_meters in prop_oneof![Just(0u32), Just(700)],
        amounts in vec((0u16..5, 1i64..20, load(2)), 0..4),
        minimum_share in minimum_share(),
        top in 0i64..80,
        windows in vec(window(), 0..3),
        waited in 0i64..40,
    ) -> Job {
        let items = amounts.into_iter().map(|(material, kilograms, load)| Item {
            material: MaterialSlot(material),
            quantity: Quantity::parse(Unit::Kg, kilograms * 1_000).unwrap(),
            load,
        });
        let items: Vec<Item> = items.collect();
        Job {
            household: account(household),
            place,
            tolerance_meters,
            load: items.iter().fold(Load::default(), |sum, item| sum.plus(item.load)),
            items,
            minimum_share,
            top_payout: Rupiah::new(top * 1_000),
            windows,
            waiting_since: Timestamp::from_micros(NOON.micros() - waited * 1_800 * SECOND),
        }
    }
}

/// The weights of the product, and sets that look at one thing only: there the bounds are tightest and ties common.
pub(crate) fn weights() -> impl Strategy<Value = Weights> {
    let nothing = Weights { version: "one", ..Weights::CANDIDATES };
    let mut travel_only = nothing;
    travel_only.percent = crate::ranking::PerPart {
        travel_time: 100,
        payout: 0,
        reliability: 0,
        rating: 0,
        spare_capacity: 0,
        window_fit: 0,
        fairness: 0,
        ageing: 0,
    };
    let mut payout_only = travel_only;
    (payout_only.percent.travel_time, payout_only.percent.payout) = (0, 100);
    prop_oneof![
        3 => Just(Weights::CANDIDATES),
        1 => Just(Weights::FEED),
        1 => Just(travel_only),
        1 => Just(payout_only),
    ]
}

/// So many random worlds at least, or more when the environment asks proptest for more.
pub(crate) fn worlds() -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig { cases: asked.cases.max(1_000), ..asked }
}
