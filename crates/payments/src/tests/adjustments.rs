use std::{sync::Arc, thread, time::Duration};

use accounts::{Accounts, Code, CodeSender, NewInvitation, Secrets, SignInLimits};
use data_encoding::BASE32_NOPAD;
use http_kit::StaffRole;
use ledger::AccountName;
use primitives::{AccountId, AdjustmentId, ChallengeId, PhoneNumber, RegionCode, Rupiah};

use super::{
    told,
    world::{World, on_each_engine},
};
use crate::{Adjustment, NewAdjustment, PaymentError, ProposalStateName, store};

/// Nobody is sent anything here.
struct Silent;

impl CodeSender for Silent {
    fn send(&self, _challenge: ChallengeId, _phone: &PhoneNumber, _code: &Code) {}
}

/// The office with its second factors.
pub(super) struct Office<'a> {
    world: &'a World,
    pub(super) accounts: Accounts,
}

#[derive(Clone)]
pub(super) struct Staff {
    pub(super) account: AccountId,
    secret: Vec<u8>,
}

impl<'a> Office<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        let (ambient, limits) = (world.ambient.clone(), SignInLimits::default());
        let accounts = Accounts::new(ambient, Secrets::derive(&[7; 32]), limits, Arc::new(Silent));
        Self { world, accounts }
    }

    pub(super) fn staff(&self, number: u32, role: StaffRole) -> Staff {
        let phone = PhoneNumber::parse(&format!("0813{number:08}")).unwrap();
        let region = RegionCode::parse("12.07").unwrap();
        let new = NewInvitation { role, region, phone: None };
        let (accounts, ambient) = (self.accounts.clone(), self.world.ambient.clone());
        let enrolled = self.world.write(move |_, conn| {
            let invitation = accounts::invite_in(conn, &ambient, &new)?;
            Ok(accounts.enrol_in(conn, &phone, &invitation.token)?)
        });
        let enrolled = enrolled.unwrap();
        let secret = BASE32_NOPAD.decode(enrolled.totp_secret.as_bytes()).unwrap();
        Staff { account: enrolled.account, secret }
    }

    /// What the authenticator app shows now.
    pub(super) fn code(&self, of: &Staff) -> Code {
        let generator = totp_rs::Builder::new().with_secret(of.secret.clone()).build().unwrap();
        let now = u64::try_from(self.world.ambient.now().micros() / 1_000_000).unwrap();
        Code::parse(&generator.generate(now).to_string()).unwrap()
    }

    fn propose(
        &self,
        by: &Staff,
        account: AccountId,
        amount: i64,
    ) -> Result<Adjustment, PaymentError> {
        self.world.clock.advance(Duration::from_secs(30));
        self.propose_with(by, &self.code(by), "12.07", account, amount)
    }

    fn propose_with(
        &self,
        by: &Staff,
        code: &Code,
        region: &str,
        account: AccountId,
        amount: i64,
    ) -> Result<Adjustment, PaymentError> {
        let region = RegionCode::parse(region).unwrap();
        let reason = "salah catat".to_owned();
        let new = NewAdjustment { region, account, amount: Rupiah::new(amount), reason };
        let (accounts, code, by) = (self.accounts.clone(), code.clone(), by.account);
        self.world.write(move |payments, conn| {
            let counted = accounts.count_factor_try_in(conn, by)?;
            let fresh = accounts.take_fresh_factor_in(conn, counted, &code)?;
            let regions = [RegionCode::parse("12.07").unwrap()];
            payments.propose_adjustment_in(conn, fresh, &regions, &new)
        })
    }

    fn approve(&self, by: &Staff, id: AdjustmentId) -> Result<Adjustment, PaymentError> {
        self.world.clock.advance(Duration::from_secs(30));
        self.approve_with(by, &self.code(by), "12.07", id)
    }

    fn approve_with(
        &self,
        by: &Staff,
        code: &Code,
        region: &str,
        id: AdjustmentId,
    ) -> Result<Adjustment, PaymentError> {
        let (accounts, code, by) = (self.accounts.clone(), code.clone(), by.account);
        let regions = [RegionCode::parse(region).unwrap()];
        self.world.write(move |payments, conn| {
            let counted = accounts.count_factor_try_in(conn, by)?;
            let fresh = accounts.take_fresh_factor_in(conn, counted, &code)?;
            payments.approve_adjustment_in(conn, fresh, &regions, id)
        })
    }

    fn reject(&self, by: &Staff, id: AdjustmentId) -> Result<Adjustment, PaymentError> {
        let (by, regions) = (by.account, [RegionCode::parse("12.07").unwrap()]);
        self.world.write(move |payments, conn| {
            payments.reject_adjustment_in(conn, by, &regions, id, "tidak terbukti")
        })
    }
}

fn maker_and_checker(office: &Office<'_>) -> (Staff, Staff) {
    (office.staff(1, StaffRole::FinanceMaker), office.staff(2, StaffRole::FinanceChecker))
}

#[test]
fn one_proposes_another_releases_and_both_ways_are_on_the_books() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ((maker, checker), holder) = (maker_and_checker(&office), world.person(9));
        let more = office.propose(&maker, holder, 5_000).unwrap();
        assert_eq!((world.wallet(holder), more.state.name()), (0, ProposalStateName::Proposed));
        let approved = office.approve(&checker, more.id).unwrap();
        assert_eq!(approved.state.name(), ProposalStateName::Approved);
        let less = office.propose(&maker, holder, -2_000).unwrap();
        office.approve(&checker, less.id).unwrap();
        assert_eq!(world.wallet(holder), 3_000);
        assert_eq!(world.balance(AccountName::WriteOff).balance, -3_000);
        let too_much = office.propose(&maker, holder, -3_001).unwrap();
        let refused = office.approve(&checker, too_much.id).unwrap_err();
        assert_eq!(told(&refused).0, "balance_insufficient");
        assert_eq!((world.wallet(holder), world.verify().unwrap().adjustments), (3_000, 2));
        let story = ["adjustment_proposed", "adjustment_approved"].repeat(2);
        assert_eq!(world.kinds()[..4], story);
    });
}

#[test]
fn said_again_it_changes_nothing_and_said_otherwise_it_is_too_late() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ((maker, checker), holder) = (maker_and_checker(&office), world.person(9));
        let other = office.staff(3, StaffRole::FinanceChecker);
        let done = office.propose(&maker, holder, 5_000).unwrap().id;
        let approved = office.approve(&checker, done).unwrap();
        assert_eq!(office.approve(&checker, done).unwrap(), approved);
        for late in [office.approve(&other, done), office.reject(&checker, done)] {
            let told = told(&late.unwrap_err());
            assert_eq!(told, ("wrong_state", Some(("state", "approved".to_owned()))));
        }
        let refused = office.propose(&maker, holder, 7_000).unwrap().id;
        let rejected = office.reject(&checker, refused).unwrap();
        assert_eq!(office.reject(&checker, refused).unwrap(), rejected);
        assert_eq!(told(&office.approve(&checker, refused).unwrap_err()).0, "wrong_state");
        assert_eq!((world.wallet(holder), world.verify().unwrap().adjustments), (5_000, 1));
    });
}

#[test]
fn four_eyes_and_never_ones_own_wallet() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ((maker, checker), holder) = (maker_and_checker(&office), world.person(9));
        let own = office.propose(&maker, maker.account, 5_000).unwrap_err();
        assert_eq!(told(&own).0, "own_wallet");
        let proposed = office.propose(&maker, holder, 5_000).unwrap().id;
        for refused in [office.approve(&maker, proposed), office.reject(&maker, proposed)] {
            assert_eq!(told(&refused.unwrap_err()).0, "own_adjustment");
        }
        let for_checker = office.propose(&maker, checker.account, 5_000).unwrap().id;
        let refused = office.approve(&checker, for_checker).unwrap_err();
        assert_eq!(told(&refused).0, "own_wallet");
        assert_eq!(world.verify().unwrap().adjustments, 0);
    });
}

#[test]
fn foreign_regions_unknown_accounts_and_nonsense_are_refused() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ((maker, checker), holder) = (maker_and_checker(&office), world.person(9));
        world.pass(1);
        let foreign = office.propose_with(&maker, &office.code(&maker), "12.71", holder, 5_000);
        assert_eq!(told(&foreign.unwrap_err()).0, "not_found");
        let nobody = office.propose(&maker, world.ambient.mint(), 5_000).unwrap_err();
        assert_eq!(told(&nobody).0, "not_found");
        for amount in [0, 5_000_001, -5_000_001, i64::MAX, i64::MIN] {
            let refused = office.propose(&maker, holder, amount).unwrap_err();
            assert_eq!(told(&refused).0, "invalid_fields", "{amount}");
        }
        let proposed = office.propose(&maker, holder, 5_000).unwrap().id;
        world.pass(1);
        let elsewhere = office.approve_with(&checker, &office.code(&checker), "12.71", proposed);
        assert_eq!(told(&elsewhere.unwrap_err()).0, "not_found");
    });
}

#[test]
fn a_second_factor_works_once_and_only_for_its_owner() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ((maker, checker), holder) = (maker_and_checker(&office), world.person(9));
        world.pass(1);
        let code = office.code(&maker);
        office.propose_with(&maker, &code, "12.07", holder, 5_000).unwrap();
        let again = office.propose_with(&maker, &code, "12.07", holder, 5_000).unwrap_err();
        assert_eq!(told(&again).0, "second_factor_wrong");
        world.pass(1);
        let stolen = office.propose_with(&maker, &office.code(&checker), "12.07", holder, 5_000);
        assert_eq!(told(&stolen.unwrap_err()).0, "second_factor_wrong");
    });
}

#[test]
fn twenty_wrong_second_factors_are_enough_for_one_account_and_a_day() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let (maker, checker) = maker_and_checker(&office);
        let count = |of: &Staff| {
            let (accounts, by) = (office.accounts.clone(), of.account);
            world.write(move |_, conn| Ok(accounts.count_factor_try_in(conn, by)?))
        };
        for _ in 0..20 {
            count(&maker).unwrap();
        }
        assert_eq!(told(&count(&maker).unwrap_err()).0, "second_factor_paused");
        count(&checker).unwrap();
        world.clock.advance(Duration::from_secs(24 * 60 * 60));
        count(&maker).unwrap();
    });
}

#[test]
fn a_day_has_a_limit_and_the_next_one_begins_at_midnight_here() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ((maker, _), holder) = (maker_and_checker(&office), world.person(9));
        // 16:30 in Greenwich is 23:30 here.
        world.clock.set(primitives::Timestamp::parse("2026-11-22T16:30:00Z").unwrap());
        office.propose(&maker, holder, 5_000_000).unwrap();
        office.propose(&maker, holder, -4_999_999).unwrap();
        let spent = office.propose(&maker, holder, 2).unwrap_err();
        assert_eq!(told(&spent).0, "adjustments_spent");
        office.propose(&maker, holder, 1).unwrap();
        let colleague = office.staff(3, StaffRole::FinanceMaker);
        office.propose(&colleague, holder, 5_000_000).unwrap();
        world.clock.set(primitives::Timestamp::parse("2026-11-22T17:00:00Z").unwrap());
        office.propose(&maker, holder, 5_000_000).unwrap();
    });
}

#[test]
fn checkers_at_once_move_the_money_once() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let (maker, holder) = (office.staff(1, StaffRole::FinanceMaker), world.person(9));
        let checkers: Vec<Staff> =
            (10..14).map(|number| office.staff(number, StaffRole::FinanceChecker)).collect();
        for round in 1..=6 {
            let id = office.propose(&maker, holder, 1_000).unwrap().id;
            world.pass(1);
            let decided = thread::scope(|scope| {
                let office = &office;
                let decide = |(number, checker): (usize, Staff)| {
                    scope.spawn(move || match number {
                        0 => office.reject(&checker, id).is_ok(),
                        _ => office
                            .approve_with(&checker, &office.code(&checker), "12.07", id)
                            .is_ok(),
                    })
                };
                let threads: Vec<_> = checkers.iter().cloned().enumerate().map(decide).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<bool>>()
            });
            assert_eq!(decided.iter().filter(|won| **won).count(), 1, "{decided:?} in {round}");
        }
        let released = i64::try_from(world.verify().unwrap().adjustments).unwrap();
        assert_eq!(world.wallet(holder), 1_000 * released);
    });
}

#[test]
fn many_proposals_at_once_stay_within_the_day() {
    on_each_engine(|world| {
        let maker = world.person(1);
        let taken = thread::scope(|scope| {
            let take =
                || world.write(move |_, conn| Ok(store::take_from_day(conn, maker, 7, 4_000_000)?));
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            threads
                .into_iter()
                .filter_map(|thread| thread.join().unwrap().ok())
                .collect::<Vec<bool>>()
        });
        assert_eq!((taken.len(), taken.iter().filter(|taken| **taken).count()), (4, 2));
    });
}
