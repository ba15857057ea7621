use super::*;
use crate::{Balance, carried_in, entries_in, journal_by_key_in, journal_in, reverse_in};

#[test]
fn money_moves_and_every_link_says_so() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let paid = world.pay("p1", 0, 1, 30).unwrap();
        assert_eq!((world.balance(0), world.balance(1)), (70, 30));
        let wallet = world.wallet(0);
        let entries = entries_in(&mut world.conn, &wallet, None, 10).unwrap();
        let seen: Vec<_> =
            entries.iter().map(|it| (it.version, it.delta, it.balance_after)).collect();
        assert_eq!(seen, [(2, -30, 70), (1, 100, 100)]);
        assert_eq!(entries[0].journal, paid.id);
        let older = entries_in(&mut world.conn, &wallet, Some(2), 10).unwrap();
        assert_eq!(older, entries[1..]);
        assert_eq!(entries_in(&mut world.conn, &wallet, None, 1).unwrap().len(), 1);
    });
}

#[test]
fn a_journal_reads_back_as_it_was_posted() {
    on_each_engine(|world| {
        let posted = world.top_up("t1", 0, 100);
        assert_eq!(journal_in(&mut world.conn, posted.id).unwrap(), Some(posted.clone()));
        assert_eq!(journal_by_key_in(&mut world.conn, "t1").unwrap(), Some(posted));
        assert_eq!(journal_by_key_in(&mut world.conn, "t2").unwrap(), None);
        let stranger = world.wallet(3);
        assert_eq!(balance_in(&mut world.conn, &stranger).unwrap(), Balance::default());
        assert_eq!(entries_in(&mut world.conn, &stranger, None, 10).unwrap(), []);
    });
}

#[test]
fn the_same_business_twice_is_refused_by_name() {
    on_each_engine(|world| {
        let first = world.top_up("t1", 0, 100);
        let again = world.pay("t1", 0, 1, 5);
        let named =
            matches!(again, Err(LedgerError::AlreadyPosted { journal, .. }) if journal == first.id);
        assert!(named);
        assert_eq!((world.balance(0), world.balance(1)), (100, 0));
    });
}

#[test]
fn a_wallet_gives_what_it_has_and_no_more() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let refused = world.pay("p1", 0, 1, 101);
        let short =
            matches!(refused, Err(LedgerError::Insufficient { available: 100, needed: 101, .. }));
        assert!(short);
        world.pay("p1", 0, 1, 100).unwrap();
        assert_eq!(world.balance(0), 0);
        assert_eq!(world.verify().unwrap().journals, 2);
    });
}

#[test]
fn a_refusal_leaves_nothing_behind_in_the_same_unit_of_work() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let lines = vec![Line::new(world.wallet(1), -1), Line::new(world.wallet(0), 1)];
        let refused = NewJournal { kind: "test", business_key: "p1".into(), lines };
        let ambient = world.ambient.clone();
        let outcome = world.commit(|conn| Ok(post_in(conn, &ambient, &refused).is_err()));
        assert!(outcome.unwrap());
        assert_eq!(world.verify().unwrap().journals, 1);
    });
}

#[test]
fn goods_cash_and_custody_share_a_journal_but_not_a_sum() {
    on_each_engine(|world| {
        let goods = Label::parse("PET-CLEAR").unwrap();
        let (household, collector) = (world.people[0], world.collector);
        let lines = vec![
            Line::new(AccountName::CashOut(collector), -5_000),
            Line::new(AccountName::CashIn(household), 5_000),
            Line::new(AccountName::Household(household, goods.clone()), -2_000),
            Line::new(AccountName::Carried(collector, goods.clone()), 2_000),
        ];
        world.post("s1", lines).unwrap();
        let carried = AccountName::Carried(collector, goods);
        assert_eq!(balance_in(&mut world.conn, &carried).unwrap().balance, 2_000);
        world.verify().unwrap();
    });
}

#[test]
fn a_reversal_is_a_mirror_and_happens_once() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let paid = world.pay("p1", 0, 1, 30).unwrap();
        let ambient = world.ambient.clone();
        let mut reverse = |id| world.commit(|conn| reverse_in(conn, &ambient, id));
        let mirror = reverse(paid.id).unwrap();
        assert_eq!(mirror.reverses, Some(paid.id));
        assert!(matches!(reverse(paid.id), Err(LedgerError::AlreadyReversed(_))));
        assert!(matches!(reverse(mirror.id), Err(LedgerError::NotReversible(_))));
        assert!(matches!(reverse(ambient.mint()), Err(LedgerError::JournalNotFound)));
        assert_eq!((world.balance(0), world.balance(1)), (100, 0));
        world.verify().unwrap();
    });
}

#[test]
fn what_was_spent_meanwhile_cannot_be_taken_back() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let paid = world.pay("p1", 0, 1, 30).unwrap();
        world.pay("p2", 1, 2, 10).unwrap();
        let ambient = world.ambient.clone();
        let refused = world.commit(|conn| reverse_in(conn, &ambient, paid.id));
        assert!(matches!(refused, Err(LedgerError::Insufficient { available: 20, .. })));
    });
}

#[test]
fn each_hash_covers_what_went_before_on_its_accounts() {
    let hashes = |first_amount: i64| {
        let home = test_kit::TestDatabase::new(database::Engine::Sqlite, &[crate::MIGRATIONS]);
        let mut world = World::new(&home.database());
        world.top_up("t1", 0, first_amount);
        world.pay("p1", 0, 1, 30).unwrap().hash
    };
    assert_eq!(hashes(100), hashes(100));
    assert_ne!(hashes(100), hashes(101));
}

#[test]
fn what_a_collector_carries_is_told_by_goods_and_is_nobody_elses() {
    on_each_engine(|world| {
        let other: CollectorId = world.ambient.mint();
        let (collector, household) = (world.collector, world.people[0]);
        let goods = |word: &str| Label::parse(word).unwrap();
        let fetched = |by: CollectorId, word: &str, grams: i64| {
            let from = Line::new(AccountName::Household(household, goods(word)), -grams);
            vec![from, Line::new(AccountName::Carried(by, goods(word)), grams)]
        };
        world.post("w1", fetched(collector, "PLA-PET", 700)).unwrap();
        world.post("w2", fetched(collector, "LGM-BESI", 90)).unwrap();
        world.post("w3", fetched(collector, "PLA-PET", 300)).unwrap();
        world.post("w4", fetched(other, "PLA-PET", 5)).unwrap();
        world.top_up("t1", 0, 100);
        let carried = carried_in(&mut world.conn, collector).unwrap();
        let seen: Vec<_> =
            carried.iter().map(|(label, it)| (label.to_string(), it.balance, it.version)).collect();
        assert_eq!(seen, [("LGM-BESI".to_owned(), 90, 1), ("PLA-PET".to_owned(), 1_000, 2)]);
        let nobody = world.ambient.mint();
        assert_eq!(carried_in(&mut world.conn, nobody).unwrap(), []);
    });
}
