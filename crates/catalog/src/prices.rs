use std::{collections::BTreeSet, fmt};

use database::{Connection, DatabaseError, UnitError};
use primitives::UnitPrice;
use serde::{Deserialize, de::IgnoredAny};

use crate::{MaterialCode, PriceBand, store};

/// So many complaints are shown; a file with more is wrong in one way many times.
const SHOWN: usize = 20;

/// Why prices were not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no table with the columns `material`, `min_rupiah` and `max_rupiah`.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] csv::Error),
    /// Some of it cannot be accepted.
    #[error("{}", Complaints(.0))]
    Refused(Vec<Complaint>),
    /// The database could not take it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Counted from 1, without the line of names.
    pub row: usize,
    /// The material named there.
    pub material: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The catalog has no such material.
    #[error("this material is not known")]
    MaterialUnknown,
    /// One material, one row.
    #[error("this material stands in the file twice")]
    MaterialTwice,
    /// Not 0 – 1,000,000.
    #[error("a price is 0 to 1000000 whole rupiah")]
    PriceOutOfRange,
    /// The lowest is above the highest.
    #[error("min_rupiah is above max_rupiah")]
    UpsideDown,
}

/// One row; where a price is from may stand there too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    material: String,
    min_rupiah: i64,
    max_rupiah: i64,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
}

/// Takes a kabupaten's own reference prices and says how many. Everything that is wrong is said at once, and
/// nothing is written unless everything is right.
pub fn import_prices_in(conn: &mut Connection, csv: &str) -> Result<usize, ImportError> {
    let text = csv.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let lines: Vec<Line> = reader.deserialize().collect::<Result<_, csv::Error>>()?;
    let known = store::material_codes_in(conn)?;
    let (mut prices, mut complaints, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, line) in lines.iter().enumerate() {
        match line.price(&known) {
            Ok((code, _band)) if !seen.insert(code.clone()) => {
                complaints.push(line.complaint(index, Fault::MaterialTwice));
            }
            Ok(price) => prices.push(price),
            Err(fault) => complaints.push(line.complaint(index, fault)),
        }
    }
    if !complaints.is_empty() {
        return Err(ImportError::Refused(complaints));
    }
    for (code, band) in &prices {
        store::set_price_in(conn, code, *band)?;
    }
    Ok(prices.len())
}

impl Line {
    fn price(&self, known: &BTreeSet<String>) -> Result<(MaterialCode, PriceBand), Fault> {
        let code =
            MaterialCode::parse(&self.material).map_err(|_malformed| Fault::MaterialUnknown)?;
        if !known.contains(code.as_str()) {
            return Err(Fault::MaterialUnknown);
        }
        let price = |rupiah| UnitPrice::parse(rupiah).map_err(|_beyond| Fault::PriceOutOfRange);
        let band = PriceBand { min: price(self.min_rupiah)?, max: price(self.max_rupiah)? };
        if band.min <= band.max { Ok((code, band)) } else { Err(Fault::UpsideDown) }
    }

    fn complaint(&self, index: usize, fault: Fault) -> Complaint {
        Complaint { row: index + 1, material: self.material.clone(), fault }
    }
}

/// Several complaints as lines of text.
struct Complaints<'a>(&'a [Complaint]);

impl fmt::Display for Complaints<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing was imported, {} things are wrong", self.0.len())?;
        for Complaint { row, material, fault } in self.0.iter().take(SHOWN) {
            write!(formatter, "\n  row {row}, {material}: {fault}")?;
        }
        if self.0.len() > SHOWN {
            write!(formatter, "\n  and {} more", self.0.len() - SHOWN)?;
        }
        Ok(())
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
