use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use primitives::{Entropy, OsEntropy, Timestamp};
use tokio::time::timeout;

use super::*;

const POLICY: Policy = Policy { burst: 3, period: Duration::from_secs(60) };
const PATIENCE: Duration = Duration::from_secs(30);

/// For a Redis that is there: a busy machine must not make the test fall back to memory.
const PATIENT: Timeouts = Timeouts { connect: PATIENCE, respond: PATIENCE };

/// For a Redis that is not: how long a test is willing to wait for that to be noticed.
const QUICK: Timeouts =
    Timeouts { connect: Duration::from_millis(500), respond: Duration::from_millis(1_000) };

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + seconds * 1_000_000)
}

/// The Redis of the test run; a loud line when there is none.
#[expect(clippy::disallowed_methods, reason = "tests learn from the environment where Redis is")]
fn redis_url() -> Option<String> {
    let url = std::env::var("JUMPA_MADU_TEST_REDIS").ok();
    if url.is_none() {
        eprintln!(
            "NOT TESTED ON REDIS: JUMPA_MADU_TEST_REDIS is not set (scripts/with-services sets it)"
        );
    }
    url
}

/// Memory, and Redis when there is one.
async fn each() -> Vec<LiveState> {
    let mut all = vec![LiveState::in_memory()];
    if let Some(url) = redis_url() {
        all.push(shared(&url).await);
    }
    all
}

async fn shared(url: &str) -> LiveState {
    let live_state = LiveState::redis(url, PATIENT).await.unwrap();
    live_state.connected().await;
    live_state
}

impl LiveState {
    async fn connected(&self) {
        timeout(PATIENCE, self.redis.as_ref().unwrap().connected()).await.unwrap();
    }
}

/// A key nobody else uses, on a Redis that outlives the test.
fn fresh_key() -> String {
    let mut bytes = [0; 8];
    OsEntropy.fill(&mut bytes);
    format!("test-{}", u64::from_le_bytes(bytes))
}

#[tokio::test]
async fn counters_refuse_and_refill() {
    for live_state in each().await {
        let (key, other) = (fresh_key(), fresh_key());
        for left in (0..3).rev() {
            assert_eq!(live_state.hit(&key, POLICY, at(0)).await, Decision::allowed(left));
        }
        assert_eq!(live_state.hit(&key, POLICY, at(5)).await, Decision::refused(15_000_000));
        assert!(live_state.hit(&other, POLICY, at(5)).await.allowed);
        assert!(live_state.hit(&key, POLICY, at(20)).await.allowed);
    }
}

#[tokio::test]
async fn lua_decides_as_rust_does() {
    let Some(url) = redis_url() else { return };
    let (memory, redis, key) = (LiveState::in_memory(), shared(&url).await, fresh_key());
    for (index, seconds) in
        [0, 0, 3, 7, 7, 8, 20, 41, 41, 41, 41, 300, 10, 11].into_iter().enumerate()
    {
        let expected = memory.hit(&key, POLICY, at(seconds)).await;
        assert_eq!(redis.hit(&key, POLICY, at(seconds)).await, expected, "hit {index}");
    }
}

#[tokio::test]
async fn cached_values_come_back_until_forgotten() {
    for live_state in each().await {
        let key = fresh_key();
        assert_eq!(live_state.get(&key).await, None);
        live_state.put(&key, vec![0, 255, 7], PATIENCE).await;
        assert_eq!(live_state.get(&key).await, Some(vec![0, 255, 7]));
        live_state.forget(&key).await;
        assert_eq!(live_state.get(&key).await, None);
        live_state.put(&key, vec![1], Duration::ZERO).await;
        let gone = async { while live_state.get(&key).await.is_some() {} };
        timeout(PATIENCE, gone).await.unwrap();
    }
}

#[tokio::test]
async fn a_message_arrives_once_at_every_subscriber_here() {
    for live_state in each().await {
        let mut first = live_state.subscribe(Channel::Positions);
        let mut second = live_state.subscribe(Channel::Positions);
        live_state.publish(Channel::Events, b"elsewhere".to_vec()).await;
        live_state.publish(Channel::Positions, b"one".to_vec()).await;
        live_state.publish(Channel::Positions, b"two".to_vec()).await;
        for receiver in [&mut first, &mut second] {
            assert_eq!(receiver.recv().await.unwrap(), b"one");
            assert_eq!(receiver.recv().await.unwrap(), b"two");
            assert!(receiver.is_empty());
        }
    }
}

#[tokio::test]
async fn processes_share_counters_cache_and_messages() {
    let Some(url) = redis_url() else { return };
    let (one, two, key) = (shared(&url).await, shared(&url).await, fresh_key());
    one.hit(&key, POLICY, at(0)).await;
    assert_eq!(two.hit(&key, POLICY, at(0)).await.remaining, 1);
    one.put(&key, b"value".to_vec(), PATIENCE).await;
    assert_eq!(two.get(&key).await, Some(b"value".to_vec()));

    // Whatever was published before the other had subscribed is lost, so it is said until it is heard.
    let mut heard = two.subscribe(Channel::Identities);
    let speak = async {
        loop {
            one.publish(Channel::Identities, key.clone().into_bytes()).await;
            tokio::task::yield_now().await;
        }
    };
    let hear = async { while heard.recv().await.is_ok_and(|body| body != key.as_bytes()) {} };
    let either = async {
        tokio::select! { () = speak => {}, () = hear => {} }
    };
    timeout(PATIENCE, either).await.unwrap();
}

#[tokio::test]
async fn an_unreadable_address_is_refused() {
    assert!(LiveState::redis("not an address", QUICK).await.is_err());
}

#[tokio::test]
async fn nobody_at_the_address_means_memory() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    serves_from_memory(&format!("redis://{free}")).await;
}

#[tokio::test]
async fn a_server_that_never_answers_means_memory() {
    // The operating system accepts the connection; nobody ever reads from it.
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    serves_from_memory(&format!("redis://{}", hanging.local_addr().unwrap())).await;
}

async fn serves_from_memory(url: &str) {
    let begun = Instant::now();
    let live_state = LiveState::redis(url, QUICK).await.unwrap();
    let mut messages = live_state.subscribe(Channel::Events);
    for left in (0..3).rev() {
        assert_eq!(live_state.hit("key", POLICY, at(0)).await, Decision::allowed(left));
    }
    live_state.put("key", b"value".to_vec(), PATIENCE).await;
    assert_eq!(live_state.get("key").await, Some(b"value".to_vec()));
    live_state.forget("key").await;
    assert_eq!(live_state.get("key").await, None);
    live_state.publish(Channel::Events, b"body".to_vec()).await;
    assert_eq!(messages.recv().await.unwrap(), b"body");
    assert!(begun.elapsed() < 5 * QUICK.respond, "{:?}", begun.elapsed());
}

/// A door in front of the real Redis that can be shut: what was open goes silent, what is new hangs.
struct Door {
    address: SocketAddr,
    open: Arc<AtomicBool>,
}

impl Door {
    fn before(redis: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let door =
            Self { address: listener.local_addr().unwrap(), open: Arc::new(AtomicBool::new(true)) };
        let (opened, redis) = (Arc::clone(&door.open), redis.to_owned());
        thread::spawn(move || {
            while let Ok((outside, _)) = listener.accept() {
                let (answers, questions) = connect(&redis);
                pump(outside.try_clone().unwrap(), questions, &opened);
                pump(answers, outside, &opened);
            }
        });
        door
    }

    fn set(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
    }
}

/// The two directions of a connection to Redis, by TCP or by socket file.
fn connect(redis: &str) -> (Box<dyn Read + Send>, Box<dyn Write + Send>) {
    if let Some(path) = redis.strip_prefix("redis+unix://") {
        let stream = UnixStream::connect(path).unwrap();
        return (Box::new(stream.try_clone().unwrap()), Box::new(stream));
    }
    let client = redis::Client::open(redis).unwrap();
    let stream = TcpStream::connect(client.get_connection_info().addr().to_string()).unwrap();
    (Box::new(stream.try_clone().unwrap()), Box::new(stream))
}

/// Copies bytes one way; swallows them while the door is shut, as a server that hangs does.
fn pump(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    open: &Arc<AtomicBool>,
) {
    let open = Arc::clone(open);
    thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if open.load(Ordering::SeqCst) && to.write_all(&buffer[..count]).is_err() {
                return;
            }
        }
    });
}

#[tokio::test]
async fn redis_that_hangs_in_the_middle_is_left_and_found_again_without_stale_values() {
    let Some(url) = redis_url() else { return };
    let door = Door::before(&url);
    let through = LiveState::redis(&format!("redis://{}", door.address), QUICK).await.unwrap();
    through.connected().await;
    let direct = shared(&url).await;
    let (kept, changed) = (fresh_key(), fresh_key());
    for key in [&kept, &changed] {
        through.put(key, b"before".to_vec(), PATIENCE).await;
        assert_eq!(direct.get(key).await, Some(b"before".to_vec()));
    }

    door.set(false);
    let begun = Instant::now();
    through.put(&changed, b"meanwhile".to_vec(), PATIENCE).await;
    assert_eq!(through.get(&changed).await, Some(b"meanwhile".to_vec()));
    assert!(begun.elapsed() < 5 * QUICK.respond, "{:?}", begun.elapsed());

    door.set(true);
    through.connected().await;
    assert_eq!(through.get(&kept).await, Some(b"before".to_vec()));
    assert_eq!(through.get(&changed).await, None);
    assert_eq!(direct.get(&changed).await, None);
}
