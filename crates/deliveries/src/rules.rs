use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use catalog::{Catalog, MaterialCode};
use collectors::{Collector, CollectorKind, Verification};
use http_kit::Fields;
use ledger::{AccountName, Label, Line};
use primitives::{CollectorId, DeliveryId, Grams, Invalid, Timestamp};

use crate::{Delivery, DeliveryError, Load};

/// The most materials of one delivery.
const MOST_LOADS: usize = 100;
/// The heaviest load of one material.
const HEAVIEST: i64 = 5_000_000;
/// Scales differ, and cardboard drinks rain: so much more may arrive than was announced, in a hundred …
const GAIN_PERCENT: i64 = 5;
/// … or in grams, whichever is more.
const GAIN_GRAMS: i64 = 500;
/// How long a delivery waits for its facility.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// What the journals of this crate are called.
pub(crate) const DELIVERY: &str = "delivery";

/// The name under which a delivery is on the books: so it can be received once.
pub(crate) fn delivery_key(id: DeliveryId) -> String {
    format!("{DELIVERY}:{id}")
}

/// When a delivery ends that nobody receives.
pub(crate) fn expiry(announced_at: Timestamp) -> Timestamp {
    announced_at.plus(PATIENCE)
}

/// Why this collector cannot bring anything there.
pub(crate) fn check_facility(facility: &Collector, collector: CollectorId) -> Result<(), Invalid> {
    if facility.id == collector {
        return Err(Invalid("facility_own"));
    }
    match facility.kind {
        CollectorKind::BankSampahInduk | CollectorKind::Tps3r | CollectorKind::Tpst => {}
        CollectorKind::Pengepul | CollectorKind::BankSampahUnit => {
            return Err(Invalid("facility_kind"));
        }
    }
    if is_verified(facility) { Ok(()) } else { Err(Invalid("facility_unverified")) }
}

/// Whether staff let him work.
pub(crate) const fn is_verified(collector: &Collector) -> bool {
    matches!(collector.verification, Verification::Verified { .. })
}

/// 1 – 100 known materials, none twice, each 1 g – 5,000 kg; in the order of codes.
pub(crate) fn judge_announced(
    loads: &[Load],
    catalog: &Catalog,
) -> Result<Vec<Load>, DeliveryError> {
    let mut fields = Fields::default();
    match loads.len() {
        0 => fields.refuse("/lines", "delivery_empty"),
        1..=MOST_LOADS => {}
        _ => fields.refuse("/lines", "delivery_too_long"),
    }
    let mut seen = BTreeSet::new();
    for (position, load) in loads.iter().enumerate().take(MOST_LOADS) {
        let at = |member: &str| format!("/lines/{position}/{member}");
        let known = catalog.material(&load.material).ok_or(Invalid("material_unknown"));
        fields.check(at("material"), known);
        if !seen.insert(&load.material) {
            fields.refuse(at("material"), "material_doubled");
        }
        if !(1..=HEAVIEST).contains(&load.grams.get()) {
            fields.refuse(at("grams"), "load_out_of_range");
        }
    }
    DeliveryError::unless_acceptable(fields)?;
    let mut loads = loads.to_vec();
    loads.sort_by(|one, other| one.material.cmp(&other.material));
    Ok(loads)
}

/// Every announced material once and no other, none much heavier than announced; in the order of codes.
pub(crate) fn judge_weighed(
    announced: &[Load],
    weighed: &[Load],
) -> Result<Vec<Load>, DeliveryError> {
    let mut fields = Fields::default();
    let mut found: BTreeMap<&MaterialCode, Grams> = BTreeMap::new();
    for (position, load) in weighed.iter().enumerate().take(MOST_LOADS) {
        let at = |member: &str| format!("/lines/{position}/{member}");
        match announced.iter().find(|it| it.material == load.material) {
            None => fields.refuse(at("material"), "material_not_announced"),
            Some(it) if load.grams.get() > most_of(it.grams) => {
                fields.refuse(at("grams"), "received_too_much");
            }
            Some(_) => {}
        }
        if found.insert(&load.material, load.grams).is_some() {
            fields.refuse(at("material"), "material_doubled");
        }
    }
    if weighed.len() > MOST_LOADS {
        fields.refuse("/lines", "delivery_too_long");
    }
    if announced.iter().any(|load| !found.contains_key(&load.material)) {
        fields.refuse("/lines", "material_missing");
    }
    DeliveryError::unless_acceptable(fields)?;
    let loads =
        found.into_iter().map(|(material, grams)| Load { material: material.clone(), grams });
    Ok(loads.collect())
}

/// The most that may arrive of what was announced.
fn most_of(announced: Grams) -> i64 {
    let gain = announced.get().saturating_mul(GAIN_PERCENT) / 100;
    announced.get().saturating_add(gain.max(GAIN_GRAMS))
}

/// What a receipt moves: all that was announced is carried no more; it was received, or else lost.
pub(crate) fn receipt_lines(delivery: &Delivery, received: &[Load]) -> Result<Vec<Line>, Invalid> {
    let mut lines = Vec::new();
    for (announced, received) in delivery.loads.iter().zip(received) {
        let goods = Label::parse(announced.material.as_str())?;
        let (given, taken) = (announced.grams.get(), received.grams.get());
        lines.extend([
            Line::new(
                AccountName::Carried(delivery.collector, goods.clone()),
                given.saturating_neg(),
            ),
            Line::new(AccountName::Received(delivery.facility, goods.clone()), taken),
            Line::new(AccountName::Loss(delivery.facility, goods), given.saturating_sub(taken)),
        ]);
    }
    lines.retain(|line| line.delta != 0);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use primitives::RegionCode;
    use proptest::prelude::*;

    use super::*;
    use crate::DeliveryState;

    const MATERIALS: [&str; 3] = ["KRT-KORAN", "LGM-BESI", "PLA-EMBER"];

    fn load(material: &str, grams: i64) -> Load {
        Load {
            material: MaterialCode::parse(material).unwrap(),
            grams: Grams::parse(grams).unwrap(),
        }
    }

    fn codes(judged: Result<Vec<Load>, DeliveryError>) -> Vec<(String, &'static str)> {
        match judged {
            Err(DeliveryError::Refused(fields)) => {
                fields.into_iter().map(|field| (field.pointer, field.code)).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_little_more_may_arrive_and_much_more_may_not() {
        for (announced, most) in
            [(1, 501), (100, 600), (10_000, 10_500), (10_001, 10_501), (5_000_000, 5_250_000)]
        {
            let announced = [load("LGM-BESI", announced)];
            assert!(judge_weighed(&announced, &[load("LGM-BESI", most)]).is_ok(), "{most}");
            let judged = judge_weighed(&announced, &[load("LGM-BESI", most + 1)]);
            assert_eq!(codes(judged), [("/lines/0/grams".into(), "received_too_much")]);
        }
    }

    #[test]
    fn everything_announced_is_weighed_once_and_nothing_else() {
        let announced = [load("KRT-KORAN", 1_000), load("LGM-BESI", 2_000)];
        let whole = [load("LGM-BESI", 0), load("KRT-KORAN", 900)];
        let judged = judge_weighed(&announced, &whole).unwrap();
        assert_eq!(judged, [load("KRT-KORAN", 900), load("LGM-BESI", 0)]);
        let twice = [load("LGM-BESI", 1), load("LGM-BESI", 1), load("PLA-EMBER", 1)];
        assert_eq!(
            codes(judge_weighed(&announced, &twice)),
            [
                ("/lines/1/material".into(), "material_doubled"),
                ("/lines/2/material".into(), "material_not_announced"),
                ("/lines".into(), "material_missing"),
            ]
        );
        assert_eq!(codes(judge_weighed(&announced, &[])), [("/lines".into(), "material_missing")]);
    }

    fn delivery(loads: Vec<Load>) -> Delivery {
        let ambient = test_kit::ambient(&test_kit::clock());
        let announced_at = ambient.now();
        Delivery {
            id: ambient.mint(),
            collector: ambient.mint(),
            facility: ambient.mint(),
            desa: RegionCode::parse("12.07.28.2001").unwrap(),
            loads,
            announced_at,
            expires_at: expiry(announced_at),
            state: DeliveryState::Announced,
            version: 1,
        }
    }

    proptest! {
        #[test]
        fn whatever_arrives_all_that_was_announced_leaves_and_nothing_else_appears(
            grams in prop::array::uniform3((1i64..=5_000_000, 0i64..=5_250_000)),
        ) {
            let named = |which: fn(&(i64, i64)) -> i64| -> Vec<Load> {
                MATERIALS.iter().zip(&grams).map(|(code, both)| load(code, which(both))).collect()
            };
            let (announced, weighed) = (named(|both| both.0), named(|both| both.1));
            let fits = grams.iter().all(|(given, found)| {
                *found <= given + 500 || found * 100 <= given * 105
            });
            let judged = judge_weighed(&announced, &weighed);
            prop_assert_eq!(judged.is_ok(), fits);
            let delivery = delivery(announced);
            let lines = receipt_lines(&delivery, &weighed).unwrap();
            let mut sums: BTreeMap<String, i64> = BTreeMap::new();
            for line in &lines {
                *sums.entry(line.account.unit().to_string()).or_default() += line.delta;
                prop_assert_ne!(line.delta, 0);
            }
            prop_assert!(sums.values().all(|sum| *sum == 0));
            let carried = lines.iter().filter(|line| line.account.floor().is_some());
            let carried: Vec<i64> = carried.map(|line| line.delta).collect();
            prop_assert_eq!(carried, grams.map(|(given, _)| -given));
        }
    }
}
