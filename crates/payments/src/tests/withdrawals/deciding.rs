use primitives::AccountId;

use super::{FEE, Office, told};
use crate::{
    DecidedOutcome, Decision, Learnt, Withdrawal, WithdrawalError, WithdrawalStateName as Name,
    tests::world::on_each_engine,
};

fn decision(outcome: DecidedOutcome, reference: Option<&str>) -> Decision {
    let reason = "ditanyakan lewat telepon".to_owned();
    Decision { outcome, reference: reference.map(str::to_owned), reason }
}

impl Office {
    fn decide(
        &self,
        checker: AccountId,
        withdrawal: &Withdrawal,
        decision: Decision,
    ) -> Result<Withdrawal, WithdrawalError> {
        let id = withdrawal.id;
        self.write(move |withdrawals, conn| withdrawals.decide_in(conn, checker, id, &decision))
    }

    /// A withdrawal whose gateway has not answered for twenty hours.
    fn given_up(&self, number: u32) -> Withdrawal {
        let saver = self.saver(number, 100_000);
        let asked = self.withdraw(saver, 50_000).unwrap();
        self.step(&asked, Learnt::Nothing);
        self.minutes(20 * 60);
        self.step(&asked, Learnt::Unknown)
    }
}

#[test]
fn a_checker_ends_what_no_gateway_ends() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let checker = world.person(99);
        let (arrived, never) = (office.given_up(1), office.given_up(2));
        let listed = office.write(|all, conn| all.page_escalated_in(conn, None, 10)).unwrap();
        assert_eq!(listed.len(), 2);
        let unnamed = decision(DecidedOutcome::Arrived, None);
        let refused = office.decide(checker, &arrived, unnamed).unwrap_err();
        assert_eq!(told(&refused).0, "invalid_fields");
        let named = decision(DecidedOutcome::Arrived, Some("disb-77"));
        let done = office.decide(checker, &arrived, named.clone()).unwrap();
        assert_eq!(done.state.name(), Name::Succeeded);
        let back = office.decide(checker, &never, decision(DecidedOutcome::NeverLeft, None));
        assert_eq!(back.unwrap().state.name(), Name::Failed);
        assert_eq!(world.wallet(arrived.account), 100_000 - 50_000 - FEE);
        assert_eq!(world.wallet(never.account), 100_000);
        let again = office.decide(checker, &arrived, named).unwrap_err();
        assert_eq!(told(&again), ("wrong_state", Some(("state", "succeeded".to_owned()))));
        let listed = office.write(|all, conn| all.page_escalated_in(conn, None, 10)).unwrap();
        assert!(listed.is_empty());
        world.verify().unwrap();
    });
}

#[test]
fn nobody_decides_about_his_own_money_or_about_what_waits_for_nobody() {
    on_each_engine(|world| {
        let office = Office::of(world);
        let given_up = office.given_up(1);
        let never = || decision(DecidedOutcome::NeverLeft, None);
        let own = office.decide(given_up.account, &given_up, never()).unwrap_err();
        assert_eq!(told(&own).0, "own_wallet");
        let saver = office.saver(2, 100_000);
        let fresh = office.withdraw(saver, 50_000).unwrap();
        let early = office.decide(world.person(99), &fresh, never()).unwrap_err();
        assert_eq!(told(&early).0, "wrong_state");
        let silent = Decision { reason: " ".to_owned(), ..never() };
        let refused = office.decide(world.person(99), &given_up, silent).unwrap_err();
        assert_eq!(told(&refused).0, "invalid_fields");
        assert_eq!(world.wallet(given_up.account), 100_000 - 50_000 - FEE);
        world.verify().unwrap();
    });
}
