use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use primitives::OfferId;

use super::{shown, view::OfferView};
use crate::{Matcher, MatchingError};

/// The household does not want an offer
#[utoipa::path(
    tag = "matching", operation_id = "decline_offer", request_body = NoBody,
    params(("id" = OfferId, Path, description = "The offer")),
    responses(
        (status = 200, description = "The offer, declined", body = OfferView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[post("/v1/offers/{id}/decline")]
pub(crate) async fn decline_offer(
    caller: Caller,
    id: Path<OfferId>,
    command: Command<NoBody>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        let offer = matcher.decline_offer_in(conn, caller.account, id)?;
        Ok(Answer::ok(&shown(&matcher, conn, offer)?))
    })
    .await
}
