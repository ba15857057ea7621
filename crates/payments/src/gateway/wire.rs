//! One request, one answer: with deadlines, a limit and no redirects.

use std::{fmt, time::Duration};

use reqwest::{Client, RequestBuilder, Url, redirect::Policy};

/// No answer of a gateway about one payout is larger.
const LARGEST: usize = 256 * 1024;
/// No page of a statement is larger.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// How long a gateway may take.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// To take the call.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For everything.
    pub total: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            read: Duration::from_secs(10),
            total: Duration::from_secs(20),
        }
    }
}

/// Where a gateway listens, and the client that talks to it.
#[derive(Clone)]
pub struct Endpoint {
    base: Url,
    client: Client,
}

/// Why there is no answer, or why there can be none.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not an address, or one that would send keys in the clear across a network.
    #[error("{0:?} is no https address")]
    Address(String),
    /// The client cannot be made.
    #[error("no HTTP client: {0}")]
    Client(#[source] reqwest::Error),
    /// Refused, cut off, or too late.
    #[error("{0}")]
    Broken(#[source] reqwest::Error),
    /// More than 256 KiB about a payout, or 4 MiB of a statement.
    #[error("the answer is too long")]
    TooLong,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.base)
    }
}

impl Endpoint {
    /// An https address; plain http only on this machine.
    pub fn new(base: &str, deadlines: Deadlines) -> Result<Self, WireError> {
        let refused = || WireError::Address(base.to_owned());
        let base = Url::parse(base.trim_end_matches('/')).map_err(|_malformed| refused())?;
        let here = matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if !(base.scheme() == "https" || base.scheme() == "http" && here) {
            return Err(refused());
        }
        let client = Client::builder()
            .connect_timeout(deadlines.connect)
            .read_timeout(deadlines.read)
            .timeout(deadlines.total)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(WireError::Client)?;
        Ok(Self { base, client })
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.at(path))
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.at(path))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }
}

/// Sends the request and reads the whole answer.
pub(super) async fn exchange(request: RequestBuilder) -> Result<Answer, WireError> {
    exchange_within(request, LARGEST).await
}

/// The same for a page of a statement.
pub(super) async fn exchange_page(request: RequestBuilder) -> Result<Answer, WireError> {
    exchange_within(request, LARGEST_PAGE).await
}

async fn exchange_within(request: RequestBuilder, largest: usize) -> Result<Answer, WireError> {
    // The address is ours and says nothing; the query may name somebody's payout.
    let broken = |error: reqwest::Error| WireError::Broken(error.without_url());
    let mut response = request.send().await.map_err(broken)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len().saturating_add(chunk.len()) > largest {
            return Err(WireError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_never_cross_a_network_in_the_clear() {
        let _first_or_not = rustls::crypto::ring::default_provider().install_default();
        let open = |base| Endpoint::new(base, Deadlines::default()).is_ok();
        assert!(open("http://127.0.0.1:9000") && open("http://localhost:9000/"));
        for base in ["http://api.example.com", "ftp://127.0.0.1", "nonsense", "http://10.0.0.1"] {
            assert!(!open(base), "{base}");
        }
    }
}
