use catalog::{Catalog, MaterialCode, Vehicle};
use collectors::Profile;
use primitives::{AccountId, Coordinates, Rupiah, Timestamp, UnitPrice};
use reports::{MinimumShare, OpenReport, PickupWindow, Report};

use crate::ranking::{
    Contender, Duty, Item, Job, Load, MaterialSlot, Price, Record, Sighting, Window,
};

/// Translates what the other crates know into what the ranking reckons with; materials become column numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Columns {
    codes: Vec<MaterialCode>,
    /// The top of each reference band, where there is one.
    top_prices: Vec<Option<UnitPrice>>,
}

/// Who asks, from where, and what cannot be read from the items.
struct Ask {
    household: AccountId,
    place: Coordinates,
    tolerance_meters: i64,
    load: Load,
    minimum_share: MinimumShare,
    waiting_since: Timestamp,
}

/// What changes about a collector while his profile stays as it is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Present {
    pub(crate) sighting: Sighting,
    pub(crate) duty: Duty,
    pub(crate) recent_wins: u32,
}

impl Present {
    /// How somebody is.
    pub(crate) const fn of(contender: &Contender) -> Self {
        let Contender { sighting, duty, record, .. } = contender;
        Self { sighting: *sighting, duty: *duty, recent_wins: record.recent_wins }
    }

    /// Somebody as he is now.
    pub(crate) fn renew(self, contender: Contender) -> Contender {
        let Self { sighting, duty, recent_wins } = self;
        let record = Record { recent_wins, ..contender.record };
        Contender { sighting, duty, record, ..contender }
    }
}

impl Columns {
    /// One column per material of the catalog.
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let materials = catalog.materials();
        Self {
            codes: materials.iter().map(|material| material.code.clone()).collect(),
            top_prices: materials
                .iter()
                .map(|material| Some(material.reference_price.as_ref()?.max))
                .collect(),
        }
    }

    /// The report as its household may ask: from the door.
    pub(crate) fn job_at_home(&self, report: &Report) -> Job {
        self.job_of(report, report.home.location().coordinates, 0)
    }

    /// The report as a collector may ask: from the middle of its area.
    pub(crate) fn job_at_area(&self, report: &Report) -> Job {
        let area = report.home.area();
        self.job_of(report, area.center(), area.radius_meters())
    }

    /// The same, of what is known outside of the household.
    pub(crate) fn job_of_open(&self, report: &OpenReport) -> Job {
        let ask = Ask {
            household: report.household,
            place: report.area.center(),
            tolerance_meters: report.area.radius_meters(),
            load: load_of(&report.items),
            minimum_share: report.minimum_share,
            waiting_since: report.opened_at,
        };
        self.job(&ask, &report.items, &report.windows)
    }

    /// A verified collector, with what he carries and as he is now.
    pub(crate) fn contender(
        &self,
        profile: &Profile,
        carried: Load,
        present: Present,
    ) -> Contender {
        Contender {
            collector: profile.id,
            account: profile.account,
            duty: present.duty,
            base: profile.base,
            radius_meters: small(profile.service_radius_meters),
            area: profile.limits.area.clone(),
            sighting: present.sighting,
            crow_meters_per_hour: crow_speed(&profile.vehicle),
            capacity: Load {
                grams: profile.vehicle.capacity_grams.get(),
                milliliters: profile.vehicle.capacity_milliliters.get(),
            },
            carried,
            prices: self.prices_of(profile),
            record: record_of(profile, present.recent_wins),
        }
    }

    fn job_of(&self, report: &Report, place: Coordinates, tolerance_meters: i64) -> Job {
        let ask = Ask {
            household: report.household,
            place,
            tolerance_meters,
            load: load_of(&report.items),
            minimum_share: report.minimum_share,
            waiting_since: report.opened_at,
        };
        self.job(&ask, &report.items, &report.windows)
    }

    fn job(&self, ask: &Ask, items: &[reports::Item], windows: &[PickupWindow]) -> Job {
        let window = |window: &PickupWindow| Window { from: window.from(), until: window.until() };
        let tops = items.iter().filter_map(|item| {
            let top = *self.top_prices.get(usize::from(self.slot(item.material.as_str())?.0))?;
            item.quantity.value_at(top?).ok()
        });
        Job {
            household: ask.household,
            place: ask.place,
            tolerance_meters: small(ask.tolerance_meters),
            items: items.iter().map(|item| self.item(item)).collect(),
            load: ask.load,
            minimum_share: ask.minimum_share,
            top_payout: Rupiah::sum(tops).unwrap_or(Rupiah::ZERO),
            windows: windows.iter().map(window).collect(),
            waiting_since: ask.waiting_since,
        }
    }

    /// A material that left the catalog gets the column of nobody.
    fn item(&self, item: &reports::Item) -> Item {
        let material = self.slot(item.material.as_str()).unwrap_or(MaterialSlot(u16::MAX));
        let load = load_of(std::slice::from_ref(item));
        Item { material, quantity: item.quantity, load }
    }

    /// Both lists are in the order of their codes, so one walk over them finds every column.
    fn prices_of(&self, profile: &Profile) -> Vec<Price> {
        let mut columns = (0..).zip(&self.codes).peekable();
        let lines = profile.prices.lines().filter_map(|(code, price)| {
            while columns.next_if(|(_, known)| known.as_str() < code).is_some() {}
            let (column, _) = columns.next_if(|(_, known)| known.as_str() == code)?;
            Some(Price { material: MaterialSlot(column), price })
        });
        lines.collect()
    }

    fn slot(&self, code: &str) -> Option<MaterialSlot> {
        let column = self.codes.binary_search_by(|known| known.as_str().cmp(code)).ok()?;
        u16::try_from(column).ok().map(MaterialSlot)
    }
}

/// Whether somebody works at this moment who is verified.
pub(crate) fn duty_of(profile: &Profile, now: Timestamp) -> Duty {
    match (profile.online, profile.works_at(now)) {
        (false, _) => Duty::Offline,
        (true, false) => Duty::OffHours,
        (true, true) => Duty::Working,
    }
}

/// Roads wind, so the crow would need less speed for the same time.
pub(crate) fn crow_speed(vehicle: &Vehicle) -> u32 {
    small(vehicle.speed_kmh_rural.saturating_mul(100_000) / vehicle.detour_percent.max(100))
}

fn record_of(profile: &Profile, recent_wins: u32) -> Record {
    let promises = profile.promises;
    Record {
        promised: small(promises.completed + promises.released + promises.no_shows),
        kept: small(promises.completed),
        ratings: small(profile.rating.count),
        stars: small(profile.rating.sum),
        recent_wins,
    }
}

fn load_of(items: &[reports::Item]) -> Load {
    items.iter().fold(Load::default(), |load, item| {
        load.plus(Load { grams: item.grams.get(), milliliters: item.milliliters.get() })
    })
}

/// Counts and lengths from the database; below zero none is, and beyond the end it makes no difference.
fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
