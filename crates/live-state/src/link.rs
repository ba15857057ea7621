use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult, aio::MultiplexedConnection};
use tokio::{sync::watch, time};

/// The first and the longest pause between two attempts to reach Redis again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// So many keys that changed while Redis was away are remembered; the rest lives out its time there.
const MOST_UNSETTLED: usize = 10_000;

/// How long Redis may take before memory answers instead.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// To accept a connection and say hello.
    pub connect: Duration,
    /// To answer one command.
    pub respond: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_millis(500), respond: Duration::from_millis(250) }
    }
}

/// Redis did not answer in time, or not at all; counted and logged where it was noticed.
#[derive(Debug)]
pub(crate) struct Away;

/// The connection for commands: given up at the first failure and made anew in the background, so that
/// callers never queue behind a server that hangs. (The client library's own manager keeps a connection
/// whose answers time out, and makes callers wait while it reconnects.)
pub(crate) struct Link {
    client: Client,
    timeouts: Timeouts,
    wire: watch::Sender<Option<Wire>>,
    unsettled: Mutex<HashSet<String>>,
}

#[derive(Clone)]
struct Wire {
    number: u64,
    connection: MultiplexedConnection,
}

impl Link {
    pub(crate) fn new(client: Client, timeouts: Timeouts) -> Self {
        Self { client, timeouts, wire: watch::Sender::new(None), unsettled: Mutex::default() }
    }

    /// Runs one exchange with Redis within the time allowed.
    pub(crate) async fn ask<T, F>(
        &self,
        exchange: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Result<T, Away>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let Some(wire) = self.wire.borrow().clone() else {
            return Err(fallen_back());
        };
        let answer = time::timeout(self.timeouts.respond, exchange(wire.connection)).await;
        match answer.unwrap_or_else(|_elapsed| Err(timed_out())) {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.give_up(wire.number, &error);
                Err(fallen_back())
            }
        }
    }

    /// Notes that Redis missed a change of `key`: it is deleted there before its answers count again.
    pub(crate) fn missed(&self, key: String) {
        let mut unsettled = self.unsettled.lock().unwrap_or_else(PoisonError::into_inner);
        if unsettled.len() < MOST_UNSETTLED {
            unsettled.insert(key);
        }
    }

    /// Connects once. The `number` tells this connection from its predecessors.
    pub(crate) async fn connect(&self, number: u64) -> Result<(), RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeouts.connect))
            .set_response_timeout(Some(self.timeouts.respond));
        let mut connection =
            self.client.get_multiplexed_async_connection_with_config(&config).await?;
        self.settle(&mut connection).await?;
        self.wire.send_replace(Some(Wire { number, connection }));
        metrics::gauge!("live_state_redis_connected").set(1.0);
        tracing::info!("connected to Redis; live state is shared");
        Ok(())
    }

    /// Proves that Redis takes writes and deletes what it missed.
    async fn settle(&self, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        let mut probe = redis::cmd("SET");
        probe.arg("jumpa_madu:probe").arg(1).arg("PX").arg(1_000);
        probe.exec_async(connection).await?;
        let missed: Vec<String> = {
            let unsettled = self.unsettled.lock().unwrap_or_else(PoisonError::into_inner);
            unsettled.iter().cloned().collect()
        };
        for keys in missed.chunks(500) {
            redis::cmd("DEL").arg(keys).exec_async(connection).await?;
        }
        let mut unsettled = self.unsettled.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &missed {
            unsettled.remove(key);
        }
        Ok(())
    }

    fn give_up(&self, number: u64, error: &RedisError) {
        let was_current = self.wire.send_if_modified(|wire| {
            let current = wire.as_ref().is_some_and(|wire| wire.number == number);
            if current {
                *wire = None;
            }
            current
        });
        if was_current {
            report_away(error);
        }
    }

    /// Returns when the connection is there.
    #[cfg(test)]
    pub(crate) async fn connected(&self) {
        let mut wire = self.wire.subscribe();
        wire.wait_for(Option::is_some).await.expect("the link owns the sender");
    }
}

/// Makes a new connection whenever there is none; runs until it is aborted.
pub(crate) async fn keep_connected(link: Arc<Link>) {
    let mut wire = link.wire.subscribe();
    let mut number = 1;
    while wire.wait_for(Option::is_none).await.is_ok() {
        let mut pause = PAUSES.0;
        while link.connect(number).await.is_err() {
            time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        number += 1;
    }
}

/// The one log line for a connection that was lost or could not be made.
pub(crate) fn report_away(error: &RedisError) {
    metrics::gauge!("live_state_redis_connected").set(0.0);
    tracing::warn!(reason = %error, "Redis does not answer; live state is in this process's memory");
}

fn fallen_back() -> Away {
    metrics::counter!("live_state_fallbacks_total").increment(1);
    Away
}

fn timed_out() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}
