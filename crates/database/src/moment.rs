use diesel::Connection as _;

use crate::{Connection, DatabaseError};

/// Reads everything as it stood at one moment, while writers go on. Wants a connection outside any transaction.
pub fn at_one_moment<T, E>(
    conn: &mut Connection,
    read: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<diesel::result::Error> + From<DatabaseError>,
{
    conn.transaction(|conn| {
        // On SQLite that is how transactions are anyway.
        if let Connection::Postgres(_) = conn {
            conn.run_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        }
        read(conn)
    })
}
