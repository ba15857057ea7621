//! What gateways have kept for their services, and given back of it: on the books once, when their statement shows it.

use std::collections::{BTreeMap, BTreeSet};

use database::{Connection, DatabaseError};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use ledger::{LedgerError, NewJournal};
use primitives::{Ambient, ReconciliationId, Rupiah};

use super::{Reconciliation, ReconciliationError};
use crate::{FeeLine, gateway::GatewayName, rules, schema::gateway_fee};

/// Names asked for by one query: databases bind a limited number of values.
const CHUNK: usize = 500;

/// The sum of what was kept, less what was given back.
const COUNTED: &str = "CAST(COALESCE(SUM(
    CASE WHEN given_back THEN -amount_rupiah ELSE amount_rupiah END), 0) AS BIGINT)";

#[derive(Insertable)]
#[diesel(table_name = gateway_fee)]
struct FeeRow {
    gateway: String,
    name: String,
    amount_rupiah: i64,
    happened_at: i64,
    reconciliation_id: String,
    given_back: bool,
}

/// What was kept, or what was given back of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Kept,
    GivenBack,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Kept, Self::GivenBack];

    fn has(self, fee: &FeeLine) -> bool {
        fee.given_back == (self == Self::GivenBack)
    }

    /// An amount as it counts: what is given back is less than nothing.
    fn counted(self, amount: i64) -> i64 {
        match self {
            Self::Kept => amount,
            Self::GivenBack => amount.saturating_neg(),
        }
    }
}

/// Books what no comparison has seen before, a journal for each side; their amounts, as they count, and journals.
pub(super) fn book_in(
    conn: &mut Connection,
    ambient: &Ambient,
    by: &Reconciliation,
    lines: &[FeeLine],
) -> Result<Vec<(Rupiah, ledger::Journal)>, ReconciliationError> {
    let news = unbooked(conn, by.gateway, lines)?;
    let mut booked = Vec::new();
    for side in Side::BOTH {
        let fees: Vec<&FeeLine> = news.values().copied().filter(|fee| side.has(fee)).collect();
        if !fees.is_empty() {
            let sum = fees.iter().fold(0_i64, |sum, fee| sum.saturating_add(fee.amount.get()));
            let total = Rupiah::new(side.counted(sum));
            booked.push((total, post_in(conn, ambient, by, (side, total))?));
            insert(conn, by, &fees)?;
        }
    }
    Ok(booked)
}

fn post_in(
    conn: &mut Connection,
    ambient: &Ambient,
    by: &Reconciliation,
    (side, total): (Side, Rupiah),
) -> Result<ledger::Journal, LedgerError> {
    let lines = rules::fee_lines(by.gateway.as_str(), total);
    let beyond = |_beyond| LedgerError::Malformed("fees beyond the books");
    let new = NewJournal {
        kind: rules::GATEWAY_FEES,
        business_key: fees_key(by.id, side),
        lines: lines.map_err(beyond)?,
    };
    ledger::post_in(conn, ambient, &new)
}

fn insert(
    conn: &mut Connection,
    by: &Reconciliation,
    fees: &[&FeeLine],
) -> Result<(), DatabaseError> {
    for fee in fees {
        let row = FeeRow {
            gateway: by.gateway.as_str().to_owned(),
            name: fee.name.clone(),
            amount_rupiah: fee.amount.get(),
            happened_at: fee.at.micros(),
            reconciliation_id: by.id.to_string(),
            given_back: fee.given_back,
        };
        diesel::insert_into(gateway_fee::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The name under which what a comparison has seen is on the books.
pub(super) fn fees_key(by: ReconciliationId, side: Side) -> String {
    let kept = format!("{}:{by}", rules::GATEWAY_FEES);
    match side {
        Side::Kept => kept,
        Side::GivenBack => format!("{kept}:given_back"),
    }
}

fn unbooked<'a>(
    conn: &mut Connection,
    gateway: GatewayName,
    lines: &'a [FeeLine],
) -> Result<BTreeMap<&'a str, &'a FeeLine>, DatabaseError> {
    // A service may cost nothing, and nothing is no posting.
    let costly = lines.iter().filter(|line| line.amount > Rupiah::new(0));
    let mut news: BTreeMap<&str, &FeeLine> =
        costly.map(|line| (line.name.as_str(), line)).collect();
    let names: Vec<&str> = news.keys().copied().collect();
    for chunk in names.chunks(CHUNK) {
        let booked: BTreeSet<String> = gateway_fee::table
            .filter(gateway_fee::gateway.eq(gateway.as_str()))
            .filter(gateway_fee::name.eq_any(chunk.to_vec()))
            .select(gateway_fee::name)
            .load(conn)?
            .into_iter()
            .collect();
        news.retain(|name, _| !booked.contains(*name));
    }
    Ok(news)
}

/// All that the gateway has kept and not given back.
pub(super) fn total_in(
    conn: &mut Connection,
    gateway: GatewayName,
) -> Result<Rupiah, DatabaseError> {
    let total = gateway_fee::table
        .filter(gateway_fee::gateway.eq(gateway.as_str()))
        .select(sql::<BigInt>(COUNTED))
        .get_result(conn)?;
    Ok(Rupiah::new(total))
}

/// What a comparison has booked on one side, as it counts.
pub(super) fn booked_by(
    conn: &mut Connection,
    by: ReconciliationId,
    side: Side,
) -> Result<i64, DatabaseError> {
    Ok(gateway_fee::table
        .filter(gateway_fee::reconciliation_id.eq(by.to_string()))
        .filter(gateway_fee::given_back.eq(side == Side::GivenBack))
        .select(sql::<BigInt>(COUNTED))
        .get_result(conn)?)
}
