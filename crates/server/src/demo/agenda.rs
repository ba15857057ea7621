//! What is still to happen today, earliest first.

use std::{cmp::Reverse, collections::BinaryHeap};

use primitives::Timestamp;

use super::steps::Step;

/// A queue of steps by time; steps of one moment stay in the order in which they were put in.
#[derive(Default)]
pub(super) struct Agenda {
    queue: BinaryHeap<Reverse<Entry>>,
    entered: u64,
}

struct Entry {
    at: Timestamp,
    order: u64,
    step: Step,
}

impl Agenda {
    pub(super) fn put(&mut self, at: Timestamp, step: Step) {
        self.entered += 1;
        self.queue.push(Reverse(Entry { at, order: self.entered, step }));
    }

    pub(super) fn next(&mut self) -> Option<(Timestamp, Step)> {
        self.queue.pop().map(|Reverse(entry)| (entry.at, entry.step))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}
