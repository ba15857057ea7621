use catalog::MaterialCode;
use http_kit::{Fields, Problem};
use primitives::{Grams, Location, Milliliters, PhotoId, Pieces, RegionCode, ReportId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    Address, MinimumShare, NewItem, NewReport, Patch, RawWindow, ReportChange, Selection,
    Settlement, item::one_quantity,
};

/// A household's offer of recyclables.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReportBody {
    /// An identity minted by the phone, so that the report can wait for a network.
    id: Option<ReportId>,
    /// Where the recyclables are.
    location: Location,
    /// The desa, when the household knows better than the map.
    desa_code: Option<RegionCode>,
    address: Option<Address>,
    /// No material twice.
    #[schema(min_items = 1, max_items = 20)]
    items: Vec<ItemBody>,
    /// Photographs uploaded before. Collectors see them from the acceptance on.
    #[schema(max_items = 5)]
    photo_ids: Option<Vec<PhotoId>>,
    /// When somebody is at home within the next 14 days; none means any time.
    #[schema(max_items = 5)]
    pickup_windows: Option<Vec<RawWindow>>,
    #[schema(max_length = 500)]
    note: Option<String>,
    settlement: Settlement,
    selection: Selection,
    /// How much of the estimated weight a collector must buy. 100, unless stated, is every material; with less he may
    /// leave some of them with the household.
    minimum_share_percent: Option<MinimumShare>,
    /// When it was written, by the phone's clock: at most 30 days ago.
    occurred_at: Option<Timestamp>,
}

/// An estimate of one material: exactly one of the three, in the material's own unit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemBody {
    /// The material's code.
    material: MaterialCode,
    /// For materials that are weighed.
    #[schema(minimum = 1, maximum = 5_000_000)]
    estimated_grams: Option<Grams>,
    /// For materials that are counted.
    #[schema(minimum = 1, maximum = 10_000)]
    estimated_pieces: Option<Pieces>,
    /// For materials that are measured.
    #[schema(minimum = 1, maximum = 1_000_000)]
    estimated_milliliters: Option<Milliliters>,
    #[schema(max_length = 100)]
    note: Option<String>,
}

/// What changes; absent members stay, null takes away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportChangeBody {
    /// Where the recyclables are.
    location: Option<Location>,
    /// The desa; found on the map when only the location changes.
    desa_code: Option<RegionCode>,
    #[serde(default)]
    #[schema(value_type = Option<Address>)]
    address: Patch<Address>,
    /// All items, not only those that change.
    #[schema(min_items = 1, max_items = 20)]
    items: Option<Vec<ItemBody>>,
    /// All photographs in their order, not only those that change. Whatever is left out may be attached elsewhere, and is
    /// taken down a day after its upload.
    #[serde(default)]
    #[schema(value_type = Option<Vec<PhotoId>>, max_items = 5)]
    photo_ids: Patch<Vec<PhotoId>>,
    /// How much of the estimated weight a collector must buy.
    minimum_share_percent: Option<MinimumShare>,
    /// All windows, not only those that change.
    #[serde(default)]
    #[schema(value_type = Option<Vec<RawWindow>>, max_items = 5)]
    pickup_windows: Patch<Vec<RawWindow>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    note: Patch<String>,
}

impl NewReportBody {
    /// The command that the body means; what depends on the time or the catalog is judged later.
    pub(super) fn parse(self) -> Result<NewReport, Problem> {
        let mut fields = Fields::default();
        let items = parse_items(self.items, &mut fields);
        fields.finish()?;
        Ok(NewReport {
            id: self.id,
            location: self.location,
            desa: self.desa_code,
            address: self.address.unwrap_or_default(),
            items,
            photos: self.photo_ids.unwrap_or_default(),
            windows: self.pickup_windows.unwrap_or_default(),
            note: self.note,
            settlement: self.settlement,
            selection: self.selection,
            minimum_share: self.minimum_share_percent.unwrap_or_default(),
            occurred_at: self.occurred_at,
        })
    }
}

impl ReportChangeBody {
    /// The command that the body means.
    pub(super) fn parse(self) -> Result<ReportChange, Problem> {
        let mut fields = Fields::default();
        let items = self.items.map(|items| parse_items(items, &mut fields));
        fields.finish()?;
        Ok(ReportChange {
            location: self.location,
            desa: self.desa_code,
            items,
            minimum_share: self.minimum_share_percent,
            photos: self.photo_ids,
            address: self.address,
            windows: self.pickup_windows,
            note: self.note,
        })
    }
}

fn parse_items(items: Vec<ItemBody>, fields: &mut Fields) -> Vec<NewItem> {
    let items = items.into_iter().enumerate();
    let parsed = items.filter_map(|(position, item)| {
        let quantity =
            one_quantity(item.estimated_grams, item.estimated_pieces, item.estimated_milliliters);
        let quantity = fields.check(format!("/items/{position}"), quantity)?;
        Some(NewItem { material: item.material, quantity, note: item.note })
    });
    parsed.collect()
}
