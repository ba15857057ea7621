/// How good one aspect is, in ten-thousandths: 0 is the worst there is, 10,000 the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(u32);

impl Value {
    /// The worst.
    pub const WORST: Self = Self(0);
    /// The best.
    pub const BEST: Self = Self(10_000);

    /// `part` of `whole`, rounded down and kept between worst and best; a part of nothing is the worst.
    pub fn share(part: i64, whole: i64) -> Self {
        if part <= 0 || whole <= 0 {
            return Self::WORST;
        }
        // Divided in 64 bits where it fits, as it nearly always does: that is several times faster.
        let scaled = match part.checked_mul(10_000) {
            Some(scaled) => i128::from(scaled / whole),
            None => i128::from(part) * 10_000 / i128::from(whole),
        };
        u32::try_from(scaled).map_or(Self::BEST, |value| Self(value.min(10_000)))
    }

    /// In whole percents, to the nearest.
    pub const fn percent(self) -> u32 {
        (self.0 + 50) / 100
    }

    /// In ten-thousandths.
    pub(crate) const fn ten_thousandths(self) -> u32 {
        self.0
    }

    /// What it counts at so many percent.
    pub(crate) const fn weighing(self, percent: u32) -> Score {
        Score(percent * self.0)
    }

    /// As a fraction of one, for people.
    pub fn as_fraction(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

/// A sum of weighted values in millionths. A percentage of a ten-thousandth is a millionth, so nothing is ever rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(u32);

impl Score {
    /// None at all.
    pub(crate) const NOTHING: Self = Self(0);
    /// The least that is something.
    pub(crate) const LEAST: Self = Self(1);
    /// No score is above this.
    pub(crate) const MOST: Self = Self(u32::MAX);

    /// Both together.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of it, if anything.
    pub(crate) const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The next whole number of millionths.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "truncated on purpose, and below zero and beyond the end the cast saturates"
    )]
    pub(crate) const fn rounded_up(millionths: f64) -> Self {
        Self((millionths as u32).saturating_add(1))
    }

    /// The number of millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Reads back what `millionths` gave out.
    pub const fn from_millionths(millionths: u32) -> Self {
        Self(millionths)
    }

    /// As a fraction of one: the closest number to a decimal of at most six places.
    pub fn as_fraction(self) -> f64 {
        f64::from(self.0) / 1_000_000.0
    }
}

/// The names under which the parts of a score stand in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartName {
    /// How soon he can be at the door.
    TravelTime,
    /// What he pays, against the top of the reference prices.
    Payout,
    /// How many of his promises he keeps.
    Reliability,
    /// What households think of him.
    Rating,
    /// How much room is left on his vehicle afterwards.
    SpareCapacity,
    /// How much of a pickup window is left when he arrives.
    WindowFit,
    /// How few jobs he won lately.
    Fairness,
    /// How long the household has waited already.
    Ageing,
}

impl PartName {
    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TravelTime => "travel_time",
            Self::Payout => "payout",
            Self::Reliability => "reliability",
            Self::Rating => "rating",
            Self::SpareCapacity => "spare_capacity",
            Self::WindowFit => "window_fit",
            Self::Fairness => "fairness",
            Self::Ageing => "ageing",
        }
    }
}

/// One thing for each part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is documented at the part name it stands for")]
pub struct PerPart<T> {
    pub travel_time: T,
    pub payout: T,
    pub reliability: T,
    pub rating: T,
    pub spare_capacity: T,
    pub window_fit: T,
    pub fairness: T,
    pub ageing: T,
}

impl<T: Copy> PerPart<T> {
    /// The same for each part.
    pub fn map<U>(&self, change: impl Fn(T) -> U) -> PerPart<U> {
        PerPart {
            travel_time: change(self.travel_time),
            payout: change(self.payout),
            reliability: change(self.reliability),
            rating: change(self.rating),
            spare_capacity: change(self.spare_capacity),
            window_fit: change(self.window_fit),
            fairness: change(self.fairness),
            ageing: change(self.ageing),
        }
    }

    /// The parts by name, in the order of answers.
    pub const fn in_order(&self) -> [(PartName, T); 8] {
        [
            (PartName::TravelTime, self.travel_time),
            (PartName::Payout, self.payout),
            (PartName::Reliability, self.reliability),
            (PartName::Rating, self.rating),
            (PartName::SpareCapacity, self.spare_capacity),
            (PartName::WindowFit, self.window_fit),
            (PartName::Fairness, self.fairness),
            (PartName::Ageing, self.ageing),
        ]
    }
}

/// How much each part counts, in percent; the percentages of one set add up to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// The name of the formulas and of the percentages that come with them; it changes whenever one of them does.
    pub version: &'static str,
    /// Percent of the score.
    pub percent: PerPart<u32>,
}

impl Weights {
    /// Which collector suits a household.
    pub const CANDIDATES: Self = Self {
        version: "candidates-1",
        percent: PerPart {
            travel_time: 25,
            payout: 25,
            reliability: 15,
            rating: 10,
            spare_capacity: 5,
            window_fit: 5,
            fairness: 5,
            ageing: 10,
        },
    };

    /// Which household suits a collector: what speaks of himself is the same for all of them and counts nothing.
    pub const FEED: Self = Self {
        version: "feed-1",
        percent: PerPart {
            travel_time: 50,
            payout: 0,
            reliability: 0,
            rating: 0,
            spare_capacity: 15,
            window_fit: 15,
            fairness: 0,
            ageing: 20,
        },
    };

    /// The weighted sum.
    pub fn score(&self, values: &PerPart<Value>) -> Score {
        let weighed = self.percent.in_order().into_iter().zip(values.in_order());
        Score(weighed.map(|((_, percent), (_, value))| value.weighing(percent).0).sum())
    }

    /// The weighted sum, part by part.
    pub fn parts(&self, values: &PerPart<Value>) -> [Part; 8] {
        let mut weights = self.percent.in_order().into_iter();
        values.in_order().map(|(name, value)| {
            let percent = weights.next().map_or(0, |(_, percent)| percent);
            Part { name, value, percent, contribution: value.weighing(percent) }
        })
    }
}

/// One named part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which part.
    pub name: PartName,
    /// How good the collector is at it.
    pub value: Value,
    /// How much it counts.
    pub percent: u32,
    /// Value times weight: exact.
    pub contribution: Score,
}
