/// What people wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// From opening a report until a collector accepts.
    Acceptance,
    /// From opening a report until the weigh-in at the door.
    Pickup,
}

impl Measure {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Pickup => "pickup",
        }
    }
}

/// Sixteen buckets per doubling, so that none is wider than a sixteenth of what it holds: some 200 cover everything
/// from a second to a month. A longer wait never has a lower bucket.
pub(crate) fn bucket_of(seconds: i64) -> i64 {
    let from_one = seconds.max(0).saturating_add(1);
    let octave = i64::from(from_one.ilog2());
    let sixteenths = (i128::from(from_one) << 4) >> octave;
    octave * 16 + i64::try_from(sixteenths & 15).unwrap_or(0)
}

/// The ranks (from 1) of the one or two waits in the middle of `count`; none of nothing.
pub(crate) const fn middle_ranks(count: i64) -> Option<(i64, i64)> {
    if count <= 0 { None } else { Some(((count + 1) / 2, count / 2 + 1)) }
}

/// The key under which the wait of that rank is counted, and its rank among those with the same key.
pub(crate) fn at_rank(counts: &[(i64, i64)], rank: i64) -> Option<(i64, i64)> {
    let mut left = rank;
    for &(key, count) in counts {
        if left <= count {
            return Some((key, left));
        }
        left -= count;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_middle_is_one_or_two() {
        assert_eq!(middle_ranks(0), None);
        assert_eq!(middle_ranks(1), Some((1, 1)));
        assert_eq!(middle_ranks(4), Some((2, 3)));
        assert_eq!(middle_ranks(5), Some((3, 3)));
    }

    #[test]
    fn ranks_walk_through_counts() {
        let counts = [(10, 2), (20, 1)];
        assert_eq!(at_rank(&counts, 2), Some((10, 2)));
        assert_eq!(at_rank(&counts, 3), Some((20, 1)));
        assert_eq!(at_rank(&counts, 4), None);
    }

    proptest! {
        #[test]
        fn buckets_keep_the_order_and_are_narrow(seconds in 0i64..10_000_000, more in 0i64..10_000_000) {
            prop_assert!(bucket_of(seconds) <= bucket_of(seconds + more));
            let far = seconds + seconds / 8 + 2;
            prop_assert!(bucket_of(seconds) < bucket_of(far));
        }
    }

    #[test]
    fn absurd_waits_have_buckets_too() {
        assert_eq!(bucket_of(i64::MIN), bucket_of(0));
        assert!(bucket_of(i64::MAX) >= bucket_of(i64::MAX - 1));
    }
}
