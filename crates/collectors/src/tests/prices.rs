use std::time::Duration;

use primitives::{Timestamp, UnitPrice};

use super::world::{World, list, on_each_engine};
use crate::{CollectorError, NewPriceList, PriceBoard};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn problems(world: &World, new: &NewPriceList) -> Vec<(String, &'static str)> {
    let collector = world.pending(7_000 + u32::try_from(world.facts().len()).unwrap());
    match world.publish(collector.id, collector.version, new) {
        Err(CollectorError::Refused(fields)) => {
            fields.into_iter().map(|it| (it.pointer, it.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_list_replaces_the_whole_one_before() {
    on_each_engine(|world| {
        let collector = world.pending(1);
        let (one, two) = (world.material(0), world.material(1));
        let first = list(&[(&one, 3_000), (&two, 500)]);
        let board = world.publish(collector.id, collector.version, &first).unwrap();
        world.pass(HOUR);
        let second = list(&[(&one, 2_800)]);
        let board = world.publish(collector.id, board.version, &second).unwrap();
        let in_force = board.in_force.clone().unwrap();
        assert_eq!((in_force.number, in_force.items), (2, second.items));
        assert_eq!(world.board(collector.id), board);
        assert_eq!(world.kinds(), ["registered", "prices", "prices"]);
    });
}

#[test]
fn the_list_in_force_published_again_changes_nothing() {
    on_each_engine(|world| {
        let collector = world.pending(1);
        let (one, two) = (world.material(0), world.material(1));
        let board = world.publish(collector.id, 1, &list(&[(&one, 100), (&two, 200)])).unwrap();
        // The answer got lost: the phone repeats with the old version and the lines in another order.
        let again = world.publish(collector.id, 1, &list(&[(&two, 200), (&one, 100)])).unwrap();
        assert_eq!(again, board);
        let other = world.publish(collector.id, 1, &list(&[(&one, 101)]));
        assert!(matches!(other, Err(CollectorError::VersionConflict)), "{other:?}");
        assert_eq!(world.kinds(), ["registered", "prices"]);
    });
}

#[test]
fn an_announced_list_comes_into_force_by_itself_and_changes_the_etag() {
    on_each_engine(|world| {
        let collector = world.verified(1);
        let one = world.material(0);
        let now = list(&[(&one, 1_000)]);
        let board = world.publish(collector.id, collector.version, &now).unwrap();
        let later = world.ambient.now().plus(2 * HOUR);
        let new = NewPriceList { valid_from: Some(later), ..list(&[(&one, 900)]) };
        let board = world.publish(collector.id, board.version, &new).unwrap();
        let price = |board: &PriceBoard| board.in_force.as_ref().unwrap().items[0].price;
        assert_eq!((price(&board), board.announced.len()), (UnitPrice::parse(1_000).unwrap(), 1));

        world.pass(2 * HOUR);
        let turned = world.board(collector.id);
        assert_eq!((price(&turned), turned.announced.len()), (UnitPrice::parse(900).unwrap(), 0));
        assert!(turned.version > board.version);
        let stale = world.publish(collector.id, board.version, &list(&[(&one, 5)]));
        assert!(matches!(stale, Err(CollectorError::VersionConflict)), "{stale:?}");
        assert!(world.publish(collector.id, turned.version, &list(&[(&one, 5)])).is_ok());

        let due = |after: Timestamp, until: Timestamp| {
            world.write(move |it, conn| Ok(it.prices_turned_in(conn, after, until)?)).unwrap()
        };
        let before = later.minus(HOUR);
        assert_eq!(due(before, later), [collector.id]);
        assert_eq!(due(before, later.minus(Duration::from_micros(1))), []);
    });
}

#[test]
fn what_cannot_be_a_list_is_refused_line_by_line() {
    on_each_engine(|world| {
        let one = world.material(0);
        assert_eq!(problems(world, &list(&[])), [("/items".into(), "prices_empty")]);
        let long: Vec<(String, i64)> = (0..101).map(|n| (format!("X-{n}"), 1)).collect();
        let long: Vec<(&str, i64)> = long.iter().map(|it| (it.0.as_str(), it.1)).collect();
        assert_eq!(problems(world, &list(&long))[0], ("/items".into(), "prices_too_many"));
        let doubled = list(&[(&one, 1), (&one, 2), ("PLUTONIUM", 3), ("B3-BATERAI", 1)]);
        let expected = [
            ("/items/1/material".to_owned(), "material_doubled"),
            ("/items/2/material".to_owned(), "material_unknown"),
        ];
        assert_eq!(problems(world, &doubled)[..2], expected);
        let at = |moment| NewPriceList { valid_from: Some(moment), ..list(&[(&one, 1)]) };
        let now = world.ambient.now();
        let past = at(now.minus(Duration::from_secs(301)));
        assert_eq!(problems(world, &past), [("/valid_from".into(), "valid_from_in_past")]);
        let far = at(now.plus(Duration::from_secs(90 * 86_400 + 1)));
        assert_eq!(problems(world, &far), [("/valid_from".into(), "valid_from_too_far")]);
    });
}

#[test]
fn going_online_needs_staff_and_prices() {
    on_each_engine(|world| {
        let pending = world.pending(1);
        let refused = world.switch(pending.id, pending.version, true);
        assert!(matches!(refused, Err(CollectorError::NotVerified)), "{refused:?}");
        let verified = world.verified(2);
        let refused = world.switch(verified.id, verified.version, true);
        assert!(matches!(refused, Err(CollectorError::PricesMissing)), "{refused:?}");

        let one = world.material(0);
        let later = Some(world.ambient.now().plus(HOUR));
        let new = NewPriceList { valid_from: later, ..list(&[(&one, 1)]) };
        let board = world.publish(verified.id, verified.version, &new).unwrap();
        let refused = world.switch(verified.id, board.version, true);
        assert!(matches!(refused, Err(CollectorError::PricesMissing)), "{refused:?}");
        world.pass(HOUR);
        let read = world.read(verified.id);
        let stale = world.switch(read.id, read.version - 1, true);
        assert!(matches!(stale, Err(CollectorError::VersionConflict)), "{stale:?}");
        let online = world.switch(read.id, read.version, true).unwrap();
        assert!(online.online);
        // Twice is once, also with the version from before.
        assert_eq!(world.switch(read.id, read.version, true).unwrap(), online);
        assert!(!world.switch(read.id, online.version, false).unwrap().online);
        let kinds = world.kinds();
        assert_eq!(kinds.iter().filter(|kind| **kind == "availability").count(), 2);
    });
}

#[test]
fn profiles_show_verified_collectors_with_the_prices_in_force() {
    on_each_engine(|world| {
        let _pending = world.pending(1);
        let (with, without) = (world.verified(2), world.verified(3));
        let (one, two) = (world.material(0), world.material(1));
        let board = world.publish(with.id, with.version, &list(&[(&one, 700)])).unwrap();
        let board =
            world.publish(with.id, board.version, &list(&[(&one, 800), (&two, 10)])).unwrap();
        let later = Some(world.ambient.now().plus(HOUR));
        let new = NewPriceList { valid_from: later, ..list(&[(&one, 1)]) };
        world.publish(with.id, board.version, &new).unwrap();

        let profiles = world.write(|it, conn| Ok(it.profiles_in(conn)?)).unwrap();
        let ids: Vec<_> = profiles.iter().map(|profile| profile.id).collect();
        assert_eq!(ids, [with.id, without.id]);
        let prices: Vec<i64> = profiles[0].prices.lines().map(|(_, price)| price.get()).collect();
        let mut expected = [(one.clone(), 800), (two.clone(), 10)];
        expected.sort();
        assert_eq!(prices, expected.iter().map(|it| it.1).collect::<Vec<_>>());
        assert!(profiles[1].prices.is_empty());
        assert_eq!(profiles[0].vehicle.code, with.vehicle);

        for profile in profiles {
            let id = profile.id;
            let alone = world.write(move |it, conn| Ok(it.profile_in(conn, id)?)).unwrap();
            assert_eq!(alone, Some(profile));
        }
        world.pass(HOUR);
        let profiles = world.write(|it, conn| Ok(it.profiles_in(conn)?)).unwrap();
        assert_eq!(profiles[0].prices.lines().map(|it| it.1.get()).collect::<Vec<_>>(), [1]);
        assert_eq!(profiles[0].account, with.account);
    });
}
