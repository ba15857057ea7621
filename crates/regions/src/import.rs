//! Reading what a kabupaten knows about itself: everything that is wrong is said at once, and nothing is
//! written unless everything is right.

mod boundaries;
mod outline;
mod table;

use std::fmt;

use database::{DatabaseError, UnitError};

pub use boundaries::{ImportedBoundaries, import_boundaries_in};
pub use table::{import_regions_in, load_reference_data_in};

/// So many complaints are shown; a file with more is wrong in one way many times.
const SHOWN: usize = 20;

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not of the kind it should be.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// Some of it cannot be accepted.
    #[error("{}", Complaints(.0))]
    Refused(Vec<Complaint>),
    /// The database could not take it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What is wrong, and where.
#[derive(Debug, PartialEq)]
pub struct Complaint {
    /// Such as `line 7, 12.07.28.2001`.
    pub place: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with a region or a boundary.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// Neither `code` nor `kode`.
    #[error("the properties have no \"code\" or \"kode\"")]
    NoCode,
    /// Not dotted, or too long.
    #[error("\"{0}\" is no region code such as 12.07.28.2001")]
    CodeMalformed(String),
    /// Regions are imported before their boundaries.
    #[error("this code is not known; import the regions first")]
    CodeUnknown,
    /// One region, one line.
    #[error("this code stands in the file twice")]
    CodeTwice,
    /// The tree has no holes.
    #[error("its parent {0} is neither known nor in the file")]
    ParentMissing(String),
    /// Empty or longer than 100 characters.
    #[error("a name has 1 to 100 characters")]
    NameLength,
    /// A value that one of the fields does not accept.
    #[error("{0}")]
    Value(&'static str),
    /// A point, a line, or nothing.
    #[error("a boundary is a Polygon or a MultiPolygon, not a {0}")]
    NotAnArea(String),
    /// Not even a triangle.
    #[error("a ring has {0} points; a closed one has at least 4")]
    TooFewPoints(usize),
    /// The last point is not the first.
    #[error("a ring is not closed")]
    NotClosed,
    /// Less than two numbers, or no numbers.
    #[error("a position is not two numbers")]
    NoPosition,
    /// `[lat, lon]` where `[lon, lat]` was expected, or the other way round.
    #[error("the positions are in {} order: import with{} --lat-lon", order(*.is_lat_lon), without(*.is_lat_lon))]
    Swapped {
        /// The order that the positions really have.
        is_lat_lon: bool,
    },
    /// In neither order.
    #[error("the position lat {lat}, lon {lon} is outside Indonesia")]
    OutsideIndonesia {
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        lon: f64,
    },
    /// Its rings cross themselves or each other.
    #[error("the boundary is not a proper area: {0}")]
    Crossing(String),
}

const fn order(is_lat_lon: bool) -> &'static str {
    if is_lat_lon { "[lat, lon]" } else { "[lon, lat]" }
}

const fn without(is_lat_lon: bool) -> &'static str {
    if is_lat_lon { "" } else { "out" }
}

/// Several complaints as lines of text.
struct Complaints<'a>(&'a [Complaint]);

impl fmt::Display for Complaints<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing was imported, {} things are wrong", self.0.len())?;
        for Complaint { place, fault } in self.0.iter().take(SHOWN) {
            write!(formatter, "\n  {place}: {fault}")?;
        }
        match self.0.len().checked_sub(SHOWN + 1) {
            Some(more) => write!(formatter, "\n  and {} more", more + 1),
            None => Ok(()),
        }
    }
}

impl UnitError for ImportError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Unreadable(_) | Self::Refused(_) => None,
        }
    }
}

/// The results of all parts, or everything that is wrong with any of them.
fn all_or_complaints<T>(
    parts: impl Iterator<Item = Result<T, Complaint>>,
) -> Result<Vec<T>, ImportError> {
    let (mut good, mut complaints) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Ok(value) => good.push(value),
            Err(complaint) => complaints.push(complaint),
        }
    }
    if complaints.is_empty() { Ok(good) } else { Err(ImportError::Refused(complaints)) }
}

#[cfg(test)]
mod tests;
