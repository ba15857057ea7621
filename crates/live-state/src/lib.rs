#![doc = include_str!("../README.md")]

mod bounded;
mod fan_out;
mod link;
mod memory;
mod rate;
mod redis_store;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use primitives::Timestamp;
use tokio::sync::broadcast;

pub use fan_out::Channel;
pub use link::Timeouts;
pub use rate::{Decision, Policy};

use crate::{fan_out::FanOut, memory::Memory, redis_store::RedisStore};

/// The address of the Redis server cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the Redis address cannot be read")]
pub struct InvalidAddress(#[source] redis::RedisError);

/// Counters, caches and fan-out of this process, or of all processes that share a Redis. Cheap to clone.
#[derive(Clone)]
pub struct LiveState {
    memory: Arc<Memory>,
    fan_out: Arc<FanOut>,
    redis: Option<Arc<RedisStore>>,
}

impl LiveState {
    /// Everything in this process.
    pub fn in_memory() -> Self {
        Self { memory: Arc::default(), fan_out: Arc::default(), redis: None }
    }

    /// Shared through Redis. A server that does not answer is no error: memory serves until it does.
    pub async fn redis(url: &str, timeouts: Timeouts) -> Result<Self, InvalidAddress> {
        let client = redis::Client::open(url).map_err(InvalidAddress)?;
        let fan_out = Arc::<FanOut>::default();
        let store = RedisStore::open(client, timeouts, Arc::clone(&fan_out)).await;
        Ok(Self { memory: Arc::default(), fan_out, redis: Some(Arc::new(store)) })
    }

    /// Counts one event under `key` and says whether the policy still allows it.
    pub async fn hit(&self, key: &str, policy: Policy, now: Timestamp) -> Decision {
        if let Some(redis) = &self.redis
            && let Ok(decision) = redis.hit(key, policy, now).await
        {
            return decision;
        }
        self.memory.hit(key, policy, now)
    }

    /// Remembers a value for at most `time_to_live`.
    pub async fn put(&self, key: &str, value: Vec<u8>, time_to_live: Duration) {
        if let Some(redis) = &self.redis
            && redis.put(key, &value, time_to_live).await.is_ok()
        {
            return self.memory.forget(key);
        }
        self.memory.put(key, value, time_to_live);
    }

    /// The value remembered under `key`, unless it has expired or was dropped for lack of room.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        if let Some(redis) = &self.redis
            && let Ok(value) = redis.get(key).await
        {
            return value;
        }
        self.memory.get(key)
    }

    /// Drops the value remembered under `key`.
    pub async fn forget(&self, key: &str) {
        self.memory.forget(key);
        if let Some(redis) = &self.redis {
            // Redis being away is counted and logged there, and the key is deleted when it is back.
            let _away = redis.forget(key).await;
        }
    }

    /// Tells every subscriber of `channel`, here and in the other processes.
    pub async fn publish(&self, channel: Channel, message: Vec<u8>) {
        if let Some(redis) = &self.redis {
            // Redis being away is counted and logged there; the subscribers here hear it all the same.
            let _away = redis.publish(channel, &message).await;
        }
        self.fan_out.deliver(channel, message);
    }

    /// Everything published on `channel` from now on. A receiver that falls 1,024 messages behind is told so.
    pub fn subscribe(&self, channel: Channel) -> broadcast::Receiver<Vec<u8>> {
        self.fan_out.subscribe(channel)
    }
}
