//! What gateways have kept for their services: on the books once, when their statement shows it.

use std::collections::{BTreeMap, BTreeSet};

use database::{Connection, DatabaseError};
use diesel::prelude::*;
use ledger::{LedgerError, NewJournal};
use primitives::{Ambient, ReconciliationId, Rupiah};

use super::{Reconciliation, ReconciliationError};
use crate::{FeeLine, gateway::GatewayName, rules, schema::gateway_fee};

/// Names asked for by one query: databases bind a limited number of values.
const CHUNK: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = gateway_fee)]
struct FeeRow {
    gateway: String,
    name: String,
    amount_rupiah: i64,
    happened_at: i64,
    reconciliation_id: String,
}

/// Books what no comparison has seen before, in one journal; its amount and id, if there is any.
pub(super) fn book_in(
    conn: &mut Connection,
    ambient: &Ambient,
    by: &Reconciliation,
    lines: &[FeeLine],
) -> Result<Option<(Rupiah, ledger::Journal)>, ReconciliationError> {
    let news = unbooked(conn, by.gateway, lines)?;
    if news.is_empty() {
        return Ok(None);
    }
    let total = news.values().fold(0_i64, |sum, fee| sum.saturating_add(fee.amount.get()));
    let total = Rupiah::new(total);
    let lines = rules::fee_lines(by.gateway.as_str(), total);
    let beyond = |_beyond| LedgerError::Malformed("fees beyond the books");
    let new = NewJournal {
        kind: rules::GATEWAY_FEES,
        business_key: fees_key(by.id),
        lines: lines.map_err(beyond)?,
    };
    let journal = ledger::post_in(conn, ambient, &new)?;
    insert(conn, by, news.into_values())?;
    Ok(Some((total, journal)))
}

fn insert<'a>(
    conn: &mut Connection,
    by: &Reconciliation,
    fees: impl Iterator<Item = &'a FeeLine>,
) -> Result<(), DatabaseError> {
    for fee in fees {
        let row = FeeRow {
            gateway: by.gateway.as_str().to_owned(),
            name: fee.name.clone(),
            amount_rupiah: fee.amount.get(),
            happened_at: fee.at.micros(),
            reconciliation_id: by.id.to_string(),
        };
        diesel::insert_into(gateway_fee::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The name under which what a comparison has seen is on the books.
pub(super) fn fees_key(by: ReconciliationId) -> String {
    format!("{}:{by}", rules::GATEWAY_FEES)
}

fn unbooked<'a>(
    conn: &mut Connection,
    gateway: GatewayName,
    lines: &'a [FeeLine],
) -> Result<BTreeMap<&'a str, &'a FeeLine>, DatabaseError> {
    let mut news: BTreeMap<&str, &FeeLine> =
        lines.iter().map(|line| (line.name.as_str(), line)).collect();
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

/// All that the gateway has kept.
pub(super) fn total_in(
    conn: &mut Connection,
    gateway: GatewayName,
) -> Result<Rupiah, DatabaseError> {
    let amounts: Vec<i64> = gateway_fee::table
        .filter(gateway_fee::gateway.eq(gateway.as_str()))
        .select(gateway_fee::amount_rupiah)
        .load(conn)?;
    Ok(Rupiah::new(amounts.into_iter().fold(0, i64::saturating_add)))
}

/// What a comparison has booked.
pub(super) fn booked_by(conn: &mut Connection, by: ReconciliationId) -> Result<i64, DatabaseError> {
    let amounts: Vec<i64> = gateway_fee::table
        .filter(gateway_fee::reconciliation_id.eq(by.to_string()))
        .select(gateway_fee::amount_rupiah)
        .load(conn)?;
    Ok(amounts.into_iter().fold(0, i64::saturating_add))
}
