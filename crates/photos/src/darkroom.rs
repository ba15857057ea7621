//! Where a picture that somebody sent becomes a photograph of ours.

mod develop;
mod jpeg;
mod webp;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

pub(crate) use develop::{Developed, develop};

use crate::PhotoError;

/// How many bodies of uploads are in memory at once.
const SEATS: usize = 16;
/// How many pictures are decoded at once.
const TABLES: usize = 2;
/// How long an upload waits for a table.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one picture may take.
const DEADLINE: Duration = Duration::from_secs(2);

/// What a caller says that he sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `image/webp`
    Webp,
}

impl Kind {
    /// Reads the media type.
    pub fn of_media_type(media_type: Option<&str>) -> Result<Self, PhotoError> {
        match media_type {
            Some("image/jpeg") => Ok(Self::Jpeg),
            Some("image/png") => Ok(Self::Png),
            Some("image/webp") => Ok(Self::Webp),
            _ => Err(PhotoError::WrongType),
        }
    }
}

/// Why a picture does not become a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Broken, cut off, or something else than it claims to be.
    Unreadable,
    /// Decoding it would need more memory than a photograph may have.
    TooManyPixels,
    /// An animation, or a WebP that is lossless or transparent.
    UnsupportedForm,
}

/// The right to have the body of one upload in memory.
pub struct Seat {
    _permit: OwnedSemaphorePermit,
}

/// Bounded memory and bounded time for whatever is sent.
#[derive(Clone)]
pub(crate) struct Darkroom {
    seats: Arc<Semaphore>,
    tables: Arc<Semaphore>,
}

impl Darkroom {
    pub(crate) fn new() -> Self {
        Self { seats: Arc::new(Semaphore::new(SEATS)), tables: Arc::new(Semaphore::new(TABLES)) }
    }

    /// A seat, if one is free.
    pub(crate) fn seat(&self) -> Result<Seat, PhotoError> {
        let permit = Arc::clone(&self.seats).try_acquire_owned();
        permit.map(|permit| Seat { _permit: permit }).map_err(|_taken| PhotoError::Busy)
    }

    /// Develops on a thread of its own. One that overruns its deadline keeps its table until it ends.
    pub(crate) async fn develop(&self, kind: Kind, raw: Vec<u8>) -> Result<Developed, PhotoError> {
        let table = timeout(PATIENCE, Arc::clone(&self.tables).acquire_owned()).await;
        let Ok(Ok(table)) = table else { return Err(PhotoError::Busy) };
        let began = Instant::now();
        let work = spawn_blocking(move || {
            let _held_to_the_end = table;
            develop(kind, raw)
        });
        let outcome = match timeout(DEADLINE, work).await {
            Ok(Ok(outcome)) => outcome.map_err(PhotoError::from),
            // A decoder that stumbles has met something that is no picture.
            Ok(Err(_panicked)) => Err(PhotoError::Unreadable),
            Err(_overdue) => Err(PhotoError::Busy),
        };
        metrics::histogram!("photo_developing_seconds").record(began.elapsed().as_secs_f64());
        metrics::counter!("photos_developed_total", "outcome" => word(&outcome)).increment(1);
        outcome
    }
}

const fn word(outcome: &Result<Developed, PhotoError>) -> &'static str {
    match outcome {
        Ok(_) => "developed",
        Err(PhotoError::Busy) => "overdue",
        Err(_) => "refused",
    }
}
