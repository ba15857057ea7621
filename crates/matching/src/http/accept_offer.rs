use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use pickups::{PickupView, Side};
use primitives::OfferId;

use super::given;
use crate::{Matcher, MatchingError};

/// The household picks an offer
///
/// Its collector gets the job at the offered prices; all other offers on the report are declined.
#[utoipa::path(
    tag = "matching", operation_id = "accept_offer", request_body = NoBody,
    params(
        ("id" = OfferId, Path, description = "The offer"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters, unique per command"),
    ),
    responses(
        (status = 201, description = "The job", body = PickupView),
        (status = 200, description = "The job that had come of it before", body = PickupView),
        (status = 409, description = "`wrong_state`, `report_already_taken`, `offer_outdated`, \
            `collector_not_eligible` with its `reason`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[post("/v1/offers/{id}/accept")]
pub(crate) async fn accept_offer(
    caller: Caller,
    id: Path<OfferId>,
    command: Command<NoBody>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let (once, id) = (once.required()?, id.into_inner());
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        let accepted = matcher.accept_offer_in(conn, caller.account, id)?;
        given(&matcher, conn, &accepted, Side::Household)
    })
    .await
}
