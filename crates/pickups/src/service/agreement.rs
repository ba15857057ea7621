use database::Connection;
use diesel::Connection as _;
use event_log::{
    Actor, Fact,
    fact::{PickupConfirmed, PickupDisputed, PickupPaid, PickupRated},
};
use photos::Subject;
use primitives::{AccountId, PhotoId, PickupId, RegionCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Pickups, Stepped, advance, journey::weighed_lines};
use crate::{
    Dispute, EndedBy, Ending, Pickup, PickupError, PickupState, PickupStateName, Rating, Side,
    Weighing, store,
};

/// What the household objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// In a few words.
    pub reason: String,
    /// The whole story.
    pub detail: Option<String>,
    /// What it looked like; uploaded by the household before, at most five.
    pub photos: Vec<PhotoId>,
}

/// How staff decide a dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What becomes of the weigh-in.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
}

/// What becomes of a disputed weigh-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It stands.
    Confirm,
    /// Nothing was sold.
    Cancel,
}

impl Outcome {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Cancel => "cancel",
        }
    }
}

impl Pickups {
    /// The household agrees with the weigh-in.
    pub fn confirm_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: PickupId,
    ) -> Result<Pickup, PickupError> {
        let before = self.own(conn, household, Side::Household, id)?;
        let now = self.ambient.now();
        let target = PickupStateName::Confirmed;
        match advance(conn, before, target, |pickup| Ok(pickup.confirm(now)?))? {
            Stepped::Now(pickup) => self.confirmed(conn, household, pickup),
            Stepped::Before(pickup) => Ok(pickup),
        }
    }

    /// The household disagrees; staff decide.
    pub fn dispute_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: PickupId,
        objection: &Objection,
    ) -> Result<Pickup, PickupError> {
        let before = self.own(conn, household, Side::Household, id)?;
        let dispute = self.disputed(objection)?;
        let stepped = advance(conn, before, PickupStateName::Disputed, |pickup| {
            Ok(pickup.dispute(dispute.clone())?)
        })?;
        match stepped {
            Stepped::Now(pickup) => {
                store::open_dispute(conn, id, &dispute)?;
                let subject = Subject::PickupDispute(id);
                photos::attach_in(conn, &objection.photos, household, subject, dispute.at)?;
                let fact = Fact::PickupDisputed(PickupDisputed { pickup: id });
                self.append(conn, Actor::Account(household), &pickup, dispute.at, fact)?;
                Ok(pickup)
            }
            Stepped::Before(pickup) => Ok(pickup),
        }
    }

    /// An officer of the region, who is no party, decides a dispute.
    pub fn resolve_dispute_in(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        regions: &[RegionCode],
        id: PickupId,
        ruling: &Ruling,
    ) -> Result<Pickup, PickupError> {
        let before = self.of_staff(conn, officer, regions, id)?;
        reports::stated_reason(&ruling.reason)
            .map_err(|what| PickupError::field("/reason", what))?;
        let now = self.ambient.now();
        let ending = Ending { at: now, by: EndedBy::Staff, reason: ruling.reason.clone() };
        let (target, upholds) = match ruling.outcome {
            Outcome::Confirm => (PickupStateName::Confirmed, true),
            Outcome::Cancel => (PickupStateName::Cancelled, false),
        };
        let stepped = advance(conn, before, target, |pickup| {
            Ok(if upholds { pickup.uphold(now)? } else { pickup.annul(ending.clone())? })
        })?;
        let pickup = match stepped {
            Stepped::Now(pickup) => pickup,
            Stepped::Before(pickup) => return Ok(pickup),
        };
        store::resolve_dispute(conn, id, officer, ruling, now)?;
        if upholds {
            self.confirmed(conn, officer, pickup)
        } else {
            self.called_off(conn, Actor::Account(officer), pickup, &ruling.reason)
        }
    }

    /// The money is where it belongs: called by whoever moved it, in the same unit of work.
    pub fn mark_paid_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        id: PickupId,
    ) -> Result<Pickup, PickupError> {
        let before = self.find_in(conn, id)?;
        let now = self.ambient.now();
        // Money moves once: a second payment meets the first one's state.
        let stepped = advance(conn, before, PickupStateName::Paid, |it| Ok(it.pay(now)?))?;
        let pickup = match stepped {
            Stepped::Now(pickup) => pickup,
            Stepped::Before(pickup) => return Err(pickup.refusal().into()),
        };
        self.reports.close_in(conn, actor.clone(), pickup.report, id)?;
        if let PickupState::Paid { weighing, .. } = &pickup.state {
            let fact = Fact::PickupPaid(paid(&pickup, weighing));
            self.append(conn, actor, &pickup, now, fact)?;
        }
        Ok(pickup)
    }

    /// One side rates the other, once, when the money is where it belongs.
    pub fn rate_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        rating: &Rating,
    ) -> Result<Pickup, PickupError> {
        let (pickup, side) = self.find_party_in(conn, account, id)?;
        let comment = rating.comment.as_deref().unwrap_or_default();
        reports::clean_text(comment, 500).map_err(|what| PickupError::field("/comment", what))?;
        if pickup.state.name() != PickupStateName::Paid {
            return Err(pickup.refusal().into());
        }
        let now = self.ambient.now();
        let added = conn.transaction(|conn| store::add_rating(conn, id, side, rating, now));
        if let Err(error) = added {
            let doubled = error.violates("pickup_rating_pickup_id_rated_by_key");
            let known = if doubled { store::rating_by(conn, id, side)? } else { None };
            return match known {
                Some(known) if known == *rating => Ok(pickup),
                Some(_) => Err(PickupError::AlreadyRated),
                None => Err(error.into()),
            };
        }
        let fact = Fact::PickupRated(PickupRated {
            pickup: id,
            collector: pickup.collector.id,
            by: side.as_str().to_owned(),
            stars: rating.stars.get(),
        });
        self.append(conn, Actor::Account(account), &pickup, now, fact)?;
        Ok(pickup)
    }

    fn confirmed(
        &self,
        conn: &mut Connection,
        by: AccountId,
        pickup: Pickup,
    ) -> Result<Pickup, PickupError> {
        self.reports.collect_in(conn, pickup.report, pickup.id)?;
        let fact = Fact::PickupConfirmed(PickupConfirmed { pickup: pickup.id });
        self.append(conn, Actor::Account(by), &pickup, self.ambient.now(), fact)?;
        Ok(pickup)
    }

    fn disputed(&self, objection: &Objection) -> Result<Dispute, PickupError> {
        let Objection { reason, detail, photos: _ } = objection.clone();
        reports::stated_reason(&reason).map_err(|what| PickupError::field("/reason", what))?;
        reports::clean_text(detail.as_deref().unwrap_or_default(), 1_000)
            .map_err(|what| PickupError::field("/detail", what))?;
        Ok(Dispute { at: self.ambient.now(), reason, detail })
    }
}

fn paid(pickup: &Pickup, weighing: &Weighing) -> PickupPaid {
    PickupPaid {
        pickup: pickup.id,
        report: pickup.report,
        household: pickup.household,
        collector: pickup.collector.id,
        collector_kind: pickup.collector.kind.clone(),
        desa: pickup.desa.clone(),
        lines: weighed_lines(weighing),
        amount_rupiah: weighing.amount,
        seconds_to_pickup: weighing.at.seconds_since(pickup.report_opened_at),
        distance_meters: pickup.base_distance_meters,
    }
}
