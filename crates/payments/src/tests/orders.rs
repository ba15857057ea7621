//! Every order of what can happen to cash, to depth eight, against a model that knows no table.
//!
//! The orders form a tree. It is walked on the real database, each branch in a savepoint that is given up afterwards.
//! After every step the whole of what the database holds is compared with the model, so two branches that reach the
//! same model hold the same data, and what follows from it is walked once for all of them.

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use database::{Connection, DatabaseError};
use diesel::Connection as _;
use ledger::AccountName;
use primitives::PaymentId;

use super::world::{Deal, WORTH, World, on_each_engine};
use crate::{
    CashOutcome, CashRuling, Closing, Method, Objection, Opener, Payment, PaymentError,
    PaymentState, store,
};

const DEPTH: usize = 8;

#[derive(Debug, Clone, Copy)]
enum Step {
    Claim,
    PayByWallet,
    Confirm,
    Deny,
    /// The same answers, written offline about the first payment and delivered now.
    LateConfirm,
    LateDeny,
    TwoDays,
    Dispute,
    Object,
    RuleReceived,
    RuleNotReceived,
}

const STEPS: [Step; 11] = [
    Step::Claim,
    Step::PayByWallet,
    Step::Confirm,
    Step::Deny,
    Step::LateConfirm,
    Step::LateDeny,
    Step::TwoDays,
    Step::Dispute,
    Step::Object,
    Step::RuleReceived,
    Step::RuleNotReceived,
];

/// One payment, by somebody who has only read the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Said {
    Claimed,
    Open(Opener),
    Received,
    Denied,
    /// Staff believed the household: nobody objects any more.
    NotReceived,
    ByWallet,
}

/// All payments of one job, oldest first.
type Model = Vec<Said>;

fn after(model: &Model, step: Step) -> Model {
    let mut next = model.clone();
    let done = model.iter().any(|said| matches!(said, Said::Received | Said::ByWallet));
    let owed = model.last().is_none_or(|said| matches!(said, Said::Denied | Said::NotReceived));
    match step {
        Step::Claim if owed => next.push(Said::Claimed),
        Step::PayByWallet if owed => next.push(Said::ByWallet),
        Step::Claim | Step::PayByWallet => {}
        Step::LateConfirm | Step::LateDeny if model.len() > 1 => {
            // The first payment of several is over: it was denied, or another could not have been made.
        }
        _ if done => {}
        _ => {
            if let Some(last) = next.last_mut() {
                *last = said_after(*last, step);
            }
        }
    }
    next
}

fn said_after(last: Said, step: Step) -> Said {
    match (last, step) {
        (Said::Claimed | Said::Open(_), Step::Confirm | Step::LateConfirm) => Said::Received,
        (Said::Claimed, Step::Deny | Step::LateDeny) => Said::Denied,
        (Said::Open(Opener::Household | Opener::Worker), Step::Deny | Step::LateDeny) => {
            Said::Denied
        }
        (Said::Claimed, Step::TwoDays) => Said::Open(Opener::Worker),
        (Said::Claimed, Step::Dispute) => Said::Open(Opener::Household),
        (Said::Denied, Step::Object) => Said::Open(Opener::Collector),
        (Said::Open(_), Step::RuleReceived) => Said::Received,
        (Said::Open(_), Step::RuleNotReceived) => Said::NotReceived,
        (same, _) => same,
    }
}

/// What the model says about custody, the cash memo and the job.
fn books(model: &Model) -> (i64, i64, &'static str) {
    match model.last() {
        Some(Said::Received) => (0, WORTH, "paid"),
        Some(Said::ByWallet) => (WORTH, 0, "paid"),
        _ => (0, 0, "confirmed"),
    }
}

/// A refused step, whose savepoint is given up.
struct Undone(PaymentError);

impl From<PaymentError> for Undone {
    fn from(error: PaymentError) -> Self {
        Self(error)
    }
}

impl From<diesel::result::Error> for Undone {
    fn from(error: diesel::result::Error) -> Self {
        Self(DatabaseError::from(error).into())
    }
}

struct Walk {
    world: World,
    deal: Deal,
    officer: primitives::AccountId,
    /// How many steps have been followed from here, and in how many orders.
    walked: Rc<RefCell<HashMap<Model, usize>>>,
    taken: Rc<RefCell<u64>>,
}

impl Walk {
    /// Follows every order of `depth` more steps.
    fn from(&self, conn: &mut Connection, model: &Model, ids: &[PaymentId], depth: usize) {
        let known = self.walked.borrow().get(model).copied().unwrap_or(0);
        if depth <= known {
            return;
        }
        self.walked.borrow_mut().insert(model.clone(), depth);
        for step in STEPS {
            let given_up: Result<(), DatabaseError> = conn.transaction(|conn| {
                let expected = after(model, step);
                let ids = self.take(conn, step, ids);
                *self.taken.borrow_mut() += 1;
                assert_eq!(self.found(conn, &ids), expected, "{step:?} after {model:?}");
                self.compare_books(conn, &expected);
                self.from(conn, &expected, &ids, depth - 1);
                Err(DatabaseError::NotFound)
            });
            assert!(matches!(given_up, Err(DatabaseError::NotFound)));
        }
    }

    /// The step on the database. A refusal must leave nothing: it is given up as a unit of work would be.
    fn take(&self, conn: &mut Connection, step: Step, ids: &[PaymentId]) -> Vec<PaymentId> {
        let taken = conn.transaction::<_, Undone, _>(|conn| Ok(self.try_step(conn, step, ids)?));
        let id = match taken {
            Ok(payment) => payment.map(|payment| payment.id),
            Err(Undone(PaymentError::Database(error))) => panic!("{step:?}: {error}"),
            Err(_refused) => None,
        };
        let new = id.filter(|id| !ids.contains(id));
        ids.iter().copied().chain(new).collect()
    }

    fn try_step(
        &self,
        conn: &mut Connection,
        step: Step,
        ids: &[PaymentId],
    ) -> Result<Option<Payment>, PaymentError> {
        let Deal { household, payer, pickup, .. } = self.deal;
        let payments = &self.world.payments;
        let (first, last) = (ids.first().copied(), ids.last().copied());
        let of = |id: Option<PaymentId>| id.ok_or(PaymentError::NotFound);
        let objection = Objection { reason: "kurang".to_owned(), detail: None, photos: Vec::new() };
        let ruling = |outcome| CashRuling { outcome, reason: "saksi".to_owned() };
        let rule = |conn: &mut Connection, outcome| {
            let regions = [primitives::RegionCode::parse("12.07").unwrap()];
            payments.resolve_in(conn, self.officer, &regions, of(last)?, &ruling(outcome))
        };
        let payment = match step {
            Step::Claim => payments.pay_in(conn, payer, pickup, Method::Cash)?,
            Step::PayByWallet => payments.pay_in(conn, payer, pickup, Method::Wallet)?,
            Step::Confirm => payments.confirm_in(conn, household, of(last)?)?,
            Step::Deny => payments.deny_in(conn, household, of(last)?)?,
            Step::LateConfirm => payments.confirm_in(conn, household, of(first)?)?,
            Step::LateDeny => payments.deny_in(conn, household, of(first)?)?,
            Step::Dispute => payments.dispute_in(conn, household, of(last)?, &objection)?,
            Step::Object => payments.dispute_in(conn, payer, of(last)?, &objection)?,
            Step::RuleReceived => rule(conn, CashOutcome::Received)?,
            Step::RuleNotReceived => rule(conn, CashOutcome::NotReceived)?,
            Step::TwoDays => {
                self.world.clock.advance(Duration::from_secs(48 * 3_600));
                payments.flag_unanswered_in(conn, 100)?;
                return Ok(None);
            }
        };
        Ok(Some(payment))
    }

    /// The model that the database shows.
    fn found(&self, conn: &mut Connection, ids: &[PaymentId]) -> Model {
        ids.iter().map(|id| self.said(conn, *id)).collect()
    }

    fn said(&self, conn: &mut Connection, id: PaymentId) -> Said {
        let payment = store::find(conn, id).unwrap().unwrap();
        let disputes = store::disputes_of(conn, id).unwrap();
        let open: Vec<Opener> = disputes
            .iter()
            .filter(|dispute| dispute.closing.is_none())
            .map(|dispute| dispute.opened_by)
            .collect();
        let ruled = disputes.iter().filter_map(|dispute| match &dispute.closing {
            Some(Closing::Ruled { ruling, .. }) => Some(ruling.outcome),
            _ => None,
        });
        let ruled: Vec<CashOutcome> = ruled.collect();
        match (&payment.state, payment.method, open.as_slice(), ruled.as_slice()) {
            (PaymentState::Settled(_), Method::Wallet, [], []) => Said::ByWallet,
            (PaymentState::Settled(_), Method::Cash, [], [] | [CashOutcome::Received]) => {
                Said::Received
            }
            (PaymentState::Failed { .. }, _, [], []) => Said::Denied,
            (PaymentState::Failed { .. }, _, [], [CashOutcome::NotReceived]) => Said::NotReceived,
            (PaymentState::Pending { flagged_at: None }, _, [], []) => Said::Claimed,
            (PaymentState::Pending { flagged_at: Some(_) }, _, [opener], []) => Said::Open(*opener),
            other => panic!("no such state: {other:?}"),
        }
    }

    fn compare_books(&self, conn: &mut Connection, model: &Model) {
        let Deal { household, payer, pickup, .. } = self.deal;
        let (wallet, memo, state) = books(model);
        let mut balance = |account| ledger::balance_in(conn, &account).unwrap();
        assert_eq!(balance(AccountName::Wallet(household)).balance, wallet, "{model:?}");
        assert_eq!(balance(AccountName::Wallet(payer)).balance, WORTH - wallet, "{model:?}");
        assert_eq!(balance(AccountName::CashIn(household)).balance, memo, "{model:?}");
        let found = self.world.pickups.find_in(conn, pickup).unwrap();
        assert_eq!(found.state.name().as_str(), state, "{model:?}");
    }
}

/// In how many orders of so many steps the model ends where it is settled, and in how many not.
fn orders(model: &Model, depth: usize, known: &mut HashMap<(Model, usize), [u64; 2]>) -> [u64; 2] {
    if depth == 0 {
        return if books(model).2 == "paid" { [1, 0] } else { [0, 1] };
    }
    if let Some(count) = known.get(&(model.clone(), depth)) {
        return *count;
    }
    let counts = STEPS.map(|step| orders(&after(model, step), depth - 1, known));
    let sum = counts.iter().fold([0, 0], |[a, b], [c, d]| [a + c, b + d]);
    known.insert((model.clone(), depth), sum);
    sum
}

#[test]
fn every_order_to_depth_eight_leaves_custody_alone_and_one_end() {
    let [paid, open] = orders(&Vec::new(), DEPTH, &mut HashMap::new());
    assert_eq!(paid + open, 11u64.pow(8));
    on_each_engine(|world| {
        let deal = world.deal(1);
        world.top_up(deal.payer, WORTH).unwrap();
        let officer = world.person(99);
        let (walked, taken) = (Rc::default(), Rc::default());
        let walk = Walk { world: world.clone(), deal, officer, walked, taken };
        let mut conn = test_kit::raw_connection(&world.database);
        let given_up: Result<(), DatabaseError> = conn.transaction(|conn| {
            walk.from(conn, &Vec::new(), &[], DEPTH);
            Err(DatabaseError::NotFound)
        });
        assert!(given_up.is_err());
        let (states, steps) = (walk.walked.borrow().len(), *walk.taken.borrow());
        assert_eq!((states, steps), (49, 693), "as many as the README allows");
        world.verify().unwrap();
    });
}
