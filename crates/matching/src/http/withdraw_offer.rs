use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use primitives::OfferId;

use super::{shown, view::OfferView};
use crate::{Matcher, MatchingError};

/// The collector takes his offer back
#[utoipa::path(
    tag = "matching", operation_id = "withdraw_offer", request_body = NoBody,
    params(("id" = OfferId, Path, description = "The offer")),
    responses(
        (status = 200, description = "The offer, withdrawn", body = OfferView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/offers/{id}/withdraw")]
pub(crate) async fn withdraw_offer(
    caller: CollectorCaller,
    id: Path<OfferId>,
    command: Command<NoBody>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        let offer = matcher.withdraw_offer_in(conn, caller.account, caller.collector, id)?;
        Ok(Answer::ok(&shown(&matcher, conn, offer)?))
    })
    .await
}
