use std::{
    collections::HashMap,
    io::BufRead,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a word may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a server has said on standard output.
#[derive(Default)]
pub(crate) struct Heard {
    lines: Mutex<Lines>,
    news: Condvar,
}

#[derive(Default)]
struct Lines {
    api: Option<String>,
    metrics: Option<String>,
    codes: HashMap<String, String>,
}

impl Heard {
    /// Listens until the server says nothing more.
    pub(crate) fn listen(&self, output: impl BufRead) {
        for line in output.lines().map_while(Result::ok) {
            let word = |name: &str| {
                line.split_whitespace().find_map(|word| word.strip_prefix(name)).map(str::to_owned)
            };
            let mut lines = self.lines();
            if line.starts_with("listening ") {
                (lines.api, lines.metrics) = (word("api="), word("metrics="));
            }
            if let (Some(challenge), Some(code)) = (word("challenge="), word("code=")) {
                lines.codes.insert(challenge, code);
            }
            self.news.notify_all();
        }
    }

    /// A server that starts anew will say anew where it listens.
    pub(crate) fn forget_the_address(&self) {
        self.lines().api = None;
    }

    pub(crate) fn api(&self) -> String {
        self.wait_for(|lines| lines.api.clone(), "the server to listen")
    }

    pub(crate) fn metrics(&self) -> String {
        self.wait_for(|lines| lines.metrics.clone(), "the metrics to listen")
    }

    pub(crate) fn code_of(&self, challenge: &str) -> String {
        self.wait_for(|lines| lines.codes.get(challenge).cloned(), "a one-time code")
    }

    fn wait_for<T>(&self, found: impl Fn(&Lines) -> Option<T>, what: &str) -> T {
        let (lines, _timed_out) = self
            .news
            .wait_timeout_while(self.lines(), DEADLINE, |lines| found(lines).is_none())
            .unwrap_or_else(PoisonError::into_inner);
        found(&lines).unwrap_or_else(|| panic!("waited in vain for {what}"))
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
