//! Random deliveries against plain maps that know no table and no ledger.

use std::collections::BTreeMap;

use primitives::{CollectorId, DeliveryId};

use super::world::{World, on_each_engine};

const MATERIALS: [&str; 3] = ["KRT-KARDUS-A", "KCA-BOTOL-KECAP", "MNY-JELANTAH"];
const STEPS: usize = 250;

/// Grams by holder and material.
type Goods = BTreeMap<(CollectorId, &'static str), i64>;

/// Where every gram is, by somebody who has only read the README.
#[derive(Default)]
struct Model {
    given: BTreeMap<&'static str, i64>,
    carried: Goods,
    received: Goods,
    lost: Goods,
    open: BTreeMap<CollectorId, Open>,
}

#[derive(Clone)]
struct Open {
    id: DeliveryId,
    facility: CollectorId,
    loads: Vec<(&'static str, i64)>,
    announced_at: i64,
}

/// A model, the world it is compared with, and chance.
struct Play<'a> {
    world: &'a World,
    model: Model,
    collectors: Vec<CollectorId>,
    facilities: Vec<CollectorId>,
}

impl Play<'_> {
    fn below(&self, bound: u32) -> i64 {
        i64::from(self.world.ambient.below(bound))
    }

    fn one_of<T: Copy>(&self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(u32::try_from(choices.len()).unwrap())).unwrap()]
    }

    fn step(&mut self) {
        let collector = self.one_of(&self.collectors);
        match self.below(10) {
            0..=2 => self.fetch(collector),
            3..=5 => self.announce(collector),
            6..=7 => self.receive(collector),
            8 => self.give_up(collector),
            _ => self.wait(),
        }
    }

    fn fetch(&mut self, collector: CollectorId) {
        let (material, grams) = (self.one_of(&MATERIALS), 1 + self.below(5_000));
        self.world.fetches(collector, &[(material, grams)]);
        *self.model.given.entry(material).or_default() += grams;
        *self.model.carried.entry((collector, material)).or_default() += grams;
    }

    fn announce(&mut self, collector: CollectorId) {
        let facility = self.one_of(&self.facilities);
        let chosen = MATERIALS.into_iter().filter(|_| self.below(2) == 0);
        let loads: Vec<_> = chosen.map(|material| (material, 1 + self.below(4_000))).collect();
        let carries = |&(material, grams): &(&'static str, i64)| {
            self.model.carried.get(&(collector, material)).copied().unwrap_or_default() >= grams
        };
        let allowed = !loads.is_empty()
            && loads.iter().all(carries)
            && !self.model.open.contains_key(&collector)
            && facility != collector;
        let outcome = self.world.announce(collector, facility, &loads);
        assert_eq!(outcome.is_ok(), allowed, "{loads:?}: {outcome:?}");
        if let Ok(delivery) = outcome {
            let announced_at = self.world.ambient.now().micros();
            let open = Open { id: delivery.id, facility, loads, announced_at };
            self.model.open.insert(collector, open);
        }
    }

    fn receive(&mut self, collector: CollectorId) {
        let Some(open) = self.model.open.get(&collector).cloned() else { return };
        let mut allowed = true;
        let mut weighed = Vec::new();
        for &(material, grams) in &open.loads {
            let found = match self.below(5) {
                0 => 0,
                1 => grams + self.below(900),
                _ => grams - self.below(u32::try_from(grams).unwrap()),
            };
            allowed &= found <= grams + (grams / 20).max(500);
            weighed.push((material, found));
        }
        let outcome = self.world.receive(open.facility, open.id, &weighed);
        assert_eq!(outcome.is_ok(), allowed, "{:?} {weighed:?}: {outcome:?}", open.loads);
        if !allowed {
            return;
        }
        self.model.open.remove(&collector);
        for (&(material, grams), &(_, found)) in open.loads.iter().zip(&weighed) {
            *self.model.carried.entry((collector, material)).or_default() -= grams;
            *self.model.received.entry((open.facility, material)).or_default() += found;
            *self.model.lost.entry((open.facility, material)).or_default() += grams - found;
        }
    }

    fn give_up(&mut self, collector: CollectorId) {
        let Some(open) = self.model.open.remove(&collector) else { return };
        match self.below(2) {
            0 => self.world.refuse(open.facility, open.id).unwrap(),
            _ => self.world.withdraw(collector, open.id).unwrap(),
        };
    }

    fn wait(&mut self) {
        self.world.pass(20);
        let now = self.world.ambient.now().micros();
        let before = self.model.open.len();
        self.model.open.retain(|_, open| now - open.announced_at < 72 * 3_600_000_000);
        assert_eq!(self.world.expire(), before - self.model.open.len());
    }

    /// Every account, and that nothing came from nowhere.
    fn compare(&self) {
        let model = &self.model;
        for material in MATERIALS {
            let mut there = 0;
            for &collector in &self.collectors {
                let carried = self.world.carried(collector);
                let carried = carried.get(material).copied().unwrap_or_default();
                let expected = model.carried.get(&(collector, material)).copied();
                assert_eq!(carried, expected.unwrap_or_default());
                assert!(carried >= 0);
                there += carried;
            }
            for &facility in &self.facilities {
                let at = |goods: &Goods| goods.get(&(facility, material)).copied();
                let received = self.world.received(facility, material);
                let lost = self.world.lost(facility, material);
                assert_eq!(received, at(&model.received).unwrap_or_default());
                assert_eq!(lost, at(&model.lost).unwrap_or_default());
                there += received + lost;
            }
            assert_eq!(there, model.given.get(material).copied().unwrap_or_default());
        }
    }
}

#[test]
fn every_gram_is_where_plain_maps_say() {
    on_each_engine(|world| {
        let facilities = vec![world.facility(), world.facility()];
        // A facility fetches at doors as well, and brings it to another one.
        let collectors = vec![world.collector(), world.collector(), facilities[0]];
        let mut play = Play { world, model: Model::default(), collectors, facilities };
        for number in 0..STEPS {
            play.step();
            if number % 25 == 0 {
                play.compare();
            }
        }
        play.compare();
        let report = world.verify().unwrap();
        assert!(report.received > 10, "{report:?}");
        assert_eq!(usize::try_from(report.under_way), Ok(play.model.open.len()));
    });
}
