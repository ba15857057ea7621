//! How much each part of a score counts in one kabupaten: what its staff chose, else what the product ships with.

mod service;
mod store;

use std::collections::BTreeMap;

use http_kit::FieldProblem;
use primitives::{AccountId, RegionCode, RegionLevel, Timestamp};

use crate::ranking::{PerPart, Weights};

pub(crate) use store::all_in;

/// No part may decide alone.
const MOST_PERCENT: u32 = 60;

/// The weights by which the collectors of one kabupaten are ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionalWeights {
    /// The kabupaten.
    pub region: RegionCode,
    /// Percent of the score; together 100.
    pub percent: PerPart<u32>,
    /// Whose choice it is; nobody's while the product's defaults hold.
    pub choice: Option<Choice>,
}

/// That a member of staff chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Counts the choices of the kabupaten from 1.
    pub version: i64,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// What a member of staff wants to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWeights {
    /// In which kabupaten.
    pub region: RegionCode,
    /// Percent of the score.
    pub percent: PerPart<u32>,
    /// Who wants it.
    pub by: AccountId,
}

impl RegionalWeights {
    /// What the product ships with.
    pub const fn defaults(region: RegionCode) -> Self {
        Self { region, percent: Weights::CANDIDATES.percent, choice: None }
    }

    /// Counts the choices; 0 while nobody has chosen.
    pub fn version(&self) -> i64 {
        self.choice.as_ref().map_or(0, |choice| choice.version)
    }

    /// The name in answers and events: that of the formulas, and of the choice if there was one.
    pub fn name(&self) -> String {
        let formulas = Weights::CANDIDATES.version;
        let chosen = |choice: &Choice| format!("{formulas}@{}.{}", self.region, choice.version);
        self.choice.as_ref().map_or_else(|| formulas.to_owned(), chosen)
    }

    /// What a ranking reckons with.
    pub const fn weights(&self) -> Weights {
        Weights { percent: self.percent, ..Weights::CANDIDATES }
    }
}

/// What every kabupaten has chosen last.
#[derive(Debug, Clone, Default)]
pub(crate) struct WeightTable(BTreeMap<RegionCode, RegionalWeights>);

impl WeightTable {
    /// Of several choices of one kabupaten the last one counts.
    pub(crate) fn of(choices: impl IntoIterator<Item = RegionalWeights>) -> Self {
        Self(choices.into_iter().map(|choice| (choice.region.clone(), choice)).collect())
    }

    /// The weights of the kabupaten in which a desa lies.
    pub(crate) fn of_desa(&self, desa: &RegionCode) -> RegionalWeights {
        let kabupaten = kabupaten_of(desa);
        let chosen = self.0.get(&kabupaten).cloned();
        chosen.unwrap_or_else(|| RegionalWeights::defaults(kabupaten))
    }
}

/// Says what is wrong with percentages; nothing when they may be chosen.
pub(crate) fn problems_of(percent: &PerPart<u32>) -> Vec<FieldProblem> {
    let parts = percent.in_order();
    let too_much = parts.iter().filter(|(_, percent)| *percent > MOST_PERCENT);
    let mut problems: Vec<FieldProblem> = too_much
        .map(|(name, _)| FieldProblem {
            pointer: format!("/percent/{}", name.as_str()),
            code: "weight_out_of_range",
        })
        .collect();
    let sum = parts.iter().fold(0u32, |sum, (_, percent)| sum.saturating_add(*percent));
    if sum != 100 {
        problems.push(FieldProblem { pointer: "/percent".to_owned(), code: "weights_not_whole" });
    }
    problems
}

/// Weights belong to a kabupaten; a desa finds its own by going up.
fn kabupaten_of(region: &RegionCode) -> RegionCode {
    let up = |code: &RegionCode| code.parent().filter(|_| code.level() > RegionLevel::Kabupaten);
    std::iter::successors(Some(region.clone()), up).last().unwrap_or_else(|| region.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    fn percent(of: [u32; 8]) -> PerPart<u32> {
        let [
            travel_time,
            payout,
            reliability,
            rating,
            spare_capacity,
            window_fit,
            fairness,
            ageing,
        ] = of;
        PerPart {
            travel_time,
            payout,
            reliability,
            rating,
            spare_capacity,
            window_fit,
            fairness,
            ageing,
        }
    }

    proptest! {
        #[test]
        fn only_whole_and_bounded_percentages_are_chosen(of in proptest::array::uniform8(0u32..120)) {
            let sound = of.iter().sum::<u32>() == 100 && of.iter().all(|&it| it <= 60);
            prop_assert_eq!(problems_of(&percent(of)).is_empty(), sound);
        }

        #[test]
        fn a_hundred_spread_over_eight_parts_is_whole(cuts in proptest::collection::vec(0usize..8, 100)) {
            let mut of = [0; 8];
            cuts.into_iter().for_each(|part| of[part] += 1);
            let whole = !problems_of(&percent(of)).iter().any(|it| it.code == "weights_not_whole");
            prop_assert!(whole);
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let problems = problems_of(&percent([61, u32::MAX, 0, 0, 0, 0, 0, 0]));
        let found: Vec<_> = problems.iter().map(|it| (it.pointer.as_str(), it.code)).collect();
        let out_of_range = "weight_out_of_range";
        assert_eq!(
            found,
            [
                ("/percent/travel_time", out_of_range),
                ("/percent/payout", out_of_range),
                ("/percent", "weights_not_whole"),
            ]
        );
        assert!(problems_of(&Weights::CANDIDATES.percent).is_empty());
    }

    #[test]
    fn a_desa_is_ranked_by_the_weights_of_its_own_kabupaten() {
        let choice =
            Some(Choice { version: 3, by: crate::worlds::account(1), at: crate::worlds::NOON });
        let percent = percent([40, 40, 20, 0, 0, 0, 0, 0]);
        let chosen = RegionalWeights { region: code("12.07"), percent, choice };
        let table = WeightTable::of([chosen.clone()]);
        assert_eq!(table.of_desa(&code("12.07.28.2001")), chosen);
        assert_eq!(table.of_desa(&code("12.07")).name(), "candidates-1@12.07.3");
        let other = table.of_desa(&code("12.05.28.2001"));
        assert_eq!(other, RegionalWeights::defaults(code("12.05")));
        assert_eq!((other.name().as_str(), other.version()), ("candidates-1", 0));
        assert_eq!(table.of_desa(&code("12")).region, code("12"));
    }
}
