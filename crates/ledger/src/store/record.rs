use database::{Connection, DatabaseError};
use diesel::{PgConnection, SqliteConnection, prelude::*, select};

use super::functions::{last_insert_rowid, ledger_record};
use crate::{
    journal::Journal,
    schema::{journal, journal_seal, posting},
    writing::Link,
};

/// Writes the journal with its links under the next number, or nothing when the piece of business is on the books.
///
/// A journal that says nothing besides is `whole` and sealed at once.
pub(crate) fn insert_journal(
    conn: &mut Connection,
    new: &Journal,
    links: &[Link],
    whole: bool,
) -> Result<Option<i64>, DatabaseError> {
    let seq = match conn {
        Connection::Postgres(conn) => return insert_together(conn, new, links, whole),
        // The only writer has just looked.
        Connection::Sqlite(conn) => insert_one_by_one(conn, new, links)?,
    };
    if whole {
        seal(conn, seq, &new.hash)?;
    }
    Ok(Some(seq))
}

/// Lets the tables look at everything else, so it comes last.
pub(crate) fn seal(conn: &mut Connection, seq: i64, hash: &str) -> Result<(), DatabaseError> {
    diesel::insert_into(journal_seal::table)
        .values((journal_seal::seq.eq(seq), journal_seal::hash.eq(hash)))
        .execute(conn)?;
    Ok(())
}

/// One round trip; waits for whoever is about to commit the same.
fn insert_together(
    conn: &mut PgConnection,
    new: &Journal,
    links: &[Link],
    whole: bool,
) -> Result<Option<i64>, DatabaseError> {
    let head = vec![new.id.to_string(), new.kind.clone(), new.business_key.clone()];
    let reverses = new.reverses.map(|id| id.to_string());
    let links: Vec<i64> = links.iter().flat_map(numbers).collect();
    let hash = whole.then_some(&new.hash);
    let record = ledger_record(head, reverses, new.created_at.micros(), links, hash);
    Ok(select(record).get_result(conn)?)
}

/// What `ledger_record` is told of a link.
fn numbers(link: &Link) -> [i64; 6] {
    let posting = &link.posting;
    [
        link.number,
        posting.version,
        posting.delta,
        posting.held_delta,
        posting.balance_after,
        posting.held_after,
    ]
}

fn insert_one_by_one(
    conn: &mut SqliteConnection,
    new: &Journal,
    links: &[Link],
) -> Result<i64, DatabaseError> {
    diesel::insert_into(journal::table)
        .values((
            journal::id.eq(new.id.to_string()),
            journal::kind.eq(&new.kind),
            journal::business_key.eq(&new.business_key),
            journal::reverses.eq(new.reverses.map(|id| id.to_string())),
            journal::created_at.eq(new.created_at.micros()),
        ))
        .execute(conn)?;
    // RETURNING would make a table of its own for the one number.
    let seq = select(last_insert_rowid()).get_result(conn)?;
    for link in links {
        insert_link(conn, seq, link)?;
    }
    Ok(seq)
}

fn insert_link(conn: &mut SqliteConnection, seq: i64, link: &Link) -> Result<(), DatabaseError> {
    let posting = &link.posting;
    diesel::insert_into(posting::table)
        .values((
            posting::account.eq(link.number),
            posting::version.eq(posting.version),
            posting::journal.eq(seq),
            posting::delta.eq(posting.delta),
            posting::held_delta.eq(posting.held_delta),
            posting::balance_after.eq(posting.balance_after),
            posting::held_after.eq(posting.held_after),
        ))
        .execute(conn)?;
    Ok(())
}
