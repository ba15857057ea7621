use std::sync::Arc;

use primitives::{CollectorId, Rupiah, UnitPrice};

use super::{
    bitmap::{Bitmap, Raised, WORD_BITS},
    grid::Grid,
    merits::{Height, MeritColumns, Merits},
    order::picked,
    plane::{Flat, whole_meters, whole_meters_below},
    pyramid::Pyramid,
    roll::{Member, Roll, Whereabouts},
    vehicles::Vehicles,
};
use crate::ranking::{Appraisal, Contender, Deal, Job, Judge, Standing, lies_in};

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
    /// Per material, who buys it.
    buyers: Vec<Bitmap>,
    /// The farthest from anyone's whereabouts to the far side of his circle.
    reach_meters: u32,
    roll: Arc<Roll>,
    /// Where in the roll each slot's collector stands, and where he is.
    rows: Vec<u32>,
    whereabouts: Vec<Whereabouts>,
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
        // Neighbours lie side by side, and still do so by and large when they have moved about.
        let (_, order) = Grid::around(&places);
        Self::lay_out(Arc::new(Roll::call(&working, order)), &working)
    }

    /// The same when nobody has done anything but move: takes the same contenders, in the same order.
    #[must_use]
    pub fn moved<'a>(&self, contenders: impl IntoIterator<Item = &'a Contender>) -> Self {
        let working = contenders.into_iter().filter(|contender| contender.is_ready());
        Self::lay_out(Arc::clone(&self.roll), &working.collect::<Vec<_>>())
    }

    /// Sorts everybody by the cell of his whereabouts.
    fn lay_out(roll: Arc<Roll>, working: &[&Contender]) -> Self {
        let whereabouts: Vec<_> = working.iter().map(|who| Whereabouts::of(who)).collect();
        let whereabouts = picked(&whereabouts, &roll.named);
        let places: Vec<Flat> = whereabouts.iter().map(|at| Flat::of(at.place)).collect();
        let (grid, order) = Grid::around(&places);
        let people = roll.members.iter().zip(&whereabouts);
        let vehicles = Vehicles::of(people.map(|(member, at)| member.standing(*at)));
        let reach = roll.members.iter().zip(&places).map(|(member, at)| member.reach_meters(*at));
        let reach = reach.fold(0.0, f64::max);
        let merits: Vec<Merits> = picked(&roll.merits, &order);
        let spots = order.iter().filter_map(|&row| places.get(row));
        Self {
            spots: spots.map(|place| Spot::of(*place, grid.corner())).collect(),
            merits: MeritColumns::of(&merits),
            peaks: pile_up(&grid, &roll, &order),
            vehicles: vehicles.in_order(&order),
            buyers: buyers_of(&roll, &order),
            reach_meters: whole_meters_below(reach + 1.0),
            rows: order.iter().map(|&row| u32::try_from(row).unwrap_or(u32::MAX)).collect(),
            whereabouts: picked(&whereabouts, &order),
            grid,
            roll,
        }
    }

    /// How many collectors work now.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nobody works now.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many bytes the index takes: what is read for everybody near, without the attributes of those whom it leaves.
    pub fn index_bytes(&self) -> usize {
        let bitmaps: usize = self.buyers.iter().map(Bitmap::bytes).sum();
        let spots = size_of_val(self.spots.as_slice());
        let merits = self.merits.bytes() + self.peaks.bytes();
        self.grid.bytes() + spots + merits + self.vehicles.bytes() + bitmaps
    }

    /// How many bytes the attributes take: price lists, identities, bases and standings.
    pub fn attribute_bytes(&self) -> usize {
        let places = size_of_val(self.rows.as_slice()) + size_of_val(self.whereabouts.as_slice());
        self.roll.bytes() + places
    }

    /// Nobody farther from the job than this can be eligible.
    pub(super) const fn reach_for(&self, job: &Job) -> u32 {
        self.reach_meters.saturating_add(job.tolerance_meters)
    }

    /// Who may be asked for a job, by his price list; nothing when nobody buys what somebody has to.
    pub(super) fn buyers_of(&self, job: &Job) -> Option<Raised<'_>> {
        let buyers = job.items.iter().map(|item| self.buyers.get(usize::from(item.material.0)));
        if job.minimum_share.is_all() {
            buyers.collect::<Option<_>>().map(Raised::All)
        } else {
            Some(Raised::Any(buyers.flatten().collect()))
        }
    }

    /// What one collector takes of a job.
    pub(super) fn deal_of(&self, slot: usize, job: &Job) -> Option<Deal> {
        let row = self.row(slot)?;
        job.deal(|material| self.roll.markets.price_at(row, material))
    }

    /// What somebody would pay for each item who is the best in every market; nothing when that is out of all proportion.
    pub(super) fn best_payouts_for(&self, job: &Job) -> Option<Vec<(usize, Rupiah)>> {
        let markets =
            job.items.iter().filter_map(|item| Some((item, self.roll.markets.of(item.material)?)));
        let values = markets.map(|(item, market)| {
            let price = UnitPrice::parse(market.best_price()).ok()?;
            Some((usize::from(item.material.0), item.quantity.value_at(price).ok()?))
        });
        values.collect()
    }

    /// Whether the collector may go there at all: the one place where the index decides it.
    pub(super) fn admits(&self, slot: usize, job: &Job) -> bool {
        let Some(member) = self.member(slot) else { return false };
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
        Some(judge.appraise(job, self.id(slot)?, &self.standing(slot)?, deal))
    }

    pub(super) fn id(&self, slot: usize) -> Option<CollectorId> {
        self.member(slot).map(|member| member.id)
    }

    pub(super) fn standing(&self, slot: usize) -> Option<Standing> {
        Some(self.member(slot)?.standing(*self.whereabouts.get(slot)?))
    }

    fn member(&self, slot: usize) -> Option<&Member> {
        self.roll.members.get(self.row(slot)?)
    }

    fn row(&self, slot: usize) -> Option<usize> {
        usize::try_from(*self.rows.get(slot)?).ok()
    }
}

fn buyers_of(roll: &Roll, order: &[usize]) -> Vec<Bitmap> {
    let mut buyers = vec![Bitmap::with_room_for(order.len()); roll.markets.count()];
    let mut words = vec![0; roll.markets.count()];
    for rows in order.chunks(WORD_BITS) {
        words.fill(0);
        for (bit, &row) in rows.iter().enumerate() {
            for (word, height) in words.iter_mut().zip(roll.heights(row)) {
                *word |= u64::from(*height > Height::default()) << bit;
            }
        }
        buyers.iter_mut().zip(&words).for_each(|(bitmap, word)| bitmap.push(*word));
    }
    buyers
}

fn pile_up(grid: &Grid, roll: &Roll, order: &[usize]) -> Pyramid {
    let mut peaks = Pyramid::sized(grid.extent(), roll.markets.count());
    let mut highest = vec![Height::default(); roll.markets.count()];
    for (cell, slots) in grid.cells_with_slots().filter(|(_, slots)| !slots.is_empty()) {
        highest.fill(Height::default());
        for &row in order.get(slots).unwrap_or_default() {
            if let Some(merits) = roll.merits.get(row) {
                peaks.admit(cell, *merits);
            }
            for (highest, height) in highest.iter_mut().zip(roll.heights(row)) {
                *highest = (*highest).max(*height);
            }
        }
        peaks.raise(cell, &highest);
    }
    peaks.pile_up();
    peaks
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
