use std::collections::HashMap;

use crate::ranking::{Job, Judge, Load, Score, Standing, eta_seconds};

/// What somebody gets about with: the same for everybody with such a vehicle who is as well known to be where he is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Vehicle {
    crow_meters_per_hour: u32,
    delay_seconds: u32,
    capacity: Load,
}

/// Everybody's vehicle, by a byte each: there are few sorts, and whoever has one too many counts as having the best.
#[derive(Debug, Clone, Default)]
pub(super) struct Vehicles {
    sorts: Vec<Vehicle>,
    numbers: Vec<u8>,
    /// No vehicle is faster, none sets out earlier and none is larger.
    best: Vehicle,
}

/// What a score allows for all vehicles when they are asked for one job.
pub(super) struct Roads<'a> {
    vehicles: &'a Vehicles,
    judge: &'a Judge<'a>,
    /// What the load takes off the room of each sort, at the least.
    taken: Vec<Score>,
}

impl Vehicles {
    /// Takes everybody in the order of the slots.
    pub(super) fn of(standings: &[Standing]) -> Self {
        let mut all = Self::default();
        let mut known = HashMap::new();
        for vehicle in standings.iter().map(Vehicle::of) {
            let number = *known.entry(vehicle).or_insert_with(|| all.add(vehicle));
            all.numbers.push(number);
        }
        all.sorts.truncate(usize::from(u8::MAX));
        all
    }

    /// How many bytes it takes.
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(self.numbers.as_slice())
    }

    fn add(&mut self, vehicle: Vehicle) -> u8 {
        let number = u8::try_from(self.sorts.len()).unwrap_or(u8::MAX);
        self.best = if self.sorts.is_empty() { vehicle } else { self.best.or_better(vehicle) };
        self.sorts.push(vehicle);
        number
    }
}

impl Vehicle {
    const fn of(standing: &Standing) -> Self {
        Self {
            crow_meters_per_hour: standing.crow_meters_per_hour,
            delay_seconds: standing.delay_seconds,
            capacity: standing.capacity,
        }
    }

    fn eta_seconds(&self, meters: u32) -> i64 {
        eta_seconds(meters, self.crow_meters_per_hour).saturating_add(self.delay_seconds.into())
    }

    fn or_better(self, other: Self) -> Self {
        Self {
            crow_meters_per_hour: self.crow_meters_per_hour.max(other.crow_meters_per_hour),
            delay_seconds: self.delay_seconds.min(other.delay_seconds),
            capacity: Load {
                grams: self.capacity.grams.max(other.capacity.grams),
                milliliters: self.capacity.milliliters.max(other.capacity.milliliters),
            },
        }
    }
}

impl<'a> Roads<'a> {
    /// Works out what does not depend on the distance.
    pub(super) fn of(vehicles: &'a Vehicles, job: &Job, judge: &'a Judge<'a>) -> Self {
        let taken = |vehicle: &Vehicle| judge.room_taken(job, vehicle.capacity);
        Self { vehicles, judge, taken: vehicles.sorts.iter().map(taken).collect() }
    }

    /// What windows and waiting count at most for whoever is not nearer.
    pub(super) fn standstill(&self, job: &Job, meters: u32) -> Score {
        self.judge.standstill(job, self.vehicles.best.eta_seconds(meters))
    }

    /// What the way counts at most for whoever is not nearer.
    pub(super) fn way(&self, meters: u32) -> Score {
        self.judge.way(self.vehicles.best.eta_seconds(meters))
    }

    /// The same in one collector's own vehicle, and what the load takes off its room.
    pub(super) fn way_and_taken(&self, slot: usize, meters: u32) -> (Score, Score) {
        let sort = self.vehicles.numbers.get(slot).map_or(usize::MAX, |&number| number.into());
        match (self.vehicles.sorts.get(sort), self.taken.get(sort)) {
            (Some(vehicle), Some(&taken)) => (self.judge.way(vehicle.eta_seconds(meters)), taken),
            _ => (self.way(meters), Score::NOTHING),
        }
    }
}

#[cfg(test)]
mod tests {
    use primitives::Coordinates;

    use super::*;
    use crate::{
        ranking::{Value, Weights},
        worlds::NOON,
    };

    fn driving(crow_meters_per_hour: u32) -> Standing {
        Standing {
            whereabouts: Coordinates::parse(3.5, 98.7).unwrap(),
            crow_meters_per_hour,
            delay_seconds: 0,
            capacity: Load { grams: 1_000, milliliters: 1_000 },
            free: Load { grams: 1_000, milliliters: 1_000 },
            reliability: Value::BEST,
            rating: Value::BEST,
            fairness: Value::BEST,
        }
    }

    #[test]
    fn one_sort_too_many_counts_as_the_best() {
        let standings: Vec<Standing> =
            (0..600).map(|number| driving(9_000 + number / 2 * 10)).collect();
        let vehicles = Vehicles::of(&standings);
        let judge = Judge { weights: &Weights::CANDIDATES, now: NOON };
        let roads = Roads { vehicles: &vehicles, judge: &judge, taken: vec![Score::NOTHING; 255] };
        for (slot, standing) in standings.iter().enumerate() {
            let own = judge.way(eta_seconds(5_000, standing.crow_meters_per_hour));
            let known = roads.way_and_taken(slot, 5_000).0;
            assert_eq!(known, if slot < 2 * 255 { own } else { roads.way(5_000) });
            assert!(own <= known && known <= roads.way(5_000));
        }
    }
}
