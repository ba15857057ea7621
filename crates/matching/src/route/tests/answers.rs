use proptest::prelude::*;

use super::{oracle, worlds};
use crate::{
    ranking::Load,
    route::{
        Base, Day, Opening, Rates, Task, Terms, Timetable, Tour, Travel, Visit, bound, good_tour,
        plan,
    },
};

proptest! {
    #![proptest_config(worlds::days(400))]

    #[test]
    fn up_to_ten_visits_no_order_is_cheaper(day in worlds::day(0, 7)) {
        let plan = plan(&day);
        prop_assert_eq!(plan.cost, oracle::cheapest(&day));
        prop_assert_eq!(oracle::check(&day, &plan.timetable), plan.cost);
        prop_assert_eq!((plan.bound, plan.gap()), (plan.cost, 0));
    }

    #[test]
    fn the_bound_never_lies_above_the_cheapest_order(day in worlds::day(0, 7), road in 0i64..20_000) {
        let cheapest = oracle::cheapest(&day);
        let bound = bound::at_least(&day, road);
        prop_assert!(bound <= cheapest, "{} > {}", bound, cheapest);
    }

    #[test]
    fn whatever_the_search_finds_costs_what_it_says(day in worlds::day(0, 16), patience in 0usize..3_000) {
        let tour = good_tour(&day, patience);
        let table = Timetable::of(&tour);
        prop_assert_eq!(oracle::check(&day, &table), tour.cost());
        prop_assert!(bound::at_least(&day, table.road) <= tour.cost());
    }

    #[test]
    fn one_more_visit_goes_where_it_costs_least(day in worlds::day(1, 9)) {
        let last = day.visits.len() - 1;
        let order: Vec<usize> = (0..last).collect();
        let mut tour = Tour::of(&day, order.clone(), usize::MAX);
        tour.insert(last);
        let places = day.terms.underway.min(last)..=last;
        let costs = places.map(|place| {
            let mut order = order.clone();
            order.insert(place, last);
            Tour::of(&day, order, 0).cost()
        });
        prop_assert_eq!(Some(tour.cost()), costs.min());
    }
}

/// Three doors on one street, ten minutes apart; the base at its beginning.
fn street(visits: Vec<Visit>, capacity: Load) -> Day {
    let place = |node: usize| i64::try_from(node.max(1)).unwrap();
    let travel = Travel::of(visits.len(), |from, to| (place(from) - place(to)).abs() * 600);
    let base = Base::Unloads { seconds: 900 };
    let terms =
        Terms { capacity, on_board: Load::default(), base, rates: Rates::WORK, underway: 0 };
    Day { visits, travel, terms }
}

fn door(openings: Vec<Opening>, grams: i64) -> Visit {
    Visit::new(openings, 300, Load { grams, milliliters: 0 })
}

fn tasks(day: &Day) -> Vec<Task> {
    plan(day).timetable.stops.iter().map(|stop| stop.task).collect()
}

#[test]
fn nothing_to_do_is_no_stop_and_a_full_vehicle_one() {
    let roomy = Load { grams: 100, milliliters: 100 };
    let idle = street(vec![], roomy);
    assert_eq!(tasks(&idle), []);
    assert_eq!((plan(&idle).cost, plan(&idle).gap()), (0, 0));
    let terms = Terms { on_board: Load { grams: 5, milliliters: 0 }, ..idle.terms };
    assert_eq!(tasks(&Day { terms, ..idle }), [Task::Unload]);
}

#[test]
fn a_vehicle_that_is_full_unloads_on_the_way() {
    let doors = vec![door(vec![], 60), door(vec![], 60), door(vec![], 60)];
    let roomy = street(doors.clone(), Load { grams: 180, milliliters: 0 });
    assert_eq!(tasks(&roomy).len(), 4);
    let small = street(doors, Load { grams: 120, milliliters: 0 });
    assert_eq!(tasks(&small).iter().filter(|task| **task == Task::Unload).count(), 2);
}

#[test]
fn what_no_vehicle_holds_is_fetched_alone() {
    let doors = vec![door(vec![], 1), door(vec![], 500), door(vec![], 1)];
    let day = street(doors, Load { grams: 120, milliliters: 0 });
    let stops = plan(&day).timetable.stops;
    let big = stops.iter().position(|stop| stop.task == Task::Visit(1)).unwrap();
    assert_eq!((stops[big].load.grams, stops[big + 1].task), (500, Task::Unload));
}

#[test]
fn who_can_still_be_met_is_met_and_the_rest_is_marked_late() {
    let noon = |from, until| vec![Opening { from, until }];
    let doors = vec![door(noon(0, 10), 1), door(noon(0, 1_500), 1), door(noon(9_000, 9_900), 1)];
    let day = street(doors, Load { grams: 9, milliliters: 0 });
    let plan = plan(&day);
    assert_eq!(plan.cost, oracle::cheapest(&day));
    let of =
        |visit| *plan.timetable.stops.iter().find(|stop| stop.task == Task::Visit(visit)).unwrap();
    assert_eq!((of(0).late, of(1).late, of(2).late), (590, 0, 0));
    assert_eq!(of(2).arrival + of(2).waiting, 9_000);
}

#[test]
fn the_same_day_gives_the_same_plan() {
    let doors = (0..40).map(|number| door(vec![], number % 7)).collect();
    let day = street(doors, Load { grams: 50, milliliters: 0 });
    assert_eq!(plan(&day), plan(&day));
}

#[test]
#[should_panic(expected = "every job exactly once")]
fn the_checker_misses_a_lost_job() {
    let doors = vec![door(vec![], 1), door(vec![], 1)];
    let day = street(doors, Load { grams: 9, milliliters: 0 });
    let one = Day { visits: day.visits[..1].to_vec(), ..day.clone() };
    oracle::check(&day, &plan(&one).timetable);
}

#[test]
#[should_panic(expected = "overloaded")]
fn the_checker_sees_an_overload() {
    let doors = vec![door(vec![], 5), door(vec![], 5)];
    let day = street(doors, Load { grams: 10, milliliters: 0 });
    let terms = Terms { capacity: Load { grams: 9, milliliters: 0 }, ..day.terms };
    oracle::check(&Day { terms, ..day.clone() }, &plan(&day).timetable);
}
