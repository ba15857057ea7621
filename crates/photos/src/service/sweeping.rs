use database::{Connection, Database, DatabaseError};
use object_store::ObjectStoreExt as _;
use primitives::PhotoId;

use super::{Photos, place_of};
use crate::{
    PhotoError,
    rules::{broken_off_before, forgotten_before},
    store,
};

impl Photos {
    /// Takes down what nobody attached within a day, and what broken-off uploads have left; at most `limit`, and says
    /// how many. First the row says so, then the file goes, then the row: whatever is cut off is done the next time.
    pub async fn sweep(&self, database: &Database, limit: i64) -> Result<usize, PhotoError> {
        let now = self.ambient.now();
        let (stored, begun) = (forgotten_before(now), broken_off_before(now));
        let due = move |conn: &mut Connection| store::due(conn, stored, begun, limit);
        let due = database.read(due).await?;
        if !due.is_empty() {
            let discard = move |conn: &mut Connection| {
                due.iter().try_for_each(|&id| store::discard(conn, id, now))
            };
            database.write(discard).await?;
        }
        let gone = database.read(move |conn| store::discarded(conn, limit)).await?;
        for &id in &gone {
            self.take_down(id).await?;
        }
        let count = gone.len();
        if count > 0 {
            let forget = move |conn: &mut Connection| -> Result<(), DatabaseError> {
                gone.iter().try_for_each(|&id| store::forget(conn, id))
            };
            database.write(forget).await?;
            metrics::counter!("photos_taken_down_total").increment(count.try_into().unwrap_or(0));
        }
        Ok(count)
    }

    async fn take_down(&self, id: PhotoId) -> Result<(), PhotoError> {
        match self.shelf.delete(&place_of(id)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
