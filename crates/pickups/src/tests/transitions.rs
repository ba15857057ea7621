use database::Engine;
use primitives::Rupiah;
use proptest::prelude::*;
use test_kit::TestDatabase;

use super::world::{MIGRATIONS, World};
use crate::{
    Dispute, EndedBy, Ending,
    PickupStateName::{
        self, Arrived, Assigned, Cancelled, Confirmed, Disputed, EnRoute, Paid, Released, Weighed,
    },
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_sequence_of_steps_leaves_the_declared_edges(steps in prop::collection::vec(0u8..11, 1..40)) {
        let home = TestDatabase::new(Engine::Sqlite, MIGRATIONS);
        let world = World::on(&home.database());
        let mut pickup = world.assigned();
        for step in steps {
            let at = world.ambient.now();
            let ending = || Ending { at, by: EndedBy::Staff, reason: "hujan".to_owned() };
            let dispute = || Dispute { at, reason: "timbangan".to_owned(), detail: None };
            let before = pickup.clone();
            let after = match step {
                0 | 1 => pickup.depart(at),
                2 => pickup.arrive(at, 10),
                3 => pickup.weigh(at, None, Vec::new(), Rupiah::ZERO),
                4 => pickup.confirm(at),
                5 => pickup.dispute(dispute()),
                6 => pickup.uphold(at),
                7 => pickup.pay(at),
                8 => pickup.release(ending()),
                9 => pickup.cancel(ending()),
                _ => pickup.annul(ending()),
            };
            pickup = match after {
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
    }
}
