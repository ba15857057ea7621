mod listener;

use std::{sync::Arc, time::Duration};

use primitives::{Entropy, OsEntropy, Timestamp};
use redis::{Client, Script};
use tokio::task::JoinSet;

use crate::{
    Channel, Decision, Policy,
    fan_out::FanOut,
    link::{Away, Link, Timeouts, keep_connected, report_away},
};

/// `Policy::decide`, said in Lua so that reading and writing the counter are one step for all processes.
const HIT: &str = include_str!("redis_store/hit.lua");

/// Distinguishes this process's messages from those of the others.
type Origin = [u8; 16];

/// Counters, cache and fan-out that all processes share.
pub(crate) struct RedisStore {
    link: Arc<Link>,
    hit: Script,
    origin: Origin,
    /// Aborted when the store is dropped.
    _tasks: JoinSet<()>,
}

impl RedisStore {
    pub(crate) async fn open(client: Client, timeouts: Timeouts, fan_out: Arc<FanOut>) -> Self {
        let link = Arc::new(Link::new(client.clone(), timeouts));
        if let Err(error) = link.connect(0).await {
            report_away(&error);
        }
        let mut origin = Origin::default();
        OsEntropy.fill(&mut origin);
        let mut tasks = JoinSet::new();
        tasks.spawn(keep_connected(Arc::clone(&link)));
        tasks.spawn(listener::keep_listening(client, timeouts, origin, fan_out));
        Self { link, hit: Script::new(HIT), origin, _tasks: tasks }
    }

    pub(crate) async fn hit(
        &self,
        key: &str,
        policy: Policy,
        now: Timestamp,
    ) -> Result<Decision, Away> {
        let mut call = self.hit.key(format!("jumpa_madu:count:{key}"));
        call.arg(now.micros()).arg(policy.interval()).arg(policy.tolerance());
        let (allowed, remaining, wait): (bool, i64, i64) =
            self.link.ask(|mut wire| async move { call.invoke_async(&mut wire).await }).await?;
        Ok(if allowed { Decision::allowed(remaining) } else { Decision::refused(wait) })
    }

    pub(crate) async fn put(
        &self,
        key: &str,
        value: &[u8],
        time_to_live: Duration,
    ) -> Result<(), Away> {
        let key = cache_key(key);
        let milliseconds = u64::try_from(time_to_live.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut command = redis::cmd("SET");
        command.arg(&key).arg(value).arg("PX").arg(milliseconds);
        let stored = self.link.ask(|mut wire| async move { command.exec_async(&mut wire).await });
        stored.await.inspect_err(|Away| self.link.missed(key))
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Away> {
        let mut command = redis::cmd("GET");
        command.arg(cache_key(key));
        self.link.ask(|mut wire| async move { command.query_async(&mut wire).await }).await
    }

    pub(crate) async fn forget(&self, key: &str) -> Result<(), Away> {
        let key = cache_key(key);
        let mut command = redis::cmd("DEL");
        command.arg(&key);
        let deleted = self.link.ask(|mut wire| async move { command.exec_async(&mut wire).await });
        deleted.await.inspect_err(|Away| self.link.missed(key))
    }

    /// Tells the other processes; the message carries its origin, because here it is delivered directly.
    pub(crate) async fn publish(&self, channel: Channel, message: &[u8]) -> Result<(), Away> {
        let mut command = redis::cmd("PUBLISH");
        command.arg(channel.name()).arg([self.origin.as_slice(), message].concat());
        self.link.ask(|mut wire| async move { command.exec_async(&mut wire).await }).await
    }

    #[cfg(test)]
    pub(crate) async fn connected(&self) {
        self.link.connected().await;
    }
}

fn cache_key(key: &str) -> String {
    format!("jumpa_madu:cache:{key}")
}
