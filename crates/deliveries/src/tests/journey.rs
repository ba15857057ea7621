use collectors::CollectorKind;
use event_log::Fact;

use super::{
    told,
    world::{PAKAM, World, on_each_engine},
};
use crate::{DeliveryError, DeliveryState, DeliveryStateName};

const CARDBOARD: &str = "KRT-KARDUS-A";
const BOTTLES: &str = "KCA-BOTOL-KECAP";

fn refused_fields(error: DeliveryError) -> Vec<(String, &'static str)> {
    match error {
        DeliveryError::Refused(fields) => {
            fields.into_iter().map(|field| (field.pointer, field.code)).collect()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_brought_is_received_or_lost_and_carried_no_more() {
    on_each_engine(|world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 8_000), (BOTTLES, 3_000)]);
        let brought = [(CARDBOARD, 6_000), (BOTTLES, 3_000)];
        let announced = world.announce(budi, induk, &brought).unwrap();
        // Announcing moves nothing.
        assert_eq!(world.carried(budi)[CARDBOARD], 8_000);
        let received =
            world.receive(induk, announced.id, &[(BOTTLES, 3_100), (CARDBOARD, 5_700)]).unwrap();
        assert_eq!(received.state.name(), DeliveryStateName::Received);
        assert_eq!(world.find(budi, announced.id), received);
        assert_eq!(
            world.carried(budi).into_iter().collect::<Vec<_>>(),
            [(CARDBOARD.into(), 2_000)]
        );
        let of = |material| (world.received(induk, material), world.lost(induk, material));
        assert_eq!((of(CARDBOARD), of(BOTTLES)), ((5_700, 300), (3_100, -100)));
        assert_eq!(world.kinds(), ["delivery_announced", "delivery_received"]);
        let report = world.verify().unwrap();
        assert_eq!((report.received, report.under_way), (1, 0));
    });
}

#[test]
fn the_log_knows_ids_and_figures() {
    on_each_engine(|world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 1_000)]);
        let announced = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap();
        let received = world.receive(induk, announced.id, &[(CARDBOARD, 0)]).unwrap();
        let facts = world.facts();
        let Some(Fact::DeliveryReceived(fact)) = facts.last() else { panic!("{facts:?}") };
        assert_eq!(facts.last().unwrap().subject(), announced.id.to_string());
        assert_eq!((fact.loads[0].grams.get(), fact.loads[0].received_grams.get()), (1_000, 0));
        assert_eq!(fact.journal, received.receipt().unwrap().journal.to_string());
        // Nothing at all arrived: that is a journal too.
        assert_eq!((world.received(induk, CARDBOARD), world.lost(induk, CARDBOARD)), (0, 1_000));
        world.verify().unwrap();
    });
}

#[test]
fn what_is_refused_withdrawn_or_forgotten_stays_with_the_collector() {
    on_each_engine(|world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 1_000)]);
        let bring = || world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
        let refused = world.refuse(induk, bring()).unwrap();
        assert!(matches!(&refused.state, DeliveryState::Refused { reason, .. }
            if reason.as_str() == "basah semua"));
        world.withdraw(budi, bring()).unwrap();
        let forgotten = bring();
        world.pass(71);
        assert_eq!(world.expire(), 0);
        world.pass(1);
        assert_eq!((world.expire(), world.expire()), (1, 0));
        assert_eq!(world.find(induk, forgotten).state.name(), DeliveryStateName::Expired);
        assert_eq!(world.carried(budi)[CARDBOARD], 1_000);
        assert_eq!(
            world.kinds(),
            [
                "delivery_announced",
                "delivery_refused",
                "delivery_announced",
                "delivery_withdrawn",
                "delivery_announced",
                "delivery_expired"
            ]
        );
        // And may be brought again.
        bring();
        assert_eq!(world.verify().unwrap().under_way, 1);
    });
}

#[test]
fn said_again_alike_it_changes_nothing_and_otherwise_it_is_refused() {
    on_each_engine(|world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 9_000)]);
        let bring = || world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
        let id = bring();
        let received = world.receive(induk, id, &[(CARDBOARD, 990)]).unwrap();
        assert_eq!(world.receive(induk, id, &[(CARDBOARD, 990)]).unwrap(), received);
        let wrong = |state: &str| ("wrong_state", Some(("state", state.to_owned())));
        assert_eq!(told(world.receive(induk, id, &[(CARDBOARD, 991)])), wrong("received"));
        assert_eq!(told(world.refuse(induk, id)), wrong("received"));
        assert_eq!(told(world.withdraw(budi, id)), wrong("received"));
        let id = bring();
        assert_eq!(world.refuse(induk, id).unwrap(), world.refuse(induk, id).unwrap());
        assert_eq!(told(world.receive(induk, id, &[(CARDBOARD, 990)])), wrong("refused"));
        let id = bring();
        assert_eq!(world.withdraw(budi, id).unwrap(), world.withdraw(budi, id).unwrap());
        assert_eq!(told(world.receive(induk, id, &[(CARDBOARD, 990)])), wrong("withdrawn"));
        assert_eq!(world.kinds().len(), 6);
        assert_eq!(world.carried(budi)[CARDBOARD], 8_000);
    });
}

#[test]
fn one_is_under_way_at_a_time_and_never_more_than_is_carried() {
    on_each_engine(|world| {
        let (budi, induk, other) = (world.collector(), world.facility(), world.facility());
        let short = ("carried_insufficient", Some(("material", CARDBOARD.to_owned())));
        assert_eq!(told(world.announce(budi, induk, &[(CARDBOARD, 1)])), short);
        world.fetches(budi, &[(CARDBOARD, 1_000)]);
        assert_eq!(told(world.announce(budi, induk, &[(CARDBOARD, 1_001)])), short);
        let first = world.announce(budi, induk, &[(CARDBOARD, 400)]).unwrap();
        let known = ("delivery_under_way", Some(("delivery_id", first.id.to_string())));
        assert_eq!(told(world.announce(budi, other, &[(CARDBOARD, 400)])), known);
        assert_eq!(told(world.announce(budi, induk, &[(CARDBOARD, 400)])), known);
        world.receive(induk, first.id, &[(CARDBOARD, 400)]).unwrap();
        assert_eq!(told(world.announce(budi, other, &[(CARDBOARD, 601)])), short);
        world.announce(budi, other, &[(CARDBOARD, 600)]).unwrap();
        assert_eq!(world.verify().unwrap().under_way, 1);
    });
}

#[test]
fn only_verified_facilities_receive_and_nobody_his_own() {
    on_each_engine(|world| {
        let budi = world.collector();
        world.fetches(budi, &[(CARDBOARD, 1_000)]);
        let refusal = |facility| {
            let error = world.announce(budi, facility, &[(CARDBOARD, 100)]).unwrap_err();
            let fields = refused_fields(error);
            assert_eq!(fields[0].0, "/facility_id");
            fields[0].1
        };
        assert_eq!(refusal(world.ambient.mint()), "facility_unknown");
        for kind in [CollectorKind::Pengepul, CollectorKind::BankSampahUnit] {
            assert_eq!(refusal(world.of_kind(kind, PAKAM)), "facility_kind");
        }
        assert_eq!(refusal(world.pending(CollectorKind::Tpst, PAKAM)), "facility_unverified");
        for kind in [CollectorKind::BankSampahInduk, CollectorKind::Tps3r, CollectorKind::Tpst] {
            let facility = world.of_kind(kind, PAKAM);
            let delivery = world.announce(budi, facility, &[(CARDBOARD, 100)]).unwrap();
            world.receive(facility, delivery.id, &[(CARDBOARD, 100)]).unwrap();
        }
        let induk = world.facility();
        world.fetches(induk, &[(CARDBOARD, 1_000)]);
        let own = world.announce(induk, induk, &[(CARDBOARD, 100)]).unwrap_err();
        assert_eq!(refused_fields(own), [("/facility_id".to_owned(), "facility_own")]);
    });
}

#[test]
fn a_suspended_collector_may_bring_and_a_suspended_facility_may_only_refuse() {
    on_each_engine(|world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 1_000)]);
        world.suspend(budi);
        let delivery = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap();
        world.suspend(induk);
        let refused = told(world.receive(induk, delivery.id, &[(CARDBOARD, 1_000)]));
        assert_eq!(refused, ("collector_not_verified", None));
        world.refuse(induk, delivery.id).unwrap();
        assert_eq!(world.verify().unwrap().received, 0);
    });
}

#[test]
fn each_side_does_its_own_and_strangers_see_nothing() {
    on_each_engine(|world: &World| {
        let (budi, induk, joko) = (world.collector(), world.facility(), world.facility());
        world.fetches(budi, &[(CARDBOARD, 1_000)]);
        let id = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
        let whole = [(CARDBOARD, 1_000)];
        assert_eq!(told(world.receive(budi, id, &whole)), ("other_sides_delivery", None));
        assert_eq!(told(world.refuse(budi, id)), ("other_sides_delivery", None));
        assert_eq!(told(world.withdraw(induk, id)), ("other_sides_delivery", None));
        for outcome in
            [world.receive(joko, id, &whole), world.refuse(joko, id), world.withdraw(joko, id)]
        {
            assert_eq!(told(outcome), ("not_found", None));
        }
        assert_eq!(world.find(budi, id).state, DeliveryState::Announced);
    });
}
