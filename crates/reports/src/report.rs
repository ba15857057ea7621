use std::fmt;

use primitives::{
    AccountId, Grams, Invalid, Milliliters, PhotoId, RegionCode, ReportId, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Address, Home, Item, MinimumShare, PickupWindow, ReportState};

/// What one household wants to be rid of.
#[derive(Clone, PartialEq)]
pub struct Report {
    /// Identity.
    pub id: ReportId,
    /// Whose report.
    pub household: AccountId,
    /// Where the recyclables are.
    pub home: Home,
    /// The desa it belongs to, and how that was found.
    pub region: Belonging,
    /// How to find the door.
    pub address: Address,
    /// What is offered: 1 – 20 materials, none twice.
    pub items: Vec<Item>,
    /// What it looks like; it may show the home.
    pub photos: Vec<PhotoId>,
    /// When somebody is at home; empty means any time.
    pub windows: Vec<PickupWindow>,
    /// What the collector should know.
    pub note: Option<String>,
    /// How the household wants to be paid.
    pub settlement: Settlement,
    /// How the collector is found.
    pub selection: Selection,
    /// How much of it he must buy.
    pub minimum_share: MinimumShare,
    /// Where it stands.
    pub state: ReportState,
    /// Counts every change.
    pub version: i64,
    /// When the household wrote it, by its phone.
    pub occurred_at: Timestamp,
    /// When it reached us.
    pub created_at: Timestamp,
    /// When it (last) became open.
    pub opened_at: Timestamp,
    /// When it expires if nobody takes it.
    pub expires_at: Timestamp,
    pub(crate) content_digest: String,
}

impl Report {
    /// The estimated weight of everything.
    pub fn estimated_grams(&self) -> Result<Grams, Invalid> {
        Grams::parse(self.items.iter().map(|item| item.grams.get()).sum())
    }

    /// The estimated loose volume of everything.
    pub fn estimated_milliliters(&self) -> Result<Milliliters, Invalid> {
        Milliliters::parse(self.items.iter().map(|item| item.milliliters.get()).sum())
    }

    /// The end of the last window, if any was named.
    pub fn last_window_ends(&self) -> Option<Timestamp> {
        self.windows.iter().map(PickupWindow::until).max()
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Report")
            .field("id", &self.id)
            .field("state", &self.state.name())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The desa a report belongs to, and how we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// The desa or kelurahan.
    pub desa: RegionCode,
    /// How it was found.
    pub by: LocatedBy,
    /// How far its centre is, when it was merely the nearest.
    pub distance_meters: Option<i64>,
}

/// How a report's desa was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LocatedBy {
    /// The pin lies within the desa's boundary.
    Boundary,
    /// No boundary holds the pin; this desa's centre is the nearest.
    NearestCenter,
    /// The household said so.
    Stated,
}

impl LocatedBy {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::NearestCenter => "nearest_center",
            Self::Stated => "stated",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        [Self::Boundary, Self::NearestCenter, Self::Stated]
            .into_iter()
            .find(|known| known.as_str() == word)
            .ok_or(Invalid("located_by_unknown"))
    }
}

/// How the household wants to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// Notes and coins at the door.
    Cash,
    /// Into the wallet.
    Wallet,
}

impl Settlement {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Wallet => "wallet",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "cash" => Ok(Self::Cash),
            "wallet" => Ok(Self::Wallet),
            _ => Err(Invalid("settlement_unknown")),
        }
    }
}

/// How the collector is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// The first eligible collector who accepts gets it at his listed prices.
    Instant,
    /// Collectors offer, the household picks.
    Choose,
}

impl Selection {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Choose => "choose",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "instant" => Ok(Self::Instant),
            "choose" => Ok(Self::Choose),
            _ => Err(Invalid("selection_unknown")),
        }
    }
}
