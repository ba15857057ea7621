use std::{collections::BTreeSet, time::Duration};

use catalog::MaterialCode;
use http_kit::FieldProblem;
use primitives::{Invalid, Timestamp};
use reports::{Item, Report};

use crate::{NewOffer, Offer};

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
/// Phones' clocks run behind a little.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5 * MINUTE);
const FARTHEST_PICKUP: Duration = Duration::from_secs(14 * DAY);
const LONGEST_NOTE: usize = 500;
/// A household that has not answered by then will not.
pub(crate) const OFFER_LIFE: Duration = Duration::from_secs(DAY);

/// Says what is wrong with an offer on this report; nothing when it may be made.
pub(crate) fn problems_of(new: &NewOffer, report: &Report, now: Timestamp) -> Vec<FieldProblem> {
    let mut problems = problems_of_prices(new, report);
    let mut note = |pointer: &str, code: Option<&'static str>| {
        problems.extend(code.map(|code| FieldProblem { pointer: pointer.to_owned(), code }));
    };
    note("/pickup_at", problem_of_time(new.pickup_at, now));
    let words = new.note.as_deref().unwrap_or_default();
    note("/note", reports::clean_text(words, LONGEST_NOTE).err().map(|Invalid(code)| code));
    problems
}

/// Whether a pending offer is too old to be picked, also when the worker has not come by yet.
pub(crate) fn is_overdue(offer: &Offer, now: Timestamp) -> bool {
    offer.created_at <= now.minus(OFFER_LIFE) || offer.pickup_at < now
}

/// One price for every material of the report, or for as much of it as the household wants to be rid of at once; none
/// twice and no other.
fn problems_of_prices(new: &NewOffer, report: &Report) -> Vec<FieldProblem> {
    let asked: BTreeSet<_> = report.items.iter().map(|item| &item.material).collect();
    let mut priced = BTreeSet::new();
    let mut problems = Vec::new();
    for (position, line) in new.prices.iter().enumerate() {
        let code = if !asked.contains(&line.material) {
            "material_not_in_report"
        } else if !priced.insert(&line.material) {
            "material_doubled"
        } else {
            continue;
        };
        problems.push(FieldProblem { pointer: format!("/prices/{position}/material"), code });
    }
    if !is_enough(&priced, report) {
        problems.push(FieldProblem { pointer: "/prices".to_owned(), code: "prices_incomplete" });
    }
    problems
}

fn is_enough(priced: &BTreeSet<&MaterialCode>, report: &Report) -> bool {
    let grams = |items: &[&Item]| items.iter().map(|item| item.grams.get()).sum();
    let all: Vec<&Item> = report.items.iter().collect();
    let is_priced = |item: &&Item| priced.contains(&item.material);
    let taken: Vec<&Item> = report.items.iter().filter(is_priced).collect();
    let share = report.minimum_share;
    taken.len() == all.len() || !share.is_all() && share.is_reached_by(grams(&taken), grams(&all))
}

fn problem_of_time(pickup_at: Timestamp, now: Timestamp) -> Option<&'static str> {
    if pickup_at < now.minus(CLOCKS_DIFFER) {
        Some("pickup_at_in_past")
    } else if pickup_at > now.plus(FARTHEST_PICKUP) {
        Some("pickup_at_too_far")
    } else {
        None
    }
}
