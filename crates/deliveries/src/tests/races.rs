use std::thread;

use super::world::on_each_engine;
use crate::{Delivery, DeliveryError, DeliveryStateName};

const CARDBOARD: &str = "KRT-KARDUS-A";

/// Something that one phone sends.
type Phone<'a> = Box<dyn FnOnce() -> Result<Delivery, DeliveryError> + Send + 'a>;

/// All of them at once.
fn together(phones: Vec<Phone<'_>>) -> Vec<Result<Delivery, DeliveryError>> {
    thread::scope(|scope| {
        let phones: Vec<_> = phones.into_iter().map(|phone| scope.spawn(phone)).collect();
        phones.into_iter().map(|phone| phone.join().unwrap()).collect()
    })
}

#[test]
fn two_announcements_at_once_are_one_delivery() {
    on_each_engine(|world| {
        for _ in 0..6 {
            let (budi, facilities) = (world.collector(), [world.facility(), world.facility()]);
            world.fetches(budi, &[(CARDBOARD, 1_000)]);
            let phones = (0..4).map(|phone| {
                let facility = facilities[phone % 2];
                let send = move || world.announce(budi, facility, &[(CARDBOARD, 700)]);
                Box::new(send) as Phone<'_>
            });
            let outcomes = together(phones.collect());
            let winners: Vec<_> = outcomes.iter().flatten().collect();
            assert_eq!(winners.len(), 1);
            for refusal in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
                let named = matches!(refusal, DeliveryError::UnderWay(id) if *id == winners[0].id);
                assert!(named, "{refusal}");
            }
        }
        assert_eq!(world.verify().unwrap().under_way, 6);
    });
}

#[test]
fn the_same_receipt_from_four_phones_is_on_the_books_once() {
    on_each_engine(|world| {
        for _ in 0..6 {
            let (budi, induk) = (world.collector(), world.facility());
            world.fetches(budi, &[(CARDBOARD, 1_000)]);
            let id = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
            let send = move || world.receive(induk, id, &[(CARDBOARD, 900)]);
            let outcomes = together((0..4).map(|_| Box::new(send) as Phone<'_>).collect());
            let first = outcomes[0].as_ref().unwrap();
            assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap() == first));
            assert_eq!(world.received(induk, CARDBOARD), 900);
        }
        assert_eq!(world.verify().unwrap().received, 6);
        assert_eq!(world.kinds().len(), 12);
    });
}

#[test]
fn whatever_is_said_at_once_one_ending_counts() {
    on_each_engine(|world| {
        let mut received = 0;
        for round in 0..10 {
            let (budi, induk) = (world.collector(), world.facility());
            world.fetches(budi, &[(CARDBOARD, 1_000)]);
            let id = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
            let mut phones: Vec<Phone<'_>> = vec![
                Box::new(move || world.receive(induk, id, &[(CARDBOARD, 900)])),
                Box::new(move || world.withdraw(budi, id)),
                Box::new(move || world.refuse(induk, id)),
                Box::new(move || world.receive(induk, id, &[(CARDBOARD, 1_000)])),
            ];
            phones.rotate_left(round % 4);
            let outcomes = together(phones);
            assert_eq!(outcomes.iter().flatten().count(), 1, "{outcomes:?}");
            let refusals = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
            assert!(refusals.into_iter().all(|it| matches!(it, DeliveryError::WrongState(_))));
            let is_received = world.find(budi, id).state.name() == DeliveryStateName::Received;
            assert_eq!(world.carried(budi).is_empty(), is_received);
            received += u64::from(is_received);
        }
        assert_eq!(world.verify().unwrap().received, received);
        assert_eq!(world.kinds().len(), 20);
    });
}

#[test]
fn the_worker_and_the_facility_at_once_end_it_once() {
    on_each_engine(|world| {
        for _ in 0..6 {
            let (budi, induk) = (world.collector(), world.facility());
            world.fetches(budi, &[(CARDBOARD, 1_000)]);
            let id = world.announce(budi, induk, &[(CARDBOARD, 1_000)]).unwrap().id;
            world.pass(72);
            let (expired, answered) = thread::scope(|scope| {
                let worker = scope.spawn(|| world.expire());
                let phone = scope.spawn(|| world.receive(induk, id, &[(CARDBOARD, 900)]).is_ok());
                (worker.join().unwrap(), phone.join().unwrap())
            });
            assert_eq!(expired == 1, !answered);
            assert_eq!(world.carried(budi).is_empty(), answered);
        }
        world.verify().unwrap();
    });
}
