use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::TopUpId;

use super::row::TopUpRow;
use crate::{TopUp, schema::top_up};

pub(crate) fn insert_top_up(conn: &mut Connection, new: &TopUp) -> Result<(), DatabaseError> {
    diesel::insert_into(top_up::table).values(TopUpRow::from(new)).execute(conn)?;
    Ok(())
}

/// Top-ups in the order of their ids, after the given one.
pub(crate) fn top_ups_after(
    conn: &mut Connection,
    after: Option<TopUpId>,
    limit: i64,
) -> Result<Vec<TopUp>, DatabaseError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<TopUpRow> =
        top_up::table.filter(top_up::id.gt(after)).order(top_up::id).limit(limit).load(conn)?;
    rows.into_iter().map(TopUp::try_from).collect()
}
