mod attaching;
mod looking;
mod receiving;
mod sweeping;

use std::{path::Path, sync::Arc};

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, ETAG},
    web::Bytes,
};
use http_kit::Problem;
use object_store::{ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, memory::InMemory};
use primitives::{Ambient, PhotoId};

pub use attaching::{attach_in, replace_in};
pub use looking::{attached_in, attached_to_each_in, find_attached_in};
pub use receiving::Taken;

use crate::{Photo, PhotoError, Seat, darkroom::Darkroom};

/// The use cases around photographs; cheap to clone.
#[derive(Clone)]
pub struct Photos {
    ambient: Ambient,
    shelf: Arc<dyn ObjectStore>,
    darkroom: Darkroom,
}

impl Photos {
    /// Photographs by this clock and chance, kept on this shelf.
    pub fn new(ambient: Ambient, shelf: Arc<dyn ObjectStore>) -> Self {
        Self { ambient, shelf, darkroom: Darkroom::new() }
    }

    /// Photographs kept as files below a directory, which is made if it is not there. Each is synced before it counts.
    pub fn in_directory(ambient: Ambient, directory: &Path) -> Result<Self, std::io::Error> {
        std::fs::create_dir_all(directory)?;
        let shelf = LocalFileSystem::new_with_prefix(directory).map_err(std::io::Error::other)?;
        Ok(Self::new(ambient, Arc::new(shelf.with_fsync(true))))
    }

    /// Photographs that are gone with the process.
    pub fn in_memory(ambient: Ambient) -> Self {
        Self::new(ambient, Arc::new(InMemory::new()))
    }

    /// The right to have the body of one upload in memory; refused when too many have it.
    pub fn seat(&self) -> Result<Seat, PhotoError> {
        self.darkroom.seat()
    }

    /// The answer with the picture, for whoever has been found to be allowed to see it.
    ///
    /// It may be kept by nobody but him, and not shown again without asking: he may not always be allowed to.
    pub async fn shown(&self, photo: &Photo) -> Result<HttpResponse, Problem> {
        let picture = self.read(photo).await?;
        Ok(HttpResponse::Ok()
            .content_type("image/jpeg")
            .insert_header((ETAG, format!("\"{}\"", photo.sha256)))
            .insert_header((CACHE_CONTROL, "private, no-cache"))
            .body(picture))
    }

    async fn read(&self, photo: &Photo) -> Result<Bytes, PhotoError> {
        let found = match self.shelf.get(&place_of(photo.id)).await {
            Err(object_store::Error::NotFound { .. }) => return Err(PhotoError::FileMissing),
            other => other?,
        };
        Ok(found.bytes().await?)
    }
}

/// Where a photograph's file is. The last letters of an id are chance, so that no directory grows beyond reason.
fn place_of(id: PhotoId) -> object_store::path::Path {
    let name = id.to_string();
    let drawer: String = name.chars().rev().take(2).collect();
    object_store::path::Path::from_iter([drawer, format!("{name}.jpg")])
}
