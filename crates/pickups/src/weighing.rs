use catalog::{Catalog, Material, MaterialCode};
use http_kit::Fields;
use primitives::{Grams, Invalid, PhotoId, Quantity, Rupiah, Timestamp, UnitPrice};

use crate::{FrozenPrice, PickupError, Scale};

const MOST_LINES: usize = 20;

/// What a collector enters at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeighIn {
    /// The code that the household told him.
    pub handover_code: String,
    /// Material by material.
    pub lines: Vec<NewLine>,
    /// Which scale.
    pub scale: Scale,
    /// What it looked like; uploaded by the collector before, at most five.
    pub photos: Vec<PhotoId>,
    /// When, by the collector's phone.
    pub occurred_at: Option<Timestamp>,
}

/// One material on the scale, not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Which kind.
    pub material: MaterialCode,
    /// How much, in the material's own unit.
    pub quantity: Quantity,
}

/// One material on the scale, at its frozen price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which kind.
    pub material: MaterialCode,
    /// How much, in the material's own unit.
    pub quantity: Quantity,
    /// The quantity turned into weight.
    pub grams: Grams,
    /// The frozen price per kilogram, piece or liter.
    pub price: UnitPrice,
    /// Quantity times price, rounded once.
    pub amount: Rupiah,
}

/// Prices every line and adds them up; says everything that cannot be at once.
pub(crate) fn judge(
    weigh_in: &WeighIn,
    prices: &[FrozenPrice],
    catalog: &Catalog,
) -> Result<(Vec<Line>, Rupiah), PickupError> {
    let mut fields = Fields::default();
    let lines = judge_lines(&weigh_in.lines, prices, catalog, &mut fields);
    let scale = weigh_in.scale.id.as_deref().unwrap_or_default();
    fields.check("/scale_id", reports::clean_text(scale, 100));
    PickupError::unless_acceptable(fields)?;
    let amount = Rupiah::sum(lines.iter().map(|line| line.amount));
    Ok((lines, amount.map_err(|what| PickupError::field("/lines", what))?))
}

fn judge_lines(
    lines: &[NewLine],
    prices: &[FrozenPrice],
    catalog: &Catalog,
    fields: &mut Fields,
) -> Vec<Line> {
    if lines.is_empty() {
        fields.refuse("/lines", "lines_empty");
    }
    if lines.len() > MOST_LINES {
        fields.refuse("/lines", "lines_too_many");
        return Vec::new();
    }
    let judged = lines.iter().enumerate().filter_map(|(position, line)| {
        let at = |member: &str| format!("/lines/{position}{member}");
        let material = catalog.material(&line.material).ok_or(Invalid("material_unknown"));
        let material = fields.check(at("/material"), material)?;
        let frozen = prices.iter().find(|frozen| frozen.material == line.material);
        let frozen = fields.check(at("/material"), frozen.ok_or(Invalid("material_not_priced")))?;
        fields.check(at(""), price_line(line, &material, frozen.price))
    });
    judged.collect()
}

fn price_line(line: &NewLine, material: &Material, price: UnitPrice) -> Result<Line, Invalid> {
    if material.unit != line.quantity.unit() {
        return Err(Invalid("quantity_unit_mismatch"));
    }
    let range = match line.quantity {
        Quantity::Grams(_) => 100..=5_000_000,
        Quantity::Pieces(_) => 1..=10_000,
        Quantity::Milliliters(_) => 100..=1_000_000,
    };
    if !range.contains(&line.quantity.amount()) {
        return Err(Invalid("line_out_of_range"));
    }
    Ok(Line {
        material: line.material.clone(),
        quantity: line.quantity,
        grams: catalog::grams_of(material, line.quantity),
        price,
        amount: line.quantity.value_at(price)?,
    })
}
