//! Promise A5.

use std::thread;

use diesel::prelude::*;
use event_log::Fact;

use super::world::{on_each_engine, renewed};
use crate::{AccountError, Refresh, schema::refresh_token};

const PHONE: &str = "+6281234567890";

#[test]
fn a_token_works_once_and_gives_the_next() {
    on_each_engine(|world| {
        let session = world.sign_in(PHONE, None);
        let mut tokens = vec![session.refresh_token.clone()];
        for _ in 0..3 {
            world.pass(600);
            let next = renewed(world.refresh(tokens.last().unwrap()));
            assert_eq!(next.session, session.session);
            assert!(!tokens.contains(&next.refresh_token));
            assert_eq!(
                data_encoding::BASE64URL_NOPAD.decode(next.refresh_token.as_bytes()).unwrap().len(),
                32
            );
            tokens.push(next.refresh_token);
        }
        let stored: Vec<String> =
            refresh_token::table.select(refresh_token::token_hash).load(&mut world.raw()).unwrap();
        assert_eq!(stored.len(), 4);
        assert!(!tokens.iter().any(|token| stored.contains(token)), "only hashes are stored");
    });
}

#[test]
fn a_lost_answer_is_told_again_for_thirty_seconds() {
    on_each_engine(|world| {
        let first = world.sign_in(PHONE, None).refresh_token;
        let told = renewed(world.refresh(&first)).refresh_token;
        world.pass(30);
        assert_eq!(renewed(world.refresh(&first)).refresh_token, told);
        assert!(world.refresh(&told).is_ok(), "the successor is as good as it was");
    });
}

#[test]
fn refreshing_at_once_gives_both_the_same() {
    on_each_engine(|world| {
        let first = world.sign_in(PHONE, None).refresh_token;
        let told = thread::scope(|scope| {
            let racers: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| renewed(world.refresh(&first)).refresh_token))
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<String>>()
        });
        assert!(told.iter().all(|token| *token == told[0]));
        assert_eq!(world.count_live_sessions(), 1);
        renewed(world.refresh(&told[0]));
    });
}

#[test]
fn a_spent_token_ends_the_session_after_thirty_seconds() {
    on_each_engine(|world| {
        let first = world.sign_in(PHONE, None).refresh_token;
        let second = renewed(world.refresh(&first)).refresh_token;
        world.pass(31);
        assert!(matches!(world.refresh(&first).unwrap(), Refresh::Reused));
        let refused = world.refresh(&second).err().unwrap();
        assert!(matches!(refused, AccountError::RefreshTokenInvalid));
        assert_eq!(world.count_live_sessions(), 0);
        let ended = world
            .facts()
            .into_iter()
            .any(|fact| matches!(fact, Fact::SessionEnded(ended) if ended.reason == "token_reuse"));
        assert!(ended);
    });
}

#[test]
fn a_spent_token_whose_successor_was_used_ends_the_session_at_once() {
    on_each_engine(|world| {
        let first = world.sign_in(PHONE, None).refresh_token;
        let second = renewed(world.refresh(&first)).refresh_token;
        let third = renewed(world.refresh(&second)).refresh_token;
        assert!(matches!(world.refresh(&first).unwrap(), Refresh::Reused));
        assert!(world.refresh(&third).is_err());
    });
}

#[test]
fn another_device_stays_signed_in() {
    on_each_engine(|world| {
        let stolen = world.sign_in(PHONE, None).refresh_token;
        let other = world.sign_in(PHONE, None).refresh_token;
        renewed(world.refresh(&stolen));
        world.pass(31);
        assert!(matches!(world.refresh(&stolen).unwrap(), Refresh::Reused));
        renewed(world.refresh(&other));
    });
}

#[test]
fn unknown_tokens_and_forgotten_devices_sign_in_again() {
    on_each_engine(|world| {
        let token = world.sign_in(PHONE, None).refresh_token;
        for text in ["", "x", &token[1..], &format!("{token} ")] {
            assert!(matches!(world.refresh(text), Err(AccountError::RefreshTokenInvalid)));
        }
        world.pass(180 * 24 * 3_600 + 1);
        assert!(matches!(world.refresh(&token), Err(AccountError::RefreshTokenInvalid)));
    });
}
