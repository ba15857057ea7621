use std::sync::Arc;

use actix_web::{HttpResponse, post, web::Data};
use catalog::VehicleCode;
use http_kit::{Answer, Caller, Command, Kit, Problem, ProblemBody};
use primitives::{CollectorId, Location, RegionCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::CollectorView;
use crate::{
    CollectorError, CollectorKind, Collectors, Limits, Name, NewCollector, RawShift, ServiceArea,
    ServiceRadius, WorkingHours,
};

/// A request to become a collector.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCollectorBody {
    /// An identity minted by the phone, so that the request can wait for a network.
    id: Option<CollectorId>,
    kind: CollectorKind,
    name: Name,
    /// Where trips begin.
    base: Location,
    /// How far from the base he fetches.
    service_radius_meters: ServiceRadius,
    /// Where within that radius he fetches; everywhere when absent.
    service_area: Option<ServiceArea>,
    /// When he fetches, by the clock of his desa; always when absent or empty.
    #[serde(default)]
    #[schema(value_type = Vec<RawShift>, max_items = 21, required = false)]
    working_hours: WorkingHours,
    /// A vehicle's code.
    vehicle: VehicleCode,
    /// The desa of the base, when the applicant knows better than the map.
    desa_code: Option<RegionCode>,
}

impl From<NewCollectorBody> for NewCollector {
    fn from(body: NewCollectorBody) -> Self {
        Self {
            id: body.id,
            kind: body.kind,
            name: body.name,
            base: body.base,
            desa: body.desa_code,
            service_radius: body.service_radius_meters,
            limits: Limits { area: body.service_area.map(Arc::new), hours: body.working_hours },
            vehicle: body.vehicle,
        }
    }
}

/// Asks to be a collector
///
/// One per account. Staff of the kabupaten verify before the first job; until then `verification` is `pending`.
/// The same request with the same `id` again answers with what the first one made.
#[utoipa::path(
    tag = "collectors", operation_id = "register_collector", request_body = NewCollectorBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters, unique per command")),
    responses(
        (status = 201, description = "The collector, waiting for staff", body = CollectorView),
        (status = 409, description = "`collector_exists`, `collector_id_taken`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[post("/v1/collectors")]
pub(crate) async fn register_collector(
    caller: Caller,
    command: Command<NewCollectorBody>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (once, new) = (once.required()?, NewCollector::from(body));
    kit.run(once, move |conn| -> Result<Answer, CollectorError> {
        let collector = collectors.register_in(conn, caller.account, &new)?;
        let place = format!("/v1/collectors/{}", collector.id);
        Ok(Answer::created(place, &CollectorView::from(&collector)).version(collector.version))
    })
    .await
}
