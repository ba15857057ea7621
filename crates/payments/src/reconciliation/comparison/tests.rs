use primitives::Rupiah;
use proptest::prelude::*;

use super::*;

const HOUR: i64 = 3_600_000_000;

fn id(number: u8) -> WithdrawalId {
    WithdrawalId::from_parts(Timestamp::from_micros(HOUR), [number; 10])
}

fn line(name: &str, reference: u8, amount: i64, movement: Movement, hour: i64) -> StatementLine {
    StatementLine {
        name: name.to_owned(),
        reference: format!("r{reference}"),
        withdrawal: None,
        amount: Rupiah::new(amount),
        movement,
        at: Timestamp::from_micros(hour * HOUR),
    }
}

fn states() -> impl Strategy<Value = WithdrawalStateName> {
    use WithdrawalStateName as Name;
    proptest::sample::select(vec![
        Name::Created,
        Name::Sending,
        Name::InDoubt,
        Name::Pending,
        Name::Succeeded,
        Name::Failed,
        Name::Reversed,
    ])
}

fn books() -> impl Strategy<Value = (Vec<Theirs>, Vec<Ours>)> {
    let payout = (proptest::option::of(0..6_u8), 1..3_i64, 0..3_i64, 0..60_i64);
    let withdrawal = (proptest::option::of(0..6_u8), 1..3_i64, states(), 0..60_i64, any::<bool>());
    let theirs = proptest::collection::btree_map(0..6_u8, payout, 0..6);
    let ours = proptest::collection::btree_map(0..6_u8, withdrawal, 0..6);
    (theirs, ours).prop_map(|(theirs, ours)| {
        let theirs = theirs.into_iter().map(|(number, (order, out, back, hour))| Theirs {
            reference: format!("r{number}"),
            withdrawal: order.map(id),
            out,
            back,
            at: Timestamp::from_micros(hour * HOUR),
        });
        let mut used = BTreeSet::new();
        let ours =
            ours.into_iter().map(|(number, (reference, amount, state, hour, expected))| Ours {
                id: id(number),
                // A reference belongs to one withdrawal: the database sees to that.
                reference: reference.filter(|it| used.insert(*it)).map(|it| format!("r{it}")),
                amount,
                state,
                at: Timestamp::from_micros(hour * HOUR),
                expected,
            });
        (theirs.collect(), ours.collect())
    })
}

/// The same question asked the slow way: who could belong to whom, payout by payout, through whole lists.
fn slowly(
    theirs: &[Theirs],
    ours: &[Ours],
    now: Timestamp,
) -> BTreeSet<(String, MatchOutcome, bool)> {
    use WithdrawalStateName as Name;
    let mut left: Vec<Ours> = ours.to_vec();
    let mut rest: Vec<Theirs> = theirs.to_vec();
    let mut found = BTreeSet::new();
    while !rest.is_empty() {
        let first = (0..rest.len()).min_by_key(|&it| (rest[it].at, rest[it].reference.clone()));
        let payout = rest.remove(first.unwrap());
        let fits = |it: &Ours| match &it.reference {
            Some(reference) => *reference == payout.reference,
            None => {
                let taken_by_name =
                    ours.iter().any(|other| other.reference.as_ref() == Some(&payout.reference));
                !taken_by_name && payout.withdrawal == Some(it.id)
            }
        };
        let Some(place) = left.iter().position(fits) else {
            found.insert((payout.reference, MatchOutcome::TheirsOnly, true));
            continue;
        };
        let withdrawal = left.remove(place);
        let gone = payout.out - payout.back;
        let ends: &[i64] = match withdrawal.state {
            Name::Succeeded => &[withdrawal.amount],
            Name::Failed | Name::Reversed => &[0],
            Name::Created | Name::Sending | Name::InDoubt | Name::Pending => {
                &[0, withdrawal.amount]
            }
        };
        let same = payout.out == withdrawal.amount && ends.contains(&gone);
        let outcome = if same { MatchOutcome::Matched } else { MatchOutcome::DifferentAmount };
        found.insert((payout.reference, outcome, !same));
    }
    for withdrawal in left {
        let never = [Name::Created, Name::Failed].contains(&withdrawal.state);
        if withdrawal.expected && !never {
            let subject = withdrawal.reference.unwrap_or(withdrawal.id.to_string());
            let old = now.seconds_since(withdrawal.at) >= 86_400;
            found.insert((subject, MatchOutcome::OursOnly, old));
        }
    }
    found
}

proptest! {
    #[test]
    fn the_comparison_is_the_slow_one((theirs, ours) in books()) {
        let now = Timestamp::from_micros(60 * HOUR);
        let items = compare(&theirs, &ours, now);
        let told: BTreeSet<_> =
            items.iter().map(|it| (it.subject.clone(), it.outcome, it.suspense)).collect();
        prop_assert_eq!(told.len(), items.len(), "each payout stands in it once");
        prop_assert_eq!(told, slowly(&theirs, &ours, now));
    }

    #[test]
    fn pages_may_overlap_and_come_in_any_order(lines in proptest::collection::vec((0..5_u8, 1..4_i64, any::<bool>(), 0..50_i64), 0..12), turn in 0..24_usize) {
        let lines: Vec<StatementLine> = lines
            .into_iter()
            .enumerate()
            .map(|(number, (reference, amount, out, hour))| {
                let movement = if out { Movement::Out } else { Movement::Back };
                line(&format!("line {number}"), reference, amount, movement, hour)
            })
            .collect();
        let mut twice: Vec<StatementLine> = lines.iter().chain(&lines).cloned().collect();
        if !twice.is_empty() {
            let places = turn % twice.len();
            twice.rotate_left(places);
        }
        prop_assert_eq!(payouts(&lines), payouts(&twice));
    }
}

#[test]
fn a_return_without_its_payout_is_the_whole_of_it() {
    let told = payouts(&[line("a", 1, 500, Movement::Back, 3)]);
    assert_eq!((told[0].out, told[0].back), (500, 500));
    let told =
        payouts(&[line("a", 1, 500, Movement::Out, 1), line("b", 1, 500, Movement::Back, 3)]);
    assert_eq!((told[0].out, told[0].back, told[0].at.micros()), (500, 500, HOUR));
}

#[test]
fn of_two_payouts_under_one_name_one_is_theirs_alone() {
    let theirs = [("r1", 1), ("r2", 2)].map(|(reference, hour)| Theirs {
        reference: reference.to_owned(),
        withdrawal: Some(id(1)),
        out: 500,
        back: 0,
        at: Timestamp::from_micros(hour * HOUR),
    });
    let ours = Ours {
        id: id(1),
        reference: None,
        amount: 500,
        state: WithdrawalStateName::InDoubt,
        at: Timestamp::from_micros(HOUR),
        expected: true,
    };
    let now = Timestamp::from_micros(2 * HOUR);
    let outcomes = |ours: &Ours| {
        let items = compare(&theirs, std::slice::from_ref(ours), now);
        items.into_iter().map(|it| (it.subject, it.outcome)).collect::<Vec<_>>()
    };
    let (first, second) = ("r1".to_owned(), "r2".to_owned());
    assert_eq!(
        outcomes(&ours),
        [(first.clone(), MatchOutcome::Matched), (second.clone(), MatchOutcome::TheirsOnly)]
    );
    let known = Ours { reference: Some("r2".to_owned()), ..ours };
    assert_eq!(
        outcomes(&known),
        [(first, MatchOutcome::TheirsOnly), (second, MatchOutcome::Matched)]
    );
}
