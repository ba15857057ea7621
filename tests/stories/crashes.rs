//! `kill -9` under load: everything acknowledged is still there, nothing is half done, the books are clean.

use std::sync::{Arc, Mutex};

use stories::{Household, Server, count_of, engines};

/// Crashes in the ordinary run; `scripts/soak` asks for 100.
const CRASHES: usize = 4;
/// Acknowledged writes between two crashes.
const WRITES: usize = 30;
const CLIENTS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_acknowledged_write_is_lost_when_the_process_is_killed() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let acknowledged = Arc::new(Mutex::new(Vec::<String>::new()));
        for crash in 1..=count_of("crashes", CRASHES) {
            let writers: Vec<_> = (0..CLIENTS)
                .map(|_| tokio::spawn(write_until_cut(siti.clone(), Arc::clone(&acknowledged))))
                .collect();
            wait_until(&acknowledged, crash * WRITES).await;
            server.kill();
            for writer in writers {
                writer.await.expect("the writer ends with the connection");
            }
            server.launch();
            let siti = Household(siti.0.refreshed_or_same().await);
            let known = acknowledged.lock().expect("the list").clone();
            for report in known.iter().rev().take(WRITES + CLIENTS) {
                assert_eq!(siti.state_of(report).await, "open", "{engine:?}");
            }
            let verified = server.tool(&["verify", "--json"]);
            assert!(verified.success, "{}", verified.output);
        }
    }
}

async fn write_until_cut(siti: Household, acknowledged: Arc<Mutex<Vec<String>>>) {
    while let Some(answer) = siti.0.try_post("/v1/reports", Household::report("instant")).await {
        if answer.status == 201 {
            acknowledged.lock().expect("the list").push(answer.text_of("id"));
        }
    }
}

async fn wait_until(acknowledged: &Mutex<Vec<String>>, count: usize) {
    let enough = async {
        while acknowledged.lock().expect("the list").len() < count {
            tokio::task::yield_now().await;
        }
    };
    let deadline = std::time::Duration::from_secs(60);
    tokio::time::timeout(deadline, enough).await.expect("enough writes in time");
}
