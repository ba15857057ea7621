mod allowance;

use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{AccountId, Invalid, PhotoId, Timestamp};

pub(crate) use allowance::spend;

use crate::{Photo, Subject, schema::photo};

/// Small enough for SQLite's limit on bound values.
const CHUNK: usize = 500;

#[derive(Queryable)]
#[diesel(table_name = photo)]
struct PhotoRow {
    id: String,
    owner_id: String,
    created_at: i64,
    width: Option<i64>,
    height: Option<i64>,
    bytes: Option<i64>,
    sha256: Option<String>,
}

/// Notes that an upload has begun.
pub(crate) fn begin(
    conn: &mut Connection,
    id: PhotoId,
    owner: AccountId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let row = (
        photo::id.eq(id.to_string()),
        photo::owner_id.eq(owner.to_string()),
        photo::created_at.eq(now.micros()),
    );
    diesel::insert_into(photo::table).values(row).execute(conn)?;
    Ok(())
}

/// Notes that the file is on the shelf; false when the upload has been given up meanwhile.
pub(crate) fn keep(
    conn: &mut Connection,
    new: &Photo,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let begun = photo::table
        .filter(photo::id.eq(new.id.to_string()))
        .filter(photo::stored_at.is_null())
        .filter(photo::discarded_at.is_null());
    let facts = (
        photo::stored_at.eq(now.micros()),
        photo::width.eq(new.width),
        photo::height.eq(new.height),
        photo::bytes.eq(new.bytes),
        photo::sha256.eq(&new.sha256),
    );
    Ok(diesel::update(begun).set(facts).execute(conn)? == 1)
}

/// A photograph that is on the shelf, and what it is attached to.
pub(crate) fn find(
    conn: &mut Connection,
    id: PhotoId,
) -> Result<Option<(Photo, Option<String>)>, DatabaseError> {
    let kept = photo::table
        .filter(photo::id.eq(id.to_string()))
        .filter(photo::stored_at.is_not_null())
        .filter(photo::discarded_at.is_null());
    let columns = (
        photo::id,
        photo::owner_id,
        photo::created_at,
        photo::width,
        photo::height,
        photo::bytes,
        photo::sha256,
    );
    let row: Option<(PhotoRow, Option<String>)> =
        kept.select((columns, photo::subject)).first(conn).optional()?;
    let Some((row, subject)) = row else { return Ok(None) };
    let found = row.read().map_err(|what| DatabaseError::corrupt("photo", id, what))?;
    Ok(Some((found, subject)))
}

/// Gives the owner's photograph its one place; false when it has one, is not there, or is somebody else's.
pub(crate) fn attach(
    conn: &mut Connection,
    (id, position): (PhotoId, i64),
    owner: AccountId,
    subject: Subject,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let free = photo::table
        .filter(photo::id.eq(id.to_string()))
        .filter(photo::owner_id.eq(owner.to_string()))
        .filter(photo::stored_at.is_not_null())
        .filter(photo::discarded_at.is_null())
        .filter(photo::subject.is_null());
    let place = (
        photo::subject.eq(subject.to_string()),
        photo::position.eq(position),
        photo::attached_at.eq(now.micros()),
    );
    Ok(diesel::update(free).set(place).execute(conn)? == 1)
}

/// Takes everything off a subject.
pub(crate) fn detach(conn: &mut Connection, subject: Subject) -> Result<(), DatabaseError> {
    let nowhere = (
        photo::subject.eq(None::<String>),
        photo::position.eq(None::<i64>),
        photo::attached_at.eq(None::<i64>),
    );
    let attached = photo::table.filter(photo::subject.eq(subject.to_string()));
    diesel::update(attached).set(nowhere).execute(conn)?;
    Ok(())
}

/// The photographs of each of the subjects, in their order, with the subject's word.
pub(crate) fn attached(
    conn: &mut Connection,
    subjects: &[String],
) -> Result<Vec<(String, PhotoId)>, DatabaseError> {
    let mut found = Vec::new();
    for chunk in subjects.chunks(CHUNK) {
        let query = photo::table.order((photo::subject, photo::position)).into_boxed();
        // One subject alone keeps its prepared statement; a list of unknown length is a new one each time.
        let query = match chunk {
            [subject] => query.filter(photo::subject.eq(subject)),
            subjects => query.filter(photo::subject.eq_any(subjects)),
        };
        let rows =
            query.select((photo::subject, photo::id)).load::<(Option<String>, String)>(conn)?;
        for (subject, id) in rows {
            found.push((subject.unwrap_or_default(), read_id(&id)?));
        }
    }
    Ok(found)
}

/// Photographs that nobody attached, or of which no file came, in time.
pub(crate) fn due(
    conn: &mut Connection,
    stored_before: Timestamp,
    begun_before: Timestamp,
    limit: i64,
) -> Result<Vec<PhotoId>, DatabaseError> {
    let forgotten =
        photo::stored_at.is_not_null().and(photo::created_at.lt(stored_before.micros()));
    let broken_off = photo::stored_at.is_null().and(photo::created_at.lt(begun_before.micros()));
    let ids: Vec<String> = photo::table
        .filter(photo::subject.is_null())
        .filter(photo::discarded_at.is_null())
        .filter(forgotten.or(broken_off))
        .order((photo::created_at, photo::id))
        .limit(limit)
        .select(photo::id)
        .load(conn)?;
    ids.iter().map(|id| read_id(id)).collect()
}

/// From now on nobody sees it, unless somebody attached it just now.
pub(crate) fn discard(
    conn: &mut Connection,
    id: PhotoId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let unattached = photo::table
        .filter(photo::id.eq(id.to_string()))
        .filter(photo::subject.is_null())
        .filter(photo::discarded_at.is_null());
    diesel::update(unattached).set(photo::discarded_at.eq(now.micros())).execute(conn)?;
    Ok(())
}

/// Photographs whose files are to go.
pub(crate) fn discarded(conn: &mut Connection, limit: i64) -> Result<Vec<PhotoId>, DatabaseError> {
    let ids: Vec<String> = photo::table
        .filter(photo::subject.is_null())
        .filter(photo::discarded_at.is_not_null())
        .order((photo::created_at, photo::id))
        .limit(limit)
        .select(photo::id)
        .load(conn)?;
    ids.iter().map(|id| read_id(id)).collect()
}

/// The file is gone: so is the row.
pub(crate) fn forget(conn: &mut Connection, id: PhotoId) -> Result<(), DatabaseError> {
    let gone =
        photo::table.filter(photo::id.eq(id.to_string())).filter(photo::discarded_at.is_not_null());
    diesel::delete(gone).execute(conn)?;
    Ok(())
}

fn read_id(id: &str) -> Result<PhotoId, DatabaseError> {
    PhotoId::parse(id).map_err(|what| DatabaseError::corrupt("photo", id, what))
}

impl PhotoRow {
    fn read(self) -> Result<Photo, Invalid> {
        const INCOMPLETE: Invalid = Invalid("photo_incomplete");
        Ok(Photo {
            id: PhotoId::parse(&self.id)?,
            owner: AccountId::parse(&self.owner_id)?,
            width: self.width.ok_or(INCOMPLETE)?,
            height: self.height.ok_or(INCOMPLETE)?,
            bytes: self.bytes.ok_or(INCOMPLETE)?,
            sha256: self.sha256.ok_or(INCOMPLETE)?,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}
