use std::ops::Range;

use super::{
    bitmap::{Raised, Word},
    fleet::Fleet,
    grid::Ring,
    plane::{Flat, whole_meters_below},
};
use crate::ranking::{Job, Judge};

/// One question to the fleet, and what is worked out once for it.
pub(super) struct Question<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) job: &'a Job,
    pub(super) judge: &'a Judge<'a>,
    buyers: Raised<'a>,
    /// Where the job is, seen from the corner of the grid.
    from: Flat,
    /// No distance on the flat map is off by more.
    slack_meters: f64,
}

impl<'a> Question<'a> {
    /// Nothing when nobody buys one of the materials.
    pub(super) fn of(fleet: &'a Fleet, job: &'a Job, judge: &'a Judge<'a>) -> Option<Self> {
        let (place, corner) = (Flat::of(job.place), fleet.grid.corner());
        Some(Self {
            fleet,
            job,
            judge,
            buyers: fleet.buyers_of(job)?,
            from: Flat { x: place.x - corner.x, y: place.y - corner.y },
            slack_meters: fleet.grid.rounding_meters(),
        })
    }

    /// The rings in which somebody may be eligible.
    pub(super) fn rings(&self) -> impl Iterator<Item = Ring<'a>> {
        let reach = self.fleet.reach_for(self.job);
        let rings = self.fleet.grid.rings(Flat::of(self.job.place));
        rings.take_while(move |ring| ring.nearest_meters() <= reach)
    }

    /// Those of the span who buy everything, or something where that may be enough.
    pub(super) fn buyers_in(&self, span: Range<usize>) -> impl Iterator<Item = Word> {
        self.buyers.within(span)
    }

    /// The collector is not nearer than this on the ground.
    pub(super) fn at_least_meters(&self, slot: usize) -> u32 {
        let flat = self.fleet.spots.get(slot).map_or(0.0, |spot| spot.meters_from(self.from));
        whole_meters_below(flat - self.slack_meters)
    }
}
