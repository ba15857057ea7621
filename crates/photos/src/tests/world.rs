use std::{sync::Arc, time::Duration};

use database::{Connection, Database, DatabaseError};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::{ObjectStore, memory::InMemory};
use primitives::{AccountId, Ambient, ManualClock, PhotoId, ReportId, Timestamp};

use super::pictures;
use crate::{Kind, Photo, PhotoError, Photos, Subject, attach_in};

const MIGRATIONS: &[&[database::Migration]] = &[http_kit::MIGRATIONS, crate::MIGRATIONS];

/// A shelf and its rows, with the clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) shelf: Arc<InMemory>,
    pub(super) photos: Photos,
}

/// Runs the test once per engine, within a runtime.
pub(super) fn on_each_engine(test: impl AsyncFn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| {
        let clock = test_kit::clock();
        let ambient = test_kit::ambient(&clock);
        let shelf = Arc::new(InMemory::new());
        let photos = Photos::new(ambient.clone(), Arc::clone(&shelf) as Arc<dyn ObjectStore>);
        let world = World { database: database.clone(), clock, ambient, shelf, photos };
        actix_web::rt::System::new().block_on(test(&world));
    });
}

impl World {
    pub(super) fn pass(&self, hours: u64) {
        self.clock.advance(Duration::from_secs(hours * 3_600));
    }

    pub(super) fn now(&self) -> Timestamp {
        self.ambient.now()
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Connection) -> Result<T, PhotoError> + Send + 'static,
    ) -> Result<T, PhotoError> {
        self.database.write_blocking(unit)
    }

    /// A photograph of the account's, on the shelf.
    pub(super) async fn upload(&self, owner: AccountId) -> Photo {
        let raw = pictures::jpeg(16, 8);
        let taken = self.photos.receive(&self.database, owner, Kind::Jpeg, raw).await.unwrap();
        let photos = self.photos.clone();
        self.write(move |conn| photos.keep_in(conn, &taken)).unwrap()
    }

    pub(super) fn attach(
        &self,
        owner: AccountId,
        ids: &[PhotoId],
        subject: Subject,
    ) -> Result<(), PhotoError> {
        let (ids, now) = (ids.to_vec(), self.now());
        self.write(move |conn| attach_in(conn, &ids, owner, subject, now))
    }

    pub(super) fn a_report(&self) -> Subject {
        let id: ReportId = self.ambient.mint();
        Subject::Report(id)
    }

    pub(super) async fn sweep(&self) -> usize {
        self.photos.sweep(&self.database, 100).await.unwrap()
    }

    /// How many files are on the shelf.
    pub(super) async fn files(&self) -> usize {
        let listed = self.shelf.list(None).boxed();
        listed.try_collect::<Vec<_>>().await.unwrap().len()
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> i64 {
        use diesel::{QueryDsl as _, RunQueryDsl as _};
        let count = |conn: &mut Connection| {
            Ok::<i64, DatabaseError>(crate::schema::photo::table.count().get_result(conn)?)
        };
        self.database.read_blocking(count).unwrap()
    }
}
