//! PostgreSQL's own functions: each spares round trips.

use diesel::sql_types::{Array, BigInt, Nullable, Text};

/// An account's name and number, its last version, balance and hold, the hash of its last journal, and which journal has
/// the business key.
pub(super) type Looked = (String, i64, i64, i64, i64, String, Option<String>);

diesel::define_sql_function! {
    /// Locks accounts and tells where their chains end.
    fn ledger_look(names: Array<Text>, business_key: Text)
        -> diesel::sql_types::Record<(Text, BigInt, BigInt, BigInt, BigInt, Text, Nullable<Text>)>;
}

diesel::define_sql_function! {
    /// Inserts a journal (`head`: identity, kind and business key) with its links, six numbers each, and seals it where
    /// there is a hash.
    fn ledger_record(
        head: Array<Text>,
        reverses: Nullable<Text>,
        created_at: BigInt,
        links: Array<BigInt>,
        hash: Nullable<Text>,
    ) -> Nullable<BigInt>;
}
