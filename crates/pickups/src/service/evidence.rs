use database::{Connection, DatabaseError};
use photos::{Photo, Subject};
use primitives::{AccountId, PhotoId, PickupId, RegionCode};

use super::Pickups;
use crate::{Pickup, PickupError, PickupStateName, Side, rules};

/// The photographs of a job, by what they are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What the scale said.
    pub weighing: Vec<PhotoId>,
    /// What the household objects to.
    pub dispute: Vec<PhotoId>,
}

impl Pickups {
    /// What was photographed at the scale and after it.
    pub fn evidence_in(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
    ) -> Result<Evidence, DatabaseError> {
        if pickup.weighing().is_none() {
            return Ok(Evidence::default());
        }
        let weighing = photos::attached_in(conn, Subject::Weighing(pickup.id))?;
        let dispute = photos::attached_in(conn, Subject::PickupDispute(pickup.id))?;
        Ok(Evidence { weighing, dispute })
    }

    /// A photograph of the job for one of its sides: the household always, the collector as long as he sees the home,
    /// which any of them may show.
    pub fn photo_for_party_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        photo: PhotoId,
    ) -> Result<Photo, PickupError> {
        let (pickup, side) = self.find_party_in(conn, account, id)?;
        if side == Side::Collector && !rules::home_is_visible(&pickup, self.ambient.now()) {
            return Err(PickupError::NotFound);
        }
        let subjects =
            [Subject::Report(pickup.report), Subject::Weighing(id), Subject::PickupDispute(id)];
        photos::find_attached_in(conn, photo, &subjects)?.ok_or(PickupError::NotFound)
    }

    /// A job that staff of the region, who are no party, have to decide about now.
    pub fn disputed_in(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        regions: &[RegionCode],
        id: PickupId,
    ) -> Result<Pickup, PickupError> {
        let pickup = self.of_staff(conn, officer, regions, id)?;
        if pickup.state.name() == PickupStateName::Disputed {
            Ok(pickup)
        } else {
            Err(PickupError::NotFound)
        }
    }

    /// A photograph of the scale or of the objection, for staff while they have to decide; never one of the report.
    pub fn photo_for_staff_in(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        regions: &[RegionCode],
        (id, photo): (PickupId, PhotoId),
    ) -> Result<Photo, PickupError> {
        self.disputed_in(conn, officer, regions, id)?;
        let subjects = [Subject::Weighing(id), Subject::PickupDispute(id)];
        photos::find_attached_in(conn, photo, &subjects)?.ok_or(PickupError::NotFound)
    }

    /// A job in the officer's regions, of which he is no party.
    pub(super) fn of_staff(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        regions: &[RegionCode],
        id: PickupId,
    ) -> Result<Pickup, PickupError> {
        let pickup = self.find_in(conn, id)?;
        if !regions.iter().any(|region| region.contains(&pickup.desa)) {
            return Err(PickupError::NotFound);
        }
        if pickup.side_of(officer).is_some() {
            return Err(PickupError::OwnDispute);
        }
        Ok(pickup)
    }
}
