use database::{Connection, DatabaseError};
use diesel::Connection as _;
use event_log::{
    Actor, Fact,
    fact::{PaymentDisputeResolved, PaymentDisputed},
};
use photos::Photo;
use pickups::{PickupError, Side};
use primitives::{AccountId, PaymentId, PhotoId, RegionCode, Timestamp};

use super::{ATTEMPTS, Payments};
use crate::{
    CashOutcome, CashRuling, Closing, Dispute, Objection, Opener, Payment, PaymentError,
    PaymentState, rules, store,
};

impl Payments {
    /// The household says that the cash went another way, or the collector objects to her denial; staff decide.
    /// Said again, it changes nothing.
    pub fn dispute_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PaymentId,
        objection: &Objection,
    ) -> Result<Payment, PaymentError> {
        rules::check_objection(objection)?;
        for _ in 0..ATTEMPTS {
            let (payment, side) = self.find_party_in(conn, account, id)?;
            let (opener, known) = (Opener::from(side), store::disputes_of(conn, id)?);
            if let Some(open) = known.iter().find(|dispute| dispute.closing.is_none()) {
                let own = open.opened_by == opener;
                return if own { Ok(payment) } else { Err(PaymentError::DisputeOpen) };
            }
            if let Some(disputed) = self.objected(conn, &payment, side, &known)? {
                let at = self.ambient.now();
                let dispute = rules::new_dispute(id, opener, objection, at);
                store::open_dispute(conn, &dispute)?;
                photos::attach_in(conn, &dispute.photos, account, dispute.subject(), at)?;
                let (payment, pickup) = (disputed.id, disputed.pickup);
                let by = opener.as_str().to_owned();
                let fact = Fact::PaymentDisputed(PaymentDisputed { payment, pickup, by });
                self.append(conn, Actor::Account(account), &disputed, fact)?;
                return Ok(disputed);
            }
        }
        Err(DatabaseError::Busy.into())
    }

    /// The payment as somebody objects to it, or `None` when somebody else was faster.
    fn objected(
        &self,
        conn: &mut Connection,
        payment: &Payment,
        side: Side,
        known: &[Dispute],
    ) -> Result<Option<Payment>, PaymentError> {
        let (version, at) = (payment.version, self.ambient.now());
        let disputed = match side {
            Side::Household => payment.clone().flag(at)?,
            Side::Collector => {
                let objected = payment.clone().object(at)?;
                if known.iter().any(Dispute::is_ruled) {
                    return Err(PaymentError::DisputeDecided);
                }
                if let Some(newer) = store::find_of_pickup(conn, payment.pickup)? {
                    return Err(PaymentError::PaymentExists(newer.id));
                }
                objected
            }
        };
        // A newer payment of the same job may come in between: then the unique index speaks.
        let saved = conn.transaction(|savepoint| store::save(savepoint, version, &disputed));
        match saved {
            Err(error) if error.violates("payment_pickup_id_key") => Ok(None),
            other => Ok(other?.then_some(disputed)),
        }
    }

    /// Staff of the region, who are no party, decide whether the cash arrived. Decided again alike, it changes nothing.
    pub fn resolve_in(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        regions: &[RegionCode],
        id: PaymentId,
        ruling: &CashRuling,
    ) -> Result<Payment, PaymentError> {
        reports::stated_reason(&ruling.reason)
            .map_err(|what| PaymentError::field("/reason", what))?;
        for _ in 0..ATTEMPTS {
            let payment = of_staff(conn, officer, regions, id)?;
            let disputes = store::disputes_of(conn, id)?;
            if disputes.iter().all(|dispute| dispute.closing.is_some()) {
                let same = disputes.iter().any(|dispute| dispute.is_ruled_as(ruling.outcome));
                let state = payment.state.name();
                return if same { Ok(payment) } else { Err(PaymentError::WrongState(state)) };
            }
            if let Some(decided) = self.decided(conn, officer, &payment, ruling)? {
                return Ok(decided);
            }
        }
        Err(DatabaseError::Busy.into())
    }

    fn decided(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        disputed: &Payment,
        ruling: &CashRuling,
    ) -> Result<Option<Payment>, PaymentError> {
        let now = self.ambient.now();
        let decided = match ruling.outcome {
            CashOutcome::Received => self.settle(conn, officer, disputed)?,
            CashOutcome::NotReceived => {
                let failed = disputed.clone().deny(now)?;
                store::save(conn, disputed.version, &failed)?.then_some(failed)
            }
        };
        let Some(decided) = decided else { return Ok(None) };
        let closing = Closing::Ruled { at: now, by: officer, ruling: ruling.clone() };
        store::close_dispute(conn, decided.id, &closing)?;
        let fact = Fact::PaymentDisputeResolved(PaymentDisputeResolved {
            payment: decided.id,
            pickup: decided.pickup,
            outcome: ruling.outcome.as_str().to_owned(),
        });
        self.append(conn, Actor::Account(officer), &decided, fact)?;
        Ok(Some(decided))
    }

    /// The dispute that a party sees at its payment: the open one, else the last.
    pub fn dispute_of_in(
        &self,
        conn: &mut Connection,
        payment: &Payment,
    ) -> Result<Option<Dispute>, DatabaseError> {
        if matches!(payment.state, PaymentState::Pending { flagged_at: None }) {
            return Ok(None);
        }
        let mut disputes = store::disputes_of(conn, payment.id)?;
        disputes.sort_by_key(|dispute| dispute.closing.is_none());
        Ok(disputes.pop())
    }

    /// A photograph of a dispute about the account's payment, on whichever side it stands.
    pub fn photo_for_party_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PaymentId,
        photo: PhotoId,
    ) -> Result<Photo, PaymentError> {
        let (_, side) = self.find_party_in(conn, account, id)?;
        let now = self.ambient.now();
        let shows = |dispute: &&Dispute| {
            side == Side::Household || rules::shows_photos_to_collector(dispute, now)
        };
        let disputes = store::disputes_of(conn, id)?;
        let subjects: Vec<_> = disputes.iter().filter(shows).map(Dispute::subject).collect();
        photos::find_attached_in(conn, photo, &subjects)?.ok_or(PaymentError::NotFound)
    }

    /// A photograph of the open dispute, for staff of the region, who are no party, while they have to decide.
    pub fn photo_for_staff_in(
        &self,
        conn: &mut Connection,
        officer: AccountId,
        regions: &[RegionCode],
        (id, photo): (PaymentId, PhotoId),
    ) -> Result<Photo, PaymentError> {
        of_staff(conn, officer, regions, id)?;
        let disputes = store::disputes_of(conn, id)?;
        let open = disputes.iter().filter(|dispute| dispute.closing.is_none());
        let subjects: Vec<_> = open.map(Dispute::subject).collect();
        photos::find_attached_in(conn, photo, &subjects)?.ok_or(PaymentError::NotFound)
    }

    /// The open disputes of the regions, the most urgent first, after the given place.
    pub fn open_disputes_in(
        &self,
        conn: &mut Connection,
        regions: &[RegionCode],
        after: Option<(Timestamp, PaymentId)>,
        limit: i64,
    ) -> Result<Vec<(Payment, Dispute)>, DatabaseError> {
        let mut found = Vec::new();
        for region in regions {
            found.extend(store::open_disputes(conn, region, after, limit)?);
        }
        // Grants may lie within each other.
        found.sort_by_key(|(payment, dispute)| (dispute.decide_by, payment.id));
        found.dedup_by_key(|(payment, _)| payment.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }
}

/// A payment that these staff may decide about.
fn of_staff(
    conn: &mut Connection,
    officer: AccountId,
    regions: &[RegionCode],
    id: PaymentId,
) -> Result<Payment, PaymentError> {
    let payment = store::find(conn, id)?.ok_or(PaymentError::NotFound)?;
    if !regions.iter().any(|region| region.contains(&payment.desa)) {
        return Err(PaymentError::NotFound);
    }
    if [payment.household, payment.collector_account].contains(&officer) {
        return Err(PickupError::OwnDispute.into());
    }
    Ok(payment)
}
