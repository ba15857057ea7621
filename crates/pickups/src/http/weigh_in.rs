use actix_web::{HttpResponse, post, web::Data};
use catalog::MaterialCode;
use http_kit::{Answer, CollectorCaller, Command, Fields, Kit, Path, Problem, ProblemBody};
use primitives::{Grams, Milliliters, PhotoId, PickupId, Pieces, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::seen_by;
use crate::{NewLine, PickupError, PickupView, Pickups, Scale, TeraDate, WeighIn};

/// What the scale says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeighInBody {
    /// The code that the household told the collector.
    #[schema(pattern = "^[0-9]{6}$")]
    handover_code: String,
    #[schema(min_items = 1, max_items = 20)]
    lines: Vec<LineBody>,
    /// Which scale, if it has a name.
    #[schema(max_length = 100)]
    scale_id: Option<String>,
    /// The last day on which the scale's seal (tera) is valid, as the seal says.
    #[schema(nullable = false)]
    scale_tera_until: Option<TeraDate>,
    /// Photographs uploaded before. Both sides see them, and staff who decide a dispute.
    #[schema(max_items = 5)]
    photo_ids: Option<Vec<PhotoId>>,
    /// At most 30 days ago; now unless stated.
    occurred_at: Option<Timestamp>,
}

/// One material on the scale: exactly one of the three, in the material's own unit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineBody {
    /// A material of the collector's frozen price list.
    material: MaterialCode,
    /// For materials that are weighed.
    #[schema(minimum = 100, maximum = 5_000_000)]
    grams: Option<Grams>,
    /// For materials that are counted.
    #[schema(minimum = 1, maximum = 10_000)]
    pieces: Option<Pieces>,
    /// For materials that are measured.
    #[schema(minimum = 100, maximum = 1_000_000)]
    milliliters: Option<Milliliters>,
}

impl WeighInBody {
    fn parse(self) -> Result<WeighIn, Problem> {
        let mut fields = Fields::default();
        let lines = self.lines.into_iter().enumerate().filter_map(|(position, line)| {
            let quantity = reports::one_quantity(line.grams, line.pieces, line.milliliters);
            let quantity = fields.check(format!("/lines/{position}"), quantity)?;
            Some(NewLine { material: line.material, quantity })
        });
        let lines = lines.collect();
        fields.finish()?;
        let scale = Scale { id: self.scale_id, tera_until: self.scale_tera_until };
        let handover_code = self.handover_code;
        let photos = self.photo_ids.unwrap_or_default();
        Ok(WeighIn { handover_code, lines, scale, photos, occurred_at: self.occurred_at })
    }
}

/// Weighs in at the door
///
/// Amounts are computed here, from the prices frozen at acceptance. Needs the code that the household sees; after
/// ten wrong ones no weigh-in is possible any more.
#[utoipa::path(
    tag = "pickups", operation_id = "weigh_in_pickup", request_body = WeighInBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job with its amounts", body = PickupView),
        (status = 409, description = "`wrong_state`, `handover_code_shut`", body = ProblemBody),
        (status = 422, description = "`invalid_fields`, `handover_code_wrong`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/weigh-in")]
pub(crate) async fn weigh_in_pickup(
    caller: CollectorCaller,
    id: Path<PickupId>,
    command: Command<WeighInBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (id, account, weigh_in) = (id.into_inner(), caller.account, body.parse()?);
    count_try(&kit, &pickups, &caller, id, &weigh_in.handover_code).await?;
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.weigh_in_in(conn, account, id, &weigh_in)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}

/// A refused weigh-in is undone; the try it was must not be.
async fn count_try(
    kit: &Kit,
    pickups: &Data<Pickups>,
    caller: &CollectorCaller,
    id: PickupId,
    tried: &str,
) -> Result<(), Problem> {
    let (pickups, account, tried) = (Data::clone(pickups), caller.account, tried.to_owned());
    let counted =
        move |conn: &mut database::Connection| pickups.count_try_in(conn, account, id, &tried);
    Ok(kit.database.write(counted).await?)
}
