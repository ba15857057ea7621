use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{Builder, Uuid};

use crate::{Invalid, Timestamp};

/// A kind of thing that has identities of its own.
pub trait Kind: Send + Sync + 'static {
    /// The letters before the underscore.
    const PREFIX: &'static str;
}

/// A time-ordered identity: prefix, underscore, and a UUIDv7 in 26 characters of Crockford base32.
///
/// The text sorts like the time of minting (to the millisecond); see the TypeID specification, version 0.3.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Id<K> {
    /// Builds an id from the time of minting and ten random bytes.
    pub fn from_parts(minted_at: Timestamp, random: [u8; 10]) -> Self {
        let milliseconds = u64::try_from(minted_at.micros() / 1_000).unwrap_or(0);
        Self::from_uuid(Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    /// Reads the text form; refuses other prefixes, capital letters, wrong lengths and non-UUIDv7 values.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = Invalid("id_malformed");
        let (prefix, encoded) = text.split_once('_').ok_or(malformed)?;
        if prefix != K::PREFIX {
            return Err(Invalid("id_of_another_kind"));
        }
        let uuid = Uuid::from_u128(decode(encoded).ok_or(malformed)?);
        if uuid.get_version_num() != 7 {
            return Err(malformed);
        }
        Ok(Self::from_uuid(uuid))
    }

    /// The 128 bits, for hashing and for tie-breaking orders.
    pub fn as_u128(&self) -> u128 {
        self.uuid.as_u128()
    }

    fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(value: u128) -> String {
    // 26 digits of 5 bits hold 130 bits: the first digit is at most 7.
    (0..26u32)
        .rev()
        .filter_map(|digit| ALPHABET.get(usize::try_from((value >> (digit * 5)) & 31).ok()?))
        .map(|&letter| char::from(letter))
        .collect()
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != 26 || !text.starts_with(|first: char| ('0'..='7').contains(&first)) {
        return None;
    }
    text.bytes().try_fold(0u128, |value, letter| Some((value << 5) | u128::from(digit(letter)?)))
}

/// The letter's place in the alphabet, by arithmetic: an index of collectors begins with reading ids by the hundred thousand.
const fn digit(letter: u8) -> Option<u8> {
    Some(match letter {
        b'0'..=b'9' => letter - b'0',
        b'a'..=b'h' => letter - b'a' + 10,
        b'j' | b'k' => letter - b'j' + 18,
        b'm' | b'n' => letter - b'm' + 20,
        b'p'..=b't' => letter - b'p' + 22,
        b'v'..=b'z' => letter - b'v' + 27,
        _ => return None,
    })
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}_{}", K::PREFIX, encode(self.as_u128()))
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl<K: Kind> utoipa::PartialSchema for Id<K> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX)))
            .build()
            .into()
    }
}

impl<K: Kind> utoipa::ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Id_{}", K::PREFIX).into()
    }
}

/// The kinds of things that have identities. One list, so that no prefix is given out twice.
pub mod kinds {
    use super::Kind;

    /// A person who may sign in.
    pub enum Account {}
    /// What staff put right in a wallet by hand.
    pub enum Adjustment {}
    /// A one-time code under way.
    pub enum Challenge {}
    /// Somebody who fetches recyclables.
    pub enum Collector {}
    /// What a collector brings to a facility.
    pub enum Delivery {}
    /// Something that happened.
    pub enum Event {}
    /// Money set aside in the ledger.
    pub enum Hold {}
    /// An invitation for staff.
    pub enum Invitation {}
    /// One entry of the ledger.
    pub enum Journal {}
    /// A collector's offer on a report.
    pub enum Offer {}
    /// A payment for a pickup.
    pub enum Payment {}
    /// A photograph.
    pub enum Photo {}
    /// A job: one collector fetching one report.
    pub enum Pickup {}
    /// Our withdrawals beside a gateway's own book.
    pub enum Reconciliation {}
    /// What a household wants to be rid of.
    pub enum Report {}
    /// One signed-in device.
    pub enum Session {}
    /// How money leaves a gateway's suspense.
    pub enum SuspenseRelease {}
    /// Money coming into a wallet.
    pub enum TopUp {}
    /// Money leaving a wallet.
    pub enum Withdrawal {}

    impl Kind for Account {
        const PREFIX: &'static str = "acc";
    }
    impl Kind for Adjustment {
        const PREFIX: &'static str = "adj";
    }
    impl Kind for Challenge {
        const PREFIX: &'static str = "otp";
    }
    impl Kind for Collector {
        const PREFIX: &'static str = "col";
    }
    impl Kind for Delivery {
        const PREFIX: &'static str = "dlv";
    }
    impl Kind for Event {
        const PREFIX: &'static str = "evt";
    }
    impl Kind for Hold {
        const PREFIX: &'static str = "hld";
    }
    impl Kind for Invitation {
        const PREFIX: &'static str = "inv";
    }
    impl Kind for Journal {
        const PREFIX: &'static str = "jrn";
    }
    impl Kind for Offer {
        const PREFIX: &'static str = "ofr";
    }
    impl Kind for Payment {
        const PREFIX: &'static str = "pay";
    }
    impl Kind for Photo {
        const PREFIX: &'static str = "pho";
    }
    impl Kind for Pickup {
        const PREFIX: &'static str = "pkp";
    }
    impl Kind for Reconciliation {
        const PREFIX: &'static str = "rec";
    }
    impl Kind for Report {
        const PREFIX: &'static str = "rpt";
    }
    impl Kind for Session {
        const PREFIX: &'static str = "ses";
    }
    impl Kind for SuspenseRelease {
        const PREFIX: &'static str = "sus";
    }
    impl Kind for TopUp {
        const PREFIX: &'static str = "top";
    }
    impl Kind for Withdrawal {
        const PREFIX: &'static str = "wdr";
    }
}

/// Identity of an account.
pub type AccountId = Id<kinds::Account>;
/// Identity of an adjustment.
pub type AdjustmentId = Id<kinds::Adjustment>;
/// Identity of a one-time-code challenge.
pub type ChallengeId = Id<kinds::Challenge>;
/// Identity of a collector.
pub type CollectorId = Id<kinds::Collector>;
/// Identity of a delivery.
pub type DeliveryId = Id<kinds::Delivery>;
/// Identity of an event.
pub type EventId = Id<kinds::Event>;
/// Identity of a hold in the ledger.
pub type HoldId = Id<kinds::Hold>;
/// Identity of a staff invitation.
pub type InvitationId = Id<kinds::Invitation>;
/// Identity of a journal in the ledger.
pub type JournalId = Id<kinds::Journal>;
/// Identity of an offer.
pub type OfferId = Id<kinds::Offer>;
/// Identity of a payment.
pub type PaymentId = Id<kinds::Payment>;
/// Identity of a photograph.
pub type PhotoId = Id<kinds::Photo>;
/// Identity of a pickup.
pub type PickupId = Id<kinds::Pickup>;
/// Identity of a reconciliation.
pub type ReconciliationId = Id<kinds::Reconciliation>;
/// Identity of a report.
pub type ReportId = Id<kinds::Report>;
/// Identity of a session.
pub type SessionId = Id<kinds::Session>;
/// Identity of a release from a gateway's suspense.
pub type SuspenseReleaseId = Id<kinds::SuspenseRelease>;
/// Identity of a top-up.
pub type TopUpId = Id<kinds::TopUp>;
/// Identity of a withdrawal.
pub type WithdrawalId = Id<kinds::Withdrawal>;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_letter_has_its_place() {
        for letter in 0..=u8::MAX {
            let place = ALPHABET.iter().position(|&known| known == letter);
            assert_eq!(digit(letter).map(usize::from), place, "{letter}");
        }
    }

    proptest! {
        #[test]
        fn print_then_parse_is_identity(micros in 0i64..4_000_000_000_000_000, random: [u8; 10]) {
            let id = ReportId::from_parts(Timestamp::from_micros(micros), random);
            prop_assert_eq!(ReportId::parse(&id.to_string()), Ok(id));
        }

        #[test]
        fn text_order_is_time_order(early in 0i64..1_000_000_000, later in 1i64..1_000_000_000, a: [u8; 10], b: [u8; 10]) {
            let first = ReportId::from_parts(Timestamp::from_micros(early * 1_000), a);
            let second = ReportId::from_parts(Timestamp::from_micros((early + later) * 1_000), b);
            prop_assert!(first.to_string() < second.to_string());
            prop_assert!(first < second);
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _refused_or_not = ReportId::parse(&text);
        }
    }

    #[test]
    fn another_kind_is_refused() {
        let id = ReportId::from_parts(Timestamp::from_micros(1_000_000), [7; 10]);
        let swapped = id.to_string().replace("rpt", "pkp");
        assert_eq!(ReportId::parse(&swapped), Err(Invalid("id_of_another_kind")));
    }

    #[test]
    fn capitals_and_overflow_are_refused() {
        assert!(ReportId::parse("rpt_01H455VB4PEX5VSKNK084SN02Q").is_err());
        assert!(ReportId::parse("rpt_8zzzzzzzzzzzzzzzzzzzzzzzzz").is_err());
        assert!(ReportId::parse("rpt_00000000000000000000000000").is_err());
    }
}
