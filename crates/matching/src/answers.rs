use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http_kit::Answer;
use primitives::{Language, ReportId};

/// Not more answers than this are kept of one snapshot: some tens of megabytes.
const MOST_KEPT: usize = 4_096;

/// A household's question for candidates; on one snapshot it always has the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    pub(crate) report: ReportId,
    pub(crate) most: usize,
    pub(crate) language: Language,
}

/// What has been answered already, byte for byte. It belongs to a snapshot and ends with it.
#[derive(Default)]
pub(crate) struct Answers(Mutex<HashMap<Asked, Answer>>);

impl Answers {
    /// The answer that was given before.
    pub(crate) fn given(&self, asked: &Asked) -> Option<Answer> {
        self.all().get(asked).cloned()
    }

    /// Keeps an answer while there is room.
    pub(crate) fn keep(&self, asked: Asked, answer: &Answer) {
        let mut all = self.all();
        if all.len() < MOST_KEPT {
            all.insert(asked, answer.clone());
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Asked, Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
