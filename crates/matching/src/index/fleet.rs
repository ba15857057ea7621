use std::sync::Arc;

use collectors::ServiceArea;
use primitives::{AccountId, CollectorId, Coordinates, Rupiah, UnitPrice};

use super::{
    bitmap::Raised,
    grid::Grid,
    market::Market,
    merits::{MeritColumns, Merits, Standards},
    plane::{Flat, whole_meters},
    vehicles::Vehicles,
};
use crate::ranking::{
    Appraisal, Contender, Deal, Job, Judge, Load, MaterialSlot, Price, Standing, Value, lies_in,
    spare_capacity,
};

/// All collectors who work now, ready to be ranked: columns sorted by the grid cell of their whereabouts.
///
/// The first columns are the index, read for everybody in a cell; the others are read for those whom it leaves.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    pub(super) grid: Grid,
    pub(super) spots: Vec<Spot>,
    pub(super) merits: MeritColumns,
    pub(super) vehicles: Vehicles,
    /// Per material, who buys it and for how much.
    markets: Vec<Market>,
    /// The farthest from anyone's whereabouts to the far side of his circle.
    reach_meters: u32,
    ids: Vec<CollectorId>,
    accounts: Vec<AccountId>,
    circles: Vec<Circle>,
    areas: Vec<Option<Arc<ServiceArea>>>,
    standings: Vec<Standing>,
}

/// A place on the flat map in eight bytes, seen from the corner of the grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    east: f32,
    north: f32,
}

/// The part of the country in which somebody works.
#[derive(Debug, Clone, Copy)]
struct Circle {
    base: Coordinates,
    radius_meters: u32,
}

impl Fleet {
    /// Builds the columns. Who does not work now is left out.
    pub fn build<'a>(contenders: impl IntoIterator<Item = &'a Contender>) -> Self {
        let working: Vec<&Contender> =
            contenders.into_iter().filter(|contender| contender.is_ready()).collect();
        let places: Vec<Flat> =
            working.iter().map(|contender| Flat::of(contender.whereabouts())).collect();
        let (grid, order) = Grid::around(&places);
        let working: Vec<&Contender> =
            order.iter().filter_map(|&place| working.get(place).copied()).collect();
        let places = order.iter().filter_map(|&place| places.get(place));
        let mut fleet = Self {
            spots: places.map(|place| Spot::of(*place, grid.corner())).collect(),
            markets: Market::open(working.iter().map(|contender| contender.prices.as_slice())),
            grid,
            ..Self::default()
        };
        working.iter().for_each(|contender| fleet.add(contender));
        fleet.vehicles = Vehicles::of(&fleet.standings);
        fleet.weigh(&working);
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

    /// How many bytes the index takes: what is read for everybody near, without the attributes of those whom it leaves.
    pub fn index_bytes(&self) -> usize {
        let bitmaps: usize = self.markets.iter().map(|market| market.buyers().bytes()).sum();
        let spots = size_of_val(self.spots.as_slice());
        self.grid.bytes() + spots + self.merits.bytes() + self.vehicles.bytes() + bitmaps
    }

    /// How many bytes the attributes take: price lists, identities, bases and standings.
    pub fn attribute_bytes(&self) -> usize {
        let prices: usize = self.markets.iter().map(Market::bytes).sum();
        let people = size_of_val(self.ids.as_slice()) + size_of_val(self.accounts.as_slice());
        let circles = size_of_val(self.circles.as_slice());
        prices + people + circles + size_of_val(self.standings.as_slice())
    }

    /// Nobody farther from the job than this can be eligible.
    pub(super) const fn reach_for(&self, job: &Job) -> u32 {
        self.reach_meters.saturating_add(job.tolerance_meters)
    }

    /// Who may be asked for a job, by his price list; nothing when nobody buys what somebody has to.
    pub(super) fn buyers_of(&self, job: &Job) -> Option<Raised<'_>> {
        let buyers = job.items.iter().map(|item| Some(self.market(item.material)?.buyers()));
        if job.minimum_share.is_all() {
            buyers.collect::<Option<_>>().map(Raised::All)
        } else {
            Some(Raised::Any(buyers.flatten().collect()))
        }
    }

    /// What one collector takes of a job.
    pub(super) fn deal_of(&self, slot: usize, job: &Job) -> Option<Deal> {
        job.deal(|material| self.market(material)?.price_at(slot))
    }

    /// What somebody would pay who is the best in every market; nothing when that is out of all proportion.
    pub(super) fn best_payout_for(&self, job: &Job) -> Option<Rupiah> {
        let markets = job.items.iter().filter_map(|item| Some((item, self.market(item.material)?)));
        let values = markets.map(|(item, market)| {
            item.quantity.value_at(UnitPrice::parse(market.best_price()).ok()?).ok()
        });
        Rupiah::sum(values.collect::<Option<Vec<_>>>()?).ok()
    }

    /// Whether the collector may go there at all: the one place where the index decides it.
    pub(super) fn admits(&self, slot: usize, job: &Job) -> bool {
        let Some(circle) = self.circles.get(slot) else { return false };
        let allowed = circle.radius_meters.saturating_add(job.tolerance_meters);
        self.accounts.get(slot).is_some_and(|&account| account != job.household)
            && whole_meters(circle.base, job.place) <= allowed
            && self.areas.get(slot).is_some_and(|area| lies_in(area.as_deref(), job))
    }

    /// Whether what the collector takes fits on his vehicle.
    pub(super) fn has_room(&self, slot: usize, deal: &Deal) -> bool {
        self.standings.get(slot).is_some_and(|standing| standing.free.holds(deal.load))
    }

    /// What one collector is worth who may take the job.
    pub(super) fn appraise(
        &self,
        slot: usize,
        deal: Deal,
        job: &Job,
        judge: &Judge<'_>,
    ) -> Option<Appraisal> {
        let (id, standing) = (*self.ids.get(slot)?, self.standings.get(slot)?);
        Some(judge.appraise(job, id, standing, deal))
    }

    pub(super) fn id(&self, slot: usize) -> Option<CollectorId> {
        self.ids.get(slot).copied()
    }

    pub(super) fn standing(&self, slot: usize) -> Option<&Standing> {
        self.standings.get(slot)
    }

    fn market(&self, material: MaterialSlot) -> Option<&Market> {
        self.markets.get(usize::from(material.0))
    }

    fn add(&mut self, contender: &Contender) {
        let standing = Standing::of(contender);
        let from_base = whole_meters(contender.base, standing.whereabouts);
        // Two distances are rounded to meters on the way here, and the one they bound is too.
        let reach = contender.radius_meters.saturating_add(from_base).saturating_add(2);
        self.reach_meters = self.reach_meters.max(reach);
        self.ids.push(contender.collector);
        self.accounts.push(contender.account);
        self.circles.push(Circle { base: contender.base, radius_meters: contender.radius_meters });
        self.areas.push(contender.area.clone());
        self.standings.push(standing);
    }

    fn weigh(&mut self, working: &[&Contender]) {
        let merits = self.standings.iter().zip(working).map(|(standing, contender)| {
            Merits::of(Standards {
                reliability: standing.reliability,
                rating: standing.rating,
                spare_capacity: spare_capacity(standing.capacity, standing.free, Load::default()),
                fairness: standing.fairness,
                generosity: self.generosity_of(&contender.prices),
            })
        });
        let merits: Vec<Merits> = merits.collect();
        let cells = (0..self.grid.cells()).map(|cell| self.grid.slots(cell..cell + 1));
        self.merits = MeritColumns::of(&merits, cells);
    }

    /// The highest share of a market's best price on the list, rounded up.
    fn generosity_of(&self, prices: &[Price]) -> Value {
        let shares = prices.iter().filter_map(|line| {
            let best = self.market(line.material)?.best_price();
            Some(Value::share_rounded_up(line.price.get(), best))
        });
        shares.max().unwrap_or(Value::WORST)
    }
}

impl Spot {
    /// Rounded to the nearest 32-bit number: off by less than a 2²³rd of the way from the corner, on either axis.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounds to the nearest, and what it takes off is known"
    )]
    fn of(place: Flat, corner: Flat) -> Self {
        Self { east: (place.x - corner.x) as f32, north: (place.y - corner.y) as f32 }
    }

    /// How far it is on the flat map from a point that is seen from the corner too.
    pub(super) fn meters_from(self, from: Flat) -> f64 {
        let (east, north) = (f64::from(self.east) - from.x, f64::from(self.north) - from.y);
        (east * east + north * north).sqrt()
    }
}
