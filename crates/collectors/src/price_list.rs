use std::{collections::BTreeSet, time::Duration};

use catalog::{Catalog, MaterialCode};
use http_kit::FieldProblem;
use primitives::{Invalid, Timestamp, UnitPrice};

use crate::NewPriceList;

/// The most lines a list may have.
const MOST_ITEMS: usize = 100;
/// How far a phone's clock may be behind.
const TOLERATED_PAST: Duration = Duration::from_secs(5 * 60);
/// How long ahead a list may be announced.
const MOST_NOTICE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A list of prices as it was published; lists are added, never changed.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceList {
    /// Counts the collector's lists from 1.
    pub number: i64,
    /// From when it counts, until a list with a later date does.
    pub valid_from: Timestamp,
    /// When it was published.
    pub created_at: Timestamp,
    /// The prices, by material code.
    pub items: Vec<PriceItem>,
}

/// What a collector's sign shows: the list in force, and those announced for later.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceBoard {
    /// The list in force, if he has published any.
    pub in_force: Option<PriceList>,
    /// The lists to come, soonest first.
    pub announced: Vec<PriceList>,
    /// Counts every change of the board, also those that a date alone brings about.
    pub version: i64,
}

impl PriceBoard {
    /// True when the list in force says just this and no date was asked for.
    pub(crate) fn shows(&self, new: &NewPriceList) -> bool {
        let in_force = self.in_force.as_ref().map(|list| &list.items);
        new.valid_from.is_none() && in_force == Some(&new.items_in_order())
    }
}

/// What a collector pays for one material.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PriceItem {
    /// The material.
    pub material: MaterialCode,
    /// Per kilogram, piece or liter.
    pub price: UnitPrice,
}

/// Says what is wrong with a list; nothing when it may be published.
pub(crate) fn problems_of(
    list: &NewPriceList,
    catalog: &Catalog,
    now: Timestamp,
) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if let Some(code) = problem_of_length(list.items.len()) {
        problems.push(FieldProblem { pointer: "/items".to_owned(), code });
    }
    let mut seen = BTreeSet::new();
    for (index, item) in list.items.iter().enumerate() {
        let repeated = !seen.insert(&item.material);
        if let Some(code) = problem_of_material(&item.material, repeated, catalog) {
            problems.push(FieldProblem { pointer: format!("/items/{index}/material"), code });
        }
    }
    if let Some(code) = list.valid_from.and_then(|moment| problem_of_date(moment, now)) {
        problems.push(FieldProblem { pointer: "/valid_from".to_owned(), code });
    }
    problems
}

fn problem_of_length(items: usize) -> Option<&'static str> {
    match items {
        0 => Some("prices_empty"),
        1..=MOST_ITEMS => None,
        _ => Some("prices_too_many"),
    }
}

fn problem_of_material(
    code: &MaterialCode,
    repeated: bool,
    catalog: &Catalog,
) -> Option<&'static str> {
    if repeated {
        return Some("material_doubled");
    }
    catalog.accepted(code).err().map(|Invalid(code)| code)
}

fn problem_of_date(valid_from: Timestamp, now: Timestamp) -> Option<&'static str> {
    if valid_from < now.minus(TOLERATED_PAST) {
        Some("valid_from_in_past")
    } else if valid_from > now.plus(MOST_NOTICE) {
        Some("valid_from_too_far")
    } else {
        None
    }
}
