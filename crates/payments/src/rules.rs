use std::{collections::BTreeMap, time::Duration};

use ledger::{AccountName, Label, Line};
use pickups::Weighing;
use primitives::{
    AccountId, AdjustmentId, Invalid, PaymentId, PickupId, Rupiah, Timestamp, WithdrawalId,
};

use crate::{Dispute, Method, NewAdjustment, Objection, Opener, Payment, PaymentError};

/// How long a household may take to say whether the cash arrived, before staff are told.
const PATIENCE: Duration = Duration::from_secs(48 * 60 * 60);

/// How long after its end a collector may still see what the household photographed.
const SEEN_AFTERWARDS: Duration = Duration::from_secs(24 * 60 * 60);

/// How long staff have to decide a dispute.
const DECIDED_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What the house says when it opens a dispute because nobody answered.
const UNANSWERED: &str = "unanswered";

/// The largest sum that may come into a wallet at once.
const LARGEST_TOP_UP: i64 = 50_000_000;

/// The largest adjustment, either way.
const LARGEST_ADJUSTMENT: i64 = 5_000_000;

/// What one maker may propose on one day, whichever way the money goes; the table says the same.
pub(crate) const ADJUSTED_PER_DAY: i64 = 10_000_000;

/// What the journals of this crate are called.
pub(crate) const SETTLEMENT: &str = "settlement";
pub(crate) const RECEIVED: &str = "top_up_received";
pub(crate) const ADJUSTMENT: &str = "adjustment";
pub(crate) const CREDITED: &str = "top_up";
pub(crate) const SUSPENDED: &str = "top_up_suspended";
pub(crate) const GATEWAY_FEES: &str = "gateway_fees";
pub(crate) const SUSPENSE_CREDITED: &str = "suspense_credited";
pub(crate) const SUSPENSE_RETURNED: &str = "suspense_returned";
pub(crate) const WITHDRAWAL: &str = "withdrawal";
pub(crate) const WITHDRAWAL_PAID: &str = "withdrawal_paid";

/// Claims from before this moment should have been answered.
pub(crate) fn overdue_since(now: Timestamp) -> Timestamp {
    now.minus(PATIENCE)
}

/// A reason, and a story that a screen can show.
pub(crate) fn check_objection(objection: &Objection) -> Result<(), PaymentError> {
    reports::stated_reason(&objection.reason)
        .map_err(|what| PaymentError::field("/reason", what))?;
    reports::clean_text(objection.detail.as_deref().unwrap_or_default(), 1_000)
        .map_err(|what| PaymentError::field("/detail", what))
}

/// Whether the collector may see a dispute's photographs, which may show the home.
pub(crate) fn shows_photos_to_collector(dispute: &Dispute, now: Timestamp) -> bool {
    dispute.closed_at().is_none_or(|at| now < at.plus(SEEN_AFTERWARDS))
}

/// A dispute that begins now.
pub(crate) fn new_dispute(
    payment: PaymentId,
    opened_by: Opener,
    objection: &Objection,
    opened_at: Timestamp,
) -> Dispute {
    let Objection { reason, detail, photos } = objection.clone();
    let decide_by = opened_at.plus(DECIDED_WITHIN);
    Dispute { payment, opened_by, opened_at, reason, detail, photos, decide_by, closing: None }
}

/// The dispute that silence opens.
pub(crate) fn unanswered(payment: PaymentId, since: Timestamp) -> Dispute {
    let objection = Objection { reason: UNANSWERED.to_owned(), detail: None, photos: Vec::new() };
    new_dispute(payment, Opener::Worker, &objection, since)
}

/// 1 – 50,000,000 rupiah.
pub(crate) fn check_top_up(amount: Rupiah) -> Result<(), Invalid> {
    let fits = (1..=LARGEST_TOP_UP).contains(&amount.get());
    if fits { Ok(()) } else { Err(Invalid("top_up_out_of_range")) }
}

/// The name under which a job's settlement is on the books, whatever way it is paid: so there can be one.
pub(crate) fn settlement_key(pickup: PickupId) -> String {
    format!("settlement:{pickup}")
}

/// The job that a piece of business settles.
pub(crate) fn settled_pickup(business_key: &str) -> Option<PickupId> {
    PickupId::parse(business_key.strip_prefix("settlement:")?).ok()
}

/// What a settlement moves: the money one way, the goods the other.
pub(crate) fn settlement_lines(
    payment: &Payment,
    weighing: &Weighing,
) -> Result<Vec<Line>, Invalid> {
    let (household, collector) = (payment.household, payment.collector);
    let (from, to) = match payment.method {
        Method::Cash => (AccountName::CashOut(collector), AccountName::CashIn(household)),
        Method::Wallet => {
            (AccountName::Wallet(payment.collector_account), AccountName::Wallet(household))
        }
    };
    let mut lines = moved(from, to, payment.amount.get())?;
    for (goods, grams) in goods_of(weighing)? {
        let from = AccountName::Household(household, goods.clone());
        lines.extend(moved(from, AccountName::Carried(collector, goods), grams)?);
    }
    Ok(lines)
}

/// The weight of each kind of goods.
pub(crate) fn goods_of(weighing: &Weighing) -> Result<BTreeMap<Label, i64>, Invalid> {
    let mut goods: BTreeMap<Label, i64> = BTreeMap::new();
    for line in &weighing.lines {
        let sum = goods.entry(Label::parse(line.material.as_str())?).or_default();
        *sum = sum.checked_add(line.grams.get()).ok_or(Invalid("weight_out_of_range"))?;
    }
    Ok(goods)
}

/// Money that a gateway has confirmed, on its way to the wallet it is for.
pub(crate) fn received_lines(gateway: &str, amount: Rupiah) -> Result<Vec<Line>, Invalid> {
    let gateway = Label::parse(gateway)?;
    let clearing = AccountName::ClearingTopUp(gateway.clone());
    moved(AccountName::Bank(gateway), clearing, amount.get())
}

/// The same money, now in the wallet.
pub(crate) fn credited_lines(
    gateway: &str,
    account: AccountId,
    amount: Rupiah,
) -> Result<Vec<Line>, Invalid> {
    let clearing = AccountName::ClearingTopUp(Label::parse(gateway)?);
    moved(clearing, AccountName::Wallet(account), amount.get())
}

/// The same money, set aside until a person decides whose it is.
pub(crate) fn suspended_lines(gateway: &str, amount: Rupiah) -> Result<Vec<Line>, Invalid> {
    let gateway = Label::parse(gateway)?;
    let clearing = AccountName::ClearingTopUp(gateway.clone());
    moved(clearing, AccountName::Suspense(gateway), amount.get())
}

/// The same money, known to be this wallet's.
pub(crate) fn claimed_lines(
    gateway: &str,
    account: AccountId,
    amount: Rupiah,
) -> Result<Vec<Line>, Invalid> {
    let suspense = AccountName::Suspense(Label::parse(gateway)?);
    moved(suspense, AccountName::Wallet(account), amount.get())
}

/// The same money, given back by the gateway to whoever paid it.
pub(crate) fn returned_lines(gateway: &str, amount: Rupiah) -> Result<Vec<Line>, Invalid> {
    let gateway = Label::parse(gateway)?;
    moved(AccountName::Suspense(gateway.clone()), AccountName::Bank(gateway), amount.get())
}

/// What a gateway has kept for its services out of what it holds for us.
pub(crate) fn fee_lines(gateway: &str, amount: Rupiah) -> Result<Vec<Line>, Invalid> {
    moved(AccountName::Fee, AccountName::Bank(Label::parse(gateway)?), amount.get())
}

/// Not nothing, at most 5,000,000 rupiah either way, for a stated reason.
pub(crate) fn check_adjustment(new: &NewAdjustment) -> Result<(), PaymentError> {
    let size = new.amount.get().unsigned_abs();
    if !(1..=LARGEST_ADJUSTMENT.unsigned_abs()).contains(&size) {
        return Err(PaymentError::field("/amount_rupiah", Invalid("adjustment_out_of_range")));
    }
    reports::stated_reason(&new.reason).map_err(|what| PaymentError::field("/reason", what))
}

/// The name under which an adjustment is on the books.
pub(crate) fn adjustment_key(id: AdjustmentId) -> String {
    format!("{ADJUSTMENT}:{id}")
}

/// What we give up, or get back, to put a wallet right.
pub(crate) fn adjustment_lines(
    account: AccountId,
    amount: Rupiah,
) -> Result<Vec<Line>, PaymentError> {
    let lines = moved(AccountName::WriteOff, AccountName::Wallet(account), amount.get());
    lines.map_err(|what| PaymentError::field("/amount_rupiah", what))
}

/// The name under which the money of a withdrawal leaves the wallet.
pub(crate) fn withdrawal_key(withdrawal: WithdrawalId) -> String {
    format!("{WITHDRAWAL}:{withdrawal}")
}

/// The name under which the money of a withdrawal leaves the gateway.
pub(crate) fn withdrawal_paid_key(withdrawal: WithdrawalId) -> String {
    format!("{WITHDRAWAL_PAID}:{withdrawal}")
}

/// Money out of a wallet, on its way to a gateway; the fee is ours at once.
pub(crate) fn withdrawal_lines(
    account: AccountId,
    gateway: Label,
    amount: Rupiah,
    fee: Rupiah,
) -> Result<Vec<Line>, Invalid> {
    let given = amount.checked_add(fee)?.get();
    let taken = given.checked_neg().ok_or(Invalid("amount_out_of_range"))?;
    let lines = [
        Line::new(AccountName::Wallet(account), taken),
        Line::new(AccountName::ClearingPayout(gateway), amount.get()),
        Line::new(AccountName::Fee, fee.get()),
    ];
    Ok(lines.into_iter().filter(|line| line.delta != 0).collect())
}

/// The same money, now out of the gateway.
pub(crate) fn withdrawal_paid_lines(gateway: Label, amount: Rupiah) -> Result<Vec<Line>, Invalid> {
    moved(AccountName::ClearingPayout(gateway.clone()), AccountName::Bank(gateway), amount.get())
}

/// Nothing moves when there is nothing to move: goods may be given away.
fn moved(from: AccountName, to: AccountName, amount: i64) -> Result<Vec<Line>, Invalid> {
    let taken = amount.checked_neg().ok_or(Invalid("amount_out_of_range"))?;
    let lines = [Line::new(from, taken), Line::new(to, amount)];
    Ok(lines.into_iter().filter(|line| line.delta != 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_away_moves_no_money() {
        let bank = || AccountName::Bank(Label::parse("manual").unwrap());
        assert_eq!(moved(bank(), AccountName::Fee, 0).unwrap().len(), 0);
        assert_eq!(moved(bank(), AccountName::Fee, 5).unwrap().len(), 2);
    }

    #[test]
    fn a_settlement_names_its_job() {
        let pickup: PickupId = test_kit::ambient(&test_kit::clock()).mint();
        assert_eq!(settled_pickup(&settlement_key(pickup)), Some(pickup));
        assert_eq!(settled_pickup("top-up:1"), None);
        assert_eq!(settled_pickup("settlement:nonsense"), None);
    }

    #[test]
    fn top_ups_have_bounds() {
        for (amount, fits) in [(0, false), (1, true), (50_000_000, true), (50_000_001, false)] {
            assert_eq!(check_top_up(Rupiah::new(amount)).is_ok(), fits, "{amount}");
        }
    }
}
