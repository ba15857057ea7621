//! A ledger of a million top-ups: one account is in all of them, one wallet in ten, one in ten thousand.

use database::Database;
use ledger::{AccountName, Label, LedgerError, Line, NewJournal};
use primitives::{AccountId, Ambient, Timestamp};

use crate::Fault;

/// Wallets that share the rest.
const OTHERS: u32 = 5_000;
/// Journals in one unit of work. SQLite walks all that an outer savepoint remembers whenever an inner one ends: few.
const UNIT: u32 = 200;

/// Posts so many top-ups.
pub(crate) fn fill(database: &Database, journals: u32) -> Result<(), Fault> {
    let (ambient, bank) = (Ambient::of_this_machine(), bank()?);
    for start in (0..journals).step_by(usize::try_from(UNIT)?) {
        let (ambient, bank) = (ambient.clone(), bank.clone());
        let end = (start + UNIT).min(journals);
        database.write_blocking(move |conn| {
            (start..end).try_for_each(|number| {
                let business_key = format!("top-up:{number}");
                let lines = vec![Line::new(bank.clone(), -1_000), Line::new(payee(number), 1_000)];
                let new = NewJournal { kind: "top-up", business_key, lines };
                ledger::post_in(conn, &ambient, &new).map(|_journal| ())
            })?;
            Ok::<_, LedgerError>(())
        })?;
    }
    Ok(())
}

/// The account that is in all of them.
pub(crate) fn bank() -> Result<AccountName, Fault> {
    Ok(AccountName::Bank(Label::parse("manual")?))
}

fn payee(number: u32) -> AccountName {
    match number {
        0..10 => wallet(10),
        10..10_010 => wallet(10_000),
        _ => wallet(20_000 + number % OTHERS),
    }
}

/// The wallet of a person; the tenth and the ten thousandth have as many links.
pub(crate) fn wallet(number: u32) -> AccountName {
    AccountName::Wallet(person(number))
}

/// The same person for the same number.
fn person(number: u32) -> AccountId {
    let mut random = [0; 10];
    if let Some(front) = random.first_chunk_mut() {
        *front = number.to_be_bytes();
    }
    AccountId::from_parts(Timestamp::from_micros(1_700_000_000_000_000), random)
}
