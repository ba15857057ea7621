use database::{Connection, DatabaseError};
use http_kit::Fields;
use primitives::{AccountId, PhotoId, Timestamp};

use crate::{
    PhotoError, Subject,
    rules::{check_list, pointer},
    store,
};

/// Attaches the owner's photographs to a subject, in this order, within the unit of work of the command that names
/// them as `photo_ids`. Each is attached once: of two commands at once, one is refused.
pub fn attach_in(
    conn: &mut Connection,
    ids: &[PhotoId],
    owner: AccountId,
    subject: Subject,
    now: Timestamp,
) -> Result<(), PhotoError> {
    let flaws = check_list(ids);
    if !flaws.is_empty() {
        return Err(PhotoError::Refused(flaws));
    }
    let mut fields = Fields::default();
    for (position, &id) in ids.iter().enumerate() {
        let place = i64::try_from(position).unwrap_or(i64::MAX);
        if !store::attach(conn, (id, place), owner, subject, now)? {
            fields.refuse(pointer(position), why_not(conn, id, owner)?);
        }
    }
    if fields.is_empty() { Ok(()) } else { Err(PhotoError::Refused(fields.into_problems())) }
}

/// Gives a subject these photographs, in this order, in the place of those it has. Whatever is taken off is free again
/// and, like all that is not attached, taken down a day after its upload.
///
/// The caller has won the subject's row in this unit of work, so that nobody else changes its photographs meanwhile.
pub fn replace_in(
    conn: &mut Connection,
    ids: &[PhotoId],
    owner: AccountId,
    subject: Subject,
    now: Timestamp,
) -> Result<(), PhotoError> {
    store::detach(conn, subject)?;
    attach_in(conn, ids, owner, subject, now)
}

/// What is not the owner's looks like what does not exist.
fn why_not(
    conn: &mut Connection,
    id: PhotoId,
    owner: AccountId,
) -> Result<&'static str, DatabaseError> {
    let own = store::find(conn, id)?.is_some_and(|(photo, _)| photo.owner == owner);
    Ok(if own { "photo_attached" } else { "photo_unknown" })
}
