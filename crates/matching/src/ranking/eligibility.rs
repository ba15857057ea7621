use collectors::ServiceArea;

use super::{Contender, Duty, Job};
use crate::index::whole_meters;

/// Why a collector may not take a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ineligible {
    /// Staff have not verified him yet.
    Unverified,
    /// Staff have suspended him.
    Suspended,
    /// He takes no jobs now.
    Offline,
    /// It is not the time of the week in which he works.
    OutsideHours,
    /// It is his own household.
    OwnReport,
    /// He does not buy one of the materials, or less of them than the household wants to be rid of at once.
    MaterialNotAccepted,
    /// It is farther from his base than he goes.
    OutsideRadius,
    /// It lies outside of the area in which he works.
    OutsideArea,
    /// What he buys of it does not fit on his vehicle together with his open jobs, by weight or by volume.
    NoCapacity,
}

impl Ineligible {
    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Suspended => "suspended",
            Self::Offline => "offline",
            Self::OutsideHours => "outside_hours",
            Self::OwnReport => "own_report",
            Self::MaterialNotAccepted => "material_not_accepted",
            Self::OutsideRadius => "outside_radius",
            Self::OutsideArea => "outside_area",
            Self::NoCapacity => "no_capacity",
        }
    }
}

/// Whether this collector may take this job. The index answers the same question for all collectors at once.
pub fn eligible(contender: &Contender, job: &Job) -> Result<(), Ineligible> {
    match contender.duty {
        Duty::Working => {}
        Duty::Offline => return Err(Ineligible::Offline),
        Duty::OffHours => return Err(Ineligible::OutsideHours),
        Duty::Unverified => return Err(Ineligible::Unverified),
        Duty::Suspended => return Err(Ineligible::Suspended),
    }
    if contender.account == job.household {
        return Err(Ineligible::OwnReport);
    }
    if !reaches(contender, job) {
        return Err(Ineligible::OutsideRadius);
    }
    if !lies_in(contender.area.as_deref(), job) {
        return Err(Ineligible::OutsideArea);
    }
    let deal = job.deal_at(&contender.prices).filter(|_| !contender.prices.is_empty());
    let deal = deal.ok_or(Ineligible::MaterialNotAccepted)?;
    if !contender.is_ready() || !contender.free().holds(deal.load) {
        return Err(Ineligible::NoCapacity);
    }
    Ok(())
}

/// Whether the job lies, or may lie, within the circle around his base in which he works.
pub fn reaches(contender: &Contender, job: &Job) -> bool {
    let allowed = contender.radius_meters.saturating_add(job.tolerance_meters);
    whole_meters(contender.base, job.place) <= allowed
}

/// Whether the job lies, or may lie, in the area in which somebody works.
pub(crate) fn lies_in(area: Option<&ServiceArea>, job: &Job) -> bool {
    area.is_none_or(|area| area.holds(job.place, job.tolerance_meters))
}
