use std::{
    ops::Bound,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use catalog::{Catalog, Vehicle, VehicleCode};
use collectors::{Collectors, LivePosition, live_position};
use database::Connection;
use live_state::{Channel, LiveState};
use pickups::Pickups;
use primitives::{Ambient, CollectorId, Timestamp};
use reports::{Report, Reports};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    FeedEntry, FeedPlace, MatchingError, Ranking,
    book::{Book, Sources},
    columns::Columns,
    doors::Doors,
    positions::{Positions, Seen},
    snapshot::Snapshot,
};

/// How old a snapshot may be before a question reads the log itself.
const LAG: Duration = Duration::from_millis(500);
/// Positions and wins grow old without anybody saying so.
const LIFE: Duration = Duration::from_secs(10);
/// In every turn some collectors are looked for, and within so many turns all of them.
const TURN: Duration = Duration::from_secs(1);
const TURNS: usize = 30;

/// Brings households and collectors together: the index, and the use cases around it. Cheap to clone.
#[derive(Clone)]
pub struct Matcher(Arc<Inner>);

struct Inner {
    ambient: Ambient,
    catalog: Catalog,
    sources: Sources,
    book: Mutex<Book>,
    positions: Positions,
    doors: Doors,
    snapshot: ArcSwap<Snapshot>,
    /// When the log was last read, in microseconds.
    read_at: AtomicI64,
}

impl Matcher {
    /// A matcher that knows nobody yet.
    pub fn new(
        ambient: Ambient,
        catalog: Catalog,
        reports: Reports,
        collectors: Collectors,
        pickups: Pickups,
    ) -> Self {
        Self(Arc::new(Inner {
            ambient,
            catalog,
            sources: Sources { reports, collectors, pickups },
            book: Mutex::default(),
            positions: Positions::default(),
            doors: Doors::default(),
            snapshot: ArcSwap::default(),
            read_at: AtomicI64::new(i64::MIN),
        }))
    }

    /// Reads everything from the database and publishes a snapshot.
    pub fn rebuild_in(&self, conn: &mut Connection) -> Result<(), MatchingError> {
        let mut book = self.book();
        *book = Book::read_in(conn, &self.0.sources, self.0.ambient.now())?;
        self.publish(&book);
        Ok(())
    }

    /// Reads what the log has brought since, and publishes a snapshot if anything has changed.
    ///
    /// Only what is committed may be read: never call it in a unit of work that could still be undone.
    pub fn catch_up_in(&self, conn: &mut Connection) -> Result<(), MatchingError> {
        let now = self.0.ambient.now();
        let mut book = self.book();
        let changed = book.catch_up_in(conn, &self.0.sources, now)?;
        let built_at = self.0.snapshot.load().built_at;
        let outlived = built_at.is_none_or(|built_at| built_at.plus(LIFE) <= now);
        // Asked last, since the question takes the answer away.
        if changed || outlived || self.0.positions.have_moved() {
            self.publish(&book);
        }
        self.0.read_at.store(now.micros(), Ordering::Release);
        Ok(())
    }

    /// Catches up when nobody has for a while: what a question does before it is answered.
    pub(crate) fn keep_up_in(&self, conn: &mut Connection) -> Result<(), MatchingError> {
        if self.is_behind() { self.catch_up_in(conn) } else { Ok(()) }
    }

    /// The present snapshot, unless the log was last read too long ago to trust it.
    pub(crate) fn recent_snapshot(&self) -> Option<Arc<Snapshot>> {
        (!self.is_behind()).then(|| self.0.snapshot.load_full())
    }

    fn is_behind(&self) -> bool {
        let read_at = Timestamp::from_micros(self.0.read_at.load(Ordering::Acquire));
        read_at.plus(LAG) <= self.0.ambient.now()
    }

    /// The best collectors for a report on the present snapshot, measured from its door.
    pub fn candidates_of(&self, report: &Report, most: usize) -> Ranking {
        self.0.snapshot.load().rank(report, most)
    }

    /// The index as it is now.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// A page of the open reports that a collector may take, best first.
    pub fn feed_of(&self, collector: CollectorId, place: FeedPlace, most: usize) -> Vec<FeedEntry> {
        self.0.snapshot.load().feed(collector, place, most)
    }

    /// Listens to where collectors are, for as long as the process lives; and looks for them one after the other, so
    /// that a message that got lost is made good within half a minute.
    pub async fn follow_positions(self, live_state: LiveState) {
        let heard = live_state.subscribe(Channel::Positions);
        self.look_for_everybody(&live_state).await;
        tokio::select! {
            () = self.listen(heard, &live_state) => {}
            () = self.look_around(&live_state) => {}
        }
    }

    async fn listen(&self, mut heard: Receiver<Vec<u8>>, live_state: &LiveState) {
        loop {
            match heard.recv().await {
                Ok(message) => self.0.positions.hear(&message),
                Err(RecvError::Lagged(_)) => self.look_for_everybody(live_state).await,
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn look_around(&self, live_state: &LiveState) {
        let mut turns = tokio::time::interval(TURN);
        let mut last = None;
        loop {
            turns.tick().await;
            last = self.look_for_next(live_state, last).await;
        }
    }

    async fn look_for_everybody(&self, live_state: &LiveState) {
        let known: Vec<CollectorId> = self.book().collectors.keys().copied().collect();
        for collector in known {
            self.look_for(live_state, collector).await;
        }
    }

    /// Looks for the share of one turn, beginning after the last one of the turn before; nothing when all had theirs.
    pub(crate) async fn look_for_next(
        &self,
        live_state: &LiveState,
        last: Option<CollectorId>,
    ) -> Option<CollectorId> {
        let share = {
            let book = self.book();
            let rest = (last.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
            let rest = book.collectors.range::<CollectorId, _>(rest).map(|(id, _)| *id);
            rest.take(book.collectors.len().div_ceil(TURNS)).collect::<Vec<_>>()
        };
        for &collector in &share {
            self.look_for(live_state, collector).await;
        }
        share.last().copied()
    }

    async fn look_for(&self, live_state: &LiveState, collector: CollectorId) {
        if let Some(position) = live_position(live_state, collector).await {
            let LivePosition { coordinates, recorded_at, suspicious, .. } = position;
            self.0.positions.place(collector, Seen { coordinates, recorded_at, suspicious });
        }
    }

    fn publish(&self, book: &Book) {
        let now = self.0.ambient.now();
        let Inner { snapshot, positions, catalog, doors, .. } = &*self.0;
        positions.meet(book.collectors.keys(), now);
        doors.keep(|report| book.open.contains_key(report));
        let next = Snapshot::after(&snapshot.load(), book, positions, Columns::of(catalog), now);
        snapshot.store(Arc::new(next));
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ambient(&self) -> &Ambient {
        &self.0.ambient
    }

    pub(crate) fn doors(&self) -> &Doors {
        &self.0.doors
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.0.sources
    }

    /// A vehicle of the present catalog.
    pub(crate) fn vehicle(&self, code: &VehicleCode) -> Option<Arc<Vehicle>> {
        self.0.catalog.vehicle(code)
    }

    /// The columns of the present catalog.
    pub(crate) fn columns(&self) -> Columns {
        Columns::of(&self.0.catalog)
    }
}
