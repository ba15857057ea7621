//! Money in suspense leaves it once, by four eyes.

use std::{thread, time::Duration};

use accounts::Code;
use http_kit::StaffRole;
use ledger::{AccountName, Label};
use primitives::{AccountId, SuspenseReleaseId};

use super::{AMOUNT, Counter, known, refusal};
use crate::{
    Charge, ChargeError, GatewayName, NewSuspenseRelease, ProposalStateName, SuspenseOutcome,
    SuspenseRelease,
    tests::{
        adjustments::{Office, Staff},
        world::{World, on_each_engine},
    },
};

/// What came in beside the right payment.
const ASIDE: i64 = 49_000;

/// The counter, and the office beside it.
pub(super) struct Desk<'a> {
    pub(super) counter: Counter,
    pub(super) office: Office<'a>,
    pub(super) maker: Staff,
    pub(super) checker: Staff,
}

impl<'a> Desk<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        let office = Office::of(world);
        let maker = office.staff(1, StaffRole::FinanceMaker);
        let checker = office.staff(2, StaffRole::FinanceChecker);
        Self { counter: Counter::of(world), office, maker, checker }
    }

    /// A top-up with a payment of another amount beside the right one.
    pub(super) fn suspended(&self, number: u32, amount: i64) -> Charge {
        let charge = self.counter.asked(number);
        self.counter.step(&charge, known(&charge, &[("less", amount), ("exact", AMOUNT)]))
    }

    pub(super) fn propose(
        &self,
        by: &Staff,
        charge: &Charge,
        outcome: SuspenseOutcome,
    ) -> Result<SuspenseRelease, ChargeError> {
        self.counter.world.clock.advance(Duration::from_secs(30));
        self.propose_with(by, &self.office.code(by), &format!("less-{}", charge.id), outcome)
    }

    fn propose_with(
        &self,
        by: &Staff,
        code: &Code,
        payment: &str,
        outcome: SuspenseOutcome,
    ) -> Result<SuspenseRelease, ChargeError> {
        let (payment, reason) = (payment.to_owned(), "bukti transfer dilihat".to_owned());
        let new = NewSuspenseRelease { gateway: GatewayName::Xendit, payment, outcome, reason };
        let (accounts, code, by) = (self.office.accounts.clone(), code.clone(), by.account);
        self.counter.write(move |charges, conn| {
            let counted = accounts.count_factor_try_in(conn, by)?;
            let fresh = accounts.take_fresh_factor_in(conn, counted, &code)?;
            charges.propose_release_in(conn, fresh, &new)
        })
    }

    pub(super) fn approve(
        &self,
        by: &Staff,
        id: SuspenseReleaseId,
    ) -> Result<SuspenseRelease, ChargeError> {
        self.counter.world.clock.advance(Duration::from_secs(30));
        self.approve_with(by, &self.office.code(by), id)
    }

    fn approve_with(
        &self,
        by: &Staff,
        code: &Code,
        id: SuspenseReleaseId,
    ) -> Result<SuspenseRelease, ChargeError> {
        let (accounts, code, by) = (self.office.accounts.clone(), code.clone(), by.account);
        self.counter.write(move |charges, conn| {
            let counted = accounts.count_factor_try_in(conn, by)?;
            let fresh = accounts.take_fresh_factor_in(conn, counted, &code)?;
            charges.approve_release_in(conn, fresh, id)
        })
    }

    fn reject(&self, by: &Staff, id: SuspenseReleaseId) -> Result<SuspenseRelease, ChargeError> {
        let by = by.account;
        self.counter
            .write(move |charges, conn| charges.reject_release_in(conn, by, id, "belum terbukti"))
    }

    /// How many payments wait in suspense, and how many have left it.
    fn listed(&self) -> (usize, usize) {
        let count = |open| {
            let page = move |charges: &crate::Charges, conn: &mut database::Connection| {
                charges.page_suspended_in(conn, open, None, 100)
            };
            self.counter.write(page).unwrap().len()
        };
        (count(true), count(false))
    }

    fn suspense(&self) -> i64 {
        let gateway = Label::parse("xendit").unwrap();
        self.counter.world.balance(AccountName::Suspense(gateway)).balance
    }
}

fn returned(reference: &str) -> SuspenseOutcome {
    SuspenseOutcome::Returned(reference.to_owned())
}

fn credited(account: AccountId) -> SuspenseOutcome {
    SuspenseOutcome::Credited(account)
}

#[test]
fn one_proposes_another_releases_into_the_wallet_or_back() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let (siti, ani) = (desk.suspended(1, ASIDE), desk.suspended(2, ASIDE));
        assert_eq!((desk.listed(), desk.suspense()), ((2, 0), 2 * ASIDE));
        let hers = desk.propose(&desk.maker, &siti, credited(siti.account)).unwrap();
        assert_eq!((desk.listed(), desk.suspense()), ((2, 0), 2 * ASIDE), "nothing has moved");
        world.verify().unwrap();
        let done = desk.approve(&desk.checker, hers.id).unwrap();
        assert_eq!(done.state.name(), ProposalStateName::Approved);
        assert_eq!((desk.listed(), world.wallet(siti.account)), ((1, 1), AMOUNT + ASIDE));
        let back = desk.propose(&desk.maker, &ani, returned("rf-1")).unwrap();
        desk.approve(&desk.checker, back.id).unwrap();
        assert_eq!((desk.listed(), desk.suspense()), ((0, 2), 0));
        assert_eq!(world.wallet(ani.account), AMOUNT);
        // The gateway holds what is in the wallets, and no more.
        assert_eq!(desk.counter.books(&ani)[0], 2 * AMOUNT + ASIDE);
        world.verify().unwrap();
        let kinds = world.kinds();
        let released = kinds.iter().filter(|kind| kind.starts_with("suspense_release"));
        let expected = ["suspense_release_proposed", "suspense_release_approved"];
        assert!(released.eq(expected.iter().chain(&expected)), "{kinds:?}");
    });
}

#[test]
fn said_again_it_changes_nothing_and_said_otherwise_it_is_too_late() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let other = desk.office.staff(3, StaffRole::FinanceChecker);
        let siti = desk.suspended(1, ASIDE);
        let proposed = desk.propose(&desk.maker, &siti, credited(siti.account)).unwrap();
        let again = desk.propose(&desk.maker, &siti, returned("rf-1")).unwrap_err();
        let named = Some(("release_id", proposed.id.to_string()));
        assert_eq!(refusal(&again), ("release_exists", named.clone()));
        let refused = desk.reject(&desk.checker, proposed.id).unwrap();
        assert_eq!(desk.reject(&desk.checker, proposed.id).unwrap(), refused);
        let late = desk.approve(&desk.checker, proposed.id).unwrap_err();
        assert_eq!(refusal(&late), ("wrong_state", Some(("state", "rejected".to_owned()))));
        let proposed = desk.propose(&desk.maker, &siti, credited(siti.account)).unwrap();
        let done = desk.approve(&desk.checker, proposed.id).unwrap();
        assert_eq!(desk.approve(&desk.checker, proposed.id).unwrap(), done);
        for late in [desk.approve(&other, done.id), desk.reject(&desk.checker, done.id)] {
            let refused = late.unwrap_err();
            assert_eq!(refusal(&refused), ("wrong_state", Some(("state", "approved".to_owned()))));
        }
        let twice = desk.propose(&desk.maker, &siti, returned("rf-2")).unwrap_err();
        assert_eq!(refusal(&twice), ("release_exists", Some(("release_id", done.id.to_string()))));
        assert_eq!(world.wallet(siti.account), AMOUNT + ASIDE);
        world.verify().unwrap();
    });
}

#[test]
fn four_eyes_and_never_ones_own_money() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let siti = desk.suspended(1, ASIDE);
        let own = desk.propose(&desk.maker, &siti, credited(desk.maker.account)).unwrap_err();
        assert_eq!(refusal(&own).0, "own_wallet");
        let proposed = desk.propose(&desk.maker, &siti, credited(siti.account)).unwrap();
        for refused in
            [desk.approve(&desk.maker, proposed.id), desk.reject(&desk.maker, proposed.id)]
        {
            assert_eq!(refusal(&refused.unwrap_err()).0, "own_adjustment");
        }
        desk.reject(&desk.checker, proposed.id).unwrap();
        let for_checker = credited(desk.checker.account);
        let proposed = desk.propose(&desk.maker, &siti, for_checker).unwrap();
        let own = desk.approve(&desk.checker, proposed.id).unwrap_err();
        assert_eq!(refusal(&own).0, "own_wallet");
        assert_eq!((desk.suspense(), world.wallet(desk.checker.account)), (ASIDE, 0));
        world.verify().unwrap();
    });
}

#[test]
fn nonsense_is_refused() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let (siti, ani) = (desk.suspended(1, ASIDE), desk.suspended(2, ASIDE));
        let nobody = desk.propose(&desk.maker, &siti, credited(world.ambient.mint())).unwrap_err();
        assert_eq!(refusal(&nobody).0, "not_found");
        for malformed in ["", "../x", "a b"] {
            let refused = desk.propose(&desk.maker, &siti, returned(malformed)).unwrap_err();
            assert_eq!(refusal(&refused).0, "invalid_fields", "{malformed}");
        }
        for unknown in ["nowhere".to_owned(), format!("exact-{}", siti.id)] {
            world.clock.advance(Duration::from_secs(30));
            let code = desk.office.code(&desk.maker);
            let refused = desk.propose_with(&desk.maker, &code, &unknown, returned("rf-1"));
            assert_eq!(refusal(&refused.unwrap_err()).0, "not_found", "{unknown}");
        }
        desk.propose(&desk.maker, &siti, returned("rf-1")).unwrap();
        let (used, payment) = (desk.office.code(&desk.maker), format!("less-{}", ani.id));
        let refused = desk.propose_with(&desk.maker, &used, &payment, returned("rf-2"));
        assert_eq!(refusal(&refused.unwrap_err()).0, "second_factor_wrong");
        let twice = desk.propose(&desk.maker, &ani, returned("rf-1")).unwrap_err();
        assert_eq!(refusal(&twice).0, "invalid_fields", "one return gives one payment back");
        assert_eq!(desk.suspense(), 2 * ASIDE);
    });
}

#[test]
fn a_day_has_a_limit() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let half = [desk.suspended(1, 50_000_000), desk.suspended(2, 50_000_000)];
        let (one_more, beyond) = (desk.suspended(3, 1), desk.suspended(4, 100_000_001));
        // A morning, so that the day does not end on the way.
        world.clock.set(primitives::Timestamp::parse("2026-11-23T01:00:00Z").unwrap());
        for charge in &half {
            desk.propose(&desk.maker, charge, credited(charge.account)).unwrap();
        }
        for charge in [&one_more, &beyond] {
            let spent = desk.propose(&desk.maker, charge, returned("rf-1")).unwrap_err();
            assert_eq!(refusal(&spent).0, "releases_spent");
        }
        let colleague = desk.office.staff(3, StaffRole::FinanceMaker);
        desk.propose(&colleague, &one_more, returned("rf-1")).unwrap();
    });
}

#[test]
fn desks_at_once_move_the_money_once() {
    on_each_engine(|world| {
        let desk = Desk::of(world);
        let makers: Vec<Staff> =
            (20..24).map(|number| desk.office.staff(number, StaffRole::FinanceMaker)).collect();
        let checkers: Vec<Staff> =
            (10..14).map(|number| desk.office.staff(number, StaffRole::FinanceChecker)).collect();
        for round in 1..=4 {
            let siti = desk.suspended(round, ASIDE);
            let payment = format!("less-{}", siti.id);
            world.clock.advance(Duration::from_secs(30));
            let propose = |maker: &Staff| {
                let code = desk.office.code(maker);
                desk.propose_with(maker, &code, &payment, credited(siti.account))
            };
            let proposed = at_once(&makers, propose);
            let [winner] = &proposed.iter().flatten().collect::<Vec<_>>()[..] else {
                panic!("{proposed:?}")
            };
            let named = Some(("release_id", winner.id.to_string()));
            for loser in proposed.iter().filter_map(|it| it.as_ref().err()) {
                assert_eq!(refusal(loser), ("release_exists", named.clone()));
            }
            let (id, refuser) = (winner.id, checkers[0].account);
            let decided = at_once(&checkers, |checker| match checker.account == refuser {
                true => desk.reject(checker, id).is_ok(),
                false => desk.approve_with(checker, &desk.office.code(checker), id).is_ok(),
            });
            assert_eq!(decided.iter().filter(|won| **won).count(), 1, "{decided:?} in {round}");
        }
        world.verify().unwrap();
    });
}

fn at_once<T: Send>(staff: &[Staff], act: impl Fn(&Staff) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let act = &act;
        let threads: Vec<_> = staff.iter().map(|it| scope.spawn(move || act(it))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
