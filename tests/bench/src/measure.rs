//! A closed loop: each client sends its next request as soon as the last one was answered.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::{Fault, wire::Wire};

/// What one client asks, again and again.
#[derive(Clone)]
pub(crate) enum Script {
    /// Reads a path.
    Get { path: String, token: Option<String> },
    /// Posts a body, each time under a fresh key.
    Post { path: &'static str, token: String, body: String },
}

/// The outcome of one loop.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    pub(crate) median: Duration,
    /// Not every yardstick tells.
    pub(crate) p99: Option<Duration>,
}

/// When answers count.
#[derive(Clone, Copy)]
struct Span {
    warm: Instant,
    end: Instant,
}

impl Script {
    pub(crate) fn written(&self, client: usize, turn: u64) -> String {
        match self {
            Self::Get { path, token: None } => {
                format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n")
            }
            Self::Get { path, token: Some(token) } => {
                format!(
                    "GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n"
                )
            }
            Self::Post { path, token, body } => format!(
                "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
                 idempotency-key: load-{client}-{turn}\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            ),
        }
    }
}

/// Runs all scripts at once, one connection each, and counts what was answered within the time.
pub(crate) async fn closed_loop(
    address: &str,
    scripts: Vec<Script>,
    time: Duration,
) -> Result<Figures, Fault> {
    let warm = Instant::now() + Duration::from_secs(1);
    let span = Span { warm, end: warm + time };
    let mut clients = JoinSet::new();
    for (number, script) in scripts.into_iter().enumerate() {
        let wire = Wire::open(address).await?;
        clients.spawn(client(wire, script, number, span));
    }
    let mut waits = Vec::new();
    while let Some(client) = clients.join_next().await {
        waits.extend(client??);
    }
    Ok(figures(waits, time))
}

async fn client(
    mut wire: Wire,
    script: Script,
    number: usize,
    span: Span,
) -> Result<Vec<Duration>, Fault> {
    let mut waits = Vec::new();
    for turn in 0_u64.. {
        let sent = Instant::now();
        if sent >= span.end {
            break;
        }
        let reply = wire.send(&script.written(number, turn)).await?;
        if !(200..300).contains(&reply.status) {
            let words = String::from_utf8_lossy(&reply.body);
            return Err(format!("status {}: {words}", reply.status).into());
        }
        let answered = Instant::now();
        if sent >= span.warm && answered <= span.end {
            waits.push(answered - sent);
        }
    }
    Ok(waits)
}

#[expect(clippy::cast_precision_loss, reason = "a count of answers, shown with three digits")]
pub(crate) fn figures(mut waits: Vec<Duration>, time: Duration) -> Figures {
    waits.sort_unstable();
    let at = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
    let per_second = waits.len() as f64 / time.as_secs_f64();
    Figures { per_second, median: at(50), p99: Some(at(99)) }
}
