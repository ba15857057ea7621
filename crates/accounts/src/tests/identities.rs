//! Promise A6, and what tokens are worth.

use http_kit::{Authenticator, Identity, StaffRole};
use primitives::CollectorId;

use super::world::{World, deli_serdang, on_each_engine, totp};
use crate::{TokenAuthenticator, link_collector_in, suspend_in, withdraw_grant_in};

const PHONE: &str = "+6281234567890";

fn identify(authenticator: &TokenAuthenticator, token: &str) -> Option<Identity> {
    let system = actix_web::rt::System::new();
    system.block_on(authenticator.authenticate(token)).ok()
}

/// Before: the identity is known (and cached). A second later it is not.
fn loses_effect(world: &World, token: &str, revoke: impl FnOnce()) {
    let authenticator = world.authenticator();
    assert!(identify(&authenticator, token).is_some());
    revoke();
    world.pass(1);
    assert!(identify(&authenticator, token).is_none());
}

#[test]
fn a_session_that_was_ended_has_no_effect_a_second_later() {
    on_each_engine(|world| {
        let session = world.sign_in(PHONE, None);
        let token = world.access_token(&session);
        loses_effect(world, &token, || {
            let (accounts, owner) = (world.accounts.clone(), session.profile.account.id);
            world.write(move |conn| accounts.sign_out_in(conn, owner, session.session)).unwrap();
        });
    });
}

#[test]
fn a_suspended_account_has_no_effect_a_second_later() {
    on_each_engine(|world| {
        let session = world.sign_in(PHONE, None);
        let token = world.access_token(&session);
        loses_effect(world, &token, || {
            let (ambient, account) = (world.ambient.clone(), session.profile.account.id);
            assert!(world.write(move |conn| Ok(suspend_in(conn, &ambient, account)?)).unwrap());
        });
        assert!(world.refresh(&session.refresh_token).is_err());
    });
}

#[test]
fn a_withdrawn_role_has_no_effect_a_second_later() {
    on_each_engine(|world| {
        let enrolment = world.enrol(PHONE);
        let session = world.sign_in(PHONE, Some(totp_in_a_minute(world, &enrolment)));
        let token = world.access_token(&session);
        let authenticator = world.authenticator();
        assert_eq!(identify(&authenticator, &token).unwrap().grants.len(), 1);
        let (ambient, account) = (world.ambient.clone(), enrolment.account);
        let withdraw = move |conn: &mut _| {
            Ok(withdraw_grant_in(conn, &ambient, account, StaffRole::Officer, &deli_serdang())?)
        };
        assert!(world.write(withdraw.clone()).unwrap());
        assert!(!world.write(withdraw).unwrap(), "there is nothing left to withdraw");
        world.pass(1);
        assert_eq!(identify(&authenticator, &token).unwrap().grants, []);
    });
}

#[test]
fn an_identity_is_believed_for_less_than_a_second() {
    on_each_engine(|world| {
        let session = world.sign_in(PHONE, None);
        let token = world.access_token(&session);
        let authenticator = world.authenticator();
        assert_eq!(identify(&authenticator, &token).unwrap().collector, None);
        let collector: CollectorId = world.ambient.mint();
        let account = session.profile.account.id;
        let link = move |conn: &mut _| Ok(link_collector_in(conn, account, collector)?);
        assert!(world.write(link).unwrap());
        assert!(world.write(link).unwrap(), "twice is once");
        let other: CollectorId = world.ambient.mint();
        let relink = move |conn: &mut _| Ok(link_collector_in(conn, account, other)?);
        assert!(!world.write(relink).unwrap());
        world.pass(1);
        assert_eq!(identify(&authenticator, &token).unwrap().collector, Some(collector));
    });
}

#[test]
fn a_session_without_second_factor_has_no_staff_role() {
    on_each_engine(|world| {
        let before = world.sign_in(PHONE, None);
        world.enrol(PHONE);
        let token = world.access_token(&before);
        let identity = identify(&world.authenticator(), &token).unwrap();
        assert_eq!(identity.grants, [], "it began before there was one");
    });
}

#[test]
fn a_token_names_its_own_session_only() {
    on_each_engine(|world| {
        let mine = world.sign_in(PHONE, None);
        let theirs = world.sign_in("+6281234567891", None);
        let tokens = &world.accounts.tokens;
        let mixed = tokens.issue(&world.ambient, mine.profile.account.id, theirs.session).unwrap();
        assert!(identify(&world.authenticator(), &mixed).is_none());
    });
}

fn totp_in_a_minute(world: &World, enrolment: &crate::Enrolment) -> crate::Code {
    world.pass(60);
    let code = totp(world, enrolment);
    world.clock.set(world.ambient.now().minus(std::time::Duration::from_secs(60)));
    code
}
