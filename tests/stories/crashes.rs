//! `kill -9` and power cuts under mixed load: everything acknowledged is still there, nothing is half done, the books are
//! clean.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use primitives::{Clock as _, SystemClock};
use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Reply, Server, Trader, count_of, engines, in_kabupaten};
use tokio::{sync::Semaphore, time::timeout};

use crate::races::top_up;

/// Crashes in the ordinary run; `scripts/soak` asks for 100.
const CRASHES: usize = 4;
/// Acknowledged steps between two crashes.
const STEPS: u32 = 60;
/// Households at work, each with a collector of its own.
const PAIRS: usize = 6;
/// What a job of theirs is worth: 500 g at Rp 1,500 a kilogram.
const WORTH: i64 = 750;
const DEADLINE: Duration = Duration::from_secs(60);

/// How far things may come, in order.
const WAYS: [&[&str]; 3] = [
    &["open", "assigned", "collected", "closed"],
    &["open", "cancelled"],
    &["assigned", "en_route", "arrived", "weighed", "confirmed", "paid"],
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_acknowledged_step_is_lost_when_the_process_is_killed() {
    for engine in engines() {
        println!("{engine:?}");
        outlast(&Arc::new(Server::start(engine)), Server::kill).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_acknowledged_step_is_lost_when_the_power_is_cut() {
    for engine in engines() {
        println!("{engine:?}");
        outlast(&Arc::new(Server::on_a_forgetful_disk(engine)), Server::cut_power).await;
    }
}

/// Strikes a server at work again and again, and looks each time what is left.
async fn outlast(server: &Arc<Server>, strike: fn(&Server)) {
    let officer = Officer::of(server, "081100000001", "officer", "12.07").await;
    let count = Arc::new(Semaphore::new(0));
    let mut pairs = Vec::new();
    for _ in 0..PAIRS {
        pairs.push(Pair::ready(&officer, &count).await);
    }
    let mut slowest_start = 0;
    for _ in 0..count_of("crashes", CRASHES) {
        let working: Vec<_> = pairs.iter().map(|pair| tokio::spawn(pair.clone().work())).collect();
        let enough = timeout(DEADLINE, count.acquire_many(STEPS)).await;
        enough.expect("enough steps in time").expect("a count").forget();
        strike(server);
        for pair in working {
            pair.await.expect("a pair stops when nobody answers");
        }
        slowest_start = slowest_start.max(milliseconds_of(|| server.launch()));
        for pair in &mut pairs {
            pair.stay_signed_in().await;
            pair.finds_news().await;
        }
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
    for pair in &pairs {
        pair.finds(&pair.steps()).await;
        pair.has_its_money().await;
    }
    let steps: usize = pairs.iter().map(|pair| pair.steps().len()).sum();
    println!("{steps} steps acknowledged, slowest start {slowest_start} ms");
}

/// An acknowledged step: where to look, and how far it had come.
#[derive(Clone)]
struct Step {
    path: String,
    reached: &'static str,
}

/// A household and a collector who are at it without pause.
#[derive(Clone)]
struct Pair {
    siti: Household,
    budi: Trader,
    steps: Arc<Mutex<Vec<Step>>>,
    /// Steps found again after a crash.
    found: usize,
    /// Counts the steps of all pairs.
    count: Arc<Semaphore>,
}

impl Pair {
    async fn ready(officer: &Officer, count: &Arc<Semaphore>) -> Self {
        let server = &officer.actor.server;
        let (siti, budi) = (Household::new(server).await, Trader::ready(officer, HOME).await);
        top_up(server, &budi.actor, 10_000_000);
        Self { siti, budi, steps: Arc::default(), found: 0, count: Arc::clone(count) }
    }

    /// One job after the other, some of them called off, until nobody answers.
    async fn work(self) {
        let mut turn = 0;
        while self.one_job(turn % 4 == 3).await.is_some() {
            turn += 1;
        }
    }

    /// Nothing when the connection was cut.
    async fn one_job(&self, called_off: bool) -> Option<()> {
        let mut report = Household::report("instant");
        report["items"] = json!([{ "material": "KRT-KARDUS-A", "estimated_grams": 500 }]);
        let report = self.siti.0.try_post("/v1/reports", report).await?.text_of("id");
        let path = format!("/v1/reports/{report}");
        self.acknowledged(&path, "open");
        if called_off {
            let reason = json!({ "reason": "tidak jadi" });
            self.siti.0.try_post(&format!("{path}/cancel"), reason).await?;
            self.acknowledged(&path, "cancelled");
            return Some(());
        }
        let taken = self.budi.actor.try_post(&format!("{path}/accept"), json!({})).await?;
        taken.expect(201);
        self.acknowledged(&path, "assigned");
        self.fetch(&taken.text_of("id")).await
    }

    async fn fetch(&self, pickup: &str) -> Option<()> {
        let (siti, budi) = (&self.siti.0, &self.budi.actor);
        let path = format!("/v1/pickups/{pickup}");
        self.acknowledged(&path, "assigned");
        let code = siti.try_get(&path).await?.text_of("handover_code");
        let line = json!({ "material": "KRT-KARDUS-A", "grams": 500 });
        let verbs: [(_, &str, Value, &str); 5] = [
            (budi, "depart", json!({}), "en_route"),
            (budi, "arrive", json!({ "location": in_kabupaten(HOME) }), "arrived"),
            (budi, "weigh-in", json!({ "handover_code": code, "lines": [line] }), "weighed"),
            (siti, "confirm", json!({}), "confirmed"),
            (budi, "payment", json!({ "method": "wallet" }), "paid"),
        ];
        for (actor, verb, body, reached) in verbs {
            let answer: Reply = actor.try_post(&format!("{path}/{verb}"), body).await?;
            assert!(answer.status < 300, "{verb}: {}", answer.text);
            self.acknowledged(&path, reached);
        }
        Some(())
    }

    fn acknowledged(&self, path: &str, reached: &'static str) {
        let step = Step { path: path.to_owned(), reached };
        self.steps.lock().expect("the steps").push(step);
        self.count.add_permits(1);
    }

    fn steps(&self) -> Vec<Step> {
        self.steps.lock().expect("the steps").clone()
    }

    async fn stay_signed_in(&mut self) {
        self.siti.0 = self.siti.0.refreshed().await;
        self.budi.actor = self.budi.actor.refreshed().await;
    }

    async fn finds_news(&mut self) {
        let steps = self.steps();
        self.finds(&steps[self.found..]).await;
        self.found = steps.len();
    }

    async fn finds(&self, steps: &[Step]) {
        for Step { path, reached } in steps {
            let found = self.siti.0.get(path).await;
            found.expect(200);
            let state = found.text_of("state");
            assert!(has_come_to(&state, reached), "{path} had {reached}, and now is {state}");
        }
    }

    async fn has_its_money(&self) {
        let steps = self.steps();
        let paid = steps.iter().filter(|step| step.reached == "paid").count();
        let balance = self.siti.0.get("/v1/wallet").await.expect(200)["balance_rupiah"].clone();
        let balance = balance.as_i64().expect("a balance");
        let acknowledged = i64::try_from(paid).expect("few") * WORTH;
        assert!(balance >= acknowledged && balance % WORTH == 0, "{balance} of {acknowledged}");
    }
}

fn has_come_to(state: &str, reached: &str) -> bool {
    WAYS.iter().any(|way| {
        let place = |name: &str| way.iter().position(|step| *step == name);
        place(state).zip(place(reached)).is_some_and(|(state, reached)| state >= reached)
    })
}

fn milliseconds_of(act: impl FnOnce()) -> i64 {
    let before = SystemClock.now().micros();
    act();
    (SystemClock.now().micros() - before) / 1_000
}
