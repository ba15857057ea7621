use std::{collections::BTreeMap, time::Duration};

use gateway_simulator::{Chaos, Whim};
use primitives::Rupiah;

use super::{Trial, block_on};
use crate::{
    GatewayName, Movement, Period, StatementLine,
    tests::world::{World, on_each_engine},
};

/// Everything that the gateway's book says of the last day, page by page; and how many pages there were.
async fn read(trial: &Trial) -> (Vec<StatementLine>, usize) {
    let now = trial.office.world.ambient.now();
    let day = Duration::from_secs(24 * 60 * 60);
    let period = Period { from: now.minus(day), until: now.plus(Duration::from_secs(1)) };
    let [gateway] = &trial.gateways[..] else { panic!("one gateway") };
    let (mut lines, mut page, mut pages) = (BTreeMap::new(), None::<String>, 0);
    loop {
        let answer = gateway.statement(period, page.as_deref()).await.unwrap();
        lines.extend(answer.lines.into_iter().map(|line| (line.name.clone(), line)));
        pages += 1;
        page = answer.next;
        if page.is_none() {
            return (lines.into_values().collect(), pages);
        }
    }
}

fn on_every_gateway(chaos: Chaos, test: impl Fn(&World, &Trial)) {
    on_each_engine(|world| {
        for name in GatewayName::ALL {
            let trial = Trial::of(world, name, chaos, 1);
            trial.synchronize();
            test(world, &trial);
        }
    });
}

#[test]
fn every_payout_stands_in_the_statement_once() {
    on_every_gateway(Chaos::Quiet, |_, trial| {
        let name = trial.gateways[0].name().as_str();
        trial.simulator.with_book(|book| {
            for number in 0..120 {
                book.now += 60;
                book.plant(name, "by hand", 20_000 + number);
            }
        });
        trial.office.minutes(120);
        let (lines, pages) = block_on(read(trial));
        assert_eq!((lines.len(), pages), (120, if name == "xendit" { 3 } else { 1 }));
        let sum: i64 = lines.iter().map(|line| line.amount.get()).sum();
        assert_eq!(sum, (0..120).map(|number| 20_000 + number).sum::<i64>());
        assert!(lines.iter().all(|it| it.movement == Movement::Out && it.withdrawal.is_none()));
        let balance = block_on(trial.gateways[0].balance()).unwrap();
        assert_eq!(balance, Rupiah::new(1_000_000_000 - sum));
    });
}

#[test]
fn what_came_back_is_told_and_the_payout_knows_our_name() {
    on_every_gateway(Chaos::Only(Whim::Reversed), |world, trial| {
        let saver = trial
            .office
            .saver(if trial.gateways[0].name() == GatewayName::Xendit { 1 } else { 2 }, 100_000);
        trial.synchronize();
        let asked = trial.asked(saver);
        block_on(async {
            trial.dispatcher().step(100).await.unwrap();
            let (lines, _) = read(trial).await;
            let [line] = &lines[..] else { panic!("{lines:?}") };
            assert_eq!((line.amount, line.movement), (asked.amount, Movement::Out));
            let payout = trial.gateways[0].look_up(&line.reference).await.unwrap().unwrap();
            assert_eq!(payout.order, asked.id.to_string());
            assert!(trial.gateways[0].look_up("nobody").await.unwrap().is_none());
            trial.minutes(121);
            let (lines, _) = read(trial).await;
            assert!(lines.iter().any(|line| line.movement == Movement::Back), "{lines:?}");
        });
        world.verify().unwrap();
    });
}

#[test]
fn a_gateway_that_cannot_says_so() {
    on_every_gateway(Chaos::Quiet, |world, trial| {
        trial.simulator.with_book(|book| book.statement_errors = 1);
        let period = Period { from: world.ambient.now(), until: world.ambient.now() };
        let refused = block_on(trial.gateways[0].statement(period, None)).unwrap_err();
        assert_eq!(refused.to_string(), "status 500");
        block_on(trial.gateways[0].statement(period, None)).unwrap();
    });
}
