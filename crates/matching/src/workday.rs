use std::{sync::Arc, time::Duration};

use catalog::Vehicle;
use pickups::{Pickup, PickupState};
use primitives::{Coordinates, PickupId, Timestamp};
use reports::Report;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    columns::crow_speed,
    index::whole_meters,
    ranking::{Load, eta_seconds},
    route::{BASE, Base, Day, Opening, Rates, START, Terms, Travel, Visit},
};

/// To weigh, to agree and to load.
const SERVICE: Duration = Duration::from_secs(10 * 60);
/// To empty the vehicle at the base.
const UNLOADING: Duration = Duration::from_secs(15 * 60);
/// Whoever comes so much before or after the promised time has kept his promise.
const PUNCTUAL: Duration = Duration::from_secs(15 * 60);

/// From where a route begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The door at which the collector says that he is.
    Door,
    /// Where he was seen lately.
    Position,
    /// His base.
    Base,
}

/// The open jobs of a collector at one moment, ready to be planned.
#[derive(Debug, Clone)]
pub struct Workday {
    /// The moment from which seconds are counted.
    pub begins_at: Timestamp,
    /// From where he sets out.
    pub origin: Origin,
    /// Where he unloads.
    pub base: Coordinates,
    /// The jobs to be fetched, in the order of the day's visits, and where.
    pub doors: Vec<(PickupId, Coordinates)>,
    /// The same for the planner.
    pub day: Day,
}

/// Who drives, and from where.
pub(crate) struct Driver {
    pub(crate) vehicle: Arc<Vehicle>,
    pub(crate) base: Coordinates,
    /// Where he was seen lately.
    pub(crate) seen: Option<Coordinates>,
}

impl Workday {
    /// Those on the way come first, the one at whose door he is before the others; what has been weighed is on board.
    pub(crate) fn of(driver: &Driver, jobs: Vec<(Pickup, Report)>, now: Timestamp) -> Self {
        let on_board = jobs.iter().filter(|(pickup, _)| pickup.weighing().is_some());
        let on_board = on_board.fold(Load::default(), |sum, (pickup, _)| sum.plus(load_of(pickup)));
        let mut to_fetch: Vec<_> =
            jobs.into_iter().filter(|(pickup, _)| pickup.weighing().is_none()).collect();
        to_fetch.sort_by_key(|(pickup, _)| (turn_of(pickup), pickup.id));
        let underway = to_fetch.iter().filter(|(pickup, _)| turn_of(pickup) != Turn::Open).count();
        let doors: Vec<_> =
            to_fetch.iter().map(|(pickup, report)| door_of(pickup, report)).collect();
        let arrived = to_fetch.first().filter(|(pickup, _)| is_at_door(pickup)).is_some();
        let (origin, start) = match (doors.first(), driver.seen) {
            (Some((_, door)), _) if arrived => (Origin::Door, *door),
            (_, Some(seen)) => (Origin::Position, seen),
            _ => (Origin::Base, driver.base),
        };
        let visits = to_fetch.iter().map(|(pickup, report)| visit_of(pickup, report, now));
        let day = Day {
            visits: visits.collect(),
            travel: driver.travel(start, &doors),
            terms: driver.terms(on_board, underway),
        };
        Self { begins_at: now, origin, base: driver.base, doors, day }
    }
}

impl Workday {
    /// The moment so many seconds after the beginning.
    pub fn at(&self, seconds: i64) -> Timestamp {
        self.begins_at.plus(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    }
}

impl Driver {
    fn travel(&self, start: Coordinates, doors: &[(PickupId, Coordinates)]) -> Travel {
        let speed = crow_speed(&self.vehicle);
        let place = |node: usize| match node {
            START => start,
            BASE => self.base,
            door => doors.get(door - 2).map_or(self.base, |(_, place)| *place),
        };
        Travel::of(doors.len(), |from, to| eta_seconds(whole_meters(place(from), place(to)), speed))
    }

    fn terms(&self, on_board: Load, underway: usize) -> Terms {
        let capacity = Load {
            grams: self.vehicle.capacity_grams.get(),
            milliliters: self.vehicle.capacity_milliliters.get(),
        };
        let base = Base::Unloads { seconds: seconds(UNLOADING) };
        Terms { capacity, on_board, base, rates: Rates::WORK, underway }
    }
}

/// In which order jobs come that are not free to be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    AtDoor(Timestamp),
    OnTheWay(Timestamp),
    Open,
}

fn turn_of(pickup: &Pickup) -> Turn {
    match &pickup.state {
        PickupState::Arrived(arrival) => Turn::AtDoor(arrival.at),
        PickupState::EnRoute { departed_at } => Turn::OnTheWay(*departed_at),
        _ => Turn::Open,
    }
}

const fn is_at_door(pickup: &Pickup) -> bool {
    matches!(pickup.state, PickupState::Arrived(_))
}

fn door_of(pickup: &Pickup, report: &Report) -> (PickupId, Coordinates) {
    (pickup.id, report.home.location().coordinates)
}

fn load_of(pickup: &Pickup) -> Load {
    Load { grams: pickup.estimated_grams.get(), milliliters: pickup.estimated_milliliters.get() }
}

/// A promised time stands in the place of the household's windows; who has arrived is not late any more.
fn visit_of(pickup: &Pickup, report: &Report, now: Timestamp) -> Visit {
    let opening = |from: Timestamp, until: Timestamp| Opening {
        from: from.seconds_since(now),
        until: until.seconds_since(now),
    };
    let windows = report.windows.iter().map(|window| opening(window.from(), window.until()));
    let openings = match pickup.pickup_at {
        _ if is_at_door(pickup) => Vec::new(),
        Some(promised) => vec![opening(promised.minus(PUNCTUAL), promised.plus(PUNCTUAL))],
        None => windows.collect(),
    };
    Visit::new(openings, seconds(SERVICE), load_of(pickup))
}

fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}
