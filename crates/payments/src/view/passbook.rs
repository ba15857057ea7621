use ledger::{Entry, Statement};
use primitives::{Rupiah, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{EntryView, Month};

/// A month of a wallet, as a savings book shows it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PassbookView {
    /// Which month.
    pub month: Month,
    /// Its first moment: midnight, western Indonesian time.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// What was in the wallet at the beginning.
    pub opening_balance_rupiah: Rupiah,
    /// Everything that came in.
    pub received_rupiah: Rupiah,
    /// Everything that went out, as a positive number.
    pub paid_rupiah: Rupiah,
    /// What was in the wallet at the end, or is now.
    pub closing_balance_rupiah: Rupiah,
    /// Every movement, oldest first.
    pub lines: Vec<EntryView>,
}

impl PassbookView {
    /// The month as the books have it.
    pub fn of(month: Month, statement: &Statement) -> Self {
        let (received, paid) = totals(&statement.entries);
        Self {
            month,
            from: month.from(),
            until: month.until(),
            opening_balance_rupiah: Rupiah::new(statement.opening.balance),
            received_rupiah: Rupiah::new(received),
            paid_rupiah: Rupiah::new(paid),
            closing_balance_rupiah: Rupiah::new(statement.closing.balance),
            lines: statement.entries.iter().map(EntryView::from).collect(),
        }
    }
}

/// What came in and what went out; both positive. The books bound every balance, so no sum of a month leaves i64.
pub(crate) fn totals(entries: &[Entry]) -> (i64, i64) {
    entries.iter().fold((0, 0), |(received, paid): (i64, i64), entry| {
        let out = entry.delta.saturating_neg();
        (received.saturating_add(entry.delta.max(0)), paid.saturating_add(out.max(0)))
    })
}
