//! Everybody at once: one thread reads rows, another one makes profiles of them.

use primitives::{AccountId, CollectorId};

use super::world::{DESA, World, on_each_engine};

/// More than may wait between the two.
const MANY: usize = 3_000;

/// Rows of very many who may work; their accounts are of no matter here.
fn crowd(world: &World) -> Vec<CollectorId> {
    let ids: Vec<CollectorId> = (0..MANY).map(|_| world.ambient.mint()).collect();
    let row = |id: &CollectorId| {
        let account: AccountId = world.ambient.mint();
        format!(
            "('{id}', '{account}', 'pengepul', 'Botot', 3.5, 98.8, NULL, '{DESA}', 5000, 'BETOR', 'verified', 1, '{account}', NULL,
                TRUE, 0, 0, 0, 0, 0, 1, 1, NULL, NULL)"
        )
    };
    let rows = ids.iter().map(row).collect::<Vec<_>>().join(",");
    forge(world, &format!("INSERT INTO collector VALUES {rows}"));
    ids
}

fn forge(world: &World, sql: &str) {
    test_kit::forge(&mut test_kit::raw_connection(&world.database), sql);
}

#[test]
fn everybody_is_there_once_and_in_order() {
    on_each_engine(|world| {
        let mut expected = crowd(world);
        expected.sort();
        let profiles = world.write(|it, conn| Ok(it.profiles_in(conn)?)).unwrap();
        assert!(profiles.iter().map(|profile| profile.id).eq(expected));
    });
}

#[test]
fn one_who_cannot_be_read_is_the_answer_whether_he_comes_first_or_last() {
    on_each_engine(|world| {
        let ids = crowd(world);
        for id in [ids.iter().min().unwrap(), ids.iter().max().unwrap()] {
            forge(world, &format!("UPDATE collector SET name = '' WHERE id = '{id}'"));
            let told = world.write(|it, conn| Ok(it.profiles_in(conn)?)).unwrap_err();
            assert!(format!("{told:?}").contains(&id.to_string()), "{told:?}");
            forge(world, &format!("UPDATE collector SET name = 'Botot' WHERE id = '{id}'"));
        }
    });
}
