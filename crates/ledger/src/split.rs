use crate::LedgerError;

/// Splits an amount in proportion to the weights, without losing or inventing anything.
///
/// Everybody gets his exact share rounded towards zero; what is left over goes, one each, to the largest remainders,
/// and among equal ones to whoever stands first. A negative amount is split like its opposite, so that what was split
/// can be taken back. Refuses weights below zero and weights that are all zero.
pub fn split(amount: i64, weights: &[i64]) -> Result<Vec<i64>, LedgerError> {
    let total: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
    if total <= 0 || weights.iter().any(|&weight| weight < 0) {
        return Err(LedgerError::Malformed("a split wants weights"));
    }
    let whole = i128::from(amount.unsigned_abs());
    let exact = weights.iter().map(|&weight| whole.saturating_mul(i128::from(weight)));
    let (mut shares, remainders): (Vec<i128>, Vec<i128>) = exact
        .map(|product| {
            let parts = (product.checked_div(total), product.checked_rem(total));
            (parts.0.unwrap_or_default(), parts.1.unwrap_or_default())
        })
        .unzip();
    let mut ranking: Vec<(usize, i128)> = remainders.into_iter().enumerate().collect();
    // The sort is stable: of equal remainders the first stays first.
    ranking.sort_by_key(|&(_, remainder)| std::cmp::Reverse(remainder));
    let left = whole.saturating_sub(shares.iter().sum());
    for (place, _) in ranking.into_iter().take(usize::try_from(left).unwrap_or_default()) {
        if let Some(share) = shares.get_mut(place) {
            *share = share.saturating_add(1);
        }
    }
    let signed = |share: i128| i64::try_from(share.saturating_mul(i128::from(amount.signum())));
    let shares: Result<Vec<i64>, _> = shares.into_iter().map(signed).collect();
    shares.map_err(|_beyond| LedgerError::Malformed("a split beyond the books"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_equal_claims_the_first_gets_what_is_left() {
        assert_eq!(split(10, &[1, 1, 1]).unwrap(), [4, 3, 3]);
        assert_eq!(split(-11, &[1, 1, 1]).unwrap(), [-4, -4, -3]);
        assert_eq!(split(1, &[0, 1, 1]).unwrap(), [0, 1, 0]);
        assert_eq!(split(0, &[7]).unwrap(), [0]);
        assert_eq!(split(i64::MIN + 1, &[i64::MAX]).unwrap(), [i64::MIN + 1]);
    }

    #[test]
    fn no_weights_no_split() {
        for weights in [&[][..], &[0, 0], &[2, -1]] {
            assert!(matches!(split(5, weights), Err(LedgerError::Malformed(_))), "{weights:?}");
        }
    }

    /// One unit after the other to whoever is owed most, counted in whole units first: slow and obvious.
    fn handed_out(amount: i64, weights: &[i64]) -> Vec<i64> {
        let total: i64 = weights.iter().sum();
        let mut shares: Vec<i64> = weights.iter().map(|weight| amount * weight / total).collect();
        let mut waiting: Vec<usize> = (0..weights.len()).collect();
        while shares.iter().sum::<i64>() < amount {
            let owed = |&place: &usize| amount * weights[place] - shares[place] * total;
            let most = waiting.iter().map(owed).max().unwrap();
            let next = waiting.iter().position(|place| owed(place) == most).unwrap();
            shares[waiting.remove(next)] += 1;
        }
        shares
    }

    proptest! {
        #[test]
        fn as_if_handed_out_one_by_one(
            amount in 0i64..2_000_000,
            weights in prop::collection::vec(0i64..1_000, 1..9),
        ) {
            prop_assume!(weights.iter().sum::<i64>() > 0);
            let shares = split(amount, &weights).unwrap();
            prop_assert_eq!(&shares, &handed_out(amount, &weights));
            let back: Vec<i64> = shares.iter().map(|share| -share).collect();
            prop_assert_eq!(split(-amount, &weights).unwrap(), back);
        }

        #[test]
        fn nothing_is_lost_however_large(
            amount: i64,
            weights in prop::collection::vec(0i64..=i64::MAX, 1..21),
        ) {
            prop_assume!(amount > i64::MIN && weights.iter().any(|&weight| weight > 0));
            let shares = split(amount, &weights).unwrap();
            let sum: i128 = shares.iter().map(|&share| i128::from(share)).sum();
            prop_assert_eq!(sum, i128::from(amount));
            prop_assert!(shares.iter().zip(&weights).all(|(&share, &weight)| weight > 0 || share == 0));
        }
    }
}
