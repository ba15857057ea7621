use data_encoding::HEXLOWER;
use database::{Connection, Database};
use object_store::{ObjectStoreExt as _, PutPayload};
use primitives::{AccountId, PhotoId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Photos, place_of};
use crate::{Kind, Photo, PhotoError, darkroom::Developed, rules::seconds_until, store};

/// A photograph whose file is on the shelf, and whose row does not say so yet.
#[derive(Debug)]
pub struct Taken(Photo);

impl Photos {
    /// Makes a photograph of what was sent and puts it on the shelf. The upload is counted, and has its row, before
    /// anything is looked at: what is refused or cut off has been counted all the same, and leaves nothing unknown.
    pub async fn receive(
        &self,
        database: &Database,
        owner: AccountId,
        kind: Kind,
        raw: Vec<u8>,
    ) -> Result<Taken, PhotoError> {
        let this = self.clone();
        let begun = database.write(move |conn| this.begin_in(conn, owner));
        let (id, created_at) = begun.await?;
        let Developed { width, height, jpeg } = self.darkroom.develop(kind, raw).await?;
        let photo = Photo {
            id,
            owner,
            width: i64::from(width),
            height: i64::from(height),
            bytes: i64::try_from(jpeg.len()).unwrap_or(i64::MAX),
            sha256: HEXLOWER.encode(Sha256::digest(&jpeg).as_slice()),
            created_at,
        };
        self.shelf.put(&place_of(id), PutPayload::from(jpeg)).await?;
        Ok(Taken(photo))
    }

    fn begin_in(
        &self,
        conn: &mut Connection,
        owner: AccountId,
    ) -> Result<(PhotoId, Timestamp), PhotoError> {
        let now = self.ambient.now();
        if let Some(until) = store::spend(conn, owner, now)? {
            let retry_after_seconds = seconds_until(until, now);
            return Err(PhotoError::AllowanceSpent { retry_after_seconds });
        }
        let id = self.ambient.mint();
        store::begin(conn, id, owner, now)?;
        Ok((id, now))
    }

    /// Says that the file is there: from now on the photograph can be seen and attached.
    pub fn keep_in(&self, conn: &mut Connection, taken: &Taken) -> Result<Photo, PhotoError> {
        let Taken(photo) = taken;
        if store::keep(conn, photo, self.ambient.now())? {
            Ok(photo.clone())
        } else {
            Err(PhotoError::Busy)
        }
    }
}
