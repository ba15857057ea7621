//! Every sequence of deliveries ends in a state that depends only on the set of what was delivered.

use std::collections::BTreeMap;

use gateway_simulator::Chaos;
use serde_json::json;

use super::{Trial, count_of};
use crate::{
    Failure, GatewayName, Notice, PayoutStatus, Withdrawal,
    tests::{
        withdrawals::known,
        world::{World, on_each_engine},
    },
};

const KINDS: [&str; 4] = ["requested", "failed", "succeeded", "reversed"];

/// The longest sequence: three, or six in the long trial.
fn longest() -> u32 {
    if count_of(0) > 0 { 6 } else { 3 }
}

/// All sequences of so many kinds.
fn sequences(length: u32) -> impl Iterator<Item = Vec<usize>> {
    let digits = move |number: usize| (0..length).map(|it| (number >> (2 * it)) & 3).collect();
    (0..4_usize.pow(length)).map(digits)
}

/// What the gateway says when asked: the furthest that any of its notifications had come.
fn truth(delivered: &[usize]) -> PayoutStatus {
    match delivered.iter().max() {
        Some(1) => PayoutStatus::Failed(Failure::DestinationInvalid),
        Some(2) => PayoutStatus::Succeeded,
        Some(3) => PayoutStatus::Reversed,
        _ => PayoutStatus::Pending,
    }
}

/// Delivers one after the other; the worker looks whenever something is due. One commit, for speed.
fn end_of(trial: &Trial, asked: &Withdrawal, delivered: &[usize]) -> &'static str {
    let (inbox, withdrawals) = (trial.inbox(), trial.office.withdrawals.clone());
    let (asked, delivered) = (asked.clone(), delivered.to_vec());
    let token = gateway_simulator::Settings::default().xendit_callback_token;
    let play = move |conn: &mut database::Connection| {
        let (claimed, _create) = withdrawals.claim_in(conn, asked.id)?.unwrap();
        withdrawals.learn_in(conn, &claimed, &known(&asked, PayoutStatus::Pending))?;
        for kind in &delivered {
            let body = json!({
                "event": format!("payout.{}", KINDS[*kind]),
                "data": { "reference_id": asked.id, "status": KINDS[*kind].to_uppercase() },
            });
            let body = body.to_string();
            let notice =
                Notice { callback_token: Some(&token), signature: None, body: body.as_bytes() };
            let notification = inbox.verify(GatewayName::Xendit, &notice).unwrap();
            inbox.receive_in(conn, &notification)?;
            if let Some((claimed, _find)) = withdrawals.claim_in(conn, asked.id)? {
                withdrawals.learn_in(conn, &claimed, &known(&asked, truth(&delivered)))?;
            }
        }
        let found = withdrawals.find_owned_in(conn, asked.account, asked.id)?;
        Ok::<_, crate::WithdrawalError>(found.state.name().as_str())
    };
    trial.office.world.database.write_blocking(play).unwrap()
}

fn all_sequences(world: &World) {
    let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
    let mut ends: BTreeMap<Vec<usize>, &'static str> = BTreeMap::new();
    let all: Vec<_> = (1..=longest()).flat_map(sequences).collect();
    let people = world.people(0..u32::try_from(all.len()).unwrap());
    world.top_up_each(&people, 30_000);
    for (sequence, person) in all.iter().zip(people) {
        let asked = trial.office.withdraw(person, 20_000).unwrap();
        let end = end_of(&trial, &asked, sequence);
        let mut set = sequence.clone();
        set.sort_unstable();
        set.dedup();
        assert_eq!(*ends.entry(set).or_insert(end), end, "{sequence:?}");
    }
    println!("{} sequences of {} sets of deliveries", all.len(), ends.len());
    assert_eq!(ends.len(), 14 + usize::from(longest() > 3));
    world.verify().unwrap();
}

#[test]
fn the_end_depends_only_on_what_was_delivered() {
    on_each_engine(all_sequences);
}
