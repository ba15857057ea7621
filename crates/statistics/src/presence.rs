/// In which part somebody was active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Sold.
    Household,
    /// Bought.
    Collector,
}

impl Role {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Collector => "collector",
        }
    }
}

/// The day before all days: who was never active before was last active then.
pub(crate) const NEVER: i64 = -1_000_000;

/// How many were active on a day, and were last active on an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Return {
    pub(crate) day: i64,
    pub(crate) previous_day: i64,
    pub(crate) subjects: i64,
}

/// How many were active at all within some days: each is counted on the first of his days there.
pub(crate) fn distinct(returns: &[Return], from: i64, to: i64) -> i64 {
    let first = |it: &&Return| (from..=to).contains(&it.day) && it.previous_day < from;
    returns.iter().filter(first).map(|it| it.subjects).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_twice_counts_once() {
        let returns = [
            Return { day: 10, previous_day: NEVER, subjects: 2 },
            Return { day: 12, previous_day: 10, subjects: 1 },
            Return { day: 12, previous_day: NEVER, subjects: 3 },
        ];
        assert_eq!(distinct(&returns, 10, 12), 5);
        assert_eq!(distinct(&returns, 11, 12), 4);
        assert_eq!(distinct(&returns, 10, 11), 2);
        assert_eq!(distinct(&returns, 13, 20), 0);
    }
}
