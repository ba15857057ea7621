mod accept;
mod accept_offer;
mod candidates;
mod decline_offer;
mod dispatch_policy;
mod explanation_view;
mod feed;
mod offer;
mod offers;
mod route;
mod sentences;
mod staff_explanation;
mod staff_weights;
mod view;
mod withdraw_offer;

use database::Connection;
pub use explanation_view::ExplanationView;
use http_kit::Answer;
use pickups::Side;
use utoipa_actix_web::service_config::ServiceConfig;
use view::OfferView;

use crate::{Accepted, Matcher, MatchingError, Offer};

/// Registers every operation of this crate.
///
/// `/v1/collectors/me/feed` and `…/route` must come before anything that reads `me` as an id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(candidates::list_candidates)
        .service(feed::list_feed)
        .service(route::get_route)
        .service(accept::accept_report)
        .service(offer::make_offer)
        .service(offers::list_offers)
        .service(accept_offer::accept_offer)
        .service(decline_offer::decline_offer)
        .service(withdraw_offer::withdraw_offer)
        .service(staff_explanation::explain_report)
        .service(staff_weights::get_matching_weights)
        .service(staff_weights::set_matching_weights)
        .service(dispatch_policy::get_dispatch_policy)
        .service(dispatch_policy::set_dispatch_policy);
}

/// The job as the side sees it who brought it about; news the first time only.
fn given(
    matcher: &Matcher,
    conn: &mut Connection,
    accepted: &Accepted,
    side: Side,
) -> Result<Answer, MatchingError> {
    let view = matcher.pickup_view_in(conn, &accepted.pickup, side)?;
    if accepted.repeated {
        return Ok(Answer::ok(&view));
    }
    Ok(Answer::created(format!("/v1/pickups/{}", accepted.pickup.id), &view))
}

/// An offer with the face of who made it, and what it comes to.
fn shown(
    matcher: &Matcher,
    conn: &mut Connection,
    offer: Offer,
) -> Result<OfferView, MatchingError> {
    let face = matcher.face_in(conn, offer.collector)?;
    let payout = matcher.payout_in(conn, &offer)?;
    Ok(OfferView::new(offer, face, payout))
}
