/// What an account of this name counts.
pub(super) fn unit_of(account: &str) -> String {
    let goods = ["household:", "carried:", "received:", "loss:"];
    if goods.iter().any(|prefix| account.starts_with(prefix)) {
        format!("grams:{}", account.rsplit(':').next().unwrap_or_default())
    } else if account.starts_with("cash-") {
        "rupiah-memo".to_owned()
    } else {
        "rupiah".to_owned()
    }
}

/// Below this an account of this name may never fall.
pub(super) fn floor_of(account: &str) -> Option<i128> {
    let floored = ["wallet:", "suspense:", "carried:"];
    floored.iter().any(|prefix| account.starts_with(prefix)).then_some(0)
}
