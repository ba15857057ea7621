use std::time::Duration;

use live_state::{Channel, LiveState};
use primitives::{Coordinates, ReportId};
use reports::Selection;
use serde_json::json;

use super::world::{World, bottles, home, on_each_engine, place};
use crate::{
    FeedPlace,
    ranking::{Origin, Weights},
};

fn feed(world: &World, botot: super::world::Botot) -> Vec<ReportId> {
    let place = FeedPlace { as_of: world.ambient.now(), after: None };
    world.matcher.feed_of(botot.id, place, 100).iter().map(|entry| entry.report.id).collect()
}

#[test]
fn candidates_come_and_go_with_what_happens() {
    on_each_engine(|world| {
        let report = world.report(Selection::Instant);
        let (here, there) = (world.resting(1), world.working(2));
        world.settle();
        assert_eq!(world.ranked(&report), [there.id]);
        world.switch(here, true);
        world.settle();
        assert_eq!(world.ranked(&report).len(), 2);
        // 15 kg of loose bottles fill most of a betor: no room for another 4 kg... nor for its half.
        let big = world.submit(bottles(15_000, Selection::Instant));
        world.accept(here, &big).unwrap();
        world.settle();
        assert_eq!(world.ranked(&report), [there.id]);
        world.switch(there, false);
        world.settle();
        assert!(world.ranked(&report).is_empty());
    });
}

#[test]
fn who_pays_more_stands_higher_and_the_sum_explains_it() {
    on_each_engine(|world| {
        let report = world.report(Selection::Instant);
        let (stingy, generous) = (world.working(1), world.working(2));
        world.publish(stingy, 100);
        world.settle();
        assert_eq!(world.ranked(&report)[0], generous.id);
        for candidate in world.matcher.candidates_of(&report, 5).candidates {
            let sum =
                candidate.parts.iter().map(|part| part.contribution.millionths()).sum::<u32>();
            assert_eq!(sum, candidate.appraisal.score.millionths());
        }
    });
}

#[test]
fn a_rebuilt_index_answers_like_one_that_followed() {
    on_each_engine(|world| {
        let crowd = [1, 2, 3].map(|number| world.working(number));
        let reports = [4_000, 300, 15_000].map(|grams| {
            world.settle();
            world.submit(bottles(grams, Selection::Instant))
        });
        world.accept(crowd[0], &reports[1]).unwrap();
        world.settle();
        let seen = |world: &World| {
            let ranked = world.matcher.candidates_of(&reports[0], 10);
            (ranked, crowd.map(|botot| feed(world, botot)))
        };
        let followed = seen(world);
        assert_eq!(followed.0.candidates.len(), 3);
        assert_eq!(followed.1[1].len(), 2);
        world.write(|it, conn| it.matcher.rebuild_in(conn)).unwrap();
        assert_eq!(seen(world), followed);
    });
}

#[test]
fn a_broken_promise_counts_though_it_is_counted_after_us() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Instant));
        let pickup = world.accept(botot, &report).unwrap().pickup.id;
        let release = move |it: &World, conn: &mut database::Connection| {
            it.pickups.release_in(conn, botot.account, pickup, "ban bocor")
        };
        world.write(release).unwrap();
        world.settle();
        let reliability = |world: &World| {
            let ranking = world.matcher.candidates_of(&report, 2);
            let [only] = ranking.candidates.as_slice() else { panic!("one is working") };
            only.appraisal.values.reliability.as_fraction()
        };
        assert_eq!(reliability(world), 0.9);
        world.write(|it, conn| it.collectors.follow_log_in(conn, 1_000)).unwrap();
        world.pass(Duration::from_secs(3));
        world.settle();
        // Nine kept of eleven instead of ten.
        assert_eq!(reliability(world), 0.8181);
    });
}

#[test]
fn a_win_is_forgiven_after_a_day_though_nothing_happens_but_the_clock() {
    on_each_engine(|world| {
        let (botot, won) = (world.working(1), world.report(Selection::Instant));
        let next = world.submit(bottles(300, Selection::Instant));
        world.accept(botot, &won).unwrap();
        let fairness = |world: &World| {
            world.settle();
            let ranking = world.matcher.candidates_of(&next, 2);
            let [only] = ranking.candidates.as_slice() else { panic!("one is working") };
            only.appraisal.values.fairness.as_fraction()
        };
        // One win lately: five of six.
        assert_eq!(fairness(world), 0.8333);
        world.pass(Duration::from_secs(23 * 60 * 60));
        assert_eq!(fairness(world), 0.8333);
        world.pass(Duration::from_secs(60 * 60));
        assert_eq!(fairness(world), 1.0);
    });
}

#[test]
fn a_position_moves_him_until_it_is_old() {
    on_each_engine(|world| {
        let (near, far) = (world.working(1), world.working(2));
        let report = world.report(Selection::Instant);
        let live_state = LiveState::in_memory();
        let runtime = actix_web::rt::System::new();
        let follow = world.matcher.clone().follow_positions(live_state.clone());
        let (lat, lon) = (home().coordinates.lat(), home().coordinates.lon());
        let moved = json!({"collector": far.id, "lat": lat, "lon": lon, "recorded_at": world.ambient.now()});
        runtime.block_on(async {
            let task = actix_web::rt::spawn(follow);
            actix_web::rt::task::yield_now().await;
            live_state.publish(Channel::Positions, serde_json::to_vec(&moved).unwrap()).await;
            actix_web::rt::task::yield_now().await;
            task.abort();
        });
        world.settle();
        let ranking = world.matcher.candidates_of(&report, 2);
        assert_eq!(ranking.weights, Weights::CANDIDATES.version);
        let [first, second] = ranking.candidates.as_slice() else { panic!("two are working") };
        assert_eq!((first.appraisal.collector, first.appraisal.distance_meters), (far.id, 0));
        assert_eq!(second.appraisal.collector, near.id);
        world.pass(Duration::from_secs(20 * 60));
        world.settle();
        let home: Coordinates = home().coordinates;
        let base = place(3.56, 98.8802).coordinates;
        let later = world.matcher.candidates_of(&report, 2).candidates;
        let again = later.iter().find(|it| it.appraisal.collector == far.id).unwrap();
        let meters = f64::from(again.appraisal.distance_meters);
        assert!((meters - home.distance_meters(base)).abs() <= 0.5);
        assert_eq!(again.grounds.origin, Origin::Lost { delay_seconds: 600 });
        let late = again.appraisal.eta_seconds;
        world.pass(Duration::from_secs(45 * 60));
        world.settle();
        let home_again = world.matcher.candidates_of(&report, 2).candidates;
        let again = home_again.iter().find(|it| it.appraisal.collector == far.id).unwrap();
        assert_eq!(again.grounds.origin, Origin::Base);
        assert_eq!(late - again.appraisal.eta_seconds, 600);
    });
}

#[test]
fn a_position_whose_message_got_lost_is_found_all_the_same() {
    on_each_engine(|world| {
        let (near, far) = (world.working(1), world.working(2));
        let report = world.report(Selection::Instant);
        world.settle();
        let is_at_the_door = |botot: super::world::Botot| {
            let mut ranked = world.matcher.candidates_of(&report, 2).candidates.into_iter();
            let own = ranked.find(|it| it.appraisal.collector == botot.id).unwrap();
            own.appraisal.distance_meters == 0
        };
        assert!(!is_at_the_door(far));
        let live_state = LiveState::in_memory();
        let (lat, lon) = (home().coordinates.lat(), home().coordinates.lon());
        let live = json!({"lat": lat, "lon": lon, "recorded_at": world.ambient.now(), "suspicious": false});
        let runtime = actix_web::rt::System::new();
        runtime.block_on(async {
            let key = format!("position:{}", far.id);
            let stored = serde_json::to_vec(&live).unwrap();
            live_state.put(&key, stored, Duration::from_secs(60)).await;
            let first = world.matcher.look_for_next(&live_state, None).await;
            let second = world.matcher.look_for_next(&live_state, first).await;
            let looked_for = [first, second].map(Option::unwrap);
            assert!(looked_for.contains(&near.id) && looked_for.contains(&far.id));
            assert_eq!(world.matcher.look_for_next(&live_state, second).await, None);
        });
        world.settle();
        assert!(is_at_the_door(far) && !is_at_the_door(near));
    });
}
