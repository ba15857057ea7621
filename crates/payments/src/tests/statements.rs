use primitives::{AccountId, Timestamp};

use super::world::{WORTH, World, on_each_engine};
use crate::{Method, Month, PassbookView, view::statement_csv};

fn month(world: &World, account: AccountId, month: &str) -> (PassbookView, String) {
    let month = Month::parse(month).unwrap();
    let found = world.write(move |payments, conn| Ok(payments.statement_in(conn, account, month)?));
    let found = found.unwrap();
    (PassbookView::of(month, &found), statement_csv(month, &found).unwrap())
}

fn at(world: &World, moment: &str) {
    world.clock.set(Timestamp::parse(moment).unwrap());
}

#[test]
fn months_are_cut_at_midnight_here_and_follow_each_other() {
    on_each_engine(|world| {
        at(world, "2026-10-31T16:00:00Z");
        let deal = world.deal(1);
        let payer = deal.payer;
        at(world, "2026-10-31T16:59:59Z");
        world.top_up(payer, 20_000).unwrap();
        at(world, "2026-10-31T17:00:00Z");
        world.pay(&deal, Method::Wallet).unwrap();
        at(world, "2026-11-30T16:59:59Z");
        world.top_up(payer, 1_000).unwrap();
        let (october, _) = month(world, payer, "2026-10");
        assert_eq!((october.opening_balance_rupiah.get(), october.lines.len()), (0, 1));
        let (november, _) = month(world, payer, "2026-11");
        assert_eq!(november.opening_balance_rupiah, october.closing_balance_rupiah);
        assert_eq!((november.received_rupiah.get(), november.paid_rupiah.get()), (1_000, WORTH));
        assert_eq!(november.closing_balance_rupiah.get(), 21_000 - WORTH);
        assert_eq!(november.lines[0].pickup_id, Some(deal.pickup));
        let (december, _) = month(world, payer, "2026-12");
        assert_eq!(december.opening_balance_rupiah, november.closing_balance_rupiah);
        assert!(december.lines.is_empty());
        let (nobody, _) = month(world, world.person(77), "2026-11");
        assert_eq!((nobody.closing_balance_rupiah.get(), nobody.lines.len()), (0, 0));
    });
}

/// A clock that is set back over midnight must not lose a movement or count one twice.
#[test]
fn a_clock_that_goes_backwards_tears_no_month_apart() {
    on_each_engine(|world| {
        let account = world.person(1);
        let moments = ["2026-10-31T16:59:58Z", "2026-10-31T17:00:01Z", "2026-10-31T16:59:59Z"];
        for moment in moments.into_iter().chain(["2026-11-02T00:00:00Z", "2026-11-30T17:00:00Z"]) {
            at(world, moment);
            world.top_up(account, 100).unwrap();
        }
        let books: Vec<_> =
            ["2026-10", "2026-11", "2026-12"].map(|text| month(world, account, text).0).into();
        let versions: Vec<i64> =
            books.iter().flat_map(|book| book.lines.iter().map(|line| line.version)).collect();
        assert_eq!(versions, [1, 2, 3, 4, 5]);
        for book in &books {
            let moved = book.received_rupiah.get() - book.paid_rupiah.get();
            let (from, to) = (book.opening_balance_rupiah, book.closing_balance_rupiah);
            assert_eq!(from.get() + moved, to.get());
        }
    });
}

#[test]
fn the_table_says_what_the_passbook_says() {
    on_each_engine(|world| {
        at(world, "2026-11-10T03:00:00Z");
        let deal = world.deal(1);
        world.top_up(deal.payer, 20_000).unwrap();
        world.pay(&deal, Method::Wallet).unwrap();
        let (book, table) = month(world, deal.payer, "2026-11");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), book.lines.len() + 2);
        let kinds: Vec<&str> = rows.iter().map(|row| &row[1]).collect();
        assert_eq!(kinds, ["opening", "top_up", "settlement", "closing"]);
        assert_eq!((&rows[1][0], &rows[1][4], &rows[1][5]), ("2026-11-10 10:00:00", "20000", ""));
        assert_eq!((&rows[2][4], &rows[2][5]), ("", WORTH.to_string().as_str()));
        assert_eq!(&rows[2][2], deal.pickup.to_string());
        let closing = (&rows[3][4], &rows[3][5], &rows[3][7]);
        let (paid, rest) = (WORTH.to_string(), (20_000 - WORTH).to_string());
        assert_eq!(closing, ("20000", paid.as_str(), rest.as_str()));
    });
}
