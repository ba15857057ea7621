use actix_web::{HttpResponse, patch, web::Data};
use catalog::VehicleCode;
use http_kit::{Answer, CollectorCaller, Command, IfMatch, Kit, Problem, ProblemBody};
use primitives::{Location, RegionCode};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::view::CollectorView;
use crate::{
    CollectorError, Collectors, Name, ProfileChange, RawShift, ServiceArea, ServiceRadius,
    WorkingHours,
};

/// What changes; absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectorChangeBody {
    name: Option<Name>,
    /// Where trips begin.
    base: Option<Location>,
    /// The desa of the base; found on the map when only the base changes.
    desa_code: Option<RegionCode>,
    /// How far from the base he fetches.
    service_radius_meters: Option<ServiceRadius>,
    /// Where within that radius he fetches; null for everywhere.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<ServiceArea>)]
    service_area: Option<Option<ServiceArea>>,
    /// When he fetches, by the clock of his desa; empty for always.
    #[schema(value_type = Option<Vec<RawShift>>, max_items = 21)]
    working_hours: Option<WorkingHours>,
    /// A vehicle's code.
    vehicle: Option<VehicleCode>,
}

/// A member that is there, even as null; an absent one is the default.
fn stated<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<ServiceArea>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<CollectorChangeBody> for ProfileChange {
    fn from(body: CollectorChangeBody) -> Self {
        Self {
            name: body.name,
            base: body.base,
            desa: body.desa_code,
            service_radius: body.service_radius_meters,
            service_area: body.service_area,
            working_hours: body.working_hours,
            vehicle: body.vehicle,
        }
    }
}

/// Changes the caller's own collector
///
/// Moving the base to another kabupaten takes a verified collector back to `pending` and offline:
/// the staff there have not looked yet.
#[utoipa::path(
    tag = "collectors", operation_id = "change_own_collector", request_body = CollectorChangeBody,
    params(("If-Match" = String, Header, description = "The ETag of the collector as last read")),
    responses(
        (status = 200, description = "The collector as changed", body = CollectorView),
        (status = 412, description = "`version_conflict`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[patch("/v1/collectors/me")]
pub(crate) async fn change_own_collector(
    caller: CollectorCaller,
    read: IfMatch,
    command: Command<CollectorChangeBody>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let change = ProfileChange::from(body);
    kit.run(once, move |conn| -> Result<Answer, CollectorError> {
        let after = collectors.change_in(conn, caller.collector, read.version(), &change)?;
        Ok(Answer::ok(&CollectorView::from(&after)).version(after.version))
    })
    .await
}
