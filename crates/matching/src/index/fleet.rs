use std::sync::Arc;

use collectors::ServiceArea;
use primitives::{AccountId, CollectorId, Coordinates, Rupiah, UnitPrice};

use super::{
    bitmap::{Bitmap, raised_in_all},
    grid::Grid,
    plane::{Flat, whole_meters},
};
use crate::ranking::{
    Appraisal, Contender, Item, Job, Judge, Load, MaterialSlot, Price, Score, Standing, Top, Value,
    lies_in,
};

/// All collectors who work now, ready to be ranked: columns sorted by the grid cell of their whereabouts.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    grid: Grid,
    ids: Vec<CollectorId>,
    accounts: Vec<AccountId>,
    circles: Vec<Circle>,
    areas: Vec<Option<Arc<ServiceArea>>>,
    standings: Vec<Standing>,
    prices: Vec<Box<[Price]>>,
    /// Per material, who buys it and what the best of them pays.
    markets: Vec<Market>,
    bounds: Bounds,
}

/// The part of the country in which somebody works.
#[derive(Debug, Clone, Copy)]
struct Circle {
    base: Coordinates,
    radius_meters: u32,
}

/// Who buys one material.
#[derive(Debug, Clone, Default)]
struct Market {
    buyers: Bitmap,
    best_price: i64,
}

/// What nobody in the fleet surpasses.
#[derive(Debug, Clone, Copy, Default)]
struct Bounds {
    /// The farthest from anyone's whereabouts to the far side of his circle.
    reach_meters: u32,
    fastest_crow: u32,
    reliability: Option<Value>,
    rating: Option<Value>,
    fairness: Option<Value>,
}

impl Fleet {
    /// Builds the columns. Who does not work now is left out.
    pub fn build<'a>(contenders: impl IntoIterator<Item = &'a Contender>) -> Self {
        let working: Vec<&Contender> =
            contenders.into_iter().filter(|contender| contender.is_ready()).collect();
        let places: Vec<Flat> =
            working.iter().map(|contender| Flat::of(contender.whereabouts())).collect();
        let (grid, order) = Grid::around(&places);
        let mut fleet = Self { grid, ..Self::default() };
        for contender in order.into_iter().filter_map(|place| working.get(place)) {
            fleet.add(contender);
        }
        fleet.open_markets();
        fleet
    }

    /// How many collectors work now.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nobody works now.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The exact best of all eligible collectors, best first; ties in the order of their ids.
    ///
    /// Rings are walked from the inside out until nobody farther away can be eligible, or good enough.
    pub fn rank(&self, job: &Job, judge: &Judge<'_>, most: usize) -> Vec<Appraisal> {
        let mut top = Top::of(most);
        let Some(buyers) = self.buyers_of(&job.items) else { return Vec::new() };
        let reach = self.bounds.reach_meters.saturating_add(job.tolerance_meters);
        for ring in self.grid.rings(Flat::of(job.place)) {
            let nearest = ring.nearest_meters();
            if nearest > reach || top.is_settled_above(self.ceiling(job, judge, nearest)) {
                break;
            }
            for slot in ring.spans().flat_map(|span| raised_in_all(&buyers, span)) {
                if let Some(appraisal) = self.appraise(slot, job, judge) {
                    top.offer(appraisal);
                }
            }
        }
        top.into_ranked()
    }

    fn add(&mut self, contender: &Contender) {
        let standing = Standing::of(contender);
        self.bounds.widen(contender, &standing);
        self.ids.push(contender.collector);
        self.accounts.push(contender.account);
        self.circles.push(Circle { base: contender.base, radius_meters: contender.radius_meters });
        self.areas.push(contender.area.clone());
        self.standings.push(standing);
        self.prices.push(contender.prices.clone().into());
    }

    fn open_markets(&mut self) {
        let slots = self.ids.len();
        for (slot, prices) in self.prices.iter().enumerate() {
            for line in prices {
                let column = usize::from(line.material.0);
                if self.markets.len() <= column {
                    let closed = Market { buyers: Bitmap::of(slots), best_price: 0 };
                    self.markets.resize(column + 1, closed);
                }
                if let Some(market) = self.markets.get_mut(column) {
                    market.buyers.raise(slot);
                    market.best_price = market.best_price.max(line.price.get());
                }
            }
        }
    }

    /// The bitmaps of all materials of a job; nothing when nobody buys one of them.
    fn buyers_of(&self, items: &[Item]) -> Option<Vec<&Bitmap>> {
        items.iter().map(|item| Some(&self.market(item.material)?.buyers)).collect()
    }

    fn market(&self, material: MaterialSlot) -> Option<&Market> {
        self.markets.get(usize::from(material.0))
    }

    fn appraise(&self, slot: usize, job: &Job, judge: &Judge<'_>) -> Option<Appraisal> {
        let circle = self.circles.get(slot)?;
        let standing = self.standings.get(slot)?;
        let allowed = circle.radius_meters.saturating_add(job.tolerance_meters);
        let own = *self.accounts.get(slot)? == job.household;
        if own || !standing.free.holds(job.load) {
            return None;
        }
        if whole_meters(circle.base, job.place) > allowed {
            return None;
        }
        if !lies_in(self.areas.get(slot)?.as_deref(), job) {
            return None;
        }
        let payout = job.payout_at(self.prices.get(slot)?)?;
        Some(judge.appraise(job, *self.ids.get(slot)?, standing, payout))
    }

    /// The score that nobody reaches who is at least so far away.
    fn ceiling(&self, job: &Job, judge: &Judge<'_>, nearest_meters: u32) -> Score {
        let payout = job.items.iter().filter_map(|item| {
            let best = UnitPrice::parse(self.market(item.material)?.best_price).ok()?;
            item.quantity.value_at(best).ok()
        });
        let payout = Rupiah::sum(payout).unwrap_or(job.top_payout);
        judge.ceiling(job, &self.bounds.standing(job.place), payout, nearest_meters)
    }
}

impl Bounds {
    fn widen(&mut self, contender: &Contender, standing: &Standing) {
        let from_base = whole_meters(contender.base, standing.whereabouts);
        // Two distances are rounded to meters on the way here, and the one they bound is too.
        let reach = contender.radius_meters.saturating_add(from_base).saturating_add(2);
        self.reach_meters = self.reach_meters.max(reach);
        self.fastest_crow = self.fastest_crow.max(standing.crow_meters_per_hour);
        self.reliability = self.reliability.max(Some(standing.reliability));
        self.rating = self.rating.max(Some(standing.rating));
        self.fairness = self.fairness.max(Some(standing.fairness));
    }

    /// A collector who is in nothing worse than anybody of the fleet, with an empty vehicle.
    fn standing(&self, place: Coordinates) -> Standing {
        Standing {
            whereabouts: place,
            crow_meters_per_hour: self.fastest_crow,
            delay_seconds: 0,
            capacity: Load { grams: 1, milliliters: 1 },
            free: Load { grams: i64::MAX, milliliters: i64::MAX },
            reliability: self.reliability.unwrap_or(Value::BEST),
            rating: self.rating.unwrap_or(Value::BEST),
            fairness: self.fairness.unwrap_or(Value::BEST),
        }
    }
}
