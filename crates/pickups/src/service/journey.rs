use database::Connection;
use event_log::{
    Actor, Fact,
    fact::{PickupProgressed, PickupWeighed, WeighedLine},
};
use photos::Subject;
use primitives::{AccountId, Location, PickupId, Timestamp};

use super::{Pickups, Stepped, advance};
use crate::{
    Line, Pickup, PickupError, PickupState, PickupStateName, Side, WeighIn, Weighing, store,
    weighing::judge,
};

impl Pickups {
    /// The collector leaves for the home.
    pub fn depart_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        occurred_at: Option<Timestamp>,
    ) -> Result<Pickup, PickupError> {
        let before = self.own(conn, account, Side::Collector, id)?;
        let at = self.moment(&before, occurred_at)?;
        let target = PickupStateName::EnRoute;
        match advance(conn, before, target, |pickup| Ok(pickup.depart(at)?))? {
            Stepped::Now(pickup) => self.progressed(conn, account, pickup, at, None),
            Stepped::Before(pickup) => Ok(pickup),
        }
    }

    /// The collector says that he is at the door; how far he is from it is written down, not judged.
    pub fn arrive_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        location: Location,
        occurred_at: Option<Timestamp>,
    ) -> Result<Pickup, PickupError> {
        let before = self.own(conn, account, Side::Collector, id)?;
        let at = self.moment(&before, occurred_at)?;
        let home = self.reports.find_in(conn, before.report)?.home.location();
        let meters = location.coordinates.whole_meters_to(home.coordinates);
        let target = PickupStateName::Arrived;
        match advance(conn, before, target, |pickup| Ok(pickup.arrive(at, meters)?))? {
            Stepped::Now(pickup) => self.progressed(conn, account, pickup, at, Some(meters)),
            Stepped::Before(pickup) => Ok(pickup),
        }
    }

    /// Counts the try of a handover code, in a unit of work of its own, before `weigh_in_in` is asked.
    pub fn count_try_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        tried: &str,
    ) -> Result<(), PickupError> {
        self.own(conn, account, Side::Collector, id)?;
        // The count first: it locks the row, so that many tries at once are compared one after the other.
        if !store::count_try(conn, id)? {
            return Err(PickupError::CodeShut);
        }
        if self.find_in(conn, id)?.handover.opens(tried) {
            store::uncount_try(conn, id)?;
        }
        Ok(())
    }

    /// The collector weighs in at the door, with the household's code.
    pub fn weigh_in_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        weigh_in: &WeighIn,
    ) -> Result<Pickup, PickupError> {
        let before = self.own(conn, account, Side::Collector, id)?;
        if before.handover.is_shut() {
            return Err(PickupError::CodeShut);
        }
        if !before.handover.opens(&weigh_in.handover_code) {
            return Err(PickupError::CodeWrong);
        }
        let (lines, amount) = judge(weigh_in, &before.prices, &self.catalog)?;
        let at = self.moment(&before, weigh_in.occurred_at)?;
        let stepped = advance(conn, before, PickupStateName::Weighed, |pickup| {
            Ok(pickup.weigh(at, weigh_in.scale.clone(), lines.clone(), amount)?)
        })?;
        match stepped {
            Stepped::Now(pickup) => {
                let (subject, now) = (Subject::Weighing(id), self.ambient.now());
                photos::attach_in(conn, &weigh_in.photos, account, subject, now)?;
                self.weighed(conn, account, pickup)
            }
            Stepped::Before(pickup) => same_weighing(pickup, &lines),
        }
    }

    fn weighed(
        &self,
        conn: &mut Connection,
        account: AccountId,
        pickup: Pickup,
    ) -> Result<Pickup, PickupError> {
        if let PickupState::Weighed(weighing) = &pickup.state {
            store::add_weighing(conn, pickup.id, weighing)?;
            let fact = Fact::PickupWeighed(PickupWeighed {
                pickup: pickup.id,
                lines: weighed_lines(weighing),
                amount_rupiah: weighing.amount,
            });
            self.append(conn, Actor::Account(account), &pickup, weighing.at, fact)?;
        }
        Ok(pickup)
    }

    fn progressed(
        &self,
        conn: &mut Connection,
        account: AccountId,
        pickup: Pickup,
        at: Timestamp,
        distance_meters: Option<i64>,
    ) -> Result<Pickup, PickupError> {
        let state = pickup.state.name().as_str().to_owned();
        let progressed = PickupProgressed { pickup: pickup.id, state, distance_meters };
        let fact = Fact::PickupProgressed(progressed);
        self.append(conn, Actor::Account(account), &pickup, at, fact)?;
        Ok(pickup)
    }
}

/// The lines as the log tells them.
pub(super) fn weighed_lines(weighing: &Weighing) -> Vec<WeighedLine> {
    let told = |line: &Line| WeighedLine {
        material: line.material.to_string(),
        quantity: line.quantity.amount(),
        grams: line.grams,
        price_rupiah: line.price,
        amount_rupiah: line.amount,
    };
    weighing.lines.iter().map(told).collect()
}

/// The same weigh-in again is the same; another one is too late.
fn same_weighing(pickup: Pickup, lines: &[Line]) -> Result<Pickup, PickupError> {
    match pickup.weighing() {
        Some(weighing) if weighing.lines == lines => Ok(pickup),
        _ => Err(pickup.refusal().into()),
    }
}
