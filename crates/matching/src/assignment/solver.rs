use super::{
    choices::{Choice, Choices},
    market::Market,
};

/// Which collector each report falls to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// In the order of the reports; none where no place was left.
    pub collectors: Vec<Option<u32>>,
    /// The costs of all pairs together.
    pub cost: u64,
}

/// Assigns as many reports as can be, and among all ways to do so one of the least cost.
///
/// `choices` has a row for each report; `places` says how many reports each collector can take. Choices of collectors
/// beyond `places` are of nobody. Exact; the same question gives the same answer.
pub fn assign(choices: Vec<Vec<Choice>>, places: &[u32]) -> Assignment {
    let choices: Vec<Choices> = choices.into_iter().map(Choices::of).collect();
    let highest = i64::from(choices.iter().map(Choices::highest).max().unwrap_or(0));
    let mut market = Market::open(choices, places, highest);
    // Where every place will be had, prices may begin anywhere: first near to what they will be in the end.
    if market.places() == market.reports() {
        market.feel_out_prices(highest);
        settle(&mut market);
        if market.is_settled() {
            return market.close();
        }
        market.forget_prices();
    }
    settle(&mut market);
    market.close()
}

fn settle(market: &mut Market) {
    for report in market.bid_for_all() {
        market.search_for(report);
    }
}
