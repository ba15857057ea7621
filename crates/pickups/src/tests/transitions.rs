use std::time::Duration;

use database::Engine;
use primitives::{Rupiah, Timestamp};
use proptest::{prelude::*, test_runner::TestRunner};
use test_kit::TestDatabase;

use super::world::{MIGRATIONS, World};
use crate::{
    Dispute, EndedBy, Ending, Pickup,
    PickupStateName::{
        self, Arrived, Assigned, Cancelled, Confirmed, Disputed, EnRoute, Paid, Released, Weighed,
    },
    Scale, WrongState,
};

/// Every way a job may go; everything else must be refused.
const EDGES: [(PickupStateName, PickupStateName); 14] = [
    (Assigned, EnRoute),
    (EnRoute, Arrived),
    (Arrived, Weighed),
    (Weighed, Confirmed),
    (Confirmed, Paid),
    (Assigned, Released),
    (EnRoute, Released),
    (Arrived, Released),
    (Assigned, Cancelled),
    (EnRoute, Cancelled),
    (Arrived, Cancelled),
    (Weighed, Disputed),
    (Disputed, Confirmed),
    (Disputed, Cancelled),
];

fn step(pickup: Pickup, step: u8, at: Timestamp) -> Result<Pickup, WrongState> {
    let ending = || Ending { at, by: EndedBy::Staff, reason: "hujan".to_owned() };
    match step {
        0 | 1 => pickup.depart(at),
        2 => pickup.arrive(at, 10),
        3 => pickup.weigh(at, Scale::default(), Vec::new(), Rupiah::ZERO),
        4 => pickup.confirm(at),
        5 => pickup.dispute(Dispute { at, reason: "timbangan".to_owned(), detail: None }),
        6 => pickup.uphold(at),
        7 => pickup.pay(at),
        8 => pickup.release(ending()),
        9 => pickup.cancel(ending()),
        10 => pickup.lapse(ending()),
        _ => pickup.annul(ending()),
    }
}

#[test]
fn no_sequence_of_steps_leaves_the_declared_edges() {
    let home = TestDatabase::new(Engine::Sqlite, MIGRATIONS);
    let assigned = World::on(&home.database()).assigned();
    // Steps that end a job are rarer, or hardly any would get far.
    let steps = prop::collection::vec(prop_oneof![0u8..12, 0u8..8], 1..80);
    let law = |steps: Vec<u8>| {
        let (mut pickup, mut at) = (assigned.clone(), assigned.assigned_at);
        for number in steps {
            at = at.plus(Duration::from_secs(3_600));
            let before = pickup.clone();
            pickup = match step(pickup, number, at) {
                Ok(after) => {
                    prop_assert!(EDGES.contains(&(before.state.name(), after.state.name())));
                    prop_assert_eq!(after.version, before.version + 1);
                    prop_assert_eq!(&after.prices, &before.prices);
                    after
                }
                Err(refusal) => {
                    prop_assert_eq!(refusal.0, before.state.name());
                    before
                }
            };
        }
        Ok(())
    };
    TestRunner::default().run(&steps, law).unwrap();
}
