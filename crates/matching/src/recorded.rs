use std::fmt;

/// By which ranking a job was given: stands in the event of the assignment, so that it can be explained later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRanking {
    /// Names the formulas and weights.
    pub weights: String,
    /// Names the snapshot of the index.
    pub snapshot: String,
    /// Where the collector stood, if he was among those who were looked at.
    pub rank: Option<usize>,
}

impl RecordedRanking {
    /// Reads back what was written.
    pub fn parse(text: &str) -> Option<Self> {
        let (weights, rest) = text.split_once('/')?;
        let (snapshot, rank) = match rest.split_once('#') {
            Some((snapshot, rank)) => (snapshot, Some(rank.parse().ok()?)),
            None => (rest, None),
        };
        Some(Self { weights: weights.to_owned(), snapshot: snapshot.to_owned(), rank })
    }
}

impl fmt::Display for RecordedRanking {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.weights, self.snapshot)?;
        self.rank.map_or(Ok(()), |rank| write!(formatter, "#{rank}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            weights in "[a-z]{1,10}-[0-9]{1,2}(@[0-9]{2}[.][0-9]{2}[.][0-9]{1,4})?",
            snapshot in "[0-9]{1,10}[.][0-9]{16}",
            rank in proptest::option::of(1usize..1_000),
        ) {
            let recorded = RecordedRanking { weights, snapshot, rank };
            prop_assert_eq!(RecordedRanking::parse(&recorded.to_string()), Some(recorded));
        }
    }

    #[test]
    fn other_words_say_nothing() {
        assert_eq!(RecordedRanking::parse("candidates-1"), None);
        assert_eq!(RecordedRanking::parse("candidates-1/4.2#first"), None);
    }
}
