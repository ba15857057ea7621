use std::sync::Arc;

use collectors::ServiceArea;
use primitives::{AccountId, CollectorId, Coordinates, Rupiah, UnitPrice};

use super::{
    bitmap::Raised,
    grid::Grid,
    market::{Market, Markets},
    merits::{Height, MeritColumns, Merits, Standards},
    plane::{Flat, whole_meters},
    pyramid::Pyramid,
    vehicles::Vehicles,
};
use crate::ranking::{
    Appraisal, Contender, Deal, Job, Judge, Load, Price, Standing, Value, lies_in, spare_capacity,
};

/// All collectors who work now, ready to be ranked: columns sorted by the grid cell of their whereabouts.
///
/// The first columns are the index, read for everybody in a cell; the others are read for those whom it leaves.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    pub(super) grid: Grid,
    pub(super) spots: Vec<Spot>,
    pub(super) merits: MeritColumns,
    pub(super) peaks: Pyramid,
    pub(super) vehicles: Vehicles,
    /// Per material, who buys it and for how much.
    markets: Markets,
    /// The farthest from anyone's whereabouts to the far side of his circle.
    reach_meters: u32,
    members: Vec<Member>,
}

/// What is read of somebody whom the index leaves: side by side, since nearly all of it is.
#[derive(Debug, Clone)]
struct Member {
    id: CollectorId,
    account: AccountId,
    base: Coordinates,
    radius_meters: u32,
    area: Option<Arc<ServiceArea>>,
    standing: Standing,
}

/// A place on the flat map in eight bytes, seen from the corner of the grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    east: f32,
    north: f32,
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
            markets: Markets::open(working.iter().map(|contender| contender.prices.as_slice())),
            grid,
            ..Self::default()
        };
        working.iter().for_each(|contender| fleet.add(contender));
        fleet.vehicles = Vehicles::of(fleet.members.iter().map(|member| &member.standing));
        fleet.weigh(&working);
        fleet
    }

    /// How many collectors work now.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether nobody works now.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many bytes the index takes: what is read for everybody near, without the attributes of those whom it leaves.
    pub fn index_bytes(&self) -> usize {
        let bitmaps = self.markets.bitmap_bytes();
        let spots = size_of_val(self.spots.as_slice());
        let merits = self.merits.bytes() + self.peaks.bytes();
        self.grid.bytes() + spots + merits + self.vehicles.bytes() + bitmaps
    }

    /// How many bytes the attributes take: price lists, identities, bases and standings.
    pub fn attribute_bytes(&self) -> usize {
        self.markets.price_bytes() + size_of_val(self.members.as_slice())
    }

    /// Nobody farther from the job than this can be eligible.
    pub(super) const fn reach_for(&self, job: &Job) -> u32 {
        self.reach_meters.saturating_add(job.tolerance_meters)
    }

    /// Who may be asked for a job, by his price list; nothing when nobody buys what somebody has to.
    pub(super) fn buyers_of(&self, job: &Job) -> Option<Raised<'_>> {
        let buyers = job.items.iter().map(|item| Some(self.markets.of(item.material)?.buyers()));
        if job.minimum_share.is_all() {
            buyers.collect::<Option<_>>().map(Raised::All)
        } else {
            Some(Raised::Any(buyers.flatten().collect()))
        }
    }

    /// What one collector takes of a job.
    pub(super) fn deal_of(&self, slot: usize, job: &Job) -> Option<Deal> {
        job.deal(|material| self.markets.price_at(slot, material))
    }

    /// What somebody would pay for each item who is the best in every market; nothing when that is out of all proportion.
    pub(super) fn best_payouts_for(&self, job: &Job) -> Option<Vec<(usize, Rupiah)>> {
        let markets =
            job.items.iter().filter_map(|item| Some((item, self.markets.of(item.material)?)));
        let values = markets.map(|(item, market)| {
            let price = UnitPrice::parse(market.best_price()).ok()?;
            Some((usize::from(item.material.0), item.quantity.value_at(price).ok()?))
        });
        values.collect()
    }

    /// Whether the collector may go there at all: the one place where the index decides it.
    pub(super) fn admits(&self, slot: usize, job: &Job) -> bool {
        let Some(member) = self.members.get(slot) else { return false };
        let allowed = member.radius_meters.saturating_add(job.tolerance_meters);
        member.account != job.household
            && whole_meters(member.base, job.place) <= allowed
            && lies_in(member.area.as_deref(), job)
    }

    /// Whether what the collector takes fits on his vehicle.
    pub(super) fn has_room(&self, slot: usize, deal: &Deal) -> bool {
        self.standing(slot).is_some_and(|standing| standing.free.holds(deal.load))
    }

    /// What one collector is worth who may take the job.
    pub(super) fn appraise(
        &self,
        slot: usize,
        deal: Deal,
        job: &Job,
        judge: &Judge<'_>,
    ) -> Option<Appraisal> {
        let Member { id, standing, .. } = self.members.get(slot)?;
        Some(judge.appraise(job, *id, standing, deal))
    }

    pub(super) fn id(&self, slot: usize) -> Option<CollectorId> {
        self.members.get(slot).map(|member| member.id)
    }

    pub(super) fn standing(&self, slot: usize) -> Option<&Standing> {
        self.members.get(slot).map(|member| &member.standing)
    }

    fn add(&mut self, contender: &Contender) {
        let standing = Standing::of(contender);
        let from_base = whole_meters(contender.base, standing.whereabouts);
        // Two distances are rounded to meters on the way here, and the one they bound is too.
        let reach = contender.radius_meters.saturating_add(from_base).saturating_add(2);
        self.reach_meters = self.reach_meters.max(reach);
        self.members.push(Member {
            id: contender.collector,
            account: contender.account,
            base: contender.base,
            radius_meters: contender.radius_meters,
            area: contender.area.clone(),
            standing,
        });
    }

    fn weigh(&mut self, working: &[&Contender]) {
        let merits =
            self.members.iter().zip(working).map(|(Member { standing, .. }, contender)| {
                Merits::of(Standards {
                    reliability: standing.reliability,
                    rating: standing.rating,
                    spare_capacity: spare_capacity(
                        standing.capacity,
                        standing.free,
                        Load::default(),
                    ),
                    fairness: standing.fairness,
                    generosity: self.generosity_of(&contender.prices),
                })
            });
        let merits: Vec<Merits> = merits.collect();
        self.peaks = self.pile_up(working, &merits);
        self.merits = MeritColumns::of(&merits);
    }

    fn pile_up(&self, working: &[&Contender], merits: &[Merits]) -> Pyramid {
        let mut peaks = Pyramid::sized(self.grid.extent(), self.markets.count());
        for (cell, slots) in self.grid.cells_with_slots() {
            let people = working.get(slots.clone()).zip(merits.get(slots)).unwrap_or_default();
            for (contender, merits) in people.0.iter().zip(people.1) {
                let heights = contender.prices.iter().map(|line| {
                    (usize::from(line.material.0), Height::paying(*merits, self.share_of(line)))
                });
                peaks.admit(cell, *merits, heights);
            }
        }
        peaks.pile_up();
        peaks
    }

    /// The highest share of a market's best price on the list.
    fn generosity_of(&self, prices: &[Price]) -> Value {
        prices.iter().map(|line| self.share_of(line)).max().unwrap_or(Value::WORST)
    }

    /// The share of the market's best price, rounded up.
    fn share_of(&self, line: &Price) -> Value {
        let best = self.markets.of(line.material).map_or(0, Market::best_price);
        Value::share_rounded_up(line.price.get(), best)
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
