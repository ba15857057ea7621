//! Promise A4: every crafted variant of a token is nothing.

use std::{collections::BTreeSet, sync::Arc};

use data_encoding::BASE64URL_NOPAD as BASE64;
use primitives::{ManualClock, SeededEntropy};
use serde_json::{Value, json};

use super::*;

struct Forge {
    tokens: AccessTokens,
    secrets: Secrets,
    now: Timestamp,
    ambient: Ambient,
}

impl Forge {
    fn new() -> Self {
        let now = Timestamp::parse("2026-03-02T01:00:00.5Z").unwrap();
        let clock = Arc::new(ManualClock::starting_at(now));
        let secrets = Secrets::derive(&[7; 32]);
        let ambient = Ambient::new(clock, Arc::new(SeededEntropy::from_seed(1)));
        Self { tokens: AccessTokens::new(&secrets), secrets, now, ambient }
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.tokens.key_id})
    }

    fn claims(&self) -> Value {
        let (account, session): (AccountId, SessionId) = (self.ambient.mint(), self.ambient.mint());
        let now = seconds(self.now);
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": account, "sid": session,
               "iat": now, "exp": now + 600})
    }

    /// Signs whatever it is given, with the right key: what is refused is refused for its content.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        let message = unsigned(header, claims);
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.tokens.signing, Algorithm::EdDSA);
        format!("{message}.{}", signature.unwrap())
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        self.signed(&changed(self.header(), name, value), &self.claims())
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        self.signed(&self.header(), &changed(self.claims(), name, value))
    }

    fn refuses(&self, token: &str) -> bool {
        self.tokens.verify(token, self.now).is_none()
    }
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64.encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

fn changed(mut object: Value, name: &str, value: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    match value {
        Value::Null => drop(members.remove(name)),
        value => drop(members.insert(name.to_owned(), value)),
    }
    object
}

#[test]
fn ours_are_read_until_they_expire() {
    let forge = Forge::new();
    let (account, session) = (forge.ambient.mint(), forge.ambient.mint());
    let token = forge.tokens.issue(&forge.ambient, account, session).unwrap();
    let bearer = forge.tokens.verify(&token, forge.now).unwrap();
    assert_eq!((bearer.account, bearer.session), (account, session));
    assert_eq!(bearer.expires_at, Timestamp::parse("2026-03-02T01:10:00Z").unwrap());
    assert!(forge.tokens.verify(&token, bearer.expires_at).is_none(), "also out of the cache");
    let anew = AccessTokens::new(&forge.secrets);
    assert_eq!(anew.verify(&token, forge.now), Some(bearer), "the key survives a restart");
    assert!(anew.verify(&token, bearer.expires_at).is_none());
}

#[test]
fn the_forge_itself_makes_good_tokens() {
    let forge = Forge::new();
    assert!(!forge.refuses(&forge.signed(&forge.header(), &forge.claims())));
}

#[test]
fn nothing_personal_is_inside() {
    let forge = Forge::new();
    let token =
        forge.tokens.issue(&forge.ambient, forge.ambient.mint(), forge.ambient.mint()).unwrap();
    let claims = BASE64.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let names: BTreeSet<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["aud", "exp", "iat", "iss", "sid", "sub"]));
}

#[test]
fn crafted_headers_are_refused() {
    let forge = Forge::new();
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!("at+JWT")),
        ("typ", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("alg", json!("eddsa")),
        ("alg", Value::Null),
        ("kid", json!("another")),
        ("kid", json!("")),
        ("kid", Value::Null),
        ("crit", json!(["exp"])),
    ] {
        assert!(forge.refuses(&forge.with_header(name, value.clone())), "{name} {value}");
    }
}

#[test]
fn crafted_claims_are_refused() {
    let forge = Forge::new();
    let now = seconds(forge.now);
    for (name, value) in [
        ("iss", json!("someone")),
        ("iss", json!([ISSUER])),
        ("iss", Value::Null),
        ("aud", json!("another-api")),
        ("aud", json!([AUDIENCE, "another-api"])),
        ("aud", Value::Null),
        ("sub", json!("acc_x")),
        ("sub", Value::Null),
        ("sid", json!(forge.ambient.mint::<primitives::kinds::Report>())),
        ("sid", Value::Null),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(600.5)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(now + 601)),
        ("exp", Value::Null),
        ("iat", json!(now + 60)),
        ("iat", json!(now.to_string())),
        ("iat", Value::Null),
        ("iat", json!(i64::MIN)),
        ("admin", json!(true)),
    ] {
        assert!(forge.refuses(&forge.with_claim(name, value.clone())), "{name} {value}");
    }
}

#[test]
fn other_signatures_are_refused() {
    let forge = Forge::new();
    let header = changed(forge.header(), "alg", json!("HS256"));
    let message = unsigned(&header, &forge.claims());
    let public = BASE64.decode(forge.tokens.public.as_bytes()).unwrap();
    for secret in [public.as_slice(), forge.tokens.public.as_bytes(), b"".as_slice()] {
        let key = EncodingKey::from_secret(secret);
        let mac = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        assert!(forge.refuses(&format!("{message}.{mac}")), "the public key is no secret");
    }
    let stranger = AccessTokens::new(&Secrets::derive(&[8; 32]));
    let message = unsigned(&forge.header(), &forge.claims());
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &stranger.signing, Algorithm::EdDSA)
            .unwrap();
    assert!(forge.refuses(&format!("{message}.{signature}")), "another installation's key");
    assert!(forge.refuses(&format!("{message}.")), "no signature");
    assert!(forge.refuses(&format!("{message}.{}", BASE64.encode(&[0; 64]))));
}

#[test]
fn damaged_tokens_are_refused() {
    let forge = Forge::new();
    let token = forge.signed(&forge.header(), &forge.claims());
    for length in 0..token.len() {
        assert!(forge.refuses(&token[..length]), "truncated to {length}");
    }
    let huge = forge.with_claim("iss", json!("x".repeat(100_000)));
    for text in ["", ".", "..", "...", "a.b.c", &format!("{token}.x"), &format!(" {token}"), &huge]
    {
        assert!(forge.refuses(text));
    }
    assert!(forge.refuses(&format!("{token}{}", "A".repeat(LONGEST))));
}

#[test]
fn the_key_set_shows_the_public_half_only() {
    let forge = Forge::new();
    let set = serde_json::to_value(forge.tokens.key_set()).unwrap();
    assert_eq!(set["keys"][0]["kid"], json!(forge.tokens.key_id));
    assert_eq!(set["keys"][0]["crv"], json!("Ed25519"));
    assert!(set["keys"][0].get("d").is_none());
    let listed = BASE64.decode(set["keys"][0]["x"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(listed, public_key(&forge.secrets.access_tokens));
}
