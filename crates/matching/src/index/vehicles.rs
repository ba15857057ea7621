use crate::ranking::{Job, Judge, Load, Score, Standing, eta_seconds};

/// What somebody gets about with: the same for everybody with such a vehicle who is as well known to be where he is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
    best: Pace,
    /// Of each sort how fast it is, and what the load takes off its room at the least.
    sorts: Vec<(Pace, Score)>,
}

impl Vehicles {
    /// Takes everybody, one after the other.
    pub(super) fn of(standings: impl Iterator<Item = Standing>) -> Self {
        let mut all = Self::default();
        for vehicle in standings.map(|standing| Vehicle::of(&standing)) {
            let known = all.sorts.iter().position(|sort| *sort == vehicle);
            let number = known.and_then(|number| u8::try_from(number).ok());
            let number = number.unwrap_or_else(|| all.add(vehicle));
            all.numbers.push(number);
        }
        all
    }

    /// The same in another order.
    pub(super) fn in_order(self, order: &[usize]) -> Self {
        let numbers = order.iter().filter_map(|&place| self.numbers.get(place).copied()).collect();
        Self { numbers, ..self }
    }

    /// How many bytes it takes.
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(self.numbers.as_slice())
    }

    fn add(&mut self, vehicle: Vehicle) -> u8 {
        self.best = if self.numbers.is_empty() { vehicle } else { self.best.or_better(vehicle) };
        match u8::try_from(self.sorts.len()) {
            Ok(number) if number < u8::MAX => {
                self.sorts.push(vehicle);
                number
            }
            _ => u8::MAX,
        }
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
        let sort = |vehicle: &Vehicle| (Pace::of(vehicle), judge.room_taken(job, vehicle.capacity));
        let sorts = vehicles.sorts.iter().map(sort).collect();
        Self { vehicles, judge, best: Pace::of(&vehicles.best), sorts }
    }

    /// What windows and waiting count at most for anybody.
    pub(super) fn standstill(&self, job: &Job) -> Score {
        self.judge.standstill(job, self.vehicles.best.eta_seconds(0))
    }

    /// What the way counts at most for whoever is not nearer.
    pub(super) fn way(&self, meters: u32) -> Score {
        self.judge.way_at_most(self.best.seconds(meters))
    }

    /// The same for many.
    pub(super) fn ways<const N: usize>(&self, meters: &[u32; N]) -> [Score; N] {
        meters.map(|meters| self.way(meters))
    }

    /// The same in one collector's own vehicle, and what the load takes off its room.
    pub(super) fn way_and_taken(&self, slot: usize, meters: u32) -> (Score, Score) {
        let sort = self.vehicles.numbers.get(slot).map_or(usize::MAX, |&number| number.into());
        match self.sorts.get(sort) {
            Some((pace, taken)) => (self.judge.way_at_most(pace.seconds(meters)), *taken),
            None => (self.way(meters), Score::NOTHING),
        }
    }
}

/// How long a vehicle is on its way, at the least.
struct Pace {
    seconds_per_meter: f64,
    delay_seconds: f64,
}

impl Pace {
    fn of(vehicle: &Vehicle) -> Self {
        let speed = f64::from(vehicle.crow_meters_per_hour.max(1));
        Self { seconds_per_meter: 3_600.0 / speed, delay_seconds: vehicle.delay_seconds.into() }
    }

    fn seconds(&self, meters: u32) -> f64 {
        f64::from(meters) * self.seconds_per_meter + self.delay_seconds
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
        let vehicles = Vehicles::of(standings.iter().copied());
        let judge = Judge { weights: &Weights::CANDIDATES, now: NOON };
        let sorts = vehicles.sorts.iter().map(|sort| (Pace::of(sort), Score::NOTHING)).collect();
        let roads =
            Roads { vehicles: &vehicles, judge: &judge, best: Pace::of(&vehicles.best), sorts };
        for (slot, standing) in standings.iter().enumerate() {
            let own = judge.way_at_most(Pace::of(&Vehicle::of(standing)).seconds(5_000));
            let known = roads.way_and_taken(slot, 5_000).0;
            assert_eq!(known, if slot < 2 * 255 { own } else { roads.way(5_000) });
            assert!(own <= known && known <= roads.way(5_000));
        }
    }
}
