//! Promises A1, A2, A3.

use std::thread;

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::world::{on_each_engine, phone, started, wrong};
use crate::{AccountError, Secrets, SignInLimits, schema::otp_challenge, suspend_in};

const PHONE: &str = "+6281234567890";

fn wait(error: AccountError) -> u64 {
    match error {
        AccountError::TooManyCodes { retry_after_seconds }
        | AccountError::MessagesSpent { retry_after_seconds }
        | AccountError::SignInPaused { retry_after_seconds } => retry_after_seconds,
        other => panic!("{other}"),
    }
}

#[test]
fn the_right_code_opens_an_account_and_a_session_once() {
    on_each_engine(|world| {
        let (challenge, code) = world.request(PHONE).unwrap();
        let first = started(world.sign_in_with(challenge.id, &code, None).unwrap());
        assert_eq!(first.profile.account.phone, phone(PHONE));
        let again = world.sign_in_with(challenge.id, &code, None).err().unwrap();
        assert!(matches!(again, AccountError::ChallengeClosed));
        assert_eq!((world.count_accounts(), world.count_live_sessions()), (1, 1));
        let later = world.sign_in(PHONE, None);
        assert_eq!(later.profile.account.id, first.profile.account.id);
        assert_eq!((world.count_accounts(), world.count_live_sessions()), (1, 2));
    });
}

#[test]
fn one_code_used_at_once_from_everywhere_opens_one_session() {
    on_each_engine(|world| {
        let (challenge, code) = world.request(PHONE).unwrap();
        let won = race(4, || world.sign_in_with(challenge.id, &code, None).is_ok());
        assert_eq!(won, 1);
        assert_eq!((world.count_accounts(), world.count_live_sessions()), (1, 1));
    });
}

#[test]
fn two_first_sign_ins_at_once_open_one_account() {
    on_each_engine(|world| {
        let (one, its_code) = world.request(PHONE).unwrap();
        world.pass(60);
        let (two, other_code) = world.request(PHONE).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| world.sign_in_with(one.id, &its_code, None).unwrap());
            scope.spawn(|| world.sign_in_with(two.id, &other_code, None).unwrap());
        });
        assert_eq!((world.count_accounts(), world.count_live_sessions()), (1, 2));
    });
}

#[test]
fn a_code_can_be_tried_five_times() {
    on_each_engine(|world| {
        let (challenge, code) = world.request(PHONE).unwrap();
        for _ in 0..5 {
            let refused = world.sign_in_with(challenge.id, &wrong(&code), None).err().unwrap();
            assert!(matches!(refused, AccountError::CodeWrong));
        }
        let refused = world.sign_in_with(challenge.id, &code, None).err().unwrap();
        assert!(matches!(refused, AccountError::ChallengeClosed));
        assert_eq!(world.count_accounts(), 0);
    });
}

#[test]
fn tries_count_before_anything_is_compared() {
    on_each_engine(|world| {
        let (challenge, code) = world.request(PHONE).unwrap();
        // A guess that is cut off after it was counted, and never compared.
        let accounts = world.accounts.clone();
        let counted = world.write(move |conn| accounts.count_try_in(conn, challenge.id)).unwrap();
        drop(counted);
        assert_eq!(world.tries(challenge.id), 1, "committed on its own");
        let compared = race(12, || {
            let refused = world.sign_in_with(challenge.id, &wrong(&code), None).err().unwrap();
            matches!(refused, AccountError::CodeWrong)
        });
        assert_eq!(compared, 4, "guessing at once buys no comparison more");
        assert_eq!(world.tries(challenge.id), 5);
    });
}

#[test]
fn a_code_works_for_five_minutes() {
    on_each_engine(|world| {
        let (challenge, code) = world.request(PHONE).unwrap();
        assert_eq!(challenge.expires_at.seconds_since(world.ambient.now()), 300);
        world.pass(300);
        let refused = world.sign_in_with(challenge.id, &code, None).err().unwrap();
        assert!(matches!(refused, AccountError::ChallengeClosed));
        world.clock.set(challenge.expires_at.minus(std::time::Duration::from_micros(1)));
        assert!(world.sign_in_with(challenge.id, &code, None).is_ok());
    });
}

#[test]
fn a_code_belongs_to_its_challenge() {
    on_each_engine(|world| {
        let (mine, _my_code) = world.request(PHONE).unwrap();
        let (_theirs, their_code) = world.request("+6281234567891").unwrap();
        let refused = world.sign_in_with(mine.id, &their_code, None).err().unwrap();
        assert!(matches!(refused, AccountError::CodeWrong));
    });
}

#[test]
fn the_stored_code_says_nothing_without_the_key() {
    on_each_engine(|world| {
        let (challenge, code) = world.request(PHONE).unwrap();
        let stored: String = otp_challenge::table
            .find(challenge.id.to_string())
            .select(otp_challenge::code_mac)
            .first(&mut world.raw())
            .unwrap();
        assert_eq!(stored.len(), 64);
        let bare = data_encoding::HEXLOWER.encode(&Sha256::digest(code.as_str()));
        assert_ne!(stored, bare);
        let key = Secrets::derive(&[7; 32]).one_time_codes;
        assert_eq!(stored, code.sealed(&key, challenge.id));
        assert_ne!(stored, code.sealed(&Secrets::derive(&[8; 32]).one_time_codes, challenge.id));
    });
}

#[test]
fn a_phone_gets_one_message_a_minute() {
    on_each_engine(|world| {
        assert_eq!(race(4, || world.request(PHONE).is_ok()), 1, "also when asked at once");
        world.pass(59);
        assert_eq!(wait(world.request(PHONE).err().unwrap()), 2);
        assert!(world.request("+6281234567891").is_ok(), "another phone is another matter");
        world.pass(1);
        assert_eq!(race(4, || world.request(PHONE).is_ok()), 1);
    });
}

#[test]
fn a_phone_gets_five_messages_within_any_day_also_across_a_restart() {
    on_each_engine(|world| {
        for _ in 0..5 {
            world.request(PHONE).unwrap();
            world.pass(3_600);
        }
        let world = world.restarted(SignInLimits::default());
        assert_eq!(wait(world.request(PHONE).err().unwrap()), 19 * 3_600 + 1);
        world.pass(19 * 3_600 - 1);
        assert!(world.request(PHONE).is_err());
        world.pass(1);
        assert!(world.request(PHONE).is_ok(), "the first one is a day old");
        world.pass(60);
        assert!(world.request(PHONE).is_err(), "the second one is not");
    });
}

#[test]
fn everybody_together_gets_so_many_messages_an_hour() {
    on_each_engine(|world| {
        let limits = SignInLimits { messages_per_hour: 3, ..SignInLimits::default() };
        let world = world.restarted(limits);
        let ask = |number: usize| world.request(&format!("+628123456780{number}"));
        assert_eq!((0..5).filter(|&number| ask(number).is_ok()).count(), 3);
        world.pass(3_599);
        let world = world.restarted(limits);
        assert_eq!(wait(world.request(PHONE).err().unwrap()), 2);
        world.pass(1);
        assert!(world.request(PHONE).is_ok());
    });
}

#[test]
fn a_day_has_so_many_wrong_codes_and_right_ones_do_not_count() {
    on_each_engine(|world| {
        let limits = SignInLimits { failures_per_day: 3, ..SignInLimits::default() };
        let world = world.restarted(limits);
        for _ in 0..4 {
            world.sign_in(PHONE, None);
        }
        let spray = |number: usize| {
            let (challenge, code) = world.request(&format!("+628123456780{number}")).unwrap();
            world.sign_in_with(challenge.id, &wrong(&code), None).err().unwrap()
        };
        let outcomes: Vec<AccountError> = (0..5).map(spray).collect();
        let compared = |error: &&AccountError| matches!(error, AccountError::CodeWrong);
        assert_eq!(outcomes.iter().filter(compared).count(), 3);
        assert!(matches!(outcomes[4], AccountError::SignInPaused { .. }));
        let world = world.restarted(limits);
        let (challenge, code) = world.request("+6281234567899").unwrap();
        let paused = world.sign_in_with(challenge.id, &code, None).err().unwrap();
        assert!(matches!(paused, AccountError::SignInPaused { .. }), "also after a restart");
        assert_eq!(world.tries(challenge.id), 0, "a pause costs nobody a try");
        world.pass(24 * 3_600);
        world.sign_in("+6281234567899", None);
    });
}

#[test]
fn known_unknown_and_suspended_phones_are_answered_alike() {
    on_each_engine(|world| {
        let known = world.sign_in(PHONE, None).profile.account.id;
        let ambient = world.ambient.clone();
        world.pass(60);
        let to_known = world.request(PHONE).unwrap().0;
        let to_unknown = world.request("+6281234567891").unwrap().0;
        assert_eq!(to_known.expires_at, to_unknown.expires_at);
        world.write(move |conn| Ok(suspend_in(conn, &ambient, known)?)).unwrap();
        world.pass(60);
        let (to_suspended, code) = world.request(PHONE).unwrap();
        let refused = world.sign_in_with(to_suspended.id, &code, None).err().unwrap();
        assert!(matches!(refused, AccountError::Suspended));
    });
}

#[test]
fn sweeping_forgets_no_limit() {
    on_each_engine(|world| {
        for _ in 0..5 {
            world.request(PHONE).unwrap();
            world.pass(60);
        }
        let now = world.ambient.now();
        world.write(move |conn| Ok(crate::sweep_in(conn, now)?)).unwrap();
        assert!(world.request(PHONE).is_err());
        world.pass(3 * 24 * 3_600);
        let now = world.ambient.now();
        let swept = world.write(move |conn| Ok(crate::sweep_in(conn, now)?)).unwrap();
        assert_eq!(swept, 6, "five codes and the phone's turn");
    });
}

/// Does it so many times at once; says how often it succeeded.
fn race(times: usize, act: impl Fn() -> bool + Sync) -> usize {
    thread::scope(|scope| {
        let racers: Vec<_> = (0..times).map(|_| scope.spawn(&act)).collect();
        racers.into_iter().filter_map(|racer| racer.join().unwrap().then_some(())).count()
    })
}
