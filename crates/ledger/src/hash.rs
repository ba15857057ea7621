use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::journal::Posting;

const DOMAIN: &[u8] = b"jumpa-madu/journal/1";

/// Stands in for the journal before an account's first link.
pub(crate) const NO_PREDECESSOR: &str = "";

/// What a journal's hash covers, besides its postings.
pub(crate) struct Head<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) business_key: &'a str,
    pub(crate) reverses: Option<&'a str>,
    pub(crate) created_at: i64,
}

/// Hashes a journal together with the hash of the journal before it on each account.
///
/// The chain runs along the accounts, which are locked anyway; one chain over all journals would make all writers wait for one another.
pub(crate) fn of_journal<'a>(
    head: &Head<'_>,
    postings: impl ExactSizeIterator<Item = (&'a Posting, &'a str)>,
) -> String {
    let mut bytes = Canonical(Sha256::new_with_prefix(DOMAIN));
    bytes.text(head.id).text(head.kind).text(head.business_key);
    bytes.text(head.reverses.unwrap_or_default()).number(head.created_at);
    bytes.number(i64::try_from(postings.len()).unwrap_or(i64::MAX));
    for (posting, predecessor) in postings {
        bytes.text(&posting.account).text(&posting.unit).number(posting.version);
        bytes.number(posting.delta).number(posting.held_delta);
        bytes.number(posting.balance_after).number(posting.held_after).text(predecessor);
    }
    HEXLOWER.encode(&bytes.0.finalize())
}

/// Every part is preceded by its length or has a fixed one, so no two journals share their bytes.
struct Canonical(Sha256);

impl Canonical {
    fn text(&mut self, text: &str) -> &mut Self {
        self.number(i64::try_from(text.len()).unwrap_or(i64::MAX));
        self.0.update(text.as_bytes());
        self
    }

    fn number(&mut self, number: i64) -> &mut Self {
        self.0.update(number.to_be_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(kind: &str, business_key: &str, predecessor: &str) -> String {
        let head = Head { id: "jrn_1", kind, business_key, reverses: None, created_at: 7 };
        let posting = Posting {
            account: "fee".into(),
            unit: "rupiah".into(),
            version: 1,
            delta: 5,
            held_delta: 0,
            balance_after: 5,
            held_after: 0,
        };
        of_journal(&head, [(&posting, predecessor)].into_iter())
    }

    #[test]
    fn parts_cannot_be_shifted_into_one_another() {
        assert_ne!(hash("ab", "c", ""), hash("a", "bc", ""));
        assert_ne!(hash("a", "b", ""), hash("a", "b", "0"));
        assert_eq!(hash("a", "b", ""), hash("a", "b", ""));
    }

    #[test]
    fn the_form_never_changes() {
        // Receipts in people's hands quote it: another value here means that they no longer verify.
        assert_eq!(hash("settlement", "settlement:pkp_1", "").len(), 64);
    }
}
