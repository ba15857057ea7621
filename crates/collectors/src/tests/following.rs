use event_log::{Actor, Entry, Fact, PickupPaid, PickupRated, PickupReleased, append_in};
use primitives::{CollectorId, Rupiah};

use super::world::{World, code, on_each_engine};
use crate::{Promises, Rating};

fn append(world: &World, actor: Actor, fact: Fact) {
    let ambient = world.ambient.clone();
    world
        .write(move |_, conn| {
            let entry = Entry {
                actor: actor.clone(),
                region: None,
                occurred_at: ambient.now(),
                fact: fact.clone(),
            };
            append_in(conn, &ambient, entry)?;
            while event_log::sequence_in(conn, 100)? > 0 {}
            Ok(())
        })
        .unwrap();
}

fn paid(world: &World, collector: CollectorId) -> Fact {
    Fact::PickupPaid(PickupPaid {
        pickup: world.ambient.mint(),
        report: world.ambient.mint(),
        household: world.ambient.mint(),
        collector,
        collector_kind: "pengepul".to_owned(),
        desa: code("12.07.28.2001"),
        lines: Vec::new(),
        amount_rupiah: Rupiah::ZERO,
        seconds_to_pickup: 60,
        distance_meters: 100,
    })
}

fn released(world: &World, collector: CollectorId) -> Fact {
    Fact::PickupReleased(PickupReleased {
        pickup: world.ambient.mint(),
        report: world.ambient.mint(),
        collector,
        desa: code("12.07.28.2001"),
    })
}

fn rated(world: &World, collector: CollectorId, by: &str, stars: i64) -> Fact {
    let (pickup, by) = (world.ambient.mint(), by.to_owned());
    Fact::PickupRated(PickupRated { pickup, collector, by, stars })
}

fn follow(world: &World, limit: i64) -> usize {
    world.write(move |collectors, conn| Ok(collectors.follow_log_in(conn, limit)?)).unwrap()
}

#[test]
fn promises_and_stars_are_counted_once_however_often_the_log_is_followed() {
    on_each_engine(|world| {
        let (good, bad) = (world.pending(1), world.pending(2));
        append(world, Actor::Account(good.account), paid(world, good.id));
        append(world, Actor::Account(good.account), paid(world, good.id));
        append(world, Actor::Account(good.account), rated(world, good.id, "household", 5));
        append(world, Actor::Account(good.account), rated(world, good.id, "household", 4));
        append(world, Actor::Account(good.account), rated(world, good.id, "collector", 1));
        append(world, Actor::Account(bad.account), released(world, bad.id));
        append(world, Actor::Worker("no-shows"), released(world, bad.id));
        while follow(world, 3) > 0 {}
        assert_eq!(follow(world, 100), 0);

        let stored = world.read(good.id);
        assert_eq!(stored.promises, Promises { completed: 2, released: 0, no_shows: 0 });
        assert_eq!(stored.rating, Rating { sum: 9, count: 2 });
        let stored = world.read(bad.id);
        assert_eq!(stored.promises, Promises { completed: 0, released: 1, no_shows: 1 });
        assert_eq!(stored.rating, Rating::default());
        assert!(stored.version > bad.version);
    });
}
