//! Access tokens: short-lived, signed with Ed25519, and about nothing but an account and a session.

mod cache;

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use primitives::{AccountId, Ambient, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::cache::VerifiedTokens;
use crate::{
    rules::ACCESS_LIFETIME,
    secrets::{Key, Secrets},
};

const ISSUER: &str = "jumpa-madu";
const AUDIENCE: &str = "jumpa-madu-api";
const TYPE: &str = "at+jwt";
/// Ours have some 400 letters; whoever sends more is not one of us.
const LONGEST: usize = 1_024;
/// Several processes sign and verify, and their clocks never agree to the second.
const CLOCKS_DIFFER: Duration = Duration::from_secs(30);
/// RFC 8410: the bytes that stand before the seed in a PKCS #8 Ed25519 key.
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Chooses the cryptography behind the tokens; call it first in `main`. Calling it again does nothing.
pub fn install_crypto_provider() {
    // An error says that one is installed already, and only this one is compiled in.
    let _installed_before = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
}

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
    pub(crate) expires_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: AccountId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Signs and verifies access tokens with the installation's one key pair.
pub(crate) struct AccessTokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    public: String,
    key_id: String,
    validation: Validation,
    verified: VerifiedTokens,
}

impl AccessTokens {
    pub(crate) fn new(secrets: &Secrets) -> Self {
        let public = public_key(&secrets.access_tokens);
        Self {
            signing: EncodingKey::from_ed_der(&pkcs8(&secrets.access_tokens)),
            verifying: DecodingKey::from_ed_der(&public),
            key_id: thumbprint(&public),
            public: BASE64URL_NOPAD.encode(&public),
            validation: validation(),
            verified: VerifiedTokens::default(),
        }
    }

    /// Signs a token for a session that has just been proven.
    pub(crate) fn issue(
        &self,
        ambient: &Ambient,
        account: AccountId,
        session: SessionId,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let now = ambient.now();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account,
            sid: session,
            iat: seconds(now),
            exp: seconds(now.plus(ACCESS_LIFETIME)),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// Reads a token that is ours, whole and of now; every other text is nothing.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Option<Bearer> {
        if token.len() > LONGEST {
            return None;
        }
        let fingerprint: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(bearer) = self.verified.get(&fingerprint) {
            return (now < bearer.expires_at).then_some(bearer);
        }
        let bearer = self.verify_anew(token, now)?;
        self.verified.remember(fingerprint, bearer, now);
        Some(bearer)
    }

    fn verify_anew(&self, token: &str, now: Timestamp) -> Option<Bearer> {
        let read = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation).ok()?;
        let header_is_ours = read.header.typ.as_deref() == Some(TYPE)
            && read.header.kid.as_deref() == Some(&self.key_id)
            && read.header.crit.is_none();
        let Claims { sub, sid, iat, exp, .. } = read.claims;
        let expires_at = Timestamp::from_micros(exp.checked_mul(1_000_000)?);
        let lives = iat <= seconds(now.plus(CLOCKS_DIFFER)) && exp > iat && now < expires_at;
        let short = exp.checked_sub(iat)? <= ACCESS_LIFETIME.as_secs().try_into().ok()?;
        (header_is_ours && lives && short).then_some(Bearer {
            account: sub,
            session: sid,
            expires_at,
        })
    }

    /// The public half as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub(crate) fn key_set(&self) -> KeySet {
        KeySet {
            keys: vec![PublicKey {
                kty: "OKP",
                crv: "Ed25519",
                key_use: "sig",
                alg: "EdDSA",
                kid: self.key_id.clone(),
                x: self.public.clone(),
            }],
        }
    }
}

/// The keys with which access tokens can be checked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct KeySet {
    /// One key.
    keys: Vec<PublicKey>,
}

/// One public key (RFC 8037).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PublicKey {
    /// `OKP`.
    kty: &'static str,
    /// `Ed25519`.
    crv: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    key_use: &'static str,
    /// `EdDSA`.
    alg: &'static str,
    /// The thumbprint of RFC 7638.
    kid: String,
    /// The key itself, base64url.
    x: String,
}

fn seconds(moment: Timestamp) -> i64 {
    moment.micros().div_euclid(1_000_000)
}

/// Times are checked by us against the clock that was handed in, everything else by the library.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation
}

fn public_key(key: &Key) -> [u8; 32] {
    SigningKey::from_bytes(key.expose()).verifying_key().to_bytes()
}

fn pkcs8(key: &Key) -> Vec<u8> {
    PKCS8_PREFIX.iter().chain(key.expose()).copied().collect()
}

fn thumbprint(public: &[u8; 32]) -> String {
    let x = BASE64URL_NOPAD.encode(public);
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64URL_NOPAD.encode(&Sha256::digest(canonical.as_bytes()))
}

#[cfg(test)]
mod tests;
