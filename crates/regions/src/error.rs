use http_kit::{ErrorCode, Failure, NOT_FOUND};

/// No desa lies near the place.
pub const PLACE_OUTSIDE_REGIONS: ErrorCode =
    ErrorCode { code: "place_outside_regions", status: 422 };

/// The codes of this crate.
pub const CODES: &[ErrorCode] = &[PLACE_OUTSIDE_REGIONS];

/// Why a question about regions has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegionError {
    /// Nobody knows this code.
    #[error("region not found")]
    NotFound,
    /// No desa lies near the place.
    #[error("no desa lies near the place")]
    PlaceOutsideRegions,
}

impl Failure for RegionError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::PlaceOutsideRegions => PLACE_OUTSIDE_REGIONS,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_code_has_its_text() {
        assert_eq!(crate::TEXTS.untold(super::CODES), Vec::<String>::new());
    }
}
