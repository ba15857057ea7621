//! Promise A7.

use std::time::Duration;

use event_log::Fact;
use http_kit::StaffRole;
use primitives::PhoneNumber;

use super::world::{World, deli_serdang, officer, on_each_engine, phone, started, totp, wrong};
use crate::{
    AccountError, Invitation, NewInvitation, SignIn, StaffGrant, grant_in, invite_in,
    open_account_in,
};

const PHONE: &str = "+6281234567890";

fn invite(world: &World, new: NewInvitation) -> Invitation {
    let ambient = world.ambient.clone();
    world.write(move |conn| Ok(invite_in(conn, &ambient, &new)?)).unwrap()
}

fn accept(world: &World, by: PhoneNumber, token: &str) -> Result<crate::Enrolment, AccountError> {
    let (accounts, token) = (world.accounts.clone(), token.to_owned());
    world.write(move |conn| accounts.enrol_in(conn, &by, &token))
}

#[test]
fn a_fresh_installation_has_no_account_and_no_session() {
    on_each_engine(|world| {
        assert_eq!((world.count_accounts(), world.count_live_sessions()), (0, 0));
        assert_eq!(world.facts(), []);
    });
}

#[test]
fn an_invitation_works_once() {
    on_each_engine(|world| {
        let invitation = invite(world, officer(None));
        let staff = accept(world, phone(PHONE), &invitation.token).unwrap();
        assert!(staff.otpauth_url.contains(&staff.totp_secret));
        assert!(!staff.otpauth_url.contains("812345"), "nothing personal in links");
        let again = accept(world, phone("+6281234567891"), &invitation.token).err().unwrap();
        assert!(matches!(again, AccountError::InvitationInvalid));
        assert_eq!(world.count_accounts(), 1, "the refusal undid the second account");
    });
}

#[test]
fn an_invitation_works_for_fifteen_minutes_and_for_the_phone_it_names() {
    on_each_engine(|world| {
        let invitation = invite(world, officer(Some(PHONE)));
        assert_eq!(invitation.expires_at.seconds_since(world.ambient.now()), 900);
        let stranger = accept(world, phone("+6281234567891"), &invitation.token);
        assert!(matches!(stranger.err().unwrap(), AccountError::InvitationInvalid));
        world.pass(900);
        let late = accept(world, phone(PHONE), &invitation.token);
        assert!(matches!(late.err().unwrap(), AccountError::InvitationInvalid));
        world.clock.set(invitation.expires_at.minus(Duration::from_secs(1)));
        assert!(accept(world, phone(PHONE), &invitation.token).is_ok());
    });
}

#[test]
fn staff_need_their_second_factor_and_asking_costs_no_try() {
    on_each_engine(|world| {
        let staff = world.enrol(PHONE);
        let (challenge, code) = world.request(PHONE).unwrap();
        for _ in 0..10 {
            let outcome = world.sign_in_with(challenge.id, &code, None).unwrap();
            assert!(matches!(outcome, SignIn::SecondFactorRequired));
        }
        assert_eq!((world.tries(challenge.id), world.count_live_sessions()), (0, 0));
        let second = totp(world, &staff);
        let refused = world.sign_in_with(challenge.id, &code, Some(wrong(&second))).err().unwrap();
        assert!(matches!(refused, AccountError::SecondFactorWrong));
        assert_eq!(world.tries(challenge.id), 1, "guessing the second factor does");
        let session = started(world.sign_in_with(challenge.id, &code, Some(second)).unwrap());
        assert_eq!(session.profile.grants.len(), 1);
    });
}

#[test]
fn a_wrong_code_is_not_told_about_the_second_factor() {
    on_each_engine(|world| {
        world.enrol(PHONE);
        let (challenge, code) = world.request(PHONE).unwrap();
        let refused = world.sign_in_with(challenge.id, &wrong(&code), None).err().unwrap();
        assert!(matches!(refused, AccountError::CodeWrong));
    });
}

#[test]
fn each_step_of_the_second_factor_works_once() {
    on_each_engine(|world| {
        let staff = world.enrol(PHONE);
        let (first, first_code) = world.request(PHONE).unwrap();
        world.pass(60);
        let (second, second_code) = world.request(PHONE).unwrap();
        let step = totp(world, &staff);
        started(world.sign_in_with(first.id, &first_code, Some(step.clone())).unwrap());
        let replayed = world.sign_in_with(second.id, &second_code, Some(step)).err().unwrap();
        assert!(matches!(replayed, AccountError::SecondFactorWrong));
        world.pass(30);
        let next = totp(world, &staff);
        started(world.sign_in_with(second.id, &second_code, Some(next)).unwrap());
    });
}

#[test]
fn another_invitation_replaces_the_second_factor() {
    on_each_engine(|world| {
        let lost = world.enrol(PHONE);
        let found = world.enrol(PHONE);
        assert_eq!(lost.account, found.account);
        assert_ne!(lost.totp_secret, found.totp_secret);
    });
}

#[test]
fn a_grant_needs_a_second_factor_and_counts_between_its_dates() {
    on_each_engine(|world| {
        let now = world.ambient.now();
        let ambient = world.ambient.clone();
        let tomorrow = StaffGrant {
            role: StaffRole::Viewer,
            region: deli_serdang(),
            valid_from: now.plus(Duration::from_secs(86_400)),
            valid_until: Some(now.plus(Duration::from_secs(2 * 86_400))),
        };
        let grant_to = |phone: PhoneNumber| {
            let (ambient, grant) = (ambient.clone(), tomorrow.clone());
            world.write(move |conn| {
                let account = open_account_in(conn, &ambient, &phone, None)?;
                grant_in(conn, &ambient, account.id, &grant)
            })
        };
        let refused = grant_to(phone("+6281234567891")).err().unwrap();
        assert!(matches!(refused, AccountError::SecondFactorMissing));
        world.enrol(PHONE);
        grant_to(phone(PHONE)).unwrap();
        let granted = |fact: &Fact| matches!(fact, Fact::GrantChanged(it) if it.granted);
        assert_eq!(world.facts().iter().filter(|fact| granted(fact)).count(), 2);
    });
}

#[test]
fn the_log_knows_no_phone_and_no_secret() {
    on_each_engine(|world| {
        let invitation = invite(world, officer(Some(PHONE)));
        let staff = accept(world, phone(PHONE), &invitation.token).unwrap();
        let session = world.sign_in("+6281234567891", None);
        let log = serde_json::to_string(&world.facts()).unwrap();
        assert!(log.contains("session_started") && log.contains("invitation_issued"));
        for secret in ["812345678", &invitation.token, &staff.totp_secret, &session.refresh_token] {
            assert!(!log.contains(secret));
        }
    });
}
