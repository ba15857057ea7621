use std::thread;

use super::*;

const CLIENTS: usize = 6;
const PAYMENTS: usize = 40;

/// A small generator of its own for each client, so that the order of threads changes nothing else.
pub(super) fn dice(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

fn journal(key: String, from: AccountName, to: AccountName, amount: i64) -> NewJournal {
    let lines = vec![Line::new(from, -amount), Line::new(to, amount)];
    NewJournal { kind: "test", business_key: key, lines }
}

/// What threads may share of a world.
struct Town {
    database: Database,
    ambient: Ambient,
    wallets: Vec<AccountName>,
}

impl Town {
    fn of(world: &World) -> Self {
        let wallets = (0..4).map(|person| world.wallet(person)).collect();
        Self { database: world.database.clone(), ambient: world.ambient.clone(), wallets }
    }

    fn post(&self, new: NewJournal) -> Result<Journal, LedgerError> {
        let ambient = self.ambient.clone();
        self.database.write_blocking(move |conn| post_in(conn, &ambient, &new))
    }

    /// All of them at once.
    fn post_together(&self, journals: Vec<NewJournal>) -> Vec<Result<Journal, LedgerError>> {
        thread::scope(|scope| {
            let clients: Vec<_> =
                journals.into_iter().map(|new| scope.spawn(move || self.post(new))).collect();
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        })
    }

    /// Pays to and fro and says how often it was refused for want of money.
    fn play(&self, client: usize) -> usize {
        let mut state = u64::try_from(client).unwrap() + 1;
        let mut refusals = 0;
        for number in 0..PAYMENTS {
            let from = dice(&mut state) % 4;
            let to = (from + 1 + dice(&mut state) % 3) % 4;
            let amount = i64::try_from(1 + dice(&mut state) % 60).unwrap();
            let key = format!("p{client}-{number}");
            let new = journal(key, self.wallets[from].clone(), self.wallets[to].clone(), amount);
            match self.post(new) {
                Ok(_) => (),
                Err(LedgerError::Insufficient { .. }) => refusals += 1,
                Err(other) => panic!("{other}"),
            }
        }
        refusals
    }
}

#[test]
fn many_clients_at_once_never_overdraw() {
    on_each_engine(|world| {
        for person in 0..4 {
            world.top_up(&format!("t{person}"), person, 50);
        }
        let town = &Town::of(world);
        let refusals: usize = thread::scope(|scope| {
            let clients: Vec<_> =
                (0..CLIENTS).map(|client| scope.spawn(move || town.play(client))).collect();
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        assert!(refusals > 0, "nobody ever ran out of money: the test proves nothing");
        let total: i64 = (0..4).map(|person| world.balance(person)).sum();
        assert_eq!(total, 200);
        let journals = u64::try_from(4 + CLIENTS * PAYMENTS - refusals).unwrap();
        assert_eq!(world.verify().unwrap().journals, journals);
    });
}

/// Exactly one is on the books, and whoever came too late is told which.
fn one_is_posted(outcomes: &[Result<Journal, LedgerError>]) {
    let winners: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    for refusal in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        let named = matches!(refusal, LedgerError::AlreadyPosted { journal, .. } if *journal == winners[0].id);
        assert!(named, "{refusal}");
    }
}

#[test]
fn of_many_with_the_same_business_one_is_posted() {
    on_each_engine(|world| {
        let town = Town::of(world);
        let to = |client: usize| town.wallets[client % 4].clone();
        let same = |client| journal("same".into(), World::bank(), to(client), 10);
        one_is_posted(&town.post_together((0..CLIENTS).map(same).collect()));
        world.verify().unwrap();
    });
}

/// They share no account, so no lock makes them wait for each other before the unique index does.
#[test]
fn strangers_with_the_same_business_meet_at_the_unique_index() {
    on_each_engine(|world| {
        for person in 0..4 {
            world.top_up(&format!("t{person}"), person, 50);
        }
        let town = Town::of(world);
        let wallet = |person: usize| town.wallets[person].clone();
        for round in 0..10 {
            let same = |from, to| journal(format!("same{round}"), wallet(from), wallet(to), 1);
            one_is_posted(&town.post_together(vec![same(0, 1), same(2, 3)]));
        }
        world.verify().unwrap();
    });
}
