use std::collections::HashMap;

use database::{Connection, DatabaseError};
use primitives::{AccountId, PhotoId};

use super::Photos;
use crate::{Photo, PhotoError, Subject, store};

impl Photos {
    /// The account's own photograph, attached or not.
    pub fn find_owned_in(
        &self,
        conn: &mut Connection,
        owner: AccountId,
        id: PhotoId,
    ) -> Result<Photo, PhotoError> {
        let found = store::find(conn, id)?.map(|(photo, _)| photo);
        found.filter(|photo| photo.owner == owner).ok_or(PhotoError::NotFound)
    }
}

/// The photographs of a subject, in their order.
pub fn attached_in(conn: &mut Connection, subject: Subject) -> Result<Vec<PhotoId>, DatabaseError> {
    let found = store::attached(conn, &[subject.to_string()])?;
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// The photographs of each subject, in the order of the subjects.
pub fn attached_to_each_in(
    conn: &mut Connection,
    subjects: &[Subject],
) -> Result<Vec<Vec<PhotoId>>, DatabaseError> {
    let words: Vec<String> = subjects.iter().map(Subject::to_string).collect();
    let mut found: HashMap<String, Vec<PhotoId>> = HashMap::new();
    for (subject, id) in store::attached(conn, &words)? {
        found.entry(subject).or_default().push(id);
    }
    Ok(words.iter().map(|word| found.remove(word).unwrap_or_default()).collect())
}

/// A photograph of one of the subjects, for whoever may see what belongs to them.
pub fn find_attached_in(
    conn: &mut Connection,
    id: PhotoId,
    subjects: &[Subject],
) -> Result<Option<Photo>, DatabaseError> {
    let Some((photo, Some(of))) = store::find(conn, id)? else { return Ok(None) };
    let belongs = subjects.iter().any(|subject| subject.to_string() == of);
    Ok(belongs.then_some(photo))
}
