use catalog::MaterialCode;
use primitives::Grams;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Load;

/// One material by weight, whatever unit it was bought in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoadBody {
    /// A material's code.
    material: MaterialCode,
    /// Its weight.
    #[schema(minimum = 0, maximum = 5_250_000)]
    grams: Grams,
}

/// The lines as the rules read them.
pub(crate) fn loads_of(lines: Vec<LoadBody>) -> Vec<Load> {
    let load = |line: LoadBody| Load { material: line.material, grams: line.grams };
    lines.into_iter().map(load).collect()
}
