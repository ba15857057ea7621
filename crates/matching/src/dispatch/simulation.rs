//! Days of near reports without end, with a few from far desa among them: the bound of the module holds for every report.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use primitives::{CollectorId, ReportId, Timestamp};

use super::{Policy, Waiting, plan};
use crate::worlds::{NOON, collector, report};

const PAUSE: i64 = 10;
const LONGEST_JOB: i64 = 600;
const REACH_METERS: i64 = 10_000;
const TOWN_METERS: i64 = 2_000;
const ALWAYS_WAITING: usize = 6;
const A_DAY: i64 = 86_400;

/// Chance with a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % sides.unsigned_abs()).unwrap()
    }
}

struct Botot {
    id: CollectorId,
    place: i64,
    busy_until: i64,
}

/// How long a report waited, and by when it had to be taken at the latest.
struct Outcome {
    place: i64,
    waited: i64,
    bound: i64,
}

/// One road: the town at its beginning, a desa at the far end of some collectors' reach.
struct Road<'a> {
    policy: &'a Policy,
    dice: Dice,
    now: i64,
    crowd: Vec<Botot>,
    places: HashMap<ReportId, i64>,
    waiting: Vec<Waiting<'a>>,
    /// By when what is overdue has to be taken.
    bounds: HashMap<ReportId, i64>,
    outcomes: Vec<Outcome>,
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_micros(NOON.micros() + seconds * 1_000_000)
}

impl<'a> Road<'a> {
    fn new(policy: &'a Policy, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let crowd = (0..4).map(|number| Botot {
            id: collector(number),
            place: dice.below(TOWN_METERS),
            busy_until: 0,
        });
        let crowd = crowd.collect();
        let (places, bounds) = (HashMap::new(), HashMap::new());
        Self { policy, dice, now: 0, crowd, places, waiting: vec![], bounds, outcomes: vec![] }
    }

    fn could_take(&self, report: ReportId) -> Vec<&Botot> {
        let place = self.places[&report];
        let mut near: Vec<&Botot> =
            self.crowd.iter().filter(|it| (it.place - place).abs() <= REACH_METERS).collect();
        near.sort_by_key(|it| ((it.place - place).abs(), it.id));
        near
    }

    /// In the town the next report comes as soon as one is taken; once in an hour somebody far away has one.
    fn report_something(&mut self) {
        let in_town =
            self.waiting.iter().filter(|it| self.places[&it.report] < TOWN_METERS).count();
        let near = (in_town < ALWAYS_WAITING).then(|| self.dice.below(TOWN_METERS));
        let far = (self.dice.below(3_600) < PAUSE).then_some(10_500);
        for place in near.into_iter().chain(far) {
            let id = report(self.places.len());
            self.places.insert(id, place);
            if self.could_take(id).is_empty() {
                continue;
            }
            self.waiting.push(Waiting {
                report: id,
                kabupaten: None,
                opened_at: moment(self.now),
                policy: self.policy,
                last_wave: None,
                asked: BTreeMap::new(),
            });
        }
    }

    fn announce(&mut self) {
        let now = moment(self.now);
        let planned = plan(&self.waiting, &HashMap::new(), now, |report, most| {
            self.could_take(report).into_iter().take(most).map(|it| it.id).collect()
        });
        for wave in planned {
            let told = self.waiting.iter_mut().find(|it| it.report == wave.report).unwrap();
            assert_eq!(wave.wave, told.last_wave.map_or(1, |(number, _)| number + 1));
            told.last_wave = Some((wave.wave, now));
            for collector in wave.collectors {
                assert_eq!(told.asked.insert(collector, now), None, "told twice");
            }
        }
    }

    /// For whatever has become overdue, reckons by when it has to be taken: `W·(S + τ)` of whoever has the least to do.
    fn note_bounds(&mut self, patience: i64) {
        for waiting in &self.waiting {
            let overdue_at = waiting.opened_at.plus(Duration::from_secs(patience.unsigned_abs()));
            if overdue_at > moment(self.now) || self.bounds.contains_key(&waiting.report) {
                continue;
            }
            let could_too = |it: &&Botot| {
                let within = |other: &&Waiting<'_>| {
                    (self.places[&other.report] - it.place).abs() <= REACH_METERS
                };
                i64::try_from(self.waiting.iter().filter(within).count()).unwrap()
            };
            let least = self.could_take(waiting.report).iter().map(could_too).min().unwrap();
            let work = least * (LONGEST_JOB + PAUSE);
            assert!(work <= patience, "too much is waiting for the bound to hold");
            self.bounds.insert(waiting.report, patience + PAUSE + work);
        }
    }

    /// Whoever is free takes what is nearest of all he was told of.
    fn work(&mut self, patience: i64) {
        for number in 0..self.crowd.len() {
            let (id, place) = (self.crowd[number].id, self.crowd[number].place);
            if self.crowd[number].busy_until > self.now {
                continue;
            }
            let told = self.waiting.iter().enumerate().filter(|(_, it)| it.asked.contains_key(&id));
            let nearest =
                told.min_by_key(|(_, it)| ((self.places[&it.report] - place).abs(), it.report));
            let Some((position, _)) = nearest else { continue };
            let taken = self.waiting.swap_remove(position);
            self.crowd[number].busy_until = self.now + LONGEST_JOB - self.dice.below(120);
            self.end(&taken, patience);
        }
    }

    fn end(&mut self, report: &Waiting<'_>, patience: i64) {
        let waited = moment(self.now).seconds_since(report.opened_at);
        let bound = self.bounds.get(&report.report).copied().unwrap_or(patience + PAUSE);
        self.outcomes.push(Outcome { place: self.places[&report.report], waited, bound });
    }

    /// A day; what is left then is counted as it stands.
    fn run(mut self, patience: i64) -> Vec<Outcome> {
        while self.now < A_DAY {
            self.report_something();
            self.note_bounds(patience);
            self.announce();
            self.work(patience);
            self.now += PAUSE;
        }
        for left in std::mem::take(&mut self.waiting) {
            self.end(&left, patience);
        }
        self.outcomes
    }
}

#[test]
fn far_reports_are_taken_within_the_bound_however_many_nearer_ones_come() {
    let policy = Policy::default();
    let patience = policy.draft().patience_seconds;
    for seed in 0..3 {
        let outcomes = Road::new(&policy, seed).run(patience);
        assert!(outcomes.iter().filter(|it| it.place > 10_000).count() > 10, "seed {seed}");
        for Outcome { place, waited, bound } in outcomes {
            assert!(waited <= bound, "seed {seed}: at {place} m {waited} s, not {bound} s");
        }
    }
}

/// The planted fault: whoever would never lose patience lets the far ones wait for ever.
#[test]
fn without_the_rule_they_starve() {
    let endless = Policy { patience: Duration::from_secs(30 * 86_400), ..Policy::default() };
    let patience = Policy::default().draft().patience_seconds;
    let starved = |seed| {
        let outcomes = Road::new(&endless, seed).run(30 * A_DAY);
        outcomes.iter().any(|it| it.place > 10_000 && it.waited > 2 * patience)
    };
    assert!((0..3).all(starved));
}
