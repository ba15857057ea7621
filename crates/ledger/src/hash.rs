use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

const DOMAIN: &[u8] = b"jumpa-madu/journal/1";

/// More than a head or a posting mostly takes, so that room is asked for once.
const BYTES: usize = 256;

/// Stands in for the journal before an account's first link.
pub(crate) const NO_PREDECESSOR: &str = "";

/// What a journal's hash covers, besides its postings.
pub(crate) struct Head<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) business_key: &'a str,
    pub(crate) reverses: Option<&'a str>,
    pub(crate) created_at: i64,
    /// What it says besides moving something, in its canonical form; mostly nothing.
    pub(crate) annex: &'a str,
}

/// One posting as the hash sees it, with the hash of the journal before it on the same account.
pub(crate) struct Linked<'a> {
    pub(crate) account: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) version: i64,
    pub(crate) delta: i64,
    pub(crate) held_delta: i64,
    pub(crate) balance_after: i64,
    pub(crate) held_after: i64,
    pub(crate) predecessor: &'a str,
}

/// Hashes a journal together with the hash of the journal before it on each account.
///
/// The chain runs along the accounts, which are locked anyway; one chain over all journals would make all writers wait for one another.
pub(crate) fn of_journal<'a>(
    head: &Head<'_>,
    postings: impl ExactSizeIterator<Item = Linked<'a>>,
) -> String {
    let mut bytes =
        Canonical(Vec::with_capacity(postings.len().saturating_add(1).saturating_mul(BYTES)));
    bytes.0.extend_from_slice(DOMAIN);
    bytes.text(head.id).text(head.kind).text(head.business_key);
    bytes.text(head.reverses.unwrap_or_default()).number(head.created_at);
    bytes.number(i64::try_from(postings.len()).unwrap_or(i64::MAX));
    for posting in postings {
        bytes.text(posting.account).text(posting.unit).number(posting.version);
        bytes.number(posting.delta).number(posting.held_delta);
        bytes.number(posting.balance_after).number(posting.held_after).text(posting.predecessor);
    }
    // The number of postings says where they end, so what follows can be left out where there is nothing.
    if !head.annex.is_empty() {
        bytes.text(head.annex);
    }
    HEXLOWER.encode(&Sha256::digest(&bytes.0))
}

/// Every part is preceded by its length or has a fixed one, so no two journals share their bytes.
struct Canonical(Vec<u8>);

impl Canonical {
    fn text(&mut self, text: &str) -> &mut Self {
        self.number(i64::try_from(text.len()).unwrap_or(i64::MAX));
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    fn number(&mut self, number: i64) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(kind: &str, business_key: &str, predecessor: &str, annex: &str) -> String {
        let head = Head { id: "jrn_1", kind, business_key, reverses: None, created_at: 7, annex };
        let posting = Linked {
            account: "fee",
            unit: "rupiah",
            version: 1,
            delta: 5,
            held_delta: 0,
            balance_after: 5,
            held_after: 0,
            predecessor,
        };
        of_journal(&head, [posting].into_iter())
    }

    #[test]
    fn parts_cannot_be_shifted_into_one_another() {
        assert_ne!(hash("ab", "c", "", ""), hash("a", "bc", "", ""));
        assert_ne!(hash("a", "b", "", ""), hash("a", "b", "0", ""));
        assert_eq!(hash("a", "b", "", ""), hash("a", "b", "", ""));
    }

    #[test]
    fn the_form_never_changes() {
        // Receipts in people's hands quote it: another value here means that they no longer verify.
        let settlement = hash("settlement", "settlement:pkp_1", "", "");
        assert_eq!(settlement, "038d3b15a7de6132e7f0a8354f3e6a5970379d077423ca892f42e4011fb39b9d");
        assert_ne!(hash("settlement", "settlement:pkp_1", "", "refund:jrn_0"), settlement);
    }
}
