use actix_web::{HttpResponse, post, web::Data};
use catalog::MaterialCode;
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::{ReportId, Timestamp, UnitPrice};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{shown, view::OfferView};
use crate::{Matcher, MatchingError, NewOffer, OfferedPrice};

/// What a collector would pay, and when he would come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOfferBody {
    /// One for every material of the report.
    #[schema(min_items = 1, max_items = 20)]
    prices: Vec<OfferedPriceBody>,
    /// Within the next 14 days.
    pickup_at: Timestamp,
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// What he would pay for one material.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferedPriceBody {
    #[schema(value_type = String, example = "PLA-PET-BENING")]
    material: MaterialCode,
    /// Per kilogram, piece or liter.
    price_rupiah: UnitPrice,
}

impl From<NewOfferBody> for NewOffer {
    fn from(body: NewOfferBody) -> Self {
        let price = |line: OfferedPriceBody| OfferedPrice {
            material: line.material,
            price: line.price_rupiah,
        };
        Self {
            prices: body.prices.into_iter().map(price).collect(),
            pickup_at: body.pickup_at,
            note: body.note,
        }
    }
}

/// The collector offers on a report whose household chooses
///
/// One pending offer per collector and report. It expires after a day, or when `pickup_at` has passed, or when the report
/// changes or is no longer open.
#[utoipa::path(
    tag = "matching", operation_id = "make_offer", request_body = NewOfferBody,
    params(
        ("id" = ReportId, Path, description = "The report"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters, unique per command"),
    ),
    responses(
        (status = 201, description = "The offer, waiting for the household", body = OfferView),
        (status = 409, description = "`report_not_choose`, `offer_already_pending`, `report_already_taken`, \
            `collector_not_eligible` with its `reason`, `wrong_state`", body = ProblemBody),
        (status = 422, description = "`invalid_fields`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/reports/{id}/offers")]
pub(crate) async fn make_offer(
    caller: CollectorCaller,
    id: Path<ReportId>,
    command: Command<NewOfferBody>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (once, id, new) = (once.required()?, id.into_inner(), NewOffer::from(body));
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        let offer = matcher.offer_in(conn, caller.collector, id, &new)?;
        let place = format!("/v1/reports/{id}/offers");
        Ok(Answer::created(place, &shown(&matcher, conn, offer)?))
    })
    .await
}
