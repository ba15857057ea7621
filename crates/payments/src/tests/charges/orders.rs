//! Whatever comes in, in whatever order, told or not: the books end where a model of three lines says.

use gateway_simulator::Settings;
use serde_json::json;

use super::{AMOUNT, told};
use crate::{
    Charge, ChargeError, ChargeStateName as Name, GatewayName, Heard, Notice, Told,
    tests::{
        gateways::Trial,
        world::{World, on_each_engine},
    },
};

/// What happens to a charge: the payment comes, comes again, another one comes, its time goes by.
const HAPPENINGS: [(&str, i64); 4] = [("one", AMOUNT), ("two", AMOUNT), ("less", 20_000), ("", 0)];
const TIME: usize = 3;
const LENGTH: u32 = 4;

/// All sequences of so many happenings.
fn sequences() -> impl Iterator<Item = Vec<usize>> {
    let digits = |number: usize| (0..LENGTH).map(|it| (number >> (2 * it)) & 3).collect();
    (0..4_usize.pow(LENGTH)).map(digits)
}

/// Plays one sequence; the gateway tells of the happenings whose bit is set. One commit, for speed.
fn end_of(trial: &Trial, asked: &Charge, sequence: &[usize], told_of: usize) -> Name {
    let (inbox, charges, clock) =
        (trial.inbox(), trial.charges.clone(), trial.office.world.clock.clone());
    let (asked, sequence) = (asked.clone(), sequence.to_vec());
    let token = Settings::default().xendit_callback_token;
    let play = move |conn: &mut database::Connection| {
        let (claimed, _create) = charges.claim_in(conn, asked.id)?.unwrap();
        charges.learn_in(conn, &claimed, &Heard::Known(told(&asked, &[])))?;
        let mut truth: Vec<(&str, i64)> = Vec::new();
        for (number, happening) in sequence.iter().enumerate() {
            if *happening == TIME {
                clock.advance(std::time::Duration::from_secs(7 * 3_600));
            } else if !truth.contains(&HAPPENINGS[*happening]) {
                truth.push(HAPPENINGS[*happening]);
            }
            let last = number + 1 == sequence.len();
            if !last && told_of & (1 << number) == 0 {
                continue;
            }
            let body =
                json!({ "data": { "reference_id": asked.id, "number": number } }).to_string();
            let notice =
                Notice { callback_token: Some(&token), signature: None, body: body.as_bytes() };
            let notification = inbox.verify(GatewayName::Xendit, &notice).unwrap();
            inbox.receive_in(conn, &notification).unwrap();
            let (claimed, _find) = charges.claim_in(conn, asked.id)?.expect("it is due at once");
            let heard: Told = told(&asked, &truth);
            charges.learn_in(conn, &claimed, &Heard::Known(heard))?;
        }
        Ok::<_, ChargeError>(charges.find_owned_in(conn, asked.account, asked.id)?.state.name())
    };
    trial.office.world.database.write_blocking(play).unwrap()
}

fn all_sequences(world: &World) {
    let trial = Trial::of(world, GatewayName::Xendit, gateway_simulator::Chaos::Quiet, 1);
    let counter = super::Counter { world: world.clone(), charges: trial.charges.clone() };
    let mut suspended = 0;
    for (number, sequence) in sequences().enumerate() {
        let asked = counter.asked(u32::try_from(number).unwrap());
        let end = end_of(&trial, &asked, &sequence, number * 7 % 8);
        let mut happened = sequence.clone();
        happened.sort_unstable();
        happened.dedup();
        let exact = happened.iter().filter(|it| **it < 2).count();
        let credited = if exact > 0 { AMOUNT } else { 0 };
        let all: i64 = happened.iter().map(|it| HAPPENINGS[*it].1).sum();
        suspended += all - credited;
        let books = counter.books(&asked);
        assert_eq!((books[1], books[2], books[3]), (0, suspended, credited), "{sequence:?}");
        let expected = match (exact, happened.contains(&TIME)) {
            (0, true) => Name::Expired,
            (0, false) => Name::Asked,
            _ => Name::Paid,
        };
        assert_eq!(end, expected, "{sequence:?}");
    }
    world.verify().unwrap();
}

#[test]
fn the_end_depends_only_on_what_came_in() {
    on_each_engine(all_sequences);
}
