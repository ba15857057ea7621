//! What makes a receipt more than a piece of paper: its hash, and the comparison with the books.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use database::{Connection, DatabaseError};
use ledger::VerifyError;
use primitives::{JournalId, PaymentId, Rupiah, Timestamp};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::{ChainView, PaymentError, Payments, ReceiptView, verify};

const DOMAIN: &[u8] = b"jumpa-madu receipt v1\n";

/// What the hash does not cover: a name may change, the place in the chain comes later, and the hash itself.
const UNCOVERED: [&str; 3] = ["household_name", "chain", "receipt_hash"];

/// What may differ without anybody having tampered.
const CHANGING: &str = "household_name";

/// The hash of a receipt: SHA-256 over the domain and its JSON without spaces, members in alphabetical order.
pub(crate) fn hash_of(view: &ReceiptView) -> String {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| !UNCOVERED.contains(&name.as_str()));
    }
    let mut hasher = Sha256::new_with_prefix(DOMAIN);
    hasher.update(value.to_string());
    HEXLOWER.encode(&hasher.finalize())
}

/// Why a receipt is not believed.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptFault {
    /// It does not even name a payment.
    #[error("this is no receipt: {0}")]
    NoReceipt(&'static str),
    /// We never issued it.
    #[error("no receipt was issued for {0}")]
    Unknown(PaymentId),
    /// It says something else than we issued.
    #[error("{0} is not what was issued")]
    Altered(String),
    /// It is what we issue today, but not what was weighed or posted.
    #[error("the books do not support it: {0}")]
    Unsupported(#[source] VerifyError),
    /// It could not be compared.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What anybody may learn about a receipt in his hand: nothing personal.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VerificationView {
    /// True when the hash is that of the receipt we issued; everything below is absent otherwise.
    pub valid: bool,
    /// How much was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_rupiah: Option<Rupiah>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// The ledger's journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_id: Option<JournalId>,
    /// Its hash, which covers the journals before it on the same accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_hash: Option<String>,
    /// Where the settlement stands in the chain of everything that happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainView>,
}

impl Payments {
    /// Compares the hash of a receipt in somebody's hand with the one we issued.
    pub fn verification_in(
        &self,
        conn: &mut Connection,
        id: PaymentId,
        receipt_hash: &str,
    ) -> Result<VerificationView, PaymentError> {
        let issued = ReceiptView::from(&self.receipt_of_in(conn, id)?);
        let valid = issued.receipt_hash == receipt_hash;
        Ok(VerificationView {
            valid,
            amount_rupiah: valid.then_some(issued.amount_rupiah),
            paid_at: valid.then_some(issued.paid_at),
            journal_id: valid.then_some(issued.journal_id),
            journal_hash: valid.then_some(issued.journal_hash),
            chain: issued.chain.filter(|_| valid),
        })
    }

    /// Compares a whole receipt, member by member, with the one we issued, and that one with the job and the books.
    pub fn prove_receipt_in(
        &self,
        conn: &mut Connection,
        shown: &Value,
    ) -> Result<PaymentId, ReceiptFault> {
        let named = shown.get("payment_id").and_then(Value::as_str);
        let named = named.ok_or(ReceiptFault::NoReceipt("payment_id is missing"))?;
        let id = PaymentId::parse(named).map_err(|what| ReceiptFault::NoReceipt(what.0))?;
        let issued = match self.receipt_of_in(conn, id) {
            Ok(issued) => issued,
            Err(PaymentError::NotFound) => return Err(ReceiptFault::Unknown(id)),
            Err(PaymentError::Database(error)) => return Err(error.into()),
            Err(other) => return Err(DatabaseError::corrupt("payment", id, other).into()),
        };
        let expected = serde_json::to_value(ReceiptView::from(&issued)).unwrap_or_default();
        if let Some(pointer) = first_difference(shown, &expected) {
            return Err(ReceiptFault::Altered(pointer));
        }
        verify::verify_pickup(conn, &issued.pickup).map_err(ReceiptFault::Unsupported)?;
        Ok(id)
    }
}

/// Where a receipt first differs from the one that was issued. It may have been printed before it had a place in the
/// chain, and before the household changed its name.
fn first_difference(shown: &Value, issued: &Value) -> Option<String> {
    let (Some(before), Some(after)) = (shown.as_object(), issued.as_object()) else {
        return Some("/".to_owned());
    };
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let early = |name: &str| name == "chain" && !before.contains_key(name);
    let names = names.into_iter().filter(|name| *name != CHANGING && !early(name));
    names
        .into_iter()
        .find_map(|name| difference(&format!("/{name}"), before.get(name), after.get(name)))
}

fn difference(at: &str, shown: Option<&Value>, issued: Option<&Value>) -> Option<String> {
    match (shown, issued) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            names.into_iter().find_map(|name| {
                difference(&format!("{at}/{name}"), one.get(name), other.get(name))
            })
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => (0..one.len().max(other.len()))
            .find_map(|place| {
                difference(&format!("{at}/{place}"), one.get(place), other.get(place))
            }),
        (one, other) => (one != other).then(|| at.to_owned()),
    }
}
