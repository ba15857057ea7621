use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use primitives::Timestamp;

use super::Bearer;

/// More tokens than this at once are forgotten and checked anew: memory is bounded, nothing else changes.
const MOST: usize = 20_000;

/// Tokens whose signature has been checked, by their hash, until they expire.
#[derive(Default)]
pub(super) struct VerifiedTokens(Mutex<HashMap<[u8; 32], Bearer>>);

impl VerifiedTokens {
    pub(super) fn get(&self, fingerprint: &[u8; 32]) -> Option<Bearer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(fingerprint).copied()
    }

    pub(super) fn remember(&self, fingerprint: [u8; 32], bearer: Bearer, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, bearer| now < bearer.expires_at);
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(fingerprint, bearer);
    }
}

#[cfg(test)]
mod tests {
    use primitives::{AccountId, SessionId};

    use super::*;

    #[test]
    fn memory_is_bounded() {
        let tokens = VerifiedTokens::default();
        let at = |micros| Timestamp::from_micros(micros);
        let bearer = Bearer {
            account: AccountId::from_parts(at(1_000), [1; 10]),
            session: SessionId::from_parts(at(1_000), [1; 10]),
            expires_at: at(10),
        };
        for number in 0..MOST + 5 {
            let mut fingerprint = [0; 32];
            fingerprint[..8].copy_from_slice(&number.to_be_bytes());
            tokens.remember(fingerprint, bearer, at(5));
        }
        assert!(tokens.0.lock().unwrap().len() <= MOST);
    }
}
