mod arrive;
mod body;
mod cancel;
mod cancel_report;
mod confirm;
mod depart;
mod dispute;
mod list;
mod photo;
mod rate;
mod release;
mod resolve;
mod show;
mod staff_dispute;
mod staff_photo;
mod weigh_in;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use database::Connection;
use http_kit::Answer;
use primitives::AccountId;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Pickup, PickupError, PickupView, Pickups};

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_pickups)
        .service(show::get_pickup)
        .service(depart::depart_pickup)
        .service(arrive::arrive_pickup)
        .service(weigh_in::weigh_in_pickup)
        .service(confirm::confirm_pickup)
        .service(dispute::dispute_pickup)
        .service(release::release_pickup)
        .service(cancel::cancel_pickup)
        .service(rate::rate_pickup)
        .service(resolve::resolve_dispute)
        .service(photo::get_pickup_photo)
        .service(staff_dispute::get_pickup_dispute)
        .service(staff_photo::get_pickup_dispute_photo)
        .service(cancel_report::cancel_report);
}

/// The job as the caller's side sees it.
fn seen_by(
    pickups: &Pickups,
    conn: &mut Connection,
    account: AccountId,
    pickup: &Pickup,
) -> Result<Answer, PickupError> {
    let side = pickup.side_of(account).ok_or(PickupError::NotFound)?;
    Ok(tagged(&pickups.view_in(conn, pickup, side)?))
}

/// The view with its ETag.
///
/// What a side sees changes with the collector's position and with the time, not only with the job's version: so the
/// tag is of the view itself.
fn tagged(view: &PickupView) -> Answer {
    let mut hasher = DefaultHasher::new();
    // A view that cannot be written is refused by the answer itself.
    serde_json::to_string(view).unwrap_or_default().hash(&mut hasher);
    Answer::ok(view).version(i64::try_from(hasher.finish() >> 1).unwrap_or_default())
}
