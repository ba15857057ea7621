use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

/// One key for one purpose; never shown, wiped when dropped.
pub(crate) struct Key(SecretBox<[u8; 32]>);

impl Key {
    fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// HMAC-SHA256 over the parts, each preceded by its length so that no two lists of parts run together.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC pads a short key with zeros to its block anyway; doing it here leaves nothing that can fail.
        let mut block = [0u8; 64];
        block.iter_mut().zip(self.expose()).for_each(|(slot, byte)| *slot = *byte);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    pub(crate) fn mac_text(&self, parts: &[&[u8]]) -> String {
        HEXLOWER.encode(&self.mac(parts))
    }
}

/// The keys of one installation, all derived from its one master secret, which is never in the database.
pub struct Secrets {
    pub(crate) one_time_codes: Key,
    pub(crate) access_tokens: Key,
    pub(crate) refresh_tokens: Key,
    pub(crate) second_factors: Key,
    cursors: Key,
}

impl Secrets {
    /// Derives every key from the master secret; the same secret always gives the same keys.
    pub fn derive(master: &[u8; 32]) -> Self {
        let master = Key::new(*master);
        let derived = |label: &str| Key::new(master.mac(&[b"jumpa-madu key", label.as_bytes()]));
        Self {
            one_time_codes: derived("one-time codes"),
            access_tokens: derived("access tokens"),
            refresh_tokens: derived("refresh tokens"),
            second_factors: derived("second factors"),
            cursors: derived("cursors"),
        }
    }

    /// The key that authenticates page cursors.
    pub fn cursor_key(&self) -> [u8; 32] {
        *self.cursors.expose()
    }
}

/// Hides a 256-bit random token; anything that long needs neither salt nor stretching.
pub(crate) fn hash_token(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_by_purpose_and_by_master() {
        let (one, two) = (Secrets::derive(&[1; 32]), Secrets::derive(&[2; 32]));
        let keys = [
            one.one_time_codes.expose(),
            one.access_tokens.expose(),
            one.refresh_tokens.expose(),
            one.second_factors.expose(),
            one.cursors.expose(),
            two.one_time_codes.expose(),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert_eq!(Secrets::derive(&[1; 32]).cursor_key(), one.cursor_key());
    }

    #[test]
    fn the_mac_is_hmac_sha256_and_parts_do_not_run_together() {
        let key = Secrets::derive(&[1; 32]).one_time_codes;
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        let mut reference = Hmac::<Sha256>::new_from_slice(key.expose()).unwrap();
        reference.update(&2u64.to_be_bytes());
        reference.update(b"ab");
        assert_eq!(key.mac(&[b"ab"]), <[u8; 32]>::from(reference.finalize().into_bytes()));
    }
}
