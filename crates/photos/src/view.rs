use primitives::{PhotoId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Photo;

/// A photograph that can be attached now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PhotoView {
    /// Identity, for `photo_ids`.
    pub id: PhotoId,
    /// Pixels from left to right, the right way up.
    pub width: i64,
    /// Pixels from top to bottom.
    pub height: i64,
    /// Size of the file.
    pub bytes: i64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// When it reached us.
    pub created_at: Timestamp,
}

impl From<&Photo> for PhotoView {
    fn from(photo: &Photo) -> Self {
        Self {
            id: photo.id,
            width: photo.width,
            height: photo.height,
            bytes: photo.bytes,
            sha256: photo.sha256.clone(),
            created_at: photo.created_at,
        }
    }
}
