use std::borrow::Cow;

use ledger::{Entry, Statement};
use primitives::Timestamp;

use super::passbook::totals;
use crate::{Month, calendar, rules};

const COLUMNS: [&str; 8] = [
    "time",
    "kind",
    "pickup_id",
    "journal_id",
    "received_rupiah",
    "paid_rupiah",
    "held_change_rupiah",
    "balance_rupiah",
];

/// A month of a wallet as a table: a line of names, the opening, every movement, the closing with the totals.
pub(crate) fn statement_csv(month: Month, statement: &Statement) -> Result<String, csv::Error> {
    let mut table =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    let opening = statement.opening.balance.to_string();
    table.write_record(summary("opening", month.from(), ["", ""], &opening))?;
    for entry in &statement.entries {
        table.write_record(movement(entry).iter().map(|cell| tame(cell).into_owned()))?;
    }
    let (received, paid) = totals(&statement.entries);
    let (received, paid) = (received.to_string(), paid.to_string());
    let closing = statement.closing.balance.to_string();
    table.write_record(summary("closing", month.until(), [&received, &paid], &closing))?;
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn summary(kind: &str, at: Timestamp, [received, paid]: [&str; 2], balance: &str) -> [String; 8] {
    let time = calendar::local(at).strftime("%F %T").to_string();
    [&time, kind, "", "", received, paid, "", balance].map(str::to_owned)
}

fn movement(entry: &Entry) -> [String; 8] {
    let pickup = rules::settled_pickup(&entry.business_key);
    let amount = |delta: i64| if delta > 0 { delta.to_string() } else { String::new() };
    let held = if entry.held_delta == 0 { String::new() } else { entry.held_delta.to_string() };
    [
        calendar::local(entry.created_at).strftime("%F %T").to_string(),
        entry.kind.clone(),
        pickup.map(|pickup| pickup.to_string()).unwrap_or_default(),
        entry.journal.to_string(),
        amount(entry.delta),
        amount(entry.delta.saturating_neg()),
        held,
        entry.balance_after.to_string(),
    ]
}

/// A cell that a spreadsheet would take for a formula is made a text; whole numbers stay numbers.
fn tame(cell: &str) -> Cow<'_, str> {
    let formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<i64>().is_err();
    if formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_no_number_a_text() {
        for (cell, tamed) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("\tx", "'\tx"),
            ("+", "'+"),
            ("-5000", "-5000"),
            ("settlement", "settlement"),
            ("", ""),
        ] {
            assert_eq!(tame(cell), tamed);
        }
    }
}
