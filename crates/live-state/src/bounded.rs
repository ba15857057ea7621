use std::collections::HashMap;

/// What the map itself costs per entry, roughly.
const OVERHEAD_BYTES: usize = 96;

/// A map whose entries expire and whose size in bytes stays below a limit.
pub(crate) struct Bounded<V> {
    entries: HashMap<String, Entry<V>>,
    bytes: usize,
    most_bytes: usize,
}

struct Entry<V> {
    value: V,
    until: i64,
    bytes: usize,
}

impl<V> Bounded<V> {
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self { entries: HashMap::new(), bytes: 0, most_bytes }
    }

    /// The value under `key`, unless it expired.
    pub(crate) fn get(&self, key: &str, now: i64) -> Option<&V> {
        self.entries.get(key).filter(|entry| entry.until > now).map(|entry| &entry.value)
    }

    /// Keeps `value`, whose own size is `value_bytes`, until the given moment; too large a value is not kept.
    pub(crate) fn insert(&mut self, key: &str, value: V, value_bytes: usize, until: i64, now: i64) {
        self.remove(key);
        let bytes = key.len() + value_bytes + OVERHEAD_BYTES;
        if bytes > self.most_bytes / 4 {
            return;
        }
        if self.bytes + bytes > self.most_bytes {
            self.make_room(now);
        }
        self.bytes += bytes;
        self.entries.insert(key.to_owned(), Entry { value, until, bytes });
    }

    pub(crate) fn remove(&mut self, key: &str) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.bytes;
        }
    }

    /// Drops what has expired and, if that does not free a quarter, whatever expires soonest.
    /// A whole quarter at a time, so that a full map does not pay for this at every insert.
    fn make_room(&mut self, now: i64) {
        self.entries.retain(|_key, entry| entry.until > now);
        let mut by_expiry: Vec<(i64, usize)> =
            self.entries.values().map(|entry| (entry.until, entry.bytes)).collect();
        by_expiry.sort_unstable();
        let mut kept: usize = by_expiry.iter().map(|(_until, bytes)| bytes).sum();
        let mut horizon = now;
        for (until, bytes) in by_expiry {
            if kept <= self.most_bytes / 4 * 3 {
                break;
            }
            kept -= bytes;
            horizon = until;
        }
        self.entries.retain(|_key, entry| entry.until > horizon);
        self.bytes = self.entries.values().map(|entry| entry.bytes).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_expire() {
        let mut map = Bounded::new(10_000);
        map.insert("a", 1, 8, 100, 0);
        assert_eq!(map.get("a", 99), Some(&1));
        assert_eq!(map.get("a", 100), None);
    }

    #[test]
    fn a_full_map_keeps_what_lives_longest_and_stays_small() {
        let mut map = Bounded::new(10_000);
        for index in 0..1_000_i64 {
            map.insert(&format!("{index:04}"), index, 100, 1_000 + index, 0);
            assert!(map.bytes <= 10_000);
        }
        assert_eq!(map.get("0999", 0), Some(&999));
        assert_eq!(map.get("0000", 0), None);
        assert!(map.entries.len() >= 30);
    }

    #[test]
    fn replacing_does_not_count_twice() {
        let mut map = Bounded::new(10_000);
        for value in 0..1_000 {
            map.insert("same", value, 100, 1_000, 0);
        }
        assert_eq!(map.bytes, 4 + 100 + OVERHEAD_BYTES);
        map.remove("same");
        assert_eq!(map.bytes, 0);
    }

    #[test]
    fn a_giant_is_not_kept() {
        let mut map = Bounded::new(10_000);
        map.insert("small", 1, 8, 100, 0);
        map.insert("giant", 2, 9_000, 100, 0);
        assert_eq!((map.get("small", 0), map.get("giant", 0)), (Some(&1), None));
    }
}
