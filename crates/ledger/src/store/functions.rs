//! The engines' own functions.

use diesel::sql_types::{Array, BigInt, Nullable, Text};

diesel::define_sql_function! {
    /// SQLite's number of the row that this connection inserted last.
    fn last_insert_rowid() -> BigInt;
}

/// An account's name and number, its last version, balance and hold, the hash of its last journal, and which journal has
/// the business key.
pub(super) type Looked = (String, i64, i64, i64, i64, String, Option<String>);

diesel::define_sql_function! {
    /// PostgreSQL's, for one round trip: locks accounts and tells where their chains end.
    fn ledger_look(names: Array<Text>, business_key: Text)
        -> diesel::sql_types::Record<(Text, BigInt, BigInt, BigInt, BigInt, Text, Nullable<Text>)>;
}

diesel::define_sql_function! {
    /// PostgreSQL's, for one round trip: inserts a journal (`head`: identity, kind and business key) with its links, six
    /// numbers each, and seals it where there is a hash.
    fn ledger_record(
        head: Array<Text>,
        reverses: Nullable<Text>,
        created_at: BigInt,
        links: Array<BigInt>,
        hash: Nullable<Text>,
    ) -> Nullable<BigInt>;
}
