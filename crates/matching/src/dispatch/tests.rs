use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use primitives::{CollectorId, ReportId, Timestamp};

use super::{
    Announcement, ChosenBy, Gathering, Policy, Waiting,
    pairing::{Candidate, gathered, pair},
    plan,
};
use crate::{
    ranking::Load,
    worlds::{NOON, collector, report},
};

fn minutes_ago(minutes: u64) -> Timestamp {
    NOON.minus(Duration::from_secs(minutes * 60))
}

fn fresh(policy: &Policy, number: usize, minutes: u64) -> Waiting<'_> {
    Waiting {
        report: report(number),
        kabupaten: Some(primitives::RegionCode::parse("12.07").unwrap()),
        opened_at: minutes_ago(minutes),
        policy,
        last_wave: None,
        asked: BTreeMap::new(),
    }
}

/// Everybody may take everything; the lower number is the better one.
fn crowd(size: usize) -> impl Fn(ReportId, usize) -> Vec<CollectorId> {
    move |_, most| (0..size).map(collector).take(most).collect()
}

fn planned(waiting: &[Waiting<'_>], size: usize) -> Vec<Announcement> {
    plan(waiting, &HashMap::new(), NOON, crowd(size))
}

#[test]
fn the_next_wave_reaches_the_best_who_have_not_been_told() {
    let policy = Policy::default();
    let first = planned(&[fresh(&policy, 1, 0)], 30);
    let told = |numbers: std::ops::Range<usize>| numbers.map(collector).collect::<Vec<_>>();
    assert_eq!(first[0].collectors, told(0..3));
    let asked: BTreeMap<_, _> = (0..3).map(|number| (collector(number), minutes_ago(2))).collect();
    let waiting = Waiting { last_wave: Some((1, minutes_ago(2))), asked, ..fresh(&policy, 1, 3) };
    let second = planned(std::slice::from_ref(&waiting), 30);
    assert_eq!((second[0].wave, &second[0].collectors), (2, &told(3..8)));
    assert_eq!(planned(std::slice::from_ref(&waiting), 4)[0].collectors, told(3..4));
    assert_eq!(planned(std::slice::from_ref(&waiting), 3), []);
    let too_early = Waiting { last_wave: Some((1, minutes_ago(1))), ..waiting };
    assert_eq!(planned(&[too_early], 30), []);
}

#[test]
fn what_is_overdue_goes_to_everybody_and_before_all_that_is_younger() {
    let policy = Policy::default();
    let (old, new) = (fresh(&policy, 1, 240), fresh(&policy, 2, 239));
    let waves = planned(&[new.clone(), old.clone()], 30);
    let [wave] = waves.as_slice() else { panic!("{waves:?}") };
    assert_eq!((wave.report, wave.collectors.len()), (report(1), 30));
    // Whoever knows of it is told of nothing younger; others are.
    let asked = (0..4).map(|number| (collector(number), minutes_ago(200))).collect();
    let known = Waiting { asked, ..old.clone() };
    let only_four = |report_id, most| {
        if report_id == report(1) { crowd(4)(report_id, most) } else { crowd(6)(report_id, most) }
    };
    let waves = plan(&[new.clone(), known.clone()], &HashMap::new(), NOON, only_four);
    assert_eq!(waves[0].collectors, [collector(4), collector(5)]);
    // Let lie for as long as the patience again, it keeps nobody any longer.
    let asked = (0..4).map(|number| (collector(number), minutes_ago(240))).collect();
    let long = Waiting { opened_at: minutes_ago(480), asked, ..known };
    let waves = plan(&[new, long], &HashMap::new(), NOON, only_four);
    assert_eq!(waves[0].collectors, [0, 1, 2].map(collector));
}

#[test]
fn a_batch_waits_for_its_first_report_and_goes_out_whole() {
    let gathering = Some(Gathering { wait: Duration::from_secs(300) });
    let policy = Policy { gathering, ..Policy::default() };
    let plain = Policy::default();
    let (due, batches) =
        gathered(vec![fresh(&policy, 1, 4), fresh(&policy, 2, 0), fresh(&plain, 3, 0)], NOON);
    assert_eq!((due.len(), due[0].report, batches.len()), (1, report(3), 0));
    let (due, batches) = gathered(vec![fresh(&policy, 1, 5), fresh(&policy, 2, 0)], NOON);
    assert_eq!((due.len(), batches.len()), (2, 1));
    assert_eq!(batches[0].iter().copied().collect::<Vec<_>>(), [report(1), report(2)]);
    let firsts = HashMap::from([(report(1), collector(7)), (report(2), collector(2))]);
    let waves = plan(&due, &firsts, NOON, crowd(9));
    let told: Vec<_> =
        waves.iter().map(|it| (it.report, it.collectors.clone(), it.chosen_by)).collect();
    let first = |number, chosen| (report(number), vec![collector(chosen)], ChosenBy::Assignment);
    assert_eq!(told, [first(1, 7), first(2, 2)]);
}

#[test]
fn pairs_are_the_shortest_together_and_fit_on_the_vehicles() {
    let load = |grams| Load { grams, milliliters: 10 };
    let candidate = |number, grams, nearest: &[(usize, u32)]| Candidate {
        report: report(number),
        load: load(grams),
        nearest: nearest.iter().map(|&(number, meters)| (collector(number), meters)).collect(),
    };
    let free = |_| Load { grams: 100, milliliters: 100 };
    // The first comer's nearest would send the second 900 m.
    let both = [candidate(1, 60, &[(1, 100), (2, 200)]), candidate(2, 60, &[(1, 110), (2, 900)])];
    let pairs = pair(&both, free);
    assert_eq!(pairs, HashMap::from([(report(1), collector(2)), (report(2), collector(1))]));
    // Two loads of 50 fit on one vehicle, a third does not.
    let three = [1, 2, 3].map(|number| candidate(number, 50, &[(1, 100)]));
    assert_eq!(pair(&three, free).len(), 2);
    assert_eq!(pair(&[candidate(1, 101, &[(1, 100)])], free).len(), 0);
    assert_eq!(pair(&[], free).len(), 0);
}
