use primitives::{AccountId, CollectorId, RegionCode, Rupiah};

use super::{
    told,
    world::{Deal, WORTH, World, on_each_engine},
};
use crate::{Method, PaymentError, expire_deposits_in, set_deposit_rule_in};

fn require(world: &World, region: &str, required: bool) {
    let (ambient, region) = (world.ambient.clone(), RegionCode::parse(region).unwrap());
    let set =
        world.write(move |_, conn| Ok(set_deposit_rule_in(conn, &ambient, &region, required)?));
    set.unwrap();
}

/// A collector accepts a job that may cost him `WORTH`.
fn accept(world: &World, payer: AccountId, number: u32) -> Result<Deal, PaymentError> {
    let (household, collector): (_, CollectorId) = (world.person(number), world.ambient.mint());
    let here = world.clone();
    let assigned = world.database.write_blocking(move |conn| {
        here.assigned(conn, household, payer, collector, None).map(|pickup| pickup.id)
    });
    assigned.map(|pickup| Deal { household, collector, payer, pickup })
}

fn held(world: &World, account: AccountId) -> (i64, i64) {
    let balance = world.balance(ledger::AccountName::Wallet(account));
    (balance.held, balance.available())
}

#[test]
fn where_nobody_asks_nothing_is_set_aside() {
    on_each_engine(|world| {
        let payer = world.person(1);
        accept(world, payer, 2).unwrap();
        require(world, "12.71", true);
        accept(world, payer, 3).unwrap();
        require(world, "12", true);
        require(world, "12.07", false);
        accept(world, payer, 4).unwrap();
        assert_eq!(held(world, payer), (0, 0));
    });
}

#[test]
fn the_estimate_is_set_aside_or_there_is_no_job() {
    on_each_engine(|world| {
        let payer = world.person(1);
        require(world, "12.07", true);
        world.top_up(payer, 2 * WORTH - 1).unwrap();
        accept(world, payer, 2).unwrap();
        assert_eq!(held(world, payer), (WORTH, WORTH - 1));
        let refused = accept(world, payer, 3).unwrap_err();
        let needed = Some(("needed_rupiah", WORTH.to_string()));
        assert_eq!(told(&refused), ("deposit_insufficient", needed));
        assert_eq!(held(world, payer), (WORTH, WORTH - 1));
        // Nothing is left of the refused job: its report is open for the next who can pay.
        world.top_up(payer, 1).unwrap();
        accept(world, payer, 3).unwrap();
        assert_eq!(held(world, payer), (2 * WORTH, 0));
        world.verify().unwrap();
    });
}

#[test]
fn what_comes_to_nothing_is_free_again() {
    on_each_engine(|world| {
        let payer = world.person(1);
        require(world, "12.07", true);
        world.top_up(payer, 3 * WORTH).unwrap();
        let deals: Vec<Deal> = (2..5).map(|number| accept(world, payer, number).unwrap()).collect();
        assert_eq!(held(world, payer), (3 * WORTH, 0));
        let (pickups, released, cancelled) = (world.pickups.clone(), deals[0], deals[1]);
        let end = move |conn: &mut database::Connection| -> Result<(), PaymentError> {
            pickups.release_in(conn, payer, released.pickup, "rusak")?;
            pickups.cancel_in(conn, cancelled.household, cancelled.pickup, "batal")?;
            // Said again.
            pickups.release_in(conn, payer, released.pickup, "rusak")?;
            Ok(())
        };
        world.database.write_blocking(end).unwrap();
        assert_eq!(held(world, payer), (WORTH, 2 * WORTH));
        world.verify().unwrap();
    });
}

#[test]
fn paying_frees_the_deposit_whichever_way() {
    on_each_engine(|world| {
        require(world, "12.07", true);
        for (number, method) in [(1, Method::Wallet), (2, Method::Cash)] {
            let payer = world.person(2 * number + 1);
            world.top_up(payer, WORTH).unwrap();
            let deal = world.deal(number);
            assert_eq!(held(world, payer), (WORTH, 0));
            let payment = world.pay(&deal, method).unwrap();
            world.confirm(&deal, &payment).unwrap();
            let left = if method == Method::Wallet { 0 } else { WORTH };
            assert_eq!(held(world, payer), (0, left));
            assert_eq!(world.wallet(deal.household), WORTH - left);
        }
        assert_eq!(world.verify().unwrap().pickups, 2);
    });
}

#[test]
fn a_forgotten_deposit_expires_once() {
    on_each_engine(|world| {
        let payer = world.person(1);
        require(world, "12.07", true);
        world.top_up(payer, WORTH).unwrap();
        let deal = accept(world, payer, 2).unwrap();
        let expire = || {
            let ambient = world.ambient.clone();
            world.write(move |_, conn| expire_deposits_in(conn, &ambient, 10)).unwrap()
        };
        world.pass(8 * 24 - 1);
        assert_eq!((expire(), held(world, payer)), (0, (WORTH, 0)));
        world.pass(1);
        assert_eq!((expire(), expire(), held(world, payer)), (1, 0, (0, WORTH)));
        let (pickups, pickup) = (world.pickups.clone(), deal.pickup);
        let late =
            move |conn: &mut database::Connection| pickups.release_in(conn, payer, pickup, "x");
        world.database.write_blocking(late).unwrap();
        assert_eq!(held(world, payer), (0, WORTH));
        world.verify().unwrap();
    });
}

#[test]
fn two_jobs_at_once_and_money_for_one() {
    on_each_engine(|world| {
        let payer = world.person(1);
        require(world, "12.07", true);
        world.top_up(payer, WORTH).unwrap();
        let got = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (2..6).map(|number| scope.spawn(move || accept(world, payer, number))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(got.iter().flatten().count(), 1);
        assert!(
            got.iter()
                .filter_map(|it| it.as_ref().err())
                .all(|it| told(it).0 == "deposit_insufficient")
        );
        assert_eq!(held(world, payer), (Rupiah::new(WORTH).get(), 0));
        world.verify().unwrap();
    });
}

#[test]
fn a_deposit_that_stays_open_after_the_end_of_its_job_is_found() {
    on_each_engine(|world| {
        require(world, "12.07", true);
        for number in 1..4 {
            world.top_up(world.person(2 * number + 1), WORTH).unwrap();
        }
        let [released, cancelled] =
            [1, 2].map(|number| accept(world, world.person(2 * number + 1), 2 * number).unwrap());
        let paid = world.deal(3);
        world.pay(&paid, Method::Wallet).unwrap();
        let pickups = world.pickups.clone();
        let end = move |conn: &mut database::Connection| -> Result<(), PaymentError> {
            pickups.release_in(conn, released.payer, released.pickup, "rusak")?;
            pickups.cancel_in(conn, cancelled.household, cancelled.pickup, "batal")?;
            Ok(())
        };
        world.database.write_blocking(end).unwrap();
        world.verify().unwrap();
        let mut conn = test_kit::raw_connection(&world.database);
        for deal in [released, cancelled, paid] {
            let ended = "UPDATE deposit SET ended_at = 1 WHERE ended_at IS NULL; ";
            let open =
                format!("UPDATE deposit SET ended_at = NULL WHERE pickup_id = '{}'", deal.pickup);
            conn.run_script(&format!("{ended}{open}")).unwrap();
            match world.verify() {
                Err(ledger::VerifyError::Fault(fault)) => {
                    assert_eq!(
                        (fault.check, fault.at),
                        ("deposit_left_open", deal.pickup.to_string())
                    );
                }
                other => panic!("{other:?}"),
            }
        }
    });
}
