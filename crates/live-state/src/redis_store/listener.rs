use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use redis::{
    Client, Msg, RedisResult,
    aio::{PubSubSink, PubSubStream},
};
use tokio::time;

use super::Origin;
use crate::{Channel, fan_out::FanOut, link::Timeouts};

/// The first and the longest pause between two attempts to subscribe again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// A silent connection is asked for a sign of life this often: one that broke quietly never says so.
const SILENCE: Duration = Duration::from_secs(10);

/// Hears what the other processes publish, on a connection of its own, and passes it on; runs until aborted.
pub(super) async fn keep_listening(
    client: Client,
    timeouts: Timeouts,
    origin: Origin,
    fan_out: Arc<FanOut>,
) {
    let mut pause = PAUSES.0;
    loop {
        if let Ok(Ok((sink, messages))) = time::timeout(timeouts.connect, subscribe(&client)).await
        {
            pause = PAUSES.0;
            listen(sink, messages, timeouts, |message| pass_on(&message, origin, &fan_out)).await;
        }
        metrics::counter!("live_state_listener_reconnects_total").increment(1);
        time::sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

async fn subscribe(client: &Client) -> RedisResult<(PubSubSink, PubSubStream)> {
    let (mut sink, messages) = client.get_async_pubsub().await?.split();
    sink.subscribe(&Channel::ALL.map(Channel::name)).await?;
    Ok((sink, messages))
}

/// Returns when the connection is broken.
async fn listen(
    mut sink: PubSubSink,
    mut messages: PubSubStream,
    timeouts: Timeouts,
    pass_on: impl Fn(Msg),
) {
    loop {
        match time::timeout(SILENCE, messages.next()).await {
            Ok(Some(message)) => pass_on(message),
            Ok(None) => return,
            Err(_silent) => {
                let alive = time::timeout(timeouts.respond, sink.ping::<redis::Value>()).await;
                if !matches!(alive, Ok(Ok(_pong))) {
                    return;
                }
            }
        }
    }
}

fn pass_on(message: &Msg, own: Origin, fan_out: &FanOut) {
    let Some((origin, body)) = message.get_payload_bytes().split_first_chunk() else { return };
    if let Some(channel) = Channel::from_name(message.get_channel_name())
        && *origin != own
    {
        fan_out.deliver(channel, body.to_vec());
    }
}
