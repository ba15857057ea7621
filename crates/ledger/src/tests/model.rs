//! Random business against plain maps: whatever the ledger answers, the maps must have expected.

use std::{collections::BTreeMap, time::Duration};

use diesel::Connection as _;
use primitives::{HoldId, JournalId};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseResult, TestRunner},
};

use super::*;
use crate::{NewHold, expire_hold_in, hold_in, reverse_in, settle_hold_in, void_hold_in};

/// Operations in one world.
const LENGTH: usize = 250;

#[derive(Debug, Clone)]
enum Step {
    TopUp { to: usize, amount: i64 },
    Pay { from: usize, to: usize, amount: i64 },
    Hold { from: usize, amount: i64 },
    Settle { hold: usize, to: usize, amount: i64 },
    Void { hold: usize },
    Expire { hold: usize },
    Reverse { journal: usize },
    Again { journal: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let (person, amount, any) = (0usize..4, 1i64..100, 0usize..1_000);
    prop_oneof![
        2 => (person.clone(), amount.clone()).prop_map(|(to, amount)| Step::TopUp { to, amount }),
        4 => (person.clone(), person.clone(), amount.clone())
            .prop_map(|(from, to, amount)| Step::Pay { from, to, amount }),
        2 => (person.clone(), amount.clone()).prop_map(|(from, amount)| Step::Hold { from, amount }),
        2 => (any.clone(), person, amount)
            .prop_map(|(hold, to, amount)| Step::Settle { hold, to, amount }),
        1 => any.clone().prop_map(|hold| Step::Void { hold }),
        1 => any.clone().prop_map(|hold| Step::Expire { hold }),
        1 => any.clone().prop_map(|journal| Step::Reverse { journal }),
        1 => any.prop_map(|journal| Step::Again { journal }),
    ]
}

/// A journal with its key and what it moved; that is taken out when it is reversed.
type Reversible = (JournalId, String, Option<Vec<(usize, i64)>>);

/// The plain maps.
#[derive(Default)]
struct Maps {
    balances: BTreeMap<usize, i64>,
    held: BTreeMap<usize, i64>,
    holds: Vec<(HoldId, usize, i64, bool)>,
    journals: Vec<Reversible>,
}

impl Maps {
    fn can_give(&self, person: usize, amount: i64) -> bool {
        let of = |map: &BTreeMap<usize, i64>| map.get(&person).copied().unwrap_or(0);
        of(&self.balances) - of(&self.held) >= amount
    }

    fn add(&mut self, person: usize, amount: i64) {
        *self.balances.entry(person).or_default() += amount;
    }

    fn set_aside(&mut self, person: usize, amount: i64) {
        *self.held.entry(person).or_default() += amount;
    }

    fn open_hold(&mut self, index: usize) -> Option<&mut (HoldId, usize, i64, bool)> {
        let count = self.holds.len();
        self.holds.get_mut(index.checked_rem(count)?)
    }
}

/// The bank, which has no floor.
const BANK: usize = 9;

fn play(world: &mut World, maps: &mut Maps, number: usize, step: &Step) -> TestCaseResult {
    let key = format!("s{number}");
    match *step {
        Step::TopUp { to, amount } => {
            let journal = world.top_up(&key, to, amount);
            maps.add(to, amount);
            maps.journals.push((journal.id, key, Some(vec![(to, amount), (BANK, -amount)])));
        }
        Step::Pay { from, to, amount } => {
            let expected = from != to && maps.can_give(from, amount);
            let paid = world.pay(&key, from, to, amount);
            prop_assert_eq!(paid.is_ok(), expected);
            if let Ok(journal) = paid {
                maps.add(from, -amount);
                maps.add(to, amount);
                maps.journals.push((journal.id, key, Some(vec![(from, -amount), (to, amount)])));
            }
        }
        Step::Hold { from, amount } => {
            let expires_at =
                world.ambient.now().plus(Duration::from_secs(amount.unsigned_abs() % 2));
            let new =
                NewHold { business_key: key, account: world.wallet(from), amount, expires_at };
            let ambient = world.ambient.clone();
            let held = world.commit(|conn| hold_in(conn, &ambient, &new));
            prop_assert_eq!(held.is_ok(), maps.can_give(from, amount));
            if let Ok(hold) = held {
                maps.set_aside(from, amount);
                maps.holds.push((hold.id, from, amount, true));
            }
        }
        Step::Settle { hold, to, amount } => settle(world, maps, hold, to, amount)?,
        Step::Void { hold } => release(world, maps, hold, false)?,
        Step::Expire { hold } => release(world, maps, hold, true)?,
        Step::Reverse { journal } => reverse(world, maps, journal)?,
        Step::Again { journal } => {
            let Some(index) = journal.checked_rem(maps.journals.len()) else { return Ok(()) };
            let again = world.pay(&maps.journals[index].1.clone(), 0, 1, 1);
            let refused = matches!(again, Err(LedgerError::AlreadyPosted { .. }));
            prop_assert!(refused);
        }
    }
    Ok(())
}

fn settle(
    world: &mut World,
    maps: &mut Maps,
    hold: usize,
    to: usize,
    amount: i64,
) -> TestCaseResult {
    let Some(&mut (id, from, held, ref mut open)) = maps.open_hold(hold) else { return Ok(()) };
    let expected = *open && from != to && amount <= held;
    *open = *open && !expected;
    let (ambient, payee) = (world.ambient.clone(), world.wallet(to));
    let settled = world.commit(|conn| settle_hold_in(conn, &ambient, id, &payee, amount));
    prop_assert_eq!(settled.is_ok(), expected);
    if expected {
        maps.set_aside(from, -held);
        maps.add(from, -amount);
        maps.add(to, amount);
    }
    Ok(())
}

fn release(world: &mut World, maps: &mut Maps, hold: usize, expire: bool) -> TestCaseResult {
    let Some(&mut (id, from, held, ref mut open)) = maps.open_hold(hold) else { return Ok(()) };
    // Odd amounts expire in a second that never comes, even ones at once.
    let expected = *open && (!expire || held % 2 == 0);
    *open = *open && !expected;
    let ambient = world.ambient.clone();
    let end = if expire { expire_hold_in } else { void_hold_in };
    let ended = world.commit(|conn| end(conn, &ambient, id));
    prop_assert_eq!(ended.is_ok(), expected);
    if expected {
        maps.set_aside(from, -held);
    }
    Ok(())
}

fn reverse(world: &mut World, maps: &mut Maps, journal: usize) -> TestCaseResult {
    let Some(index) = journal.checked_rem(maps.journals.len()) else { return Ok(()) };
    let (id, _, moved) = maps.journals[index].clone();
    let payable = moved
        .iter()
        .flatten()
        .all(|&(who, amount)| who == BANK || amount < 0 || maps.can_give(who, amount));
    let ambient = world.ambient.clone();
    let reversed = world.commit(|conn| reverse_in(conn, &ambient, id));
    prop_assert_eq!(reversed.is_ok(), moved.is_some() && payable);
    if reversed.is_ok() {
        maps.journals[index].2 = None;
        for (who, amount) in moved.into_iter().flatten().filter(|&(who, _)| who != BANK) {
            maps.add(who, -amount);
        }
    }
    Ok(())
}

fn agrees(world: &mut World, maps: &Maps) -> TestCaseResult {
    for person in 0..4 {
        let wallet = world.wallet(person);
        let found = balance_in(&mut world.conn, &wallet).unwrap();
        let of = |map: &BTreeMap<usize, i64>| map.get(&person).copied().unwrap_or(0);
        prop_assert_eq!((found.balance, found.held), (of(&maps.balances), of(&maps.held)));
    }
    Ok(())
}

fn whole_story(world: &mut World, steps: &[Step]) -> TestCaseResult {
    let mut maps = Maps::default();
    for (number, step) in steps.iter().enumerate() {
        play(world, &mut maps, number, step)?;
        agrees(world, &maps)?;
    }
    Ok(())
}

/// 2,000 operations on each engine; `PROPTEST_CASES=8192` makes it 64,000.
#[test]
fn the_books_agree_with_plain_maps() {
    let cases = Config::default().cases / 32;
    for engine in test_kit::engines() {
        let mut runner =
            TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let stories = prop::collection::vec(step(), LENGTH);
        let outcome = runner.run(&stories, |steps| {
            let home = test_kit::TestDatabase::new(engine, &[crate::MIGRATIONS]);
            let mut world = World::new(&home.database());
            // One commit at the end, each operation in a savepoint: the disk is not what is tested here.
            world.conn.begin_test_transaction().unwrap();
            whole_story(&mut world, &steps)
        });
        outcome.unwrap();
    }
}
